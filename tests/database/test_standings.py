"""How each student of a class stands, kept: equal to a plain count at any moment, whoever writes what."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.session import Actor, acting_as, acting_as_nobody
from data.database import doctor
from data.reading.classes.overview import overview
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import ask, platform
from tests.people import ANN, CLASS_1A, COORDINATOR, COURSE, PROJECT
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=240, nightly=100_000)

DIFFERENT = """
with told as (
    select * from internal.standings(array(select id from school.class))
),

cell as (
    select
        class_student.class_id,
        class_student.student_id,
        fact.status, fact.attempts, fact.has_problem, fact.progressed_at, fact.slipped_at, fact.completion_at,
        coalesce(fact.last_activity, fact.unexplained_change) as worked_at,
        coalesce(fact.last_activity, fact.unexplained_change, fact.last_change) as known_at,
        class_module.module_id is not null as of_class,
        class_module.module_id is not null and fact.shown_score >= 0 and fact.shown_score < module.pass_mark
        as is_failed
    from school.class_student
    left join dashboard.fact using (student_id)
    left join school.class_module
        on class_module.class_id = class_student.class_id and class_module.module_id = fact.module_id
    left join school.module on module.id = class_module.module_id
),

plain as (
    select
        class_id,
        student_id,
        count(*) filter (where of_class and status = 'Completed') as completed,
        count(*) filter (where of_class and status = 'InProgress') as in_progress,
        count(*) filter (where of_class and status not in ('NotStarted', 'InProgress', 'Completed')) as other,
        count(*) filter (where of_class and (status <> 'NotStarted' or worked_at is not null)) > 0 as has_begun,
        max(worked_at) as idle_since,
        max(progressed_at) as progressed_at,
        count(slipped_at) filter (where of_class) as slipped,
        max(slipped_at) filter (where of_class) as slipped_at,
        count(*) filter (where is_failed) as failed,
        max(coalesce(completion_at, known_at)) filter (where is_failed) as failed_at,
        count(*) filter (where of_class and has_problem) as doubtful,
        array_agg(attempts order by attempts, known_at) filter (where of_class and attempts > 1) as attempts,
        array_agg(known_at order by attempts, known_at) filter (where of_class and attempts > 1) as attempted_at
    from cell
    group by class_id, student_id
)

select to_jsonb(told), to_jsonb(plain)
from plain
full join told using (class_id, student_id)
where to_jsonb(told) is distinct from to_jsonb(plain)
"""
ALL = "select count(*) as found from internal.standing"
NOTED = "select count(*) as found from internal.unsettled"
KEPT = "select * from internal.standing order by 1, 2"
APP = text("select dashboard.settle()")
SETTLE = "select internal.settle(1000000)"


def found(school: Scratch, question: str) -> int:
    return int(ask(school, question)[0]["found"])


def settle(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute(SETTLE)


@pytest.fixture
def settled(school: Scratch) -> Scratch:
    """A school whose standings are all counted and kept."""
    settle(school)
    assert found(school, ALL) > 3
    assert found(school, NOTED) == 0
    assert ask(school, DIFFERENT) == []
    return school


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Again and again until the block ends; at least once."""
    is_over = Event()

    def until_over() -> None:
        act()
        while not is_over.is_set():
            act()

    with ThreadPoolExecutor(1) as aside:
        doing = aside.submit(until_over)
        try:
            yield
        finally:
            is_over.set()
        doing.result()


def test_they_are_a_plain_count_while_eight_write_and_somebody_settles(settled: Scratch) -> None:
    differences: list[Any] = []

    def change_the_class() -> None:
        with settled.owner() as connection:
            for change in (
                "delete from school.class_module where class_id = %s and module_id = %s",
                "insert into school.class_module (class_id, module_id, position) values (%s, %s, 9)",
            ):
                connection.execute(change.encode(), (CLASS_1A, PROJECT))

    with (
        meanwhile(lambda: settle(settled)),
        meanwhile(lambda: differences.extend(ask(settled, DIFFERENT))),
        meanwhile(change_the_class),
    ):
        assert random_writes.write_at_once(settled, WRITES, writers=8) > WRITES / 2
    assert differences == []
    settle(settled)
    assert found(settled, NOTED) == 0
    assert ask(settled, DIFFERENT) == []


CHANGES = {
    "completed": "update public.student_module_progress set status = 'Completed'",
    "a score": "update public.student_module_progress set score = 3",
    "removed": "delete from public.student_module_progress",
    "another student": f"insert into school.class_student values ('{CLASS_1A}', '{people.CLEO}')",
    "one who left": f"delete from school.class_student where student_id = '{ANN}'",
    "another module": f"insert into school.class_module values ('{CLASS_1A}', '{people.UNUSED}', 9)",
    "a module less": f"delete from school.class_module where module_id = '{COURSE}'",
    "another pass mark": """update public.modules set configuration = '{"pass_threshold": 1}'""",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_them_is_noted_and_counted(settled: Scratch, change: str) -> None:
    platform(settled, ANN, COURSE, "status = 'InProgress', score = 70")
    ask(
        settled,
        "insert into public.student_module_progress (student_id, module_id, status) "
        "values (%s, %s, 'Completed')",
        *(ANN, people.UNUSED),
    )
    settle(settled)
    before = ask(settled, KEPT)
    ask(settled, change)
    assert found(settled, NOTED) > 0
    assert ask(settled, DIFFERENT) == []
    settle(settled)
    assert ask(settled, DIFFERENT) == []
    assert ask(settled, KEPT) != before


def test_an_activity_is_noted_and_a_lock_is_not(settled: Scratch) -> None:
    ask(settled, "update dashboard.fact set is_locked = not is_locked")
    assert found(settled, NOTED) == 0
    platform(settled, ANN, COURSE, "progress_details = '{\"video_playback_position\": 7}'")
    assert found(settled, NOTED) == 1
    assert ask(settled, DIFFERENT) == []


def test_the_overview_is_the_same_before_and_after_they_are_settled(
    settled: Scratch, act: Act
) -> None:
    ask(settled, "update public.student_module_progress set status = 'Completed', score = 3")
    with acting_as(act(COORDINATOR)) as connection:
        noted = overview(connection)
    settle(settled)
    with acting_as(act(COORDINATOR)) as connection:
        assert overview(connection) == noted
    assert sum(one.completed for one in noted) > 1


def test_the_app_by_itself_settles_what_many_readers_would_count(settled: Scratch) -> None:
    ask(
        settled,
        f"insert into internal.unsettled (student_id) select '{ANN}' from generate_series(1, 199)",
    )
    with acting_as_nobody(settled.database) as connection:
        assert connection.scalar(APP) == 0
    platform(settled, ANN, COURSE, "score = 1")
    with acting_as_nobody(settled.database) as connection:
        assert connection.scalar(APP) == 200
    assert found(settled, NOTED) == 0
    with acting_as_nobody(settled.database) as connection:
        assert connection.scalar(APP) == 0


def test_a_person_may_neither_settle_nor_read_them(settled: Scratch, act: Act) -> None:
    for refused in (APP, text(ALL), text(NOTED), text("select * from internal.standings('{}')")):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            acting_as(act(people.ADMIN)) as connection,
        ):
            connection.execute(refused)
    assert found(settled, ALL) > 3


@pytest.mark.usefixtures("altered")
def test_check_counts_again_what_a_trigger_that_was_off_has_missed(school: Scratch) -> None:
    settle(school)
    ask(school, "alter table dashboard.fact disable trigger note_updates")
    platform(school, ANN, COURSE, "status = 'NotStarted'")
    ask(school, "alter table dashboard.fact enable trigger note_updates")
    assert len(ask(school, DIFFERENT)) == 1
    (fault,) = doctor.examine(school.app_url, school.owner_url, school.key).faults
    assert fault.message.startswith("The overview's counts of 1 student were wrong")
    assert ask(school, DIFFERENT) == []
    assert doctor.examine(school.app_url, school.owner_url, school.key).faults == []

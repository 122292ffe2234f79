"""When cells of classes became completed, kept day by day: equal to adding up every single completion, at any
moment, whoever writes what, and whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import SerializationFailure
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.session import Actor, acting_as
from data.database import doctor
from data.reading.classes.overview import overview
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.data_protection.test_cut_history import cut
from tests.database.rows_as_owner import ask, platform
from tests.database.test_completions import SEEN, ago, stand
from tests.database.test_standings import meanwhile, settle
from tests.people import ADMIN, ANN, CLASS_1A, CLASS_1B, CLEO, COORDINATOR, COURSE, DAN, TEACHER
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=240, nightly=100_000)
PERSONS = (ADMIN, COORDINATOR, TEACHER, people.SOUTH_COORDINATOR)

PLAINLY = """
create view dashboard.counted_plainly with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select class_student.class_id, (completion.at at time zone 'UTC')::date as day, completion.change as completions
from school.class
join school.class_student on class_student.class_id = class.id
join school.student on student.id = class_student.student_id
join school.class_module on class_module.class_id = class_student.class_id
join internal.completion
    on completion.student_id = class_student.student_id
    and completion.module_id = class_module.module_id
where class_student.class_id in (select id from my_class)
    and (student.organisation_id = class.organisation_id or (select internal.sees_guests()));
grant select on dashboard.counted_plainly to dashboard_person
"""
"""How it was told when nothing was kept."""

DIFFERENT = text("""
with told as (select class_id, day, sum(completions) as many from dashboard.class_completion group by 1, 2),
plain as (select class_id, day, sum(completions) as many from dashboard.counted_plainly group by 1, 2)

select class_id, day, told.many, plain.many as plainly
from told
full join plain using (class_id, day)
where coalesce(told.many, 0) <> coalesce(plain.many, 0)
""")
SOME = text("select count(*) from dashboard.counted_plainly")
KEPT = "select * from internal.class_day order by 1, 2"
SUMS = """
select class_id, day
from (
    select class_id, day, completions from internal.class_day
    union all
    select class_id, unnest(gains), -1 from internal.student_days
    union all
    select class_id, unnest(losses), 1 from internal.student_days
) as each
group by class_id, day
having sum(completions) <> 0
"""


@pytest.fixture
def settled(school: Scratch) -> Iterator[Scratch]:
    """A school of which everything is kept, with a guest from the South who completed something."""
    ask(school, PLAINLY)
    ask(school, f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')")
    for status in ("Completed", "InProgress", "Completed"):
        platform(school, DAN, COURSE, f"status = '{status}', completed_at = null")
    platform(school, ANN, COURSE, "status = 'Completed', completed_at = '2026-01-02T23:30Z'")
    settle(school)
    assert ask(school, KEPT)
    yield school
    ask(school, "drop view dashboard.counted_plainly")


def differences(act: Act) -> list[Any]:
    found = []
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            found += [(person, *row) for row in connection.execute(DIFFERENT)]
    return found


def again_and_again(school: Scratch, *changes: str) -> None:
    with school.owner() as connection:
        for change in changes:
            try:
                connection.execute(change.encode())
            except SerializationFailure:
                continue


def test_everybody_is_told_what_was_told_when_nothing_was_kept(settled: Scratch, act: Act) -> None:
    told = {}
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            told[person] = connection.execute(SOME).scalar_one()
    assert told[ADMIN] > told[COORDINATOR] > 0 < told[TEACHER]
    assert differences(act) == []


def test_they_are_a_plain_count_while_eight_write_and_somebody_settles(
    settled: Scratch, act: Act
) -> None:
    found: list[Any] = []
    with (
        meanwhile(lambda: settle(settled)),
        meanwhile(lambda: found.extend(differences(act))),
        meanwhile(
            lambda: again_and_again(
                settled,
                f"delete from school.class_module where class_id = '{CLASS_1A}' and module_id = '{COURSE}'",
                f"insert into school.class_student values ('{CLASS_1A}', '{CLEO}')",
                f"insert into school.class_module values ('{CLASS_1A}', '{COURSE}', 9)",
                f"update school.student set organisation_id = '{people.SOUTH}' where id = '{CLEO}'",
                f"delete from school.class_student where student_id = '{CLEO}' and class_id = '{CLASS_1A}'",
                f"update school.student set organisation_id = '{people.NORTH}' where id = '{CLEO}'",
            )
        ),
    ):
        assert random_writes.write_at_once(settled, WRITES, writers=8) > WRITES / 2
    assert found == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []


ALL = "update public.student_module_progress set"
CHANGES = {
    "completed": f"{ALL} status = 'Completed', completed_at = null",
    "on another day": f"{ALL} completed_at = '2026-01-05' where status = 'Completed'",
    "taken back": f"{ALL} status = 'InProgress'",
    "removed": "delete from public.student_module_progress",
    "another student": f"insert into school.class_student values ('{CLASS_1B}', '{ANN}')",
    "one who left": f"delete from school.class_student where student_id = '{ANN}'",
    "another module": f"insert into school.class_module values ('{CLASS_1A}', '{people.UNUSED}', 9)",
    "a module less": f"delete from school.class_module where module_id = '{COURSE}'",
    "no class": "".join(
        f"delete from school.{table} where {key} = '{CLASS_1A}';"
        for table, key in (
            *(("class_student", "class_id"), ("class_module", "class_id")),
            *(("class_teacher", "class_id"), ("class", "id")),
        )
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_them_is_noted_and_counted(settled: Scratch, act: Act, change: str) -> None:
    ask(
        settled,
        "insert into public.student_module_progress (student_id, module_id, status) "
        f"values ('{ANN}', '{people.UNUSED}', 'Completed')",
    )
    settle(settled)
    before = ask(settled, KEPT)
    ask(settled, change)
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []
    assert ask(settled, KEPT) != before
    assert ask(settled, "select from internal.class_day where completions = 0") == []


def test_a_student_of_another_organisation_is_a_guest_at_once(settled: Scratch, act: Act) -> None:
    ask(settled, f"update school.student set organisation_id = '{people.SOUTH}' where id = '{ANN}'")
    assert ask(settled, "select student_id from internal.unsettled") == []
    assert differences(act) == []


def test_the_overview_is_the_same_before_and_after_they_are_settled(
    settled: Scratch, act: Act
) -> None:
    ask(settled, f"{ALL} status = 'Completed', completed_at = now() - interval '20 days'")
    with acting_as(act(COORDINATOR)) as connection:
        noted = overview(connection)
    settle(settled)
    with acting_as(act(COORDINATOR)) as connection:
        assert overview(connection) == noted
    assert [one.trend[-1] - one.trend[-4] for one in noted] == [one.completed for one in noted]


def test_a_history_that_is_cut_tells_no_more_what_was_taken_back(
    settled: Scratch, act: Act
) -> None:
    moves = [(ago(20), "InProgress", "Completed"), (ago(10), "Completed", "InProgress")]
    stand(settled, (None, [*SEEN, *moves]), status="InProgress")
    settle(settled)
    assert [one["completions"] for one in ask(settled, KEPT)] == [1, -1]
    assert cut(settled, ago(5)) > 2
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, KEPT) == []


def test_who_is_erased_is_in_none_of_them(settled: Scratch, act: Act) -> None:
    ask(settled, f"select internal.erase(array['{ANN}']::uuid[])")
    assert ask(settled, f"select * from internal.student_days where student_id = '{ANN}'") == []
    assert differences(act) == ask(settled, SUMS) == []


def test_a_person_may_not_read_them(settled: Scratch, act: Act) -> None:
    for refused in (
        "select * from internal.class_day",
        "select * from internal.student_days",
        "select * from internal.days_of('{}', '{}')",
        "select internal.settle_days('{}', '{}')",
        "select internal.note_wrong_days()",
    ):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            acting_as(act(ADMIN)) as connection,
        ):
            connection.execute(text(refused))


@pytest.mark.usefixtures("altered")
@pytest.mark.parametrize(
    "wrong",
    [
        f"update internal.student_days set gains = '{{}}' where student_id = '{ANN}'",
        f"update internal.class_day set completions = 7 where class_id = '{CLASS_1A}'",
        f"delete from internal.student_days where class_id = '{CLASS_1A}'",
    ],
)
def test_check_counts_again_what_is_wrong(settled: Scratch, act: Act, wrong: str) -> None:
    ask(settled, f"{wrong}; revoke select on dashboard.counted_plainly from dashboard_person")
    (fault,) = doctor.examine(settled.app_url, settled.owner_url, settled.key).faults
    assert fault.message.startswith("The overview's last weeks of 1 class were wrong")
    assert doctor.examine(settled.app_url, settled.owner_url, settled.key).faults == []
    ask(settled, "grant select on dashboard.counted_plainly to dashboard_person")
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []

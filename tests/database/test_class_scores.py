"""How many scores of a class's module are below its pass mark, kept: equal to counting every single one, at any
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
from data.reading.classes.overview import failed_most
from tests import people
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import ask
from tests.database.test_standings import meanwhile, settle
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    TEACHER,
)
from tests.profiles import chosen

Act = Callable[[UUID], Actor]

WRITES = chosen(sample=240, nightly=100_000)
PERSONS = (ADMIN, COORDINATOR, TEACHER, people.SOUTH_COORDINATOR)

PLAINLY = """
create view dashboard.scored_plainly with (security_barrier) as
with my_class as materialized (select internal.my_staffed_classes() as id)
select
    class_student.class_id, module.id as module_id,
    count(*) filter (where fact.shown_score >= module.pass_mark) as passed,
    count(*) filter (where fact.shown_score < module.pass_mark) as failed
from school.class
join school.class_student on class_student.class_id = class.id
join school.student on student.id = class_student.student_id
join school.class_module on class_module.class_id = class_student.class_id
join school.module on module.id = class_module.module_id
join dashboard.fact on fact.student_id = class_student.student_id and fact.module_id = module.id
where class_student.class_id in (select id from my_class)
    and fact.shown_score between 0 and 100
    and (student.organisation_id = class.organisation_id or (select internal.sees_guests()))
group by class_student.class_id, module.id;
grant select on dashboard.scored_plainly to dashboard_person
"""
"""How it would be told if nothing was kept."""

DIFFERENT = text("""
with told as (
    select class_id, module_id, sum(passed) as passed, sum(failed) as failed
    from dashboard.class_score
    group by 1, 2
)

select class_id, module_id, told.passed, told.failed, plain.passed as plainly_passed, plain.failed as plainly
from told
full join dashboard.scored_plainly as plain using (class_id, module_id)
where (coalesce(told.passed, 0), coalesce(told.failed, 0))
    <> (coalesce(plain.passed, 0), coalesce(plain.failed, 0))
""")
SOME = text("select sum(failed), sum(passed) from dashboard.scored_plainly")
KEPT = "select * from internal.class_score order by 1, 2"
SUMS = """
select class_id, module_id
from (
    select class_id, module_id, passed, failed from internal.class_score
    union all
    select class_id, unnest(passed), -1, 0 from internal.student_scores
    union all
    select class_id, unnest(failed), 0, -1 from internal.student_scores
) as each
group by class_id, module_id
having (sum(passed), sum(failed)) <> (0, 0)
"""


def scored(school: Scratch, student: UUID, module: UUID, score: str) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        f"values ('{student}', '{module}', 'InProgress', {score}) "
        "on conflict (student_id, module_id) do update set score = excluded.score",
    )


@pytest.fixture
def settled(school: Scratch) -> Iterator[Scratch]:
    """A school of which everything is kept, with a guest from the South who is below the mark."""
    ask(school, PLAINLY)
    ask(school, f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')")
    for student, score in ((DAN, "7"), (ANN, "12"), (BEN, "90"), (CLEO, "60")):
        scored(school, student, COURSE, score)
    scored(school, BEN, people.ASSESSMENT, "-1")
    scored(school, BEN, people.PROJECT, "'NaN'")
    settle(school)
    assert ask(school, KEPT)
    yield school
    ask(school, "drop view dashboard.scored_plainly")


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


def test_everybody_is_told_what_a_plain_count_tells(settled: Scratch, act: Act) -> None:
    told = {}
    for person in PERSONS:
        with acting_as(act(person)) as connection:
            told[person] = tuple(connection.execute(SOME).one())
    assert told[ADMIN][0] > told[COORDINATOR][0] > 0 < told[TEACHER][0]
    assert all(passed for _, passed in (told[ADMIN], told[COORDINATOR]))
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
                "update public.modules "
                "set configuration = jsonb_build_object('pass_threshold', random() * 100)",
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
    "below": f"{ALL} score = 3",
    "at the mark": f"{ALL} score = (select pass_mark from school.module where id = module_id)",
    "none that can be judged": f"{ALL} score = -1",
    "too much": f"{ALL} score = 101",
    "another mark": """update public.modules set configuration = '{"pass_threshold": 99}'""",
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
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        f"values ('{ANN}', '{people.UNUSED}', 'Completed', 50)",
    )
    settle(settled)
    before = ask(settled, KEPT)
    ask(settled, change)
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []
    assert ask(settled, KEPT) != before
    assert ask(settled, "select from internal.class_score where (passed, failed) = (0, 0)") == []


def test_a_student_of_another_organisation_is_a_guest_at_once(settled: Scratch, act: Act) -> None:
    ask(settled, f"update school.student set organisation_id = '{people.SOUTH}' where id = '{ANN}'")
    assert ask(settled, "select student_id from internal.unsettled") == []
    assert differences(act) == []


def test_the_worst_come_first_and_none_of_which_too_little_is_known(
    settled: Scratch, act: Act
) -> None:
    for student in (ANN, BEN, CLEO):
        scored(settled, student, people.ASSESSMENT, "1")
    scored(settled, ANN, people.PROJECT, "1")

    def told(person: UUID, least: int, most: int = 5) -> list[tuple[UUID, int, int]]:
        with acting_as(act(person)) as connection:
            found = failed_most(connection, least, most)
        return [(one.id, one.scored, one.failed) for one in found]

    noted = told(ADMIN, 1)
    settle(settled)
    assert told(ADMIN, 1) == noted
    # Of one share the one with more scores; the guest is the administrator's (in both classes),
    # and not the coordinator's.
    assert noted == [(people.ASSESSMENT, 3, 3), (people.PROJECT, 1, 1), (COURSE, 5, 3)]
    assert told(COORDINATOR, 2) == [(people.ASSESSMENT, 3, 3), (COURSE, 3, 1)]
    assert told(COORDINATOR, 2, 1) == [(people.ASSESSMENT, 3, 3)]
    assert told(ADMIN, 4) == [(COURSE, 5, 3)]
    assert told(ADMIN, 6) == []
    ask(settled, f"update school.class set archived_at = now() where id = '{CLASS_1A}'")
    assert told(ADMIN, 2) == [(COURSE, 2, 1)]
    ask(settled, f"update school.class set archived_at = null; {ALL} score = 100 where score < 100")
    assert told(ADMIN, 1) == []


def test_who_is_erased_is_in_none_of_them(settled: Scratch, act: Act) -> None:
    ask(settled, f"select internal.erase(array['{ANN}']::uuid[])")
    assert ask(settled, f"select * from internal.student_scores where student_id = '{ANN}'") == []
    assert differences(act) == ask(settled, SUMS) == []


def test_a_person_may_not_read_them(settled: Scratch, act: Act) -> None:
    for refused in (
        "select * from internal.class_score",
        "select * from internal.student_scores",
        "select * from internal.scores_of('{}', '{}')",
        "select internal.settle_scores('{}', '{}')",
        "select internal.note_wrong_scores()",
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
        f"update internal.student_scores set failed = '{{}}' where student_id = '{ANN}'",
        f"update internal.class_score set failed = 7 where class_id = '{CLASS_1A}'",
        f"delete from internal.student_scores where class_id = '{CLASS_1A}'",
    ],
)
def test_check_counts_again_what_is_wrong(settled: Scratch, act: Act, wrong: str) -> None:
    ask(settled, f"{wrong}; revoke select on dashboard.scored_plainly from dashboard_person")
    (fault,) = doctor.examine(settled.app_url, settled.owner_url, settled.key).faults
    assert fault.message.startswith("The overview's counts of scores of 1 class were wrong")
    assert doctor.examine(settled.app_url, settled.owner_url, settled.key).faults == []
    ask(settled, "grant select on dashboard.scored_plainly to dashboard_person")
    assert differences(act) == []
    settle(settled)
    assert differences(act) == ask(settled, SUMS) == []

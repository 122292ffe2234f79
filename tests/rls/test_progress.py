"""Who may read and write progress: every person × every action × every row, against plain Python."""

from uuid import UUID

import pytest

from tests import people
from tests.clusters import Scratch
from tests.people import ANN, ASSESSMENT, BEN, CLEO, COORDINATOR, COURSE, DAN, PROJECT, TEACHER
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, edits, rows, touched

ROWS = [(ANN, COURSE), (ANN, ASSESSMENT), (BEN, COURSE), (CLEO, COURSE), (DAN, COURSE)]
STUDENTS = (ANN, BEN, CLEO, DAN)

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

KEY = " where student_id = :student and module_id = :module"
UPDATE = "update public.student_module_progress set score = 1"
DELETE = "delete from public.student_module_progress"
INSERT = (
    "insert into public.student_module_progress (student_id, module_id, status) "
    "values (:student, :module, 'InProgress')"
)


def test_the_rows_are_there_for_the_owner(shared: Scratch) -> None:
    """The control of everything below."""
    with shared.owner() as connection:
        found = connection.execute(
            "select student_id, module_id from public.student_module_progress"
        )
        assert sorted(found) == sorted(ROWS)


@everybody
@pytest.mark.parametrize("table", ["public.student_module_progress", "dashboard.fact"])
def test_people_see_their_students_rows_and_no_others(
    shared: Scratch, person: UUID | None, table: str
) -> None:
    found = rows(shared, person, f"select student_id, module_id from {table}")
    if person is NOBODY:
        assert found is None
    else:
        assert found is not None
        assert sorted(found) == sorted(row for row in ROWS if row[0] in SEES[person])


@everybody
def test_a_row_asked_for_by_its_key_is_no_way_round(shared: Scratch, person: UUID | None) -> None:
    for student, module in ROWS:
        found = rows(
            shared,
            person,
            "select status from public.student_module_progress" + KEY,
            student=student,
            module=module,
        )
        assert (found is not None and len(found) == 1) == (student in SEES[person])


@everybody
def test_only_editors_change_rows_and_only_their_own(shared: Scratch, person: UUID | None) -> None:
    for student, module in ROWS:
        count = touched(shared, person, UPDATE + KEY, student=student, module=module)
        if person is NOBODY:
            assert count is None
        else:
            # A refused UPDATE is 0 rows, silently.
            assert count == (student in edits(person)), (student, module)
    count = touched(shared, person, UPDATE)
    assert count == (
        None if person is NOBODY else len([row for row in ROWS if row[0] in edits(person)])
    )


@everybody
def test_only_editors_add_rows_and_only_for_their_own(shared: Scratch, person: UUID | None) -> None:
    for student in STUDENTS:
        count = touched(shared, person, INSERT, student=student, module=PROJECT)
        assert count == (1 if student in edits(person) else None), student


@everybody
def test_nobody_deletes_rows(shared: Scratch, person: UUID | None) -> None:
    for student, module in ROWS:
        assert touched(shared, person, DELETE + KEY, student=student, module=module) is None
    assert touched(shared, person, "truncate public.student_module_progress") is None


def test_a_teacher_sees_the_row_she_cannot_change_and_the_coordinator_can(shared: Scratch) -> None:
    bound = {"student": ANN, "module": COURSE}
    assert touched(shared, TEACHER, UPDATE + KEY, **bound) == 0
    seen = rows(shared, TEACHER, "select score from public.student_module_progress" + KEY, **bound)
    assert seen == [(None,)]
    assert touched(shared, COORDINATOR, UPDATE + KEY, **bound) == 1


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
@pytest.mark.parametrize(
    "statement",
    [
        "update public.student_module_progress set progress_details = '{}'",
        "update public.student_module_progress set progress_details = null",
        f"update public.student_module_progress set student_id = '{people.BEN}'",
        f"update public.student_module_progress set module_id = '{people.UNUSED}'",
        "insert into public.student_module_progress (student_id, module_id, progress_details) "
        f"values ('{ANN}', '{PROJECT}', '{{}}')",
        f"insert into dashboard.fact (student_id, module_id) values ('{ANN}', '{PROJECT}')",
        "update dashboard.fact set shown_score = 100",
        "delete from dashboard.fact",
    ],
)
def test_details_keys_and_facts_are_not_for_editors_to_write(
    shared: Scratch, person: UUID, statement: str
) -> None:
    assert touched(shared, person, statement) is None
    assert touched(shared, person, UPDATE)  # the control


def test_columns_that_the_platform_added_are_neither_read_nor_written(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute(
            "alter table public.student_module_progress add temporary_password text default 'x'"
        )
    for person in (COORDINATOR, people.ADMIN, TEACHER):
        ask = "select {} from public.student_module_progress"
        assert rows(school, person, ask.format("temporary_password")) is None
        assert rows(school, person, ask.format("*")) is None
        assert rows(school, person, ask.format("student_id"))  # the control
        change = "update public.student_module_progress set temporary_password = 'y'"
        assert touched(school, person, change) is None


def test_a_teacher_sees_a_new_student_of_hers_at_once_and_no_former_one(school: Scratch) -> None:
    ask = "select distinct student_id from public.student_module_progress order by 1"
    assert rows(school, TEACHER, ask) == [(ANN,), (BEN,)]
    with school.owner() as connection:
        connection.execute("delete from school.class_student where student_id = %s", (BEN,))
        connection.execute(
            "insert into school.class_student values (%s, %s)", (people.CLASS_1A, CLEO)
        )
    assert rows(school, TEACHER, ask) == [(ANN,), (CLEO,)]
    with school.owner() as connection:
        connection.execute("delete from school.class_teacher where staff_id = %s", (TEACHER,))
    assert rows(school, TEACHER, ask) == []


@pytest.mark.parametrize(
    ("person", "table"),
    [(TEACHER, "staff"), (COORDINATOR, "staff"), (people.ADMIN, "staff"), (ANN, "student")],
)
def test_whoever_is_switched_off_sees_nothing_from_then_on(
    school: Scratch, person: UUID, table: str
) -> None:
    ask = "select 1 from public.student_module_progress"
    assert rows(school, person, ask)
    with school.owner() as connection:
        # Where the last administrator is meant, another takes over first.
        connection.execute(
            "update school.staff set role = 'admin' where id = %s and %s",
            (people.EVERYWHERE, person == people.ADMIN),
        )
        connection.execute(
            f"update school.{table} set is_active = false where id = %s".encode(), (person,)
        )
    assert rows(school, person, ask) == []
    assert rows(school, person, "select 1 from roster.student") == []
    assert rows(school, person, "select 1 from roster.module") == []

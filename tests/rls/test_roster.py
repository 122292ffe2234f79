"""What people read of the roster, and that there is no other way to it."""

from uuid import UUID

import pytest

from tests import people
from tests.clusters import Scratch
from tests.people import (
    ADMIN,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    DISABLED,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    STRANGER,
    TEACHER,
)
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, rows, touched
from tests.rls.facts import HOME, IDENTITIES, PUPILS, at_home, in_class, is_staff

TEACHERS = {CLASS_1A: TEACHER, CLASS_1B: OTHER_TEACHER}
STAFF = {
    organisation: {one for one in people.ROLES if HOME.get(one) == organisation}
    for organisation in (NORTH, SOUTH, None)
}
KNOWN = {who.person: who for who in IDENTITIES if who.person and who.person in SEES}
CLASSES = {
    person: {class_ for class_ in PUPILS if in_class(who, class_)} for person, who in KNOWN.items()
}
ORGANISATIONS = {
    person: {one for one in (NORTH, SOUTH) if at_home(who, one)}
    for person, who in KNOWN.items()
    if is_staff(who)
}

signed_in = pytest.mark.parametrize("person", CLASSES, ids=lambda person: NAMES[person])
everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])


def ids(school: Scratch, person: UUID | None, columns: str) -> set[object]:
    found = rows(school, person, f"select {columns}")
    assert found is not None
    assert len(set(found)) == len(found)
    return {row[0] if len(row) == 1 else row for row in found}


@signed_in
def test_people_read_the_roster_of_their_own(shared: Scratch, person: UUID) -> None:
    classes, students = CLASSES[person], SEES[person]
    organisations = ORGANISATIONS.get(person, set())
    is_staff = bool(organisations)
    assert ids(shared, person, "id from roster.student") == students
    assert ids(shared, person, "id from roster.class") == classes
    assert ids(shared, person, "id from roster.organisation") == organisations
    assert ids(shared, person, "class_id, student_id from roster.class_student") == {
        (one, student) for one in classes for student in PUPILS[one] & students
    }
    assert ids(shared, person, "class_id, module_id from roster.class_module") == {
        (one, module)
        for one in classes
        for module in (people.COURSE, people.ASSESSMENT, people.PROJECT)
    }
    assert ids(shared, person, "class_id, staff_id from roster.class_teacher") == {
        (one, TEACHERS[one]) for one in classes if is_staff and one in TEACHERS
    }
    assert ids(shared, person, "id from roster.staff") == (
        set().union(STAFF[None], *(STAFF[one] for one in organisations)) if is_staff else set()
    )


@signed_in
def test_the_cells_of_a_class_are_for_its_staff(shared: Scratch, person: UUID) -> None:
    classes = CLASSES[person] if person in ORGANISATIONS else set()
    assert ids(shared, person, "class_id, student_id, module_id from dashboard.class_cell") == {
        (one, student, module)
        for one in classes
        for student in PUPILS[one]
        for module in (people.COURSE, people.ASSESSMENT, people.PROJECT)
    }
    counted = "class_id, completed, in_progress from dashboard.class_count"
    assert {row[0] for row in ids(shared, person, counted)} == classes  # type: ignore[index]
    for one in CLASSES[ADMIN]:
        wanted = f"array['{people.COURSE}', '{people.ASSESSMENT}', '{people.UNUSED}']::uuid[]"
        listed = f"dashboard.class_rows('{one}', {wanted}, array[60, 60, 60], true)"
        assert ids(shared, person, f"student_id from {listed}") == (
            PUPILS[one] if one in classes else set()
        )
        # Not a word about a module of no such class.
        assert all(
            str(row).count(";") == 1
            for row in ids(shared, person, f"student_id, cells from {listed}")
        )
    # Ann's test and Ben's course were completed.
    found = rows(
        shared,
        person,
        "select class_id, completions from dashboard.class_completion where completions <> 0",
    )
    assert found == ([(CLASS_1A, 1)] * 2 if CLASS_1A in classes else [])
    scored = "class_id, module_id from dashboard.class_score where failed + passed = 1"
    assert ids(shared, person, scored) == {(one, people.ASSESSMENT) for one in classes & {CLASS_1A}}


@signed_in
def test_the_catalogue_is_for_everybody_the_school_knows(shared: Scratch, person: UUID) -> None:
    known = person not in (STRANGER, DISABLED)
    assert len(ids(shared, person, "id from roster.module")) == (4 if known else 0)
    assert len(ids(shared, person, "id from roster.lesson")) == (2 if known else 0)


def test_a_name_searched_for_is_found_by_those_who_may_see_it_only(shared: Scratch) -> None:
    search = "full_name from roster.student where full_name like '%Zhang%'"
    found = {person: ids(shared, person, search) for person in CLASSES}
    assert {person for person, names in found.items() if names} == {
        OTHER_TEACHER,
        COORDINATOR,
        ADMIN,
        people.VIEWER,
        people.EVERYWHERE,
        people.INSPECTOR,
    }


def test_whoever_is_not_signed_in_reads_nothing_of_the_roster(shared: Scratch) -> None:
    with shared.owner() as connection:
        views = connection.execute(
            "select viewname from pg_views where schemaname = 'roster'"
        ).fetchall()
    assert len(views) == 11
    for (view,) in views:
        assert rows(shared, NOBODY, f"select 1 from roster.{view}") is None
        assert rows(shared, ADMIN, f"select 1 from roster.{view}")  # the control


@everybody
@pytest.mark.parametrize(
    "table",
    [
        "auth.users",
        "school.organisation",
        "school.module",
        "school.lesson",
    ],
)
def test_there_is_no_way_to_the_tables_below(
    shared: Scratch, person: UUID | None, table: str
) -> None:
    assert rows(shared, person, f"select 1 from {table}") is None
    assert touched(shared, person, f"delete from {table}") is None
    with shared.owner() as connection:
        assert connection.execute(f"select 1 from {table}".encode()).fetchone()  # the control


KEPT = {
    "public.organisations": "id",
    "public.modules": "id",
    "public.lessons": "id",
    "school.student": "id",
    "school.staff": "id",
    "school.class": "id",
    "school.class_student": "class_id",
    "school.class_teacher": "class_id",
}


@everybody
@pytest.mark.parametrize("table", KEPT)
def test_the_tables_below_are_for_those_who_keep_them(
    shared: Scratch, person: UUID | None, table: str
) -> None:
    found = rows(shared, person, f"select {KEPT[table]} from {table}")
    if person is None:
        assert found is None
    elif person in EDITORS:
        # Lessons are of modules that others have too, and nobody teaches in the South.
        assert found or table in ("public.lessons", "school.class_teacher")
    else:
        assert found == []
    with shared.owner() as connection:
        assert connection.execute(f"select 1 from {table}".encode()).fetchone()  # the control


@pytest.mark.parametrize("person", [TEACHER, COORDINATOR, ADMIN], ids=lambda one: NAMES[one])
def test_functions_of_the_owner_cannot_be_called(shared: Scratch, person: UUID) -> None:
    for call in ("internal.source_of(null, null)", "internal.plausible(now())"):
        assert rows(shared, person, f"select {call}") is None
    assert rows(shared, person, "select * from internal.demo_marker") is None
    assert rows(shared, person, "select * from dashboard.demo_people()") is None
    assert rows(shared, NOBODY, "select * from dashboard.demo_people()") == []  # no marker here
    assert rows(shared, person, "select internal.my_role()") == [(people.ROLES[person],)]

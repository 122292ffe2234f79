"""What a wish comes to, as changes: no database, plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from data.roster import classes, modules, staff, students
from data.roster.changes import RosterChange
from data.roster.reading.classes import ClassEntry
from data.roster.reading.modules import LessonEntry, ModuleEntry
from data.roster.reading.staff import StaffEntry
from data.roster.reading.students import StudentEntry
from data.roster.undo import as_one
from data.roster.words import lines

HOME, OTHER = UUID(int=1), UUID(int=2)
ONE, TWO, THREE = UUID(int=11), UUID(int=12), UUID(int=13)
EVE = StudentEntry(UUID(int=21), HOME, "Eve Moss", None, "7", True, None, None, (ONE, TWO), (), ())
MO = StaffEntry(
    UUID(int=31), HOME, "Home", "Mo Hill", "mo@example.org", "teacher", True, (ONE,), ()
)
BIRDS, TREES, RIVERS = UUID(int=41), UUID(int=42), UUID(int=43)
CLASS = ClassEntry(
    ONE,
    HOME,
    "Home",
    "7B",
    "2026/27",
    None,
    (MO.id,),
    ("Mo Hill",),
    ((BIRDS, 1), (TREES, 5)),
    (EVE.id,),
)
MODULE = ModuleEntry(
    BIRDS,
    "Birds",
    "course",
    1,
    {"passThreshold": "70", "colour": "red"},
    Decimal(70),
    None,
    1,
    True,
    True,
)
LESSONS = (
    LessonEntry(UUID(int=51), "Wings", 1, False),
    LessonEntry(UUID(int=52), "Beaks", 2, True),
)


def short(changes: list[RosterChange]) -> list[str]:
    names = {ONE: "7B", TWO: "7C", THREE: "8B", MO.id: MO.full_name, EVE.id: EVE.full_name}
    names |= {BIRDS: "Birds", TREES: "Trees", RIVERS: "Rivers"} | {
        each.id: each.title for each in LESSONS
    }
    return [f"{one.who}: {one.what}" for one in lines(changes, names)]


def test_a_student_joins_and_leaves_classes_and_nothing_else() -> None:
    assert short(students.placed(EVE, (TWO, THREE))) == [
        "Eve Moss: Leaves 7B",
        "Eve Moss: Joins 8B",
    ]
    assert students.placed(EVE, (TWO, ONE)) == []


def test_modules_that_count_no_more_are_told_of_who_moves() -> None:
    there = replace(CLASS, id=THREE, places=((TREES, 1), (RIVERS, 2)))

    def lost(*class_ids: UUID) -> int:
        moves = students.placed(EVE, class_ids)
        return students.no_longer_counted(moves, [EVE], [CLASS, there])

    assert lost(TWO, THREE) == 1  # birds
    assert lost(ONE, THREE) == 0
    assert lost() == 2


def test_who_leaves_is_out_of_the_classes_that_go_on() -> None:
    assert short(students.left(EVE, date(2026, 7, 31))) == [
        "Eve Moss: Active: yes → no, Left on: none → 31 Jul 2026",
        "Eve Moss: Leaves 7B",
        "Eve Moss: Leaves 7C",
    ]
    gone = replace(EVE, is_active=False, left_on=date(2026, 7, 31), class_ids=())
    assert short(students.back(gone)) == ["Eve Moss: Active: no → yes, Left on: 31 Jul 2026 → none"]


def test_a_new_student_is_told_with_what_is_known() -> None:
    made = students.new_student(HOME, {"full_name": "Al Fir", "number": "9", "email": None}, (ONE,))
    assert short(made) == ["Al Fir: New: school number 9", "Al Fir: Joins 7B"]


def test_a_colleague_is_switched_off_and_keeps_the_classes() -> None:
    assert short(staff.switched(MO, on=False)) == ["Mo Hill: Active: yes → no"]
    assert staff.switched(MO, on=True) == []


def test_modules_of_a_class_are_given_places_where_their_order_changes() -> None:
    def ordered(*wanted: UUID) -> list[str]:
        return short(classes.corrected(CLASS, {}, CLASS.teacher_ids, wanted))

    assert ordered(BIRDS, TREES) == []
    assert ordered(TREES, BIRDS) == ["7B: Trees, place: 5 → 1", "7B: Birds, place: 1 → 2"]
    assert ordered(BIRDS, RIVERS) == ["7B: Has Trees no more", "7B: Has Rivers too"]


def test_what_is_corrected_of_a_class_that_a_file_brought_is_left_alone_by_the_next() -> None:
    values = {"name": "7B", "school_year": "2027/28"}
    brought = replace(CLASS, is_from_file=True)
    year = "7B: School year: 2026/27 → 2027/28"
    assert short(classes.corrected(CLASS, values, (MO.id,), (BIRDS, TREES))) == [year]
    assert short(classes.corrected(brought, values, (MO.id,), (BIRDS, TREES))) == [
        year,
        "7B: School year: roster files leave it alone",
    ]
    locked = replace(brought, locked=("school_year",))
    assert short(classes.corrected(locked, values, (MO.id,), (BIRDS, TREES))) == [year]
    assert len(classes.archived(brought, datetime(2026, 7, 31, tzinfo=UTC))) == 1


@pytest.mark.parametrize(
    ("year", "then"),
    [
        ("2026/27", "2027/28"),
        ("2099/00", "2100/01"),
        ("2026-2027", "2027-2028"),
        ("2026", "2027"),
        ("", ""),
        (None, ""),
        ("autumn", ""),
    ],
)
def test_a_school_year_is_followed_by_the_next(year: str | None, then: str) -> None:
    assert classes.following(year) == then


def test_a_class_goes_into_the_next_year_with_what_it_has() -> None:
    now = datetime(2026, 7, 31, tzinfo=UTC)
    made = classes.next_year(CLASS, "8B", "2027/28", with_students=True, archive=now)
    assert short(made) == [
        "8B: New: school year 2027/28",
        "8B: Taught by Mo Hill too",
        "8B: Has Birds too",
        "8B: Has Trees too",
        "Eve Moss: Joins 8B",
        "7B: Archived on: none → 31 Jul 2026",
    ]
    empty = classes.next_year(CLASS, "8B", "2027/28", with_students=False)
    assert not [one for one in empty if one.relation in ("class_student", "student")]
    assert CLASS.id not in {one.key.get("id") for one in empty}


def test_a_pass_mark_is_written_where_it_counts_and_all_else_stays() -> None:
    wanted = modules.read_lessons(modules.write_lessons(LESSONS))
    (change,) = modules.corrected(MODULE, LESSONS, "Birds", Decimal("66.5"), wanted)
    assert change.after == {
        "configuration": {"passThreshold": "70", "colour": "red", "pass_threshold": 66.5}
    }
    assert modules.corrected(MODULE, LESSONS, "Birds", Decimal(70), wanted) == []
    assert modules.corrected(MODULE, LESSONS, "Birds", None, wanted) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Wings\nBeaks (quiz)", []),
        ("\n Wings \n\nBeaks (QUIZ)\n", []),
        ("Wings", ["Beaks: Removed"]),
        ("Wings\nBills (quiz)", ["Beaks: Title: Beaks → Bills"]),
        ("Wings (quiz)\nBeaks (quiz)", ["Wings: Quiz: no → yes"]),
        ("Beaks (quiz)\nWings", ["Beaks: Order: 2 → 1", "Wings: Order: 1 → 2"]),
        ("Eggs\nWings\nBeaks (quiz)", ["Eggs: New", "Wings: Order: 1 → 2", "Beaks: Order: 2 → 3"]),
    ],
)
def test_lessons_are_written_a_line_each(written: str, told: list[str]) -> None:
    wanted = modules.read_lessons(written)
    assert short(modules.corrected(MODULE, LESSONS, "Birds", None, wanted)) == told


def test_changes_of_one_row_come_to_one() -> None:
    def named(before: str | None, after: str | None) -> RosterChange:
        sides = ({"full_name": one} if one else None for one in (before, after))
        return RosterChange("student", {"id": EVE.id}, *sides)

    assert as_one([named("a", "b"), named("b", "c")]) == [named("a", "c")]
    assert as_one([named("a", "b"), named("b", "a")]) == []
    assert as_one([named(None, "b"), named("b", "c")]) == [named(None, "c")]
    assert as_one([named("a", "b"), named("b", None)]) == [named("a", None)]
    assert as_one([named(None, "b"), named("b", None)]) == []

"""From one cell's panel to the next: in the order of the screen, past cells that are none."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from dashboard.views.classroom.cell_neighbours import (
    CellId,
    Neighbours,
    among_modules,
    among_students,
)
from data.reading.catalogue import Module
from data.reading.classes.arrangement import Arranged
from data.reading.classes.matrix import MatrixModule, MatrixStudent

STUDENTS = [UUID(int=number) for number in (11, 12, 13, 14)]
MODULES = [UUID(int=number) for number in (1, 2, 3)]
CELLS = ["C100;I40;N", "N;;C90", "N;;", "I1;C100;N"]


def shown(cells: Sequence[str], pins: Sequence[UUID] = (), modules: int = 3) -> Arranged:
    described = [Module(one, "A module", "course", Decimal(60)) for one in MODULES[:modules]]
    return Arranged(
        tuple(MatrixModule(one, 0, 0, 0) for one in described),
        tuple(
            MatrixStudent(one, "A student", each, 0, 0, 0, None)
            for one, each in zip(STUDENTS, cells, strict=False)
        ),
        frozenset(pins),
        (),
        0,
    )


def cell(row: int, column: int) -> CellId:
    return CellId(STUDENTS[row], MODULES[column])


def test_students_who_are_not_in_the_module_are_passed_by() -> None:
    found = shown(CELLS)
    assert among_students(found, cell(0, 1)) == Neighbours(1, 4, None, cell(3, 1))
    assert among_students(found, cell(3, 1)) == Neighbours(4, 4, cell(0, 1), None)
    assert among_students(found, cell(1, 0)) == Neighbours(2, 4, cell(0, 0), cell(2, 0))


def test_modules_that_the_student_is_not_in_are_passed_by_and_pinned_ones_come_first() -> None:
    assert among_modules(shown(CELLS), cell(1, 0)) == Neighbours(1, 3, None, cell(1, 2))
    pinned = shown(CELLS, [MODULES[2]])
    assert among_modules(pinned, cell(0, 2)) == Neighbours(1, 3, None, cell(0, 0))
    assert among_modules(pinned, cell(0, 0)) == Neighbours(2, 3, cell(0, 2), cell(0, 1))


def test_what_a_filter_hides_has_no_place_and_no_neighbours() -> None:
    found = shown(CELLS[:2])
    hidden = cell(3, 0)
    assert among_students(found, hidden) == Neighbours(None, 2, None, None)
    assert among_modules(found, hidden) == Neighbours(1, 3, None, None)
    of_one = shown(["C100", ""], modules=1)
    assert among_students(of_one, cell(0, 2)) == Neighbours(1, 2, None, None)
    assert among_students(of_one, cell(0, 0)) == Neighbours(1, 2, None, None)

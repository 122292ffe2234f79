"""Who and what comes before and after a cell of the matrix, in the order of the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from data.reading.classes.arrangement import Arranged
from data.rules.cell import split_cells


@dataclass(frozen=True)
class CellId:
    """A student's module, of which there is something to see: the student is in it."""

    student: UUID
    module: UUID


@dataclass(frozen=True)
class Neighbours:
    """A cell's place among the rows or the columns: `number` counts from 1 to `of` and is None where it is not
    among them. Cells of students who are not in the module are passed by; before the first is None, and after
    the last."""

    number: int | None
    of: int
    before: CellId | None
    after: CellId | None


def among_students(shown: Arranged, cell: CellId) -> Neighbours:
    """The same module of the students above and below."""
    order = [one.id for one in shown.students]
    of_module = {one.module.id: at for at, one in enumerate(shown.modules)}
    column = of_module.get(cell.module)

    def found(at: int) -> CellId | None:
        if column is None or not split_cells(shown.students[at].cells)[column]:
            return None
        return CellId(order[at], cell.module)

    return _around(order, cell.student, found)


def among_modules(shown: Arranged, cell: CellId) -> Neighbours:
    """The same student's modules to the left and to the right: those pinned come first."""
    order = sorted((one.module.id for one in shown.modules), key=lambda one: one not in shown.pins)
    cells = next((one.cells for one in shown.students if one.id == cell.student), "")
    written = split_cells(cells) if cells else [""] * len(shown.modules)
    in_modules = dict(zip((one.module.id for one in shown.modules), written, strict=True))

    def found(at: int) -> CellId | None:
        return CellId(cell.student, order[at]) if in_modules.get(order[at]) else None

    return _around(order, cell.module, found)


def _around(order: Sequence[UUID], here: UUID, found: Callable[[int], CellId | None]) -> Neighbours:
    if here not in order:
        return Neighbours(None, len(order), None, None)
    at = order.index(here)
    before = (found(one) for one in range(at - 1, -1, -1))
    after = (found(one) for one in range(at + 1, len(order)))
    first, last = (next((one for one in side if one), None) for side in (before, after))
    return Neighbours(at + 1, len(order), first, last)

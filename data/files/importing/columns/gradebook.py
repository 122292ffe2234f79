"""Gradebooks: a row per student, a column per module, as Canvas, Moodle, Blackboard and others write them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from data.files.importing.cells.status_words import is_unfinished, says_no_value, status_of
from data.files.importing.columns.gradebook_lines import (
    lines_above,
    lines_of_nobody,
    points_above,
    points_beside,
    says_points,
    says_points_beside,
)
from data.files.importing.columns.mapping import Columns, ModuleColumn, Sets
from data.files.importing.columns.titles import Shown, Title, is_total, number, read_title
from data.files.importing.folding import fold
from data.files.importing.meanings import STUDENT_NAMED_BY, VALUES, WHICH, Meaning
from data.files.importing.roster import KnownModule, Roster
from data.files.importing.sheet import Cell, Row, Sheet, as_text, is_blank

_EDX: Final = {"student id", "email", "username", "grade"}
_EDX_LAST: Final = {"cohort name", "enrollment track", "experiment group", "team name"}
_ONLY_READ: Final = "read only"


@dataclass(frozen=True)
class Assignment:
    """A column that is one piece of work by its heading; `module` is None where none is called so here."""

    title: Title
    module: KnownModule | None


@dataclass(frozen=True)
class Gradebook:
    """What was found in a table with a row per student.

    `works` by column; `totals` are columns of several modules' figures; `above` the lines before the first
    student, `nobody` those of no student; `spare` columns say the same of a module as another.
    """

    works: Mapping[int, Assignment]
    totals: tuple[int, ...]
    spare: tuple[int, ...]
    above: tuple[Row, ...]
    nobody: tuple[Row, ...]

    @property
    def is_marked(self) -> bool:
        """Did a gradebook's own program write it? Only such say below the headings of how many points."""
        has_points = any(says_points(row) for row in self.above)
        return has_points or any(one.title.is_marked for one in self.works.values())


def find_gradebook(sheet: Sheet, columns: Columns, roster: Roster) -> Gradebook | None:
    """Look for modules' columns; None where a table has none, or a line per student and module."""
    works = _assignments(sheet, columns, roster)
    known = set(columns.places)
    if not works or not (known.isdisjoint(WHICH) or known.isdisjoint(VALUES)):
        return None
    above = tuple(lines_above(sheet, columns, roster))
    totals = [
        at for at in _totals(sheet, columns, above) if at not in works or works[at].module is None
    ]
    works = {at: one for at, one in works.items() if at not in totals}
    known_here = {at: one for at, one in works.items() if one.module is not None}
    spare = known_here.keys() - set(_preferred(known_here))
    nobody = tuple(lines_of_nobody(sheet, columns, roster))
    return Gradebook(works, tuple(totals), tuple(sorted(spare)), above, nobody)


def module_columns(sheet: Sheet, columns: Columns, found: Gradebook) -> Columns:
    """What the columns of a gradebook mean. What its numbers set is told by the program that wrote it."""
    modules = {
        at: _column(sheet, at, work, found.above)
        for at, work in found.works.items()
        if work.module is not None and at not in found.spare
    }
    modules |= _dates(sheet, columns, modules)
    open_ones = [one for one in modules.values() if one.sets is None]
    return replace(
        columns,
        guesses=tuple(one if one in STUDENT_NAMED_BY else None for one in columns.guesses),
        modules=modules,
        sets=Sets.SCORE if open_ones and found.is_marked else None,
        left_out=frozenset(
            [*(row.line for row in found.above), *(row.line for row in found.nobody)]
        ),
        are_shown_scores=found.is_marked,
    )


def _assignments(sheet: Sheet, columns: Columns, roster: Roster) -> dict[int, Assignment]:
    """Columns that are called as a module is, or that a gradebook marked as one piece of work."""
    edx = _edx_places(sheet.headings)
    found = {}
    for at, heading in enumerate(sheet.headings):
        if not heading or columns.guesses[at] in STUDENT_NAMED_BY:
            continue
        title = read_title(heading)
        if at in edx:
            title = replace(title, shown=Shown.POINTS, most=Decimal(1), is_marked=True)
        module = _module(title, roster)
        if module is not None and fold(module.name) == fold(heading):
            title = replace(title, most=None) if "[" in heading else title
        if module is not None or title.is_marked:
            found[at] = Assignment(title, module)
    return found


def _module(title: Title, roster: Roster) -> KnownModule | None:
    for name in title.names:
        if len(named := roster.modules_named(name)) == 1:
            return named[0]
    return None


def _edx_places(headings: Sequence[str]) -> range:
    """Open edX: after the course's grade, fractions of one; who is in which cohort comes last."""
    names = [fold(one) for one in headings]
    if not set(names) >= _EDX or not any(is_total(one) for one in headings if one != "Grade"):
        return range(0)
    ends = [at for at, name in enumerate(names) if name in _EDX_LAST]
    return range(names.index("grade") + 1, min(ends, default=len(names)))


def _totals(sheet: Sheet, columns: Columns, above: Sequence[Row]) -> Iterator[int]:
    """Columns that are several modules' figures: by their heading, or as Canvas marks them below it."""
    for at, heading in enumerate(sheet.headings):
        labels = {fold(as_text(row.at(at))) for row in above}
        is_student = columns.guesses[at] in STUDENT_NAMED_BY
        if not is_student and (
            _ONLY_READ in labels or is_total(heading) or _is_edx_grade(sheet, at)
        ):
            yield at


def _is_edx_grade(sheet: Sheet, at: int) -> bool:
    places = _edx_places(sheet.headings)
    return bool(places) and at == places.start - 1


def _preferred(works: Mapping[int, Assignment]) -> list[int]:
    """Moodle writes a module's points, percent and letters side by side: percent says its scale, letters
    are no score."""
    order = [Shown.PERCENT, Shown.POINTS, Shown.UNKNOWN]
    ranks = {
        at: order.index(one.title.shown) for at, one in works.items() if one.title.shown in order
    }
    best: dict[KnownModule | None, int] = {}
    for at, rank in ranks.items():
        module = works[at].module
        best[module] = min(rank, best.get(module, rank))
    return [at for at, rank in ranks.items() if rank == best[works[at].module]]


def _column(sheet: Sheet, at: int, work: Assignment, above: Sequence[Row]) -> ModuleColumn:
    cells = [row.at(at) for row in sheet.rows if row not in above]
    most = work.title.most or points_above(at, above) or points_beside(sheet, at)
    sets = Meaning.STATUS if most is None and _are_statuses(cells) else None
    unlabelled = any(_is_number(row.at(at)) for row in above) or says_points_beside(sheet, at)
    asks = sets is None and most is None and (work.title.is_marked or unlabelled)
    return ModuleColumn(work.module, sets, most, asks)


def _is_number(cell: Cell) -> bool:
    return number(as_text(cell)) is not None


def _are_statuses(cells: Sequence[Cell]) -> bool:
    """Are half of the cells, or more, words for a status?"""
    texts = (as_text(cell) for cell in cells if not is_blank(cell))
    written = [one for one in texts if not says_no_value(one)]
    words = [one for one in written if status_of(one) or is_unfinished(one)]
    return bool(written) and 2 * len(words) >= len(written)


def _dates(
    sheet: Sheet, columns: Columns, modules: Mapping[int, ModuleColumn]
) -> dict[int, ModuleColumn]:
    """Columns of completion dates: each after its module's statuses, without a heading of its own."""
    return {
        at + 1: ModuleColumn(one.module, Meaning.COMPLETED)
        for at, one in modules.items()
        if one.sets is Meaning.STATUS
        and at + 1 < len(sheet.headings)
        and not sheet.headings[at + 1]
        and columns.guesses[at + 1] is None
    }

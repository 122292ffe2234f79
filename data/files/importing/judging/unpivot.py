"""A table with a row per student, or of one module, as lines of a student and a module each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from data.files.importing.columns.mapping import Columns, ModuleColumn, Sets
from data.files.importing.meanings import STUDENT_NAMED_BY, VALUES, Meaning
from data.files.importing.roster import KnownModule
from data.files.importing.sheet import Cell, Row, Sheet
from data.rules.details import is_scored

_SETS: Final = {
    Sets.SCORE: Meaning.SCORE,
    Sets.PERCENTAGE: Meaning.PERCENTAGE,
    Sets.STATUS: Meaning.STATUS,
}


def unpivot(sheet: Sheet, columns: Columns) -> tuple[Sheet, Columns]:
    """Lines of a student and a module each, and what their columns mean; a table of such as it is."""
    rows = tuple(row for row in sheet.rows if row.line not in columns.left_out)
    if columns.modules:
        return _unpivoted(replace(sheet, rows=rows), columns)
    if columns.all_lines is not None:
        return _of_one_module(replace(sheet, rows=rows), columns, columns.all_lines)
    return (replace(sheet, rows=rows) if columns.left_out else sheet), columns


def _of_one_module(sheet: Sheet, columns: Columns, module: KnownModule) -> tuple[Sheet, Columns]:
    """The module is written at the end of each line."""
    width = len(columns.headings)
    rows = tuple(
        replace(row, cells=(*_padded(row.cells, width), str(module.id)), beyond=_beyond(row, width))
        for row in sheet.rows
    )
    named = replace(
        columns,
        headings=(*columns.headings, Meaning.MODULE_ID.value),
        guesses=(*columns.guesses, Meaning.MODULE_ID),
        all_lines=None,
        left_out=frozenset(),
    )
    return replace(sheet, rows=rows), named


def _unpivoted(sheet: Sheet, columns: Columns) -> tuple[Sheet, Columns]:
    who = [at for meaning, at in columns.places.items() if meaning in STUDENT_NAMED_BY]
    headings = [*(columns.headings[at] for at in who), Meaning.MODULE_ID.value, *map(str, VALUES)]
    guesses = [*(columns.guesses[at] for at in who), Meaning.MODULE_ID, *VALUES]
    grouped = _by_module(columns)
    rows = tuple(
        line for row in sheet.rows for line in _lines(row, len(columns.headings), who, grouped)
    )
    long = Columns(
        tuple(headings), tuple(guesses), are_shown_scores=columns.are_shown_scores
    )  # fmt: skip
    return replace(sheet, rows=rows), long


Parts = Mapping[Meaning, tuple[int, ModuleColumn]]


def _by_module(columns: Columns) -> list[tuple[KnownModule, str, Parts]]:
    """Of each module the columns of its values, and the heading of the first."""
    found: dict[KnownModule, dict[Meaning, tuple[int, ModuleColumn]]] = {}
    for at, one in sorted(columns.modules.items()):
        if one.module is not None:
            found.setdefault(one.module, {})[_meaning(one, columns.sets)] = (at, one)
    return [
        (module, columns.headings[min(at for at, _ in parts.values())], parts)
        for module, parts in found.items()
    ]


def _meaning(column: ModuleColumn, sets: Sets | None) -> Meaning:
    if column.sets is not None:
        return column.sets
    if sets is Sets.BY_TYPE and column.module is not None:
        return Meaning.SCORE if is_scored(column.module.type) else Meaning.PERCENTAGE
    return _SETS.get(sets or Sets.SCORE, Meaning.SCORE)


def _lines(
    row: Row,
    width: int,
    who: Sequence[int],
    grouped: Sequence[tuple[KnownModule, str, Parts]],
) -> Iterator[Row]:
    """One for each module, with the row's number and the module's heading."""
    cells = _padded(row.cells, width)
    for module, heading, parts in grouped:
        values = [cells[parts[one][0]] if one in parts else None for one in VALUES]
        most: dict[Meaning, Decimal] = {
            one: column.most for one, (_, column) in parts.items() if column.most is not None
        }
        yield Row(
            row.line,
            (*(cells[at] for at in who), str(module.id), *values),
            row.is_hidden,
            heading,
            most,
            _beyond(row, width),
        )


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells[:width] + (None,) * (width - len(cells))


def _beyond(row: Row, width: int) -> int:
    return max(0, len(row.cells) - width)

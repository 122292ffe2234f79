"""Tables out: the template, and the same filled with what is stored."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Final

from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.files.exporting.workbook import Book
from data.files.importing.cells.written_back import local_day, shown
from data.files.importing.cells.zones import with_zone
from data.files.importing.folding import fold
from data.files.importing.meanings import FIELDS, Meaning
from data.files.importing.roster import KnownModule, KnownStudent, Roster, address
from data.rules.progress import Values

HEADINGS: Final = (Meaning.STUDENT, Meaning.EMAIL, Meaning.MODULE, *FIELDS)
IDS: Final = (Meaning.STUDENT_ID, Meaning.MODULE_ID)


@dataclass(frozen=True)
class FilledRow:
    """A student, a module, and what is stored of them."""

    student: KnownStudent
    module: KnownModule
    values: Values


def template_csv(
    rows: Sequence[FilledRow] = (), zone: tzinfo = UTC, among: Roster | None = None
) -> bytes:
    """The headings, and the rows given, as CSV; read back, every line says "no change".

    Days are days in `zone`, as the heading says. Ids are added where names and e-mails would not tell two
    students or modules apart: those of `among`, or of the rows.
    """
    columns = _columns(rows, among)
    body = ([_written(row, column, zone) for column in columns] for row in rows)
    return as_delimited([_headings(columns, rows, zone), *body])


def template_xlsx(
    rows: Sequence[FilledRow] = (), zone: tzinfo = UTC, among: Roster | None = None
) -> bytes:
    """The same as an Excel workbook, numbers and dates as such."""
    book, columns = Book(), _columns(rows, among)
    sheet = book.add_sheet("Progress")
    book.write_row(sheet, 0, _headings(columns, rows, zone), bold=True, bottom=1)
    for number, row in enumerate(rows, 1):
        book.write_row(sheet, number, [_typed(row, column, zone) for column in columns])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 2, 28)
    sheet.set_column(3, len(columns) - 1, 14)
    return book.content()


def _columns(rows: Sequence[FilledRow], among: Roster | None) -> tuple[Meaning, ...]:
    students = among.students if among else tuple({row.student for row in rows})
    modules = among.modules if among else tuple({row.module for row in rows})
    needed = (
        _are_mixed_up(address(student.email or "") for student in students),
        _are_mixed_up(fold(module.name) for module in modules),
    )
    return *HEADINGS, *(one for one, is_needed in zip(IDS, needed, strict=True) if is_needed)


def _headings(columns: Sequence[Meaning], rows: Sequence[FilledRow], zone: tzinfo) -> list[str]:
    """With the zone of the days, where there are any: whoever reads them back may be elsewhere."""
    days = with_zone(Meaning.COMPLETED, zone) if rows else Meaning.COMPLETED.value
    return [days if one is Meaning.COMPLETED else one.value for one in columns]


def _are_mixed_up(keys: Iterable[str]) -> bool:
    counts = Counter(keys)
    return "" in counts or any(count > 1 for count in counts.values())


def _typed(row: FilledRow, column: Meaning, zone: tzinfo) -> Value:
    """A day as a day and a number as a number, where a spreadsheet can hold it."""
    value = row.values[FIELDS[column]] if column in FIELDS else None
    if isinstance(value, datetime):
        return local_day(value, zone)
    if isinstance(value, int) or (isinstance(value, Decimal) and isfinite(float(value))):
        return value
    return _written(row, column, zone)


def _written(row: FilledRow, column: Meaning, zone: tzinfo) -> str:
    if column in FIELDS:
        return shown(row.values[FIELDS[column]], zone)
    return {
        Meaning.STUDENT: row.student.name,
        Meaning.EMAIL: row.student.email or "",
        Meaning.MODULE: row.module.name,
        Meaning.STUDENT_ID: str(row.student.id),
        Meaning.MODULE_ID: str(row.module.id),
    }[column]

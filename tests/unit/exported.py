"""What the tests of exporting share: a matrix, and its files read back."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from python_calamine import CalamineWorkbook

from data.files.exporting.delimited import as_csv
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from data.reading.catalogue import Module
from data.reading.classes.matrix import MatrixModule, MatrixStudent

BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Berlin


def module(number: int, name: str = "Fractions", kind: str = "course") -> MatrixModule:
    return MatrixModule(Module(UUID(int=number), name, kind, Decimal(50)), 3, 2, 1)


def student(name: str, cells: str, last: datetime | None = None) -> MatrixStudent:
    return MatrixStudent(UUID(int=1), name, cells, 3, 2, 1, last)


def export(students: list[MatrixStudent], modules: list[MatrixModule], **changes: object) -> Export:
    order = tuple(each.module.id for each in modules)
    made = Export("7 Blue", tuple(modules), tuple(students), order, "All", "Ms Ito", LATE, BERLIN)
    return replace(made, **changes)  # type: ignore[arg-type]


def from_csv(made: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"), newline=""), strict=True))


def from_xlsx(made: Export, sheet: int = 0) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    return [list(row) for row in book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)]


def about(made: Export) -> dict[object, object]:
    return {row[0]: row[1] for row in from_xlsx(made, 1)}

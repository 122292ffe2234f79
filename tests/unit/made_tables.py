"""What the tests of importing share: a small roster, tables, workbooks."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from data.files.importing.cells.answers import OUT_OF, Answers
from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Line
from data.files.importing.reading.file import read_pasted
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.sheet import Cell, Sheet, UnreadableFile
from data.rules.progress import EMPTY_ROW, Field, Status, Value

S, P, SC, C = Field.STATUS, Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def student(number: int, name: str, email: str | None = None) -> KnownStudent:
    return KnownStudent(UUID(int=number), name, email)


ANN = student(1, "Ann Ågren", "ann@example.org")
BEN = student(2, "Ben O'Neill", "ben@example.org")
ZOE, OTHER_ZOE = student(3, "Zoë Quinn", "zoe@example.org"), student(4, "zoe quinn")
IVAN = student(5, "Ivan\u200b Żak", "IVAN@Example.org")
COURSE = KnownModule(UUID(int=101), "Fractions", "course")
TEST = KnownModule(UUID(int=102), "Fractions test", "assessment")
TWIN, OTHER_TWIN = (KnownModule(UUID(int=103 + n), "Garden", "project") for n in (0, 1))
ROSTER = Roster((ANN, BEN, ZOE, OTHER_ZOE, IVAN), (COURSE, TEST, TWIN, OTHER_TWIN))

STORED: Mapping[Field, Value] = {
    S: Status.IN_PROGRESS, P: 40, SC: Decimal("66.6666666666666667"), C: None,
}  # fmt: skip
DONE: Mapping[Field, Value] = {
    S: Status.COMPLETED, P: 100, SC: None, C: datetime(2026, 3, 1, 22, 30, 15, 123, tzinfo=UTC),
}  # fmt: skip


def holding(values: Mapping[Field, Value] = EMPTY_ROW) -> dict[tuple[UUID, UUID], CurrentRow]:
    """Everybody has every module, and the same is stored everywhere."""
    return {
        (one.id, module.id): CurrentRow(values, True)
        for one in ROSTER.students
        for module in ROSTER.modules
    }


def judged(
    sheet: Sheet,
    values: Mapping[Field, Value] = EMPTY_ROW,
    *,
    zone: tzinfo = UTC,
    **said: Any,
) -> Judgement:
    """Everybody's lines, with these answers."""
    columns = recognise(sheet.headings)
    out_of = {(key, ""): said.pop(key) for key in OUT_OF if key in said}
    answers = Answers(out_of=out_of, **said)
    return judge(sheet, columns, ROSTER, holding(values), NOW, zone, answers=answers)


def one(text: str, values: Mapping[Field, Value] = EMPTY_ROW, **how: Any) -> Line:
    """The only line of a table, judged."""
    (line,) = judged(read_pasted(text), values, **how).lines
    return line


def cell(heading: str, written: str, values: Mapping[Field, Value] = EMPTY_ROW, **how: Any) -> Line:
    """Ann's course with one more column, judged."""
    return one(f"E-mail\tModule\t{heading}\nann@example.org\tFractions\t{written}", values, **how)


def workbook(write: Callable[[Any, Any], None]) -> bytes:
    """A workbook of one worksheet, written by `write(book, sheet)`."""
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    write(book, book.add_worksheet("Marks"))
    book.close()
    return file.getvalue()


def grid(*rows: list[object]) -> bytes:
    """A workbook of these rows, dates with the format of one."""

    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, at, value, day)
                elif value is not None:
                    sheet.write(number, at, value)

    return workbook(write)


def told(line: Line) -> str:
    return " ".join(f"{one.heading}: {one.message}" for one in line.problems)


def cells(sheet: Sheet) -> list[tuple[Cell, ...]]:
    return [row.cells for row in sheet.rows]


def refusal(read: Callable[[], Sheet]) -> str:
    """Why it was refused; "." where it was not."""
    try:
        assert read().rows
    except UnreadableFile as refused:
        return str(refused)
    return "."

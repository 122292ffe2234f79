"""Our own files come back unchanged: saved again by a spreadsheet, and read in another zone."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
import xlwt

from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Verdict
from data.files.importing.reading.file import read_file
from data.files.importing.template import FilledRow, template_csv, template_xlsx
from data.rules.progress import EMPTY_ROW, Field, Status, Value
from tests.unit.made_tables import DONE, NOW, ROSTER, SC, STORED, C, P, S, grid

ZONES = [ZoneInfo(name) for name in
         ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata")]  # fmt: skip
LATE: dict[Field, Value] = {
    S: Status.COMPLETED, P: 1, SC: Decimal("0.3333333333333333"),
    C: datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC),
}  # fmt: skip
LOW: dict[Field, Value] = {S: Status.IN_PROGRESS, P: 0, SC: Decimal("14.5"), C: None}
HIGH: dict[Field, Value] = {
    S: Status.COMPLETED, P: None, SC: Decimal(140), C: datetime(2026, 3, 20, 12, tzinfo=UTC),
}  # fmt: skip
ROWS = [
    FilledRow(who, what, values)
    for who, some in zip(
        ROSTER.students, [(STORED, DONE, LATE, EMPTY_ROW), (LOW, HIGH, DONE, LATE)] * 3, strict=False
    )
    for what, values in zip(ROSTER.modules, some, strict=True)
]  # fmt: skip


def read_back(content: bytes, zone: tzinfo = UTC, rows: list[FilledRow] = ROWS) -> Judgement:
    sheet = read_file("class", content)
    current = {(row.student.id, row.module.id): CurrentRow(row.values, True) for row in rows}
    return judge(sheet, recognise(sheet.headings), ROSTER, current, NOW, zone)


def assert_no_change(judgement: Judgement) -> None:
    told = [(line.line, line.verdict, line.problems) for line in judgement.lines
            if line.verdict is not Verdict.NO_CHANGE]  # fmt: skip
    assert told == []
    assert len(judgement.lines) == len(ROWS)


@pytest.mark.parametrize("write", [template_csv, template_xlsx])
@pytest.mark.parametrize("written_in", [*ZONES, timezone(timedelta(hours=-9, minutes=-30))])
def test_a_bare_day_is_the_day_of_the_zone_that_the_file_names_wherever_it_is_read(
    write: Callable[..., bytes], written_in: tzinfo
) -> None:
    content = write(ROWS, written_in, ROSTER)
    for read_in in ZONES:
        judgement = read_back(content, read_in)
        assert_no_change(judgement)
        other = str(read_in) != str(written_in)
        assert (f"Days are days in {written_in}, as the heading says." in judgement.notes) is other


Opened = list[list[object]]


def opened(content: bytes) -> Opened:
    """A CSV as a spreadsheet takes it: what looks like a number or a day is one, with 15 digits."""
    table = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [[_typed(cell) for cell in row] for row in table]


def _typed(written: str) -> object:
    if re.fullmatch(r"-?\d+(\.\d+)?", written):
        return float(f"{float(written):.15G}")
    return date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else written


def as_csv(table: Opened, separator: str, number: str, day: str) -> bytes:
    """Saved again as it is shown: with so many digits, and days as the system writes them."""

    def shown(cell: object) -> str:
        if isinstance(cell, float):
            written = format(cell, number)
            return written.replace(".", ",") if separator == ";" else written
        return cell.strftime(day) if isinstance(cell, date) else str(cell)

    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows([map(shown, row) for row in table])
    return file.getvalue().encode("utf-8-sig")


def as_xls(table: Opened) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("class")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(table):
        for at, cell in enumerate(row):
            sheet.write(number, at, cell, *([day] if isinstance(cell, date) else []))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_ods(table: Opened) -> bytes:
    def cell(one: object) -> str:
        if isinstance(one, float):
            told = f'office:value-type="float" office:value="{one!r}"'
        elif isinstance(one, date):
            told = f'office:value-type="date" office:date-value="{one}"'
        else:
            told = 'office:value-type="string"'
        return f"<table:table-cell {told}><text:p>{escape(str(one))}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table)
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="class">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


SAVED: dict[str, Callable[[Opened], bytes]] = {
    "CSV with 15 digits": lambda table: as_csv(table, ",", ".15G", "%Y-%m-%d"),
    "CSV as Excel shows it": lambda table: as_csv(table, ",", ".10G", "%m/%d/%Y"),
    "CSV of a German Excel": lambda table: as_csv(table, ";", ".10G", "%d.%m.%Y"),
    "CSV of LibreOffice": lambda table: as_csv(table, ",", ".15G", "%m/%d/%y"),
    "XLSX": lambda table: grid(*table),
    "XLS": as_xls,
    "ODS": as_ods,
}


@pytest.mark.parametrize("kind", SAVED)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_file_that_a_spreadsheet_saved_again_changes_nothing(kind: str, zone: tzinfo) -> None:
    content = SAVED[kind](opened(template_csv(ROWS, zone, ROSTER)))
    assert_no_change(read_back(content, UTC))


def test_what_somebody_rounds_is_a_change() -> None:
    rows = [row for row in ROWS if row.values is STORED][:1]
    for written, is_change in (("66.67", True), ("66.6667", True), ("66.66666667", False),
                               ("66.66666666", True), ("66.6666666666667", False)):  # fmt: skip
        content = template_csv(rows, UTC).decode().replace("66.6666666666666667", written)
        (line,) = read_back(content.encode(), rows=rows).lines
        assert (line.verdict is Verdict.CHANGE) is is_change, written

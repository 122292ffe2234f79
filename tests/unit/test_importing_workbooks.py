"""Workbooks of Excel and OpenDocument: read as they were meant, or refused in words."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any
from unittest.mock import Mock

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.reading import workbook as workbooks
from data.files.importing.reading.file import read_file
from data.files.importing.sheet import UnreadableFile
from tests.profiles import examples
from tests.unit.made_tables import ANN, BEN, TEST, cells, grid, refusal, workbook

HALF_PAST = datetime.fromisoformat("2026-03-04 10:30")  # a spreadsheet knows no zone


def test_a_workbook_tells_numbers_and_dates_and_the_values_of_formulas() -> None:
    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Student", "Module", "Score", "Completed on", "Percentage"])
        sheet.write_row(1, 0, ["Ann", "Fractions", 85.5])
        sheet.write_datetime(1, 3, date(2026, 3, 4), day)
        sheet.write_formula(1, 4, "=20+20", None, 40)
        sheet.write_row(3, 0, ["Ben", "Fractions", 7])
        sheet.write_datetime(3, 3, HALF_PAST, day)
        sheet.write_formula(3, 4, "=1/0", None, "#DIV/0!")

    sheet = read_file("marks.xlsx", workbook(write))
    assert sheet.typed
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (2, ("Ann", "Fractions", 85.5, date(2026, 3, 4), 40)),
        (4, ("Ben", "Fractions", 7, HALF_PAST, "#DIV/0!")),
    ]


def test_a_workbook_of_the_old_excel_is_read() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Marks")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for at, heading in enumerate(("Student", "Module", "Score", "Completed on", "Percentage")):
        sheet.write(0, at, heading)
    for at, value in enumerate(("Ænne Ørsted", "Fractions", 85.5)):
        sheet.write(1, at, value)
    sheet.write(1, 3, date(2026, 3, 4), day)
    sheet.write(1, 4, 40)
    file = io.BytesIO()
    book.save(file)
    assert file.getvalue().startswith(b"\xd0\xcf\x11\xe0")  # OLE2, and no ZIP
    found = read_file("marks.xls", file.getvalue())
    assert found.typed
    assert found.headings == ("Student", "Module", "Score", "Completed on", "Percentage")
    assert [(row.line, row.cells) for row in found.rows] == [
        (2, ("Ænne Ørsted", "Fractions", 85.5, date(2026, 3, 4), 40))
    ]


def test_a_workbook_of_the_old_excel_tells_what_is_hidden_and_what_shows_percent() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Marks")
    percent = xlwt.easyxf(num_format_str="0.0%")
    for at, heading in enumerate(("Student", "Module", "Score")):
        sheet.write(0, at, heading)
    for at, student in enumerate((ANN, BEN), 1):
        sheet.write(at, 0, student.name)
        sheet.write(at, 1, TEST.name)
        sheet.write(at, 2, 0.85, percent)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    file = io.BytesIO()
    book.save(file)
    read = read_file("marks.xls", file.getvalue())
    assert [row.cells[2] for row in read.rows] == ["85%", "85%"]
    assert [row.is_hidden for row in read.rows] == [False, True]
    assert "Hidden in the spreadsheet, but read: “Module”" in " ".join(read.notices)


def test_a_workbook_of_the_old_excel_is_opened_once_and_tells_every_kind_of_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Lists").visibility = 1
    sheet = book.add_sheet("Marks")
    book.set_active_sheet(1)
    time_of_day = xlwt.easyxf(num_format_str="hh:mm")
    moment = xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm")
    for at, heading in enumerate(("Student", "Module", "Score", "Completed on", "Note", "Other")):
        sheet.write(0, at, heading)
    sheet.write_merge(1, 2, 0, 0, "Ann")
    sheet.write(1, 1, "Fractions")
    sheet.write(1, 2, 84.5)
    sheet.write(1, 3, HALF_PAST, moment)
    sheet.write(1, 4, True)
    sheet.row(2).set_cell_error(2, "#DIV/0!")
    sheet.write(2, 4, time(10, 30), time_of_day)
    sheet.write(2, 5, 7)
    file = io.BytesIO()
    book.save(file)
    runs = Mock(side_effect=workbooks._run)
    monkeypatch.setattr(workbooks, "_run", runs)
    found = read_file("marks.xls", file.getvalue())
    assert runs.call_count == 1
    assert found.further == ("Lists",)
    assert [row.cells for row in found.rows] == [
        ("Ann", "Fractions", 84.5, HALF_PAST, True),
        ("Ann", None, "#DIV/0!", None, "10:30:00", 7),
    ]


def test_what_stands_in_merged_cells_belongs_to_each_and_a_merged_title_is_no_heading() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "Progress of 7 Blue")
        sheet.write_row(2, 0, ["Student", "Module", "Percentage"])
        sheet.merge_range("A4:A6", "Ann Ågren")
        sheet.merge_range("C4:C5", 40)
        sheet.write_column(3, 1, ["Fractions", "Fractions test", "Garden"])

    sheet = read_file("marks.xlsx", workbook(write))
    assert sheet.headings == ("Student", "Module", "Percentage")
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (4, ("Ann Ågren", "Fractions", 40)),
        (5, ("Ann Ågren", "Fractions test", 40)),
        (6, ("Ann Ågren", "Garden")),
    ]


def test_the_first_worksheet_is_read_the_others_are_named_and_can_be_chosen() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["Student", "Ann"])
        sheet.write_column(0, 1, ["Module", "first"])
        other = book.add_worksheet("Term 2")
        other.write_column(0, 0, ["Student", "Ann"])
        other.write_column(0, 1, ["Module", "second"])

    content = workbook(write)
    first = read_file("marks.xlsx", content)
    assert (first.further, cells(first)) == (("Term 2",), [("Ann", "first")])
    assert "The worksheet “Marks” was read." in first.assumed
    assert cells(read_file("marks.xlsx", content, sheet="Term 2")) == [("Ann", "second")]
    with pytest.raises(UnreadableFile, match="There are: “Marks”, “Term 2”"):
        read_file("marks.xlsx", content, sheet="Term 3")
    with pytest.raises(UnreadableFile, match="There is no worksheet"):
        read_file("marks.xlsx", content, sheet="\ud800")


def test_a_hidden_worksheet_is_not_the_one_that_is_read() -> None:
    def write(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Shown")
        other.write_row(0, 0, ["Student", "Module"])
        other.write_row(1, 0, ["Ann", "Fractions"])
        other.activate()
        sheet.hide()
        sheet.write_row(0, 0, ["Lists"])

    sheet = read_file("marks.xlsx", workbook(write))
    assert (cells(sheet), sheet.further) == ([("Ann", "Fractions")], ("Marks",))


@pytest.mark.parametrize("far", ["XFD1048576", "BR1048576"])  # 500 GB, and a little over the limit
def test_a_workbook_whose_cells_lie_at_the_far_ends_is_refused_and_takes_nothing_with_it(
    far: str,
) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["Student", "Module"])
        sheet.write(far, "x")

    with pytest.raises(UnreadableFile, match="far outside the table"):
        read_file("marks.xlsx", workbook(write))


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = grid(["Student", "Module"], ["Ann", "Fractions"])
    assert read_file("marks.xlsx", content).rows
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.bmp", bytes(201 * 1024 * 1024))
    assert len(packed.getvalue()) < 1024 * 1024
    monkeypatch.setattr(workbooks, "_read_apart", lambda *_: pytest.fail("It was opened."))
    with pytest.raises(UnreadableFile, match="too big once it is unpacked"):
        read_file("marks.xlsx", packed.getvalue())


def test_another_zip_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", "x")
    with pytest.raises(UnreadableFile, match="not a table"):
        read_file("letter.xlsx", packed.getvalue())


ODS = """<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Marks">{}</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(*rows: list[str], attributes: str = "") -> bytes:
    written = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{attributes}>'
            f"<text:p>{value}</text:p></table:table-cell>"
            for value in row
        )
        + "</table:table-row>"
        for row in rows
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", ODS.format(written))
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    return packed.getvalue()


def test_ods_is_read_and_its_merged_cells_are_refused_in_words() -> None:
    rows = ["Student", "Module"], ["Ann", "Fractions"]
    assert cells(read_file("marks.ods", ods(*rows))) == [("Ann", "Fractions")]
    spanned = ods(*rows, attributes=' table:number-rows-spanned="2"')
    with pytest.raises(UnreadableFile, match="merged cells"):
        read_file("marks.ods", spanned)


SOUND = grid(["Student", "Module"], ["Ann", "Fractions"])


@examples(25)
@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_workbook_is_read_or_refused_in_words(damage: list[tuple[float, int]]) -> None:
    content = bytearray(SOUND)
    for where, byte in damage:
        content[int(where * len(SOUND))] = byte
    assert refusal(lambda: read_file("a.xlsx", bytes(content))).endswith(".")

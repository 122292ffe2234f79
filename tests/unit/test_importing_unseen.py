"""What a person does not see in a file, or was not read of it, is said and counted."""

import io
import zipfile
from typing import Any

import pytest

from data.files.importing.judging.verdicts import Verdict
from data.files.importing.reading import workbook as workbooks
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import cells, grid, judged, told, workbook

HEADINGS: list[object] = ["Student", "Module", "Score"]


def test_hidden_rows_and_columns_are_read_and_said() -> None:
    def write(_: Any, sheet: Any) -> None:
        for at, row in enumerate((HEADINGS, ["Ann", "x", 1], ["Ben", "x", 2], ["Zoë", "x", 3])):
            sheet.write_row(at, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    sheet = read_file("marks.xlsx", workbook(write))
    assert [row.is_hidden for row in sheet.rows] == [True, False, True]
    assert sheet.notices == (
        "2 lines are hidden in the spreadsheet: lines 2, 4. They are read like the others, unless you "
        "leave them out.",
        "Hidden in the spreadsheet, but read: “Score”.",
    )


def test_a_formula_without_a_result_is_a_problem_and_no_unchanged_line() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["Ann Ågren", "Fractions"])
        sheet.write_formula(1, 2, "=80+4", None, "")
        sheet.write_row(2, 0, ["Ben O'Neill", "Fractions"])
        sheet.write_formula(2, 2, "=80+4", None, 84)

    sheet = read_file("marks.xlsx", without_results(workbook(write), b'r="C2"'))
    assert sheet.notices == (
        "1 line has a formula without a stored result: line 2. Open the file in a spreadsheet, save it "
        "there, and choose it again.",
    )
    lines = judged(sheet).lines
    assert [line.verdict for line in lines] == [Verdict.PROBLEM, Verdict.CHANGE]
    assert told(lines[0]).startswith("Score: “=80+4”: This formula has no stored result.")


def without_results(content: bytes, *cells: bytes) -> bytes:
    """A workbook as programs write it that do not reckon: these cells' formulas have no result."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b' t="str"><f>80+4</f><v></v>', b"><f>80+4</f><v></v>")
                assert all(cell + b"><f>80+4</f><v></v>" in part for cell in cells)
            new.writestr(name, part)
    return packed.getvalue()


def test_the_name_of_an_error_is_a_problem_and_no_empty_cell() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["Ann Ågren", "Fractions"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    (line,) = judged(read_file("marks.xlsx", workbook(write))).lines
    assert line.verdict is Verdict.PROBLEM
    assert "“#DIV/0!”" in told(line)


def test_a_number_that_shows_percent_is_read_as_it_is_seen() -> None:
    def write(book: Any, sheet: Any) -> None:
        percent = book.add_format({"num_format": "0.0%"})
        quoted = book.add_format({"num_format": '0.00" of 100%"'})
        sheet.write_row(0, 0, HEADINGS)
        for at, (value, shown) in enumerate(
            ((0.85, percent), (1.05, percent), (0.07, percent), (0.5, quoted)), 1
        ):
            sheet.write_row(at, 0, ["Ann Ågren", "Fractions"])
            sheet.write_number(at, 2, value, shown)

    found = cells(read_file("marks.xlsx", workbook(write)))
    assert [row[2] for row in found] == ["85%", "105%", "7%", 0.5]


ODS = """<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Marks"><table:table-column table:number-columns-repeated="16384"/>
<table:table-row>{0}</table:table-row>
<table:table-row table:visibility="filter">{1}<table:table-cell office:value-type="percentage"
office:value="0.85"><text:p>85 %</text:p></table:table-cell></table:table-row>
<table:table-row>{1}<table:table-cell table:formula="of:=80+4"/></table:table-row>
<table:table-row table:number-rows-repeated="1048573"><table:table-cell
table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_tells_the_same() -> None:
    def row(*texts: str) -> str:
        cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        return "".join(cell.format(text) for text in texts)

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "content.xml", ODS.format(row(*map(str, HEADINGS)), row("Ann Ågren", "Fractions"))
        )
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
    sheet = read_file("marks.ods", packed.getvalue())
    assert [row.cells[2] for row in sheet.rows] == ["85%", "=80+4"]
    assert [row.is_hidden for row in sheet.rows] == [True, False]
    assert len(sheet.notices) == 2


def test_the_worksheet_that_has_headings_is_read_and_the_others_are_said() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "What this workbook is for")
        other = book.add_worksheet("Notes")
        other.write_row(0, 0, ["Term", "Autumn"])
        other.write_row(1, 0, ["Made by", "the office"])
        results = book.add_worksheet("Results")
        results.write_row(0, 0, HEADINGS)
        results.write_row(1, 0, ["Ann", "Fractions", 84])

    sheet = read_file("marks.xlsx", workbook(write))
    assert cells(sheet) == [("Ann", "Fractions", 84)]
    assert sheet.further == ("Marks", "Notes")
    assert not any("worksheet" in sentence for sentence in sheet.assumed)
    assert sheet.notices[0].startswith(
        "The worksheet “Results” was read, for no headings were known"
    )
    with pytest.raises(UnreadableFile, match="No headings were found"):
        read_file("marks.xlsx", workbook(write), sheet="Marks")


def test_a_workbook_without_any_table_names_the_worksheets() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "What this workbook is for")
        book.add_worksheet("Empty")

    with pytest.raises(UnreadableFile, match="in any worksheet: “Marks”, “Empty”"):
        read_file("marks.xlsx", workbook(write))


def test_worksheets_that_were_not_looked_at_are_not_called_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "What this workbook is for")
        for name in ("Empty", "Never looked at"):
            book.add_worksheet(name)

    monkeypatch.setattr(workbooks, "MOST_TRIED", 2)
    with pytest.raises(UnreadableFile, match="in the first 2 worksheets: “Marks”, “Empty”\\."):
        read_file("marks.xlsx", workbook(write))


def package(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/").replace("_", "."), text)
    return packed.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        (
            package(content_xml="<x/>", **{"META-INF__manifest_xml": "<encryption-data/>"}),
            "has a password",
        ),
        (OLE + "WordDocument".encode("utf-16-le"), "not a table"),
        (package(Index__Document_iwa="x"), "Apple Numbers"),
        (package(word__document_xml="x"), "not a table"),
        (OLE, "cannot be read"),
    ],
)
def test_why_a_spreadsheet_cannot_be_read_is_the_right_reason(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_file("marks.xlsx", content)
    assert read_file("marks.xlsx", grid(HEADINGS, ["Ann", "Fractions", 84])).rows


def test_another_table_below_is_noticed_and_not_read() -> None:
    sheet = read_pasted(
        "Student,Module,Score\nAnn Ågren,Fractions,84\n\n\nStudent,Module,Percentage\n"
        "Ben O'Neill,Fractions,60\nZoë Quinn,Fractions,60\n"
    )
    assert [row.line for row in sheet.rows] == [2]
    assert sheet.notices == (
        "Line 5 holds other headings: another table begins there, and its 2 lines were not read. "
        "Import it as a file of its own.",
    )


def test_headings_that_are_repeated_on_every_page_are_left_out_and_said() -> None:
    page = "Student,Module,Score\nAnn Ågren,Fractions,84\n"
    sheet = read_pasted(page + page.replace("Ann Ågren", "Ben O'Neill"))
    assert [row.line for row in sheet.rows] == [2, 4]
    assert sheet.notices == ("1 line repeats the headings; not read.",)

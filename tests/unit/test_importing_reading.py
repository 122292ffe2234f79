"""Whatever file somebody chooses is read as it was meant, or refused in words."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing import Meaning, Sheet, UnreadableFile, read_file, read_pasted, recognise
from data.importing import workbook as workbooks
from data.importing.sheet import Cell
from tests.unit.importing import grid, workbook

HALF_PAST = datetime.fromisoformat("2026-03-04 10:30")  # a spreadsheet knows no zone
PLAIN = "Student,Module,Percentage\nAnn Ågren,Fractions,40\n"


def cells(sheet: Sheet) -> list[tuple[Cell, ...]]:
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PLAIN.encode(), "The text is UTF-8."),
        (PLAIN.encode("utf-8-sig"), "The text is UTF-8."),
        (PLAIN.encode("utf-16"), "The text is UTF-16."),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "The text is UTF-16."),
        (PLAIN.encode("cp1252"), "The text is taken for Windows-1252 (Western European)."),
    ],
)
def test_every_encoding_gives_the_same_table_and_is_told(content: bytes, told: str) -> None:
    sheet = read_file("a.csv", content)
    assert sheet.headings == ("Student", "Module", "Percentage")
    assert cells(sheet) == [("Ann Ågren", "Fractions", "40")]
    assert told in sheet.assumed


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_is_found_though_others_stand_in_the_text(separator: str, end: str) -> None:
    table = [
        ["Student", "Module", "Score"],
        ['"Ågren, Ann; the 1st"', "Fractions", '"85,5"'],
        ['"O|Neill\t, Ben"', '"A,B; C"', "1.5"],
    ]
    sheet = read_pasted(end.join(separator.join(row) for row in table))
    assert cells(sheet) == [
        ("Ågren, Ann; the 1st", "Fractions", "85,5"),
        ("O|Neill\t, Ben", "A,B; C", "1.5"),
    ]


def test_what_excel_writes_in_germany_is_read() -> None:
    sheet = read_file("a.csv", b"sep=;\r\nStudent;Module;Score\r\nAnn;Fractions;85,5\r\n")
    assert (sheet.headings, sheet.heading_line) == (("Student", "Module", "Score"), 2)
    assert [(row.line, row.cells) for row in sheet.rows] == [(3, ("Ann", "Fractions", "85,5"))]


def test_the_separator_is_the_one_whose_headings_are_known_though_another_divides_more() -> None:
    sheet = read_pasted("Student;Module (A, B, C, D);Score\nAnn;A, B, C, D;1\nBen;A, B, C, D;2\n")
    assert cells(sheet) == [("Ann", "A, B, C, D", "1"), ("Ben", "A, B, C, D", "2")]


def test_lines_are_counted_as_a_person_counts_them() -> None:
    text = 'Progress of 7 Blue\n\nStudent,Module,Note\n"Ann\nÅgren",Fractions,x\n\n , \nBen,Fractions,y\n'
    sheet = read_pasted(text)
    assert sheet.heading_line == 3
    assert [(row.line, row.cells[0]) for row in sheet.rows] == [(4, "Ann\nÅgren"), (8, "Ben")]
    assert "The headings are in line 3; what stands above was left out." in sheet.assumed


def test_headings_nobody_knows_are_taken_from_the_first_line_and_told() -> None:
    sheet = read_pasted("Schüler;Fach;Note\nAnn;Mathe;2")
    assert sheet.headings == ("Schüler", "Fach", "Note")
    assert "No heading was recognised" in sheet.assumed[-1]


def test_the_apostrophe_that_guards_a_formula_in_our_exports_is_taken_off() -> None:
    sheet = read_pasted("Student,Module,Score\n'=cmd(),'- x,'-3\nD'Arcy,'tis,1")
    assert cells(sheet) == [("=cmd()", "- x", "-3"), ("D'Arcy", "'tis", "1")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\n \r\n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"Student,Module\n", "nothing below"),
        (b"Ann,Fractions,40\nBen,Fractions,50\n", "No headings were found"),
        (b"ann@example.org,x\nb,y\n", "No headings were found"),
        (b"just a word\nand another\n", "No headings were found"),
        (b"%PDF-1.7\n\x00\x01", "not a table"),
        (b"\x89PNG\r\n\x1a\n\x00", "not a table"),
        (b"Student,Module\nAnn\x00,x\n", "not a table"),
        (b"Student,Module\nAnn\x07,x\n", "not a table"),
        (b"Student,Module\n\x81\x8d,x\n", "not a table"),
        (b"<html><table></table>", "web page"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "UTF-16, but is not"),
        (b'Student,Module\nAnn,x\n"Ben,y\nCleo,z\n', "Line 3 cannot be read: a quotation mark"),
        (b'Student,Module\nAnn,"x"y\n', "Line 2 cannot be read"),
        (b"Student,Module\n" + b"x" * 200_000, "Line 2 cannot be read"),
        (b"Student,Module\n" + b"Ann,x\n" * 50_001, "more than 50,000 lines"),
        (b"Student,Module" + b",x" * 600 + b"\nAnn,x\n", "602 columns"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"PK\x03\x04 and nothing", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing", "cannot be read"),
        (b"Student,Completed,Fractions: status,Fractions: %\nAnn,1,Completed,100\n", "template"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words.replace("(", r"\(")):
        read_file("a.csv", content)
    assert read_file("a.csv", PLAIN.encode()).rows


def test_fifty_thousand_lines_are_taken() -> None:
    assert len(read_file("a.csv", b"Student,Module\n" + b"Ann,x\n" * 50_000).rows) == 50_000


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
        (4, ("Ben", "Fractions", 7, HALF_PAST)),
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


def test_what_stands_in_merged_cells_belongs_to_each_and_a_merged_title_is_no_heading() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "Progress of 7 Blue")
        sheet.write_row(2, 0, ["Student", "Module", "Percentage"])
        sheet.merge_range("A4:A6", "Ann Ågren")
        sheet.merge_range("C4:C5", 40)
        sheet.write_column(3, 1, ["Fractions", "Fractions test", "Garden"])

    sheet = read_file("marks.xlsx", workbook(write))
    assert sheet.heading_line == 3
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


def refusal(read: Callable[[], Sheet]) -> str:
    """Why it was refused; "." where it was not."""
    try:
        assert read().rows
    except UnreadableFile as refused:
        return str(refused)
    return "."


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda s: s.encode("utf-16"))))
def test_any_bytes_are_a_table_or_refused_in_words(content: bytes) -> None:
    assert refusal(lambda: read_file("a.csv", content)).endswith(".")


PIECES = ["Student", "Module", "%", '"', '"a"', "\n", ",", ";", "\t", "x", "�", "\u200b", "1.5"]
TABLES = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=8)


@given(
    st.one_of(
        st.text(max_size=300), TABLES.map(lambda lines: "Student,Module\n" + ",\n".join(lines))
    )
)
def test_any_text_is_a_table_or_refused_in_words(text: str) -> None:
    assert refusal(lambda: read_pasted(text)).endswith(".")


SOUND = grid(["Student", "Module"], ["Ann", "Fractions"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_workbook_is_read_or_refused_in_words(damage: list[tuple[float, int]]) -> None:
    content = bytearray(SOUND)
    for where, byte in damage:
        content[int(where * len(SOUND))] = byte
    assert refusal(lambda: read_file("a.xlsx", bytes(content))).endswith(".")


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Student", Meaning.STUDENT), ("STUDENT NAME", Meaning.STUDENT), ("Full_name", Meaning.STUDENT),
        ("name", Meaning.STUDENT), ("E-mail", Meaning.EMAIL), ("e mail address", Meaning.EMAIL),
        ("Mail", Meaning.EMAIL), ("Student-ID", Meaning.STUDENT_ID), ("studentid", Meaning.STUDENT_ID),
        ("Surname", Meaning.LAST_NAME), ("First Name:", Meaning.FIRST_NAME), ("Module", Meaning.MODULE),
        ("Course", Meaning.MODULE), ("Module id", Meaning.MODULE_ID), ("Státus", Meaning.STATUS),
        ("State", Meaning.STATUS), ("%", Meaning.PERCENTAGE), ("Progress (%)", Meaning.PERCENTAGE),
        ("Percent ", Meaning.PERCENTAGE), ("Completion", Meaning.PERCENTAGE), ("Score [0-100]", Meaning.SCORE),
        ("Grade", Meaning.SCORE), ("Points", Meaning.SCORE), ("Completed on", Meaning.COMPLETED),
        ("Date completed", Meaning.COMPLETED), ("completion\ndate", Meaning.COMPLETED),
        ("\u200bStatus\ufeff", Meaning.STATUS), ("Completed", None), ("Date", None), ("", None), ("Line", None),
    ],
)  # fmt: skip
def test_a_heading_is_recognised_however_it_is_written(
    heading: str, meaning: Meaning | None
) -> None:
    assert recognise([heading]).guesses == (meaning,)


def test_two_columns_of_one_meaning_are_for_the_person_to_choose() -> None:
    columns = recognise(["Student", "Module", "Score", "Grade"])
    assert columns.ambiguous == {Meaning.SCORE: (2, 3)}
    assert Meaning.SCORE not in columns.places
    assert columns.problems == (
        "“Score” (column 3) and “Grade” (column 4) both seem to be “Score”: choose one.",
    )
    chosen = columns.choose(Meaning.SCORE, 3)
    assert (chosen.places[Meaning.SCORE], chosen.ambiguous, chosen.problems) == (3, {}, ())
    assert chosen.choose(Meaning.SCORE, None).problems == (
        "No column holds a status, percentage, score or completed date.",
    )


def test_what_is_missing_is_said() -> None:
    assert [problem[:25] for problem in recognise(["x", "y"]).problems] == [
        "No column names the stude", "No column names the modul", "No column holds a status,",
    ]  # fmt: skip
    assert recognise(["First name", "Surname", "Course", "%"]).problems == ()

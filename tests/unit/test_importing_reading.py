"""Whatever text somebody chooses is read as it was meant, or refused in words."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.columns.headings import recognise
from data.files.importing.meanings import Meaning
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import cells, refusal

PLAIN = "Student,Module,Percentage\nAnn Ågren,Fractions,40\n"


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
    assert sheet.headings == ("Student", "Module", "Score")
    assert [(row.line, row.cells) for row in sheet.rows] == [(3, ("Ann", "Fractions", "85,5"))]


def test_the_separator_is_the_one_whose_headings_are_known_though_another_divides_more() -> None:
    sheet = read_pasted("Student;Module (A, B, C, D);Score\nAnn;A, B, C, D;1\nBen;A, B, C, D;2\n")
    assert cells(sheet) == [("Ann", "A, B, C, D", "1"), ("Ben", "A, B, C, D", "2")]


def test_lines_are_counted_as_a_person_counts_them() -> None:
    text = 'Progress of 7 Blue\n\nStudent,Module,Note\n"Ann\nÅgren",Fractions,x\n\n , \nBen,Fractions,y\n'
    sheet = read_pasted(text)
    assert [(row.line, row.cells[0]) for row in sheet.rows] == [(4, "Ann\nÅgren"), (8, "Ben")]
    assert "The headings are in line 3; what is above them was left out." in sheet.assumed


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
        (b"<html><table></table>", "web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "UTF-16, but is not"),
        (b'Student,Module\nAnn,x\n"Ben,y\nCleo,z\n', "Line 3 cannot be read: a quotation mark"),
        (b'Student,Module\nAnn,"x"y\n', "Line 2 cannot be read"),
        (b"Student,Module\n" + b"x" * 200_000, "Line 2 cannot be read"),
        (b"Student,Module\n" + b"Ann,x\n" * 50_001, "more than 50,000 lines"),
        (b"Student,Module" + b",x" * 600 + b"\nAnn,x\n", "602 columns"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"PK\x03\x04 and nothing", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing", "cannot be read"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words.replace("(", r"\(")):
        read_file("a.csv", content)
    assert read_file("a.csv", PLAIN.encode()).rows


def test_fifty_thousand_lines_are_taken() -> None:
    assert len(read_file("a.csv", b"Student,Module\n" + b"Ann,x\n" * 50_000).rows) == 50_000


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
    chosen = columns.choose(3, Meaning.SCORE)
    assert (chosen.places[Meaning.SCORE], chosen.ambiguous, chosen.problems) == (3, {}, ())
    assert chosen.choose(3, None).problems == (
        "No column holds a status, percentage, score or completed date.",
    )


def test_what_is_missing_is_said() -> None:
    assert [problem[:25] for problem in recognise(["x", "y"]).problems] == [
        "No column names the stude", "No column names the modul", "No column holds a status,",
        "If this is a list of peop",
    ]  # fmt: skip
    assert recognise(["First name", "Surname", "Course", "%"]).problems == ()

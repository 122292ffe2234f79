"""Further files of schools: maxima in a column of their own, fractions, names turned round, sums below."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from data.files.importing.cells.status_words import status_key
from data.files.importing.columns.mapping import Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import Judgement, Verdict
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.sheet import Sheet, UnreadableFile
from data.rules.progress import EMPTY_ROW, Field, Status
from tests.unit.made_tables import (
    ANN,
    BEN,
    NOW,
    ROSTER,
    SC,
    STORED,
    TEST,
    cells,
    grid,
    holding,
    judged,
    one,
    refusal,
    told,
)


def understood(sheet: Sheet, *, of_scores: bool = False) -> tuple[Judgement, str]:
    """All lines judged, and everything that was said of the table."""
    columns = recognise_table(sheet, ROSTER)
    if of_scores:
        columns = replace(columns, sets=Sets.SCORE)
    assert columns.problems == ()
    judgement = judge(sheet, columns, ROSTER, holding(), NOW)
    return judgement, " ".join([*sheet.notices, *columns.notices, *judgement.notes])


def scores(judgement: Judgement) -> list[object]:
    """Of Ann and Ben in their test, where something changes."""
    edits = {(line.student, line.module): line.edit for line in judgement.lines if line.edit}
    found = (edits.get((student, TEST)) for student in (ANN, BEN))
    return [None if edit is None else edit.changes.get(SC) for edit in found]


LISTS = [
    "E-mail,Activity,Score,Max Points\n"
    "ann@example.org,Fractions test,42,50\nben@example.org,Fractions test,7.5,10\n",
    "Student;Assessment;Points;Out of\nAnn Ågren;Fractions test;42;50,00\nBen O'Neill;Fractions test;7,5;10\n",
]
TEAMS = """First Name,Last Name,Email Address,Fractions test,Points,Feedback,Garden party,Points,Feedback
Ann,Ågren,ann@example.org,42,50,well done,1,9,
Ben,O'Neill,ben@example.org,37.5,50,,,9,
"""
SAKAI = """Student ID,Student Name,Fractions test [50],# Fractions test,Total Points
ann,"Ågren, Ann",42,,81
ben,"O'Neill, Ben",37.5,good,80
"""


@pytest.mark.parametrize("text", [*LISTS, TEAMS, SAKAI], ids=["max", "out of", "teams", "sakai"])
def test_points_are_percent_of_the_maximum_that_stands_beside_them(text: str) -> None:
    judgement, _ = understood(
        read_pasted(text), of_scores="Out of" not in text and "Max" not in text
    )
    assert scores(judgement) == [Decimal(84), Decimal(75)]


def test_points_without_the_maximum_that_the_others_have_are_no_percent() -> None:
    for most in ("", "none", "0"):
        line = one(f"E-mail,Module,Score,Max\nann@example.org,Fractions,42,{most}\n")
        assert "Out of how many is that? Write it into “Max”" in told(line)
    assert one("E-mail,Module,Score,Max\nann@example.org,Fractions,84 %,\n").edit is not None
    assert one("E-mail,Module,Score,Max\nann@example.org,Fractions,EX,\n").problems == ()
    over = one("E-mail,Module,Score,Max\nann@example.org,Fractions,60,50\n")
    assert "“60” of 50: It is 120." in told(over)


def test_maxima_that_differ_beside_a_module_s_column_are_asked_about() -> None:
    columns = recognise_table(read_pasted(TEAMS.replace("37.5,50", "37.5,60")), ROSTER)
    assert "Of how many points is “Fractions test” (column 4)?" in columns.problems[0]


FRACTIONS = ["14/20", "14.00 / 20", "14 out of 20", "7 von 10", "14,0/20"]


@pytest.mark.parametrize("written", FRACTIONS)
def test_a_cell_that_says_of_how_many_it_is_needs_no_question(written: str) -> None:
    line = one(f"E-mail\tModule\tScore\nann@example.org\tFractions\t{written}")
    assert line.edit is not None
    assert line.edit.changes == {SC: 70}
    assert line.notes == (f"{written} is 70 percent.",)
    share = one("E-mail\tModule\tProgress\nann@example.org\tFractions\t7/9", STORED)
    assert share.edit is not None
    assert share.edit.changes == {Field.PERCENTAGE: 78}


def test_fractions_beside_other_numbers_and_impossible_ones_are_refused_in_words() -> None:
    text = "E-mail,Module,Score\nann@example.org,Fractions test,14/20\nben@example.org,Fractions test,70\n"
    judgement, _ = understood(read_pasted(text))
    assert scores(judgement) == [None, 70]
    assert "Not every cell of the column says of how many" in told(judgement.lines[0])
    assert "It is 105." in told(one("E-mail,Module,Score\nann@example.org,Fractions,21/20\n"))
    assert one("E-mail,Module,Score\nann@example.org,Fractions,0/0\n").problems


def test_names_with_the_surname_first_are_read_where_nobody_is_called_so_otherwise() -> None:
    text = "Student,Module,Score\nÅGREN Ann,Fractions test,84\nO'NEILL Ben,Fractions test,75\n"
    judgement, said = understood(read_pasted(text))
    assert scores(judgement) == [84, 75]
    assert "Names are read with the surname first" in said
    swapped = "First name,Last name,Module,Score\nÅgren,Ann,Fractions test,84\n"
    assert scores(understood(read_pasted(swapped))[0]) == [84, None]
    mixed, said = understood(read_pasted(text.replace("ÅGREN Ann", "Ann Ågren")))
    assert scores(mixed) == [84, None]
    assert "surname first" not in said
    assert "Did you mean Ben O'Neill" in told(mixed.lines[1])


def test_what_stands_in_brackets_behind_a_name_is_no_part_of_it() -> None:
    line = one("Student,Module,Score\nAnn Ågren (7 Blue),Fractions test,84\n")
    assert line.student == ANN


def test_sums_below_a_list_are_left_out_and_said() -> None:
    text = "Student,E-mail,Module,Score\nAnn Ågren,,Fractions test,84\nClass average,,Fractions test,84\n"
    judgement, said = understood(read_pasted(text))
    assert len(judgement.lines) == 1
    assert "sums were left out: 3 (Class average)" in said


def test_a_table_with_a_column_per_student_says_how_it_can_be_read() -> None:
    sheet = read_pasted("Module,Ann Ågren,Ben O'Neill\nFractions test,84,75\n")
    assert "paste it transposed" in " ".join(recognise_table(sheet, ROSTER).notices)


def test_a_number_of_the_school_s_beside_marks_makes_no_roster() -> None:
    text = "Student,SIS ID,Module,Score\nAnn Ågren,S1,Fractions test,84\n"
    assert scores(understood(read_pasted(text))[0]) == [84, None]
    with pytest.raises(UnreadableFile, match="This is a roster"):
        read_pasted("SIS ID,School SIS ID,First Name\n1,2,Ann\n")


def test_a_thousand_points_with_a_mark_are_not_one() -> None:
    text = 'Student,Quiz: Fractions test (Real)\nPoints,"1,000"\nAnn Ågren,850\n'
    columns = recognise_table(read_pasted(text), ROSTER)
    assert "Of how many points" in columns.problems[0]


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, content in parts.items():
            written.writestr(f"{name}.csv", content)
    return file.getvalue()


def test_a_zip_with_a_table_says_to_unpack_it() -> None:
    assert "Unpack it, and choose “marks.csv”" in refusal(
        lambda: read_file("m.zip", packed(marks=b"x"))
    )


def test_what_programs_put_behind_the_last_line_is_no_part_of_it() -> None:
    text = b"Student,Module,Score\nAnn,Fractions,84\n"
    for end in (b"\x1a", b"\x00" * 300):
        assert cells(read_file("a.csv", text + end)) == [("Ann", "Fractions", "84")]
    wide = text.decode().encode("utf-16-le")
    assert cells(read_file("a.csv", wide)) == [("Ann", "Fractions", "84")]


@pytest.mark.parametrize(
    "written",
    [
        "Tuesday, 15 September 2026, 10:31 AM", "September 15th, 2026, 10:31", "15th of September 2026 10:31",
        "2026. 9. 15. 10:31", "2026年9月15日 10:31", "2026-09-15 10:31:00 UTC", "2026/09/15 12:31:00 PM GMT+2",
        "Dienstag, 15. September 2026, 10:31",
    ],
)  # fmt: skip
def test_days_as_platforms_write_them_out_are_read(written: str) -> None:
    line = one(
        f"E-mail\tModule\tStatus\tCompleted on\nann@example.org\tFractions\tCompleted\t{written}"
    )
    assert line.edit is not None
    moment = line.edit.changes[Field.COMPLETED_AT]
    assert str(moment).startswith("2026-09-15 ")
    assert moment.astimezone(NOW.tzinfo).strftime("%H:%M") == "10:31"  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["N / A", "(excused)", "Absent", "missing", "Not marked", "[EX]"])
def test_words_for_no_value_are_known_however_they_are_written(word: str) -> None:
    assert one(f"E-mail,Module,Score\nann@example.org,Fractions,{word}\n").problems == ()


def test_lines_that_say_what_is_stored_in_two_ways_do_not_disagree() -> None:
    text = "E-mail,Module,Score\nann@example.org,Fractions,84\nann@example.org,Fractions,84.0\n"
    stored = {**EMPTY_ROW, SC: Decimal(84)}
    first, second = judged(read_pasted(text), stored).lines
    assert (first.verdict, second.verdict) == (Verdict.NO_CHANGE, Verdict.REPEATED)


def test_signs_that_are_no_letters_are_words_of_their_own() -> None:
    text = "E-mail,Module,Status\nann@example.org,Fractions,✓\nben@example.org,Fractions,✗\n"
    first, second = judged(read_pasted(text), words={status_key("✓"): Status.COMPLETED}).lines
    assert first.edit is not None
    assert "“✗”" in told(second)
    assert status_key("A-") != status_key("A") == status_key(" a ")


def test_a_file_of_which_one_line_is_of_another_encoding_says_which() -> None:
    text = "Student,Module,Score\nZoë Quinn,Fractions,1\nAnn Ågren,Fractions,1\n".encode()
    words = refusal(
        lambda: read_file("a.csv", text + "Łukasz,Fractions,1\nÅsa,Fractions,1".encode("cp1257"))
    )
    assert words == "."  # as many lines are of either: it is chosen by the letters
    words = refusal(lambda: read_file("a.csv", text + "Åsa,Fractions,1".encode("cp1252")))
    assert words.startswith("Line 4 is not UTF-8, as the other lines are.")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n1 0 obj", rb"{\rtf1\ansi}", b'{"student": 1}\nx', b"[{}, {}]\nx"]
)
def test_other_formats_are_no_tables(content: bytes) -> None:
    assert "not a table" in refusal(lambda: read_file("a.csv", content))


def test_a_column_of_points_without_a_maximum_is_asked_about() -> None:
    assert "Out of how many is 42?" in told(
        one("E-mail,Module,Points\nann@example.org,Fractions,42\n")
    )
    assert one("E-mail,Module,Points\nann@example.org,Fractions,100\n").edit is not None
    assert one("E-mail,Module,Score\nann@example.org,Fractions,42\n").edit is not None


def test_a_day_that_a_spreadsheet_made_of_a_score_is_told_to_be_one() -> None:
    content = grid(
        ["E-mail", "Module", "Score"], ["ann@example.org", "Fractions", date(2026, 12, 10)]
    )
    (line,) = judged(read_file("a.xlsx", content)).lines
    assert "A spreadsheet made a day of this" in told(line)


def test_percent_beside_points_are_their_share_and_no_progress() -> None:
    text = "E-mail,Module,Score,Points possible,Percent\nann@example.org,Fractions test,42,50,84\n"
    judgement, said = understood(read_pasted(text))
    assert [dict(edit.changes) for edit in judgement.edits] == [{SC: 84}]
    assert "“Percent” is not used" in said

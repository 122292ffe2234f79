"""Canvas's own file is handed back with only what differs filled in, and else byte for byte as it came: Canvas
clears the grade of an empty cell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.elsewhere.handed_back import HandedBack, hand_back
from data.files.elsewhere.scores import Scores
from data.files.importing.roster import Roster
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import ANN, BEN, COURSE, TEST, ZOE
from tests.unit.scored_class import read_back, scores_in, table, told
from tests.unit.test_importing_gradebooks import BRIGHTSPACE, CANVAS, MOODLE

CLASS = Roster((ANN, BEN, ZOE), (COURSE, TEST))
# Ann: 80 % of 50 is what the file says (40.00), 90 % of 20 is not (15.00); Ben: 82 % is, 40 % is new.
SCORES = scores_in({ANN: "C/80;C/90", BEN: "C/82;C/40", ZOE: "C/50;N"})
FILLED = """Student,ID,SIS User ID,SIS Login ID,Section,Fractions (4711),Fractions test (4712),\
Garden work (4713),Assignments Current Score,Assignments Final Score,Current Score,Final Score
,,,,,Manual Posting,,,,,,
    Points Possible,,,,,50.00,20,10,(read only),(read only),(read only),(read only)
"Ågren, Ann",91,S1,ann@example.org,7 Blue,40.00,18,3,81,81,81,81
"O'Neill, Ben",92,S2,ben@example.org,7 Blue,41.00,8,3,81,81,81,81
"Student, Test",99,,a1b2c3,7 Blue,0,0,0,,,,
"""


def handed(text: str, scores: Scores = SCORES, encoding: str = "utf-8") -> HandedBack:
    return hand_back("grades.csv", text.encode(encoding), CLASS, scores)


def test_only_what_differs_is_filled_and_all_else_is_as_it_came() -> None:
    found = handed(CANVAS)
    assert found.content.decode() == FILLED
    assert found.filled == 2
    assert found.notes == (
        "“Garden work (4713)” (column 8) names no module of this class and stays as it is.",
        "Students with scores here that the file has no line for: Zoë Quinn.",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [",", ";"])
def test_encoding_separator_and_line_ends_stay(encoding: str, line_end: str, mark: str) -> None:
    def as_written(text: str) -> str:
        for comma, plain in (('"Ågren, Ann"', "Ann Ågren"), ('"O\'Neill, Ben"', "Ben O'Neill")):
            text = text.replace(comma, plain)
        text = text.replace('"Student, Test"', "Test Student")
        return text.replace(",", mark).replace("\n", line_end)

    found = handed(as_written(CANVAS), encoding=encoding)
    assert found.content == as_written(FILLED).encode(encoding)


def test_a_comma_for_decimals_is_kept_and_a_long_score_is_exact() -> None:
    text = CANVAS.replace(",", ";").replace("Ågren; Ann", "Ågren, Ann").replace(".00", ",00")
    found = handed(text, scores_in({ANN: "C/33.5;C/66.6666666666666667"}))
    ann = found.content.decode().splitlines()[3]
    assert ann.split(";")[5:8] == ["16,75", "13,33333333333333334", "3"]


def test_a_cell_that_says_as_much_in_two_decimals_is_not_changed() -> None:
    text = CANVAS.replace("15.00", "13.33")
    assert handed(text, scores_in({ANN: "C/80;C/66.6666666666666667"})).filled == 0


def test_what_is_excused_or_a_word_stays_as_canvas_has_it() -> None:
    found = handed(CANVAS.replace("15.00", "EX").replace("41.00", "complete"))
    assert found.filled == 1
    assert "1 cell is excused there and left so." in found.notes
    assert "1 cell is words there and left so." in found.notes


def test_only_what_changed_since_is_filled_where_that_is_asked() -> None:
    found = hand_back("grades.csv", CANVAS.encode(), CLASS, SCORES, {(BEN.id, TEST.id)})
    assert found.filled == 1
    assert table(found.content)[4][5:7] == ["41.00", "8"]


def test_two_lines_of_one_student_and_two_columns_of_one_module_stay_as_they_are() -> None:
    twice = CANVAS + '"Ågren, Ann",93,,,7 Blue,1,1,1,,,,\n'
    said = " ".join(handed(twice).notes)
    assert "Line 4 stays as it is: Ann Ågren is in several lines." in said
    assert "Line 7 stays as it is: Ann Ågren is in several lines." in said
    columns = handed(CANVAS.replace("Garden work (4713)", "Fractions (4713)"))
    assert [row[5] for row in table(columns.content)[3:]] == ["40.00", "41.00", "0"]
    assert "one of several columns for Fractions" in " ".join(columns.notes)


def test_without_points_a_column_stays_as_it_is_and_it_is_said() -> None:
    text = "".join(one for one in CANVAS.splitlines(True) if "Points" not in one)
    found = handed(text)
    assert found.filled == 0
    assert "does not say of how many points" in " ".join(found.notes)


def test_a_stranger_in_the_file_is_named_and_stays_as_it_came() -> None:
    found = handed(CANVAS + '"Park, Bea",95,S9,bea@example.org,7 Blue,1,1,1,,,,\n')
    assert table(found.content)[-1][5:8] == ["1", "1", "1"]
    assert "Line 7 stays as it is. No student “Park, Bea” is known here." in found.notes


def test_of_many_strangers_a_few_are_named() -> None:
    lines = "".join(f"Stranger {at},{at},,,7 Blue,1,1,1,,,,\n" for at in range(100, 150))
    notes = handed(CANVAS + lines).notes
    assert notes[8] == "42 more lines stay as they are."
    assert len(notes) < 12


@pytest.mark.parametrize(
    "text", [MOODLE, BRIGHTSPACE, "Student,ID,Section\nAnn,1,A\n", "PK\x03\x04"]
)
def test_what_is_no_gradebook_of_canvas_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnreadableFile, match="no gradebook of Canvas"):
        handed(text)


figures = st.none() | st.decimals(0, 100, places=2)  # import rounds points of 20 to so many


@given(st.lists(figures, min_size=4, max_size=4))
def test_whatever_is_filled_in_reads_back_as_the_score_that_is_stored(
    drawn: list[Decimal | None],
) -> None:
    keys = [(one.id, work.id) for one in (ANN, BEN) for work in (COURSE, TEST)]
    stored = {key: score for key, score in zip(keys, drawn, strict=True) if score is not None}
    cells = [f"C/{one}" if one is not None else "N" for one in drawn]
    scores = scores_in({ANN: ";".join(cells[:2]), BEN: ";".join(cells[2:])})
    found = handed(CANVAS.replace("Garden work", "Something else"), scores)
    columns, judgement = read_back(found.content, CLASS, {})
    assert columns.problems == ()
    assert stored.items() <= told(judgement).items()
    assert hand_back("again.csv", found.content, CLASS, scores).filled == 0

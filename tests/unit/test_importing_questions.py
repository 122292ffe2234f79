"""What only a person can say of a whole table is asked; what the column settles is not."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from data.files.importing.cells.answers import Answers, Blanks
from data.files.importing.cells.dates import DateOrder, Serials
from data.files.importing.columns.mapping import Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import Judgement, Verdict
from data.files.importing.reading.file import read_file, read_pasted
from data.rules.progress import EMPTY_ROW, Field, Status, Value
from tests.unit.made_tables import (
    ANN,
    BEN,
    DONE,
    NOW,
    ROSTER,
    SC,
    STORED,
    ZOE,
    C,
    P,
    S,
    cell,
    grid,
    holding,
    judged,
    told,
)

WHO = (ANN.email, BEN.email, ZOE.email)


def column(
    heading: str, *written: str, values: Any = EMPTY_ROW, module: str = "Fractions", **said: Any
) -> Judgement:
    """A line per student with one more column."""
    lines = [f"{who}\t{module}\t{one}" for who, one in zip(WHO, written, strict=False)]
    text = "\n".join([f"E-mail\tModule\t{heading}", *lines])
    return judged(read_pasted(text), values, **said)


def asked(judgement: Judgement) -> list[str]:
    return [one.key for one in judgement.questions]


def letters(judgement: Judgement) -> str:
    """The verdicts' first letters."""
    return "".join(line.verdict.value[0] for line in judgement.lines)


def taken(judgement: Judgement, name: Field) -> list[Value]:
    return [edit.changes[name] for edit in judgement.edits]


def numbers(*written: str) -> list[Value]:
    return [Decimal(one) for one in written]


SHARES = ("0.85", "0,9", "1.0")


def test_shares_are_asked_about_in_a_file_of_text_as_in_a_spreadsheet() -> None:
    for heading in ("Score", "Percentage", "Score %"):
        judgement = column(heading, *SHARES)
        assert letters(judgement) == "ppp"
        assert "Is that 85 % or 0.85 %?" in told(judgement.lines[0])
        assert asked(judgement) == [f"{heading.split()[0].lower()}_out_of"]
    assert taken(column("Score", *SHARES, score_out_of=Decimal(1)), SC) == numbers(
        "85", "90", "100"
    )
    as_they_are = column("Score", *SHARES, score_out_of=Decimal(100))
    assert taken(as_they_are, SC) == numbers("0.85", "0.9", "1.0")


def test_a_share_beside_other_numbers_is_asked_about_and_with_a_percent_sign_it_is_not() -> None:
    assert letters(column("Score", "0.85", "66.5", "70")) == "pcc"
    assert letters(column("Score", "0.85 %", "66.5", "70")) == "ccc"
    assert letters(column("Percentage", "0", "50", "1", values=STORED)) == "ccc"


def test_what_is_more_than_all_of_it_is_refused_whatever_was_said() -> None:
    judgement = column("Score", "0.85", "1.05", "0.5", score_out_of=Decimal(1))
    assert letters(judgement) == "cpc"
    assert "number from 0 to 100" in told(judgement.lines[1])
    rows: list[list[object]] = [[ANN.email, "Fractions", 0.85], [BEN.email, "Fractions", 1.05]]
    sheet = read_file("a.xlsx", grid(["E-mail", "Module", "Score"], *rows))
    assert letters(judged(sheet, score_out_of=Decimal(1))) == "cp"
    assert letters(column("Score [max 20]", "14", "21", "0")) == "cpc"


@pytest.mark.parametrize(
    "heading",
    ["Points [max 20]", "Score (out of 20)", "Marks (20 points)", "Score (max. points: 20)",
     "Grade /20", "Score out of 20", "Marks max. 20",
     "Score [Total Pts: 20 Score]"],
)  # fmt: skip
def test_points_are_percent_of_the_maximum_that_the_heading_says(heading: str) -> None:
    judgement = column(heading, "14", "0,5", "20")
    assert taken(judgement, SC) == numbers("70", "2.5", "100")
    assert judgement.notes == (f"“{heading}” is out of 20: 20 is 100 %.",)


def test_points_without_a_maximum_are_asked_about() -> None:
    judgement = column("Points", "14", "15.5", "17")
    assert letters(judgement) == "ppp"
    assert "Out of how many is 14?" in told(judgement.lines[0])
    (question,) = judgement.questions
    assert (question.key, question.least) == ("score_out_of", Decimal(17))
    said = judged(
        read_pasted(f"E-mail\tModule\tMark\n{ANN.email}\tFractions\t14"), score_out_of=Decimal(30)
    )
    assert taken(said, SC) == numbers("46.67")
    assert letters(column("Score", "4", "5", "3")) == "ppp"
    assert letters(column("Score", "4", "5")) == "cc"
    assert letters(column("Points", "14", "55", "17")) == "ppp"
    assert letters(column("Points", "14", "100", "17")) == letters(
        column("Score", "14", "55", "17")
    )
    assert letters(column("Percentage", "4", "5", "3", values=STORED)) == "ccc"


def test_the_whole_column_says_what_divides_decimals() -> None:
    point = column("Score", "1,000", "66.5", "70.25")
    assert letters(point) == "pcc"
    assert "It is 1000. The score must be a number from 0 to 100." in told(point.lines[0])
    assert letters(column("Score", "1.000", "66,5", "70,25")) == "pcc"
    assert taken(column("Score", "66,500", "66,5", "70,25"), SC) == numbers("66.5", "66.5", "70.25")
    assert taken(column("Score", "0,500", "66,500", "70"), SC) == numbers("66.5", "70")
    assert letters(column("Score", "1 000", "1'000", "1.234,5")) == "ppp"


def test_a_number_that_could_be_either_is_asked_about() -> None:
    for written in ("1,000", "1.000", "66.667", "-1,000"):
        judgement = column("Score", written, "70")
        assert letters(judgement) == "pc"
        assert asked(judgement) == ["decimal_mark"]
    assert taken(column("Score", "66.667", decimal_mark="."), SC) == numbers("66.667")
    assert letters(column("Score", "66.667", decimal_mark=",")) == "p"
    contradicting = column("Score", "66.5", "66,5", "1,000")
    assert letters(contradicting) == "ccp"


def test_a_percentage_with_decimals_is_rounded_only_where_somebody_says_so() -> None:
    written = ("66.67 %", "85,50 %", "90.00 %")
    judgement = column("Progress", *written, values=STORED)
    assert letters(judgement) == "ppc"
    assert "round 66.67 to 67" in told(judgement.lines[0])
    assert asked(judgement) == ["round"]
    assert taken(column("Progress", *written, values=STORED, round=True), P) == [67, 86, 90]
    assert letters(column("Progress", *written, values=STORED, round=False)) == "ppc"
    assert not column("Progress", *written, values=STORED, round=False).questions
    assert taken(column("Progress", "99.6 %", "0.4 %", values=STORED, round=True), P) == [99, 1]
    assert letters(column("Progress", "100.4 %", "-0.4 %", round=True)) == "pp"
    assert letters(column("Progress", "66.67 %", values={**STORED, P: 67}, round=True)) == "n"


@pytest.mark.parametrize("mark", ["-", "–", "—", "N/A", "EX", "Not Attempted", "NULL", "n.a."])
def test_a_mark_for_no_value_is_one_choice_and_changes_nothing_unless_somebody_says_so(
    mark: str,
) -> None:
    judgement = column("Score", mark, "70", "", values=STORED)
    assert letters(judgement) == "ncn"
    assert judgement.notes == (f"1 cell says “{mark}”: what is stored is left as it is.",)
    (question,) = judgement.questions
    assert (question.key, question.default) == ("blanks", Blanks.LEAVE)
    cleared = column("Score", mark, "70", "", values=STORED, blanks=Blanks.CLEAR)
    assert [edit.changes[SC] for edit in cleared.edits] == [None, Decimal(70)]
    assert cleared.notes == (f"1 cell says “{mark}”: what is stored is cleared.",)
    both = column("Score", mark, "70", "", values=STORED, blanks=Blanks.CLEAR_ALSO_EMPTY)
    assert [edit.changes[SC] for edit in both.edits] == [None, Decimal(70), None]


def test_a_status_is_never_cleared_by_a_mark() -> None:
    for blanks in Blanks:
        assert letters(column("Status", "-", "N/A", "", values=DONE, blanks=blanks)) == "nnn"
    assert cell("Completed on", "-", DONE).verdict is Verdict.NO_CHANGE


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed (achieved pass grade)", Status.COMPLETED), ("abgeschlossen", Status.COMPLETED),
        ("Completed (did not achieve pass grade)", Status.COMPLETED), ("Terminé", Status.COMPLETED),
        ("En cours", Status.IN_PROGRESS), ("In Bearbeitung", Status.IN_PROGRESS), ("完了", Status.COMPLETED),
        ("completed ✓", Status.COMPLETED), ("В процессе", Status.IN_PROGRESS), ("Läuft", Status.IN_PROGRESS),
    ],
)  # fmt: skip
def test_words_of_other_systems_and_languages_are_statuses(word: str, status: Status) -> None:
    assert taken(column("Status", word), S) == [status]


def test_words_for_not_started_are_known_too() -> None:
    started = {**EMPTY_ROW, S: Status.IN_PROGRESS}
    for word in ("Not Attempted", "Nicht begonnen", "Non commencé", "No iniciado", "未开始"):
        assert taken(column("Status", word, values=started), S) == [Status.NOT_STARTED]


def test_not_completed_contradicts_only_what_is_completed() -> None:
    for word in ("Not completed", "incomplete", "Nicht abgeschlossen"):
        assert letters(column("Status", word)) == "n"
        assert letters(column("Status", word, values=STORED)) == "n"
        judgement = column("Status", word, values=DONE)
        assert letters(judgement) == "p"
        assert "not started or in progress?" in told(judgement.lines[0])


def test_a_word_that_nobody_knows_is_asked_about_once() -> None:
    judgement = column("Status", "Passed", "passed", "failed", values=STORED)
    assert letters(judgement) == "ppp"
    assert [(one.key, one.about) for one in judgement.questions] == [
        ("words", "passed"),
        ("words", "failed"),
    ]
    words = {"passed": Status.COMPLETED, "failed": "nothing"}
    said = column("Status", "Passed", "passed", "failed", values=STORED, words=words)
    assert letters(said) == "ccn"
    many = read_pasted("E-mail\tModule\tStatus\n" + "".join(
        f"{ANN.email}\tFractions{' test' * (at % 2)}\tword {at}\n" for at in range(2)
    ) + "".join(f"{BEN.email}\tFractions\tword {at}\n" for at in range(1)))  # fmt: skip
    assert len(judged(many).questions) <= 3


def test_short_years_are_read_where_the_column_allows_one_reading_only() -> None:
    read = column("Completed on", "9/15/26", "9/3/26", values=DONE)
    assert taken(read, C) == [
        datetime(2026, 9, 15, 12, tzinfo=UTC),
        datetime(2026, 9, 3, 12, tzinfo=UTC),
    ]
    assert asked(column("Completed on", "9/3/26", values=DONE)) == ["dates"]
    short = column("Completed on", "26-03-04", values=DONE)
    (question,) = short.questions
    assert [*question.choices] == [DateOrder.DAY, DateOrder.YEAR]
    chosen = column("Completed on", "26-03-04", values=DONE, dates=DateOrder.YEAR)
    assert taken(chosen, C) == [datetime(2026, 3, 4, 12, tzinfo=UTC)]


def test_a_spreadsheets_number_of_a_day_is_read_where_it_can_be_one_day_only() -> None:
    assert taken(column("Completed on", "45975", values=DONE), C) == [
        datetime(2025, 11, 14, 12, tzinfo=UTC)
    ]
    assert taken(column("Completed on", "45975.5", values=DONE), C) == [
        datetime(2025, 11, 14, 12, tzinfo=UTC)
    ]
    old = column("Completed on", "43000", values=DONE)
    assert asked(old) == ["serials"]
    assert "counted from 1900 or from 1904" in told(old.lines[0])
    chosen = column("Completed on", "43000", values=DONE, serials=Serials.FROM_1904)
    assert taken(chosen, C) == [datetime(2021, 9, 23, 12, tzinfo=UTC)]
    assert taken(column("Completed on", "43000", "45975", values=DONE), C) == [
        datetime(2017, 9, 22, 12, tzinfo=UTC), datetime(2025, 11, 14, 12, tzinfo=UTC),
    ]  # fmt: skip


def test_nothing_is_asked_of_what_is_stored_so_already() -> None:
    for heading, written, values in (
        ("Score", "0.85", {**STORED, SC: Decimal("0.85")}),
        ("Percentage", "1", {**STORED, P: 1}),
        ("Points", "14", {**STORED, SC: Decimal(14)}),
    ):
        judgement = column(heading, written, values=values)
        assert (letters(judgement), judgement.questions) == ("n", ())


def test_each_modules_column_of_a_gradebook_has_a_scale_of_its_own() -> None:
    sheet = read_pasted(
        "Student\tFractions\tFractions test\nAnn Ågren\t0.5\t70\nBen O'Neill\t1\t80\nZoe Quinn\t1\t90"
    )
    columns = replace(recognise_table(sheet, ROSTER), sets=Sets.SCORE)
    judgement = judge(sheet, columns, ROSTER, holding(), NOW)
    assert [question.id for question in judgement.questions] == [("score_out_of", "Fractions")]
    answers = Answers().answered(judgement.questions[0], Decimal(1))
    answered = judge(sheet, columns, ROSTER, holding(), NOW, answers=answers)
    assert taken(answered, SC) == numbers("50", "70", "100", "80")
    assert not answered.questions

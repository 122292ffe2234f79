"""What the cells of a file mean: numbers, shares and dates, however they are written."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from data.files.importing.cells.dates import DateOrder
from data.files.importing.judging.verdicts import Verdict
from data.files.importing.reading.file import read_file, read_pasted
from data.rules.progress import EMPTY_ROW, Field, Status, Value, settle
from tests.unit.made_tables import (
    ANN,
    BEN,
    BERLIN,
    COURSE,
    DONE,
    NOW,
    SC,
    STORED,
    TEST,
    C,
    P,
    S,
    cell,
    grid,
    judged,
    one,
    told,
)

UNTOUCHED: dict[Field, Value] = {S: Status.IN_PROGRESS, P: 0, SC: None, C: None}


@pytest.mark.parametrize(
    ("heading", "written", "value"),
    [
        ("Status", "Completed", Status.COMPLETED), ("Status", "done", Status.COMPLETED),
        ("Status", "Finished ", Status.COMPLETED), ("Status", "IN PROGRESS", Status.IN_PROGRESS),
        ("Status", "in-progress", Status.IN_PROGRESS), ("Status", "started", Status.IN_PROGRESS),
        ("Status", "inprogress", Status.IN_PROGRESS), ("Status", "InProgress\u200b", Status.IN_PROGRESS),
        ("Score", "85", Decimal(85)), ("Score", "85,5", Decimal("85.5")), ("Score", "85 %", Decimal(85)),
        ("Score", "85\u00a0%", Decimal(85)), ("Score", "0.85 %", Decimal("0.85")), ("Score", "0", Decimal(0)),
        ("Score", "８５．５", Decimal("85.5")), ("Score", ".5 %", Decimal("0.5")),
        ("Score", "85,5 ％", Decimal("85.5")),
        ("Score", "6,65E+1", Decimal("66.5")), ("Score", "%85", Decimal(85)),
        ("Score", "66.6666666666666667", Decimal("66.6666666666666667")),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(heading: str, written: str, value: Value) -> None:
    line = cell(heading, written)
    assert line.verdict is Verdict.CHANGE
    assert line.edit
    assert list(line.edit.changes.values()) == [value]


def test_what_is_written_otherwise_but_the_same_is_no_part_of_a_change() -> None:
    line = one("Student\tModule\t%\tScore\nAnn Ågren\tFractions\t40,0\t70", STORED)
    assert line.edit
    assert line.edit.changes == {SC: Decimal(70)}


@pytest.mark.parametrize("written", ["40", "40%", "40 %", "40.0", "40,00", " 40 ", "\u200b40"])
def test_the_same_percentage_however_written_is_no_change(written: str) -> None:
    assert cell("Percentage", written, STORED).verdict is Verdict.NO_CHANGE


@pytest.mark.parametrize(
    ("heading", "written", "words"),
    [
        ("Percentage", "1.5", "whole number from 0 to 100"), ("Percentage", "101", "whole number"),
        ("Percentage", "-1", "whole number"), ("Percentage", "NaN", "whole number"),
        ("Percentage", "1e400", "whole number"), ("Percentage", "9" * 5000, "whole number"),
        ("Percentage", "half", "whole number"), ("Percentage", "४०", "whole number"),
        ("Percentage", "8²", "whole number"),
        ("Percentage", "−1", "whole number"), ("Score", "85 5", "number from 0 to 100"),
        ("Score", "Infinity", "number from 0 to 100"), ("Score", "100.01", "number from 0 to 100"),
        ("Score", "85/0", "number from 0 to 100"), ("Score", "B+", "number from 0 to 100"),
        ("Score", "1e400", "number from 0 to 100"), ("Score", "1 000", "number from 0 to 100"),
        ("Status", "passed", "Choose one of"), ("Status", "open", "Choose one of"),
        ("Status", "yes", "Choose one of"), ("Status", "100%", "Choose one of"),
        ("Status", "incomplete", "Choose one of"), ("Status", "\ud800", "Choose one of"),
        ("Completed on", "soon", "year-month-day"), ("Completed on", "2026-02-30", "no such day"),
        ("Completed on", "31.02.2026", "no such day"), ("Completed on", "1/2/26", "year-month-day"),
        ("Completed on", "2999-01-01", "future"), ("Completed on", "1969-12-31", "before 1970"),
        ("Completed on", "3/4/2026", "day or the month first?"), ("Completed on", "450", "year-month-day"),
        ("Completed on", "03-04-26", "day or the month first?"), ("Completed on", "31.4.26", "no such day"),
        ("Completed on", "2026-03-01 25:00", "no such day or time"),
        ("Completed on", "32 March 2026", "no such day"),
        ("Completed on", "0000-00-00", "no such day"), ("Completed on", "1 Foo 2026", "year-month-day"),
        ("Completed on", "4 listopad 2025", "year-month-day"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_problem_of_its_column(
    heading: str, written: str, words: str
) -> None:
    line = cell(heading, written, DONE)
    assert (line.verdict, line.edit) == (Verdict.PROBLEM, None)
    assert [problem.heading for problem in line.problems] == [heading]
    assert line.problems[0].message.startswith("“")
    assert words in line.problems[0].message


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-04", 4), ("2026/3/4", 4), ("2026.03.04", 4), ("04.03.2026", 4), ("4. 3. 2026", 4),
        ("4 March 2026", 4), ("04-Mar-2026", 4), ("Mar 4, 2026", 4), ("March 4 2026", 4),
        ("3/3/2026", 3), ("13/03/2026", 13), ("03/13/2026", 13), ("13-03-2026", 13),
        ("3/13/26", 13), ("13/3/26", 13), ("4.3.26", 4), ("4. 3. 26", 4), ("4 Mar 26", 4), ("46085", 4),
        ("4. März 2026", 4), ("4 mars 2026", 4), ("4 de marzo de 2026", 4), ("4 марта 2026", 4),
        ("4 mrt. 2026", 4),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written(written: str, day: int) -> None:
    line = cell("Completed on", written, DONE)
    assert line.edit
    assert line.edit.changes == {C: datetime(2026, 3, day, 12, tzinfo=UTC)}


def test_a_date_with_a_time_is_that_time_in_the_zone() -> None:
    for written in ("2026-03-04 14:30", "4.3.2026 14:30:00", "Mar 4, 2026 2:30 PM"):
        line = cell("Completed on", written, DONE, zone=BERLIN)
        assert line.edit
        assert line.edit.changes == {C: datetime(2026, 3, 4, 13, 30, tzinfo=UTC)}
    line = cell("Completed on", "2026-03-04T14:30:00Z", DONE, zone=BERLIN)
    assert line.edit
    assert line.edit.changes == {C: datetime(2026, 3, 4, 14, 30, tzinfo=UTC)}


DATED = """Student,Module,Completed on
Ann Ågren,Fractions,3/4/2026
Ann Ågren,Fractions test,{}
"""


@pytest.mark.parametrize(
    ("other", "how", "expected"),
    [
        ("13/4/2026", {}, date(2026, 4, 3)),
        ("4/13/2026", {}, date(2026, 3, 4)),
        ("5/4/2026", {"dates": DateOrder.DAY}, date(2026, 4, 3)),
        ("5/4/2026", {"dates": DateOrder.MONTH}, date(2026, 3, 4)),
        ("5/4/2026", {}, None),
    ],
)
def test_the_order_of_day_and_month_is_what_the_column_settles_and_never_guessed(
    other: str, how: dict[str, Any], expected: date | None
) -> None:
    line = judged(read_pasted(DATED.format(other)), DONE, **how).lines[0]
    if expected is None:
        assert "Is the day or the month first?" in told(line)
        assert line.verdict is Verdict.PROBLEM
    else:
        assert line.edit
        moment = line.edit.changes[C]
        assert isinstance(moment, datetime)
        assert moment.date() == expected


def test_a_column_that_contradicts_itself_settles_nothing() -> None:
    text = DATED.format("13/4/2026") + "Ben O'Neill,Fractions,4/13/2026\n"
    verdicts = [line.verdict for line in judged(read_pasted(text), DONE).lines]
    assert verdicts == [Verdict.PROBLEM, Verdict.CHANGE, Verdict.CHANGE]
    chosen = judged(read_pasted(text), DONE, dates=DateOrder.DAY)
    assert [line.verdict for line in chosen.lines] == [
        Verdict.CHANGE,
        Verdict.CHANGE,
        Verdict.PROBLEM,
    ]


@pytest.mark.parametrize("written", ["(empty)", "(Empty)"])
def test_an_empty_cell_leaves_a_value_and_the_word_for_it_clears_it(written: str) -> None:
    left, cleared = cell("Score", "", STORED), cell("Score", written, STORED)
    assert (left.verdict, left.edit) == (Verdict.NO_CHANGE, None)
    assert cleared.edit
    assert cleared.edit.changes == {SC: None}
    assert cell("Score", written, EMPTY_ROW).verdict is Verdict.NO_CHANGE


def test_completed_without_a_date_gets_one_and_a_date_without_completed_is_refused() -> None:
    assert cell("Status", "Completed").settled == settle(
        {S: Status.COMPLETED}, EMPTY_ROW, False, NOW
    )
    line = cell("Completed on", "2026-03-04", STORED)
    assert line.verdict is Verdict.PROBLEM
    assert "Completed on: Only a completed module has a completed date" in told(line)
    assert cell("Completed on", "2026-03-04", DONE).verdict is Verdict.CHANGE


def test_what_was_exported_says_no_change_even_of_values_that_could_not_be_typed() -> None:
    odd = {
        S: Status.COMPLETED, P: None, SC: Decimal("NaN"), C: datetime(1944, 3, 15, tzinfo=UTC),
    }  # fmt: skip
    headings = "E-mail\tModule\tStatus\t%\tScore\tCompleted on\n"
    line = one(headings + "ann@example.org\tFractions\tCompleted\t\tNaN\t1944-03-15", odd)
    assert line.verdict is Verdict.NO_CHANGE
    assert cell("Score", "140", {**odd, SC: Decimal(140)}).verdict is Verdict.NO_CHANGE
    assert cell("Score", "141", {**odd, SC: Decimal(140)}).verdict is Verdict.PROBLEM


def test_the_day_that_is_stored_is_no_change_whatever_its_hour() -> None:
    for written in ("2026-03-01", "1.3.2026", "2026-03-01 22:30", "2026-03-01T22:30:15"):
        assert cell("Completed on", written, DONE).verdict is Verdict.NO_CHANGE
    assert cell("Completed on", "2026-03-01 22:31", DONE).verdict is Verdict.CHANGE
    assert cell("Completed on", "2026-03-01", DONE, zone=BERLIN).verdict is Verdict.NO_CHANGE
    east = timezone(timedelta(hours=5))
    assert cell("Completed on", "2026-03-02", DONE, zone=east).verdict is Verdict.NO_CHANGE
    assert cell("Completed on", "2026-03-01", DONE, zone=east).verdict is Verdict.CHANGE


@pytest.mark.parametrize(
    ("percentages", "verdicts"),
    [
        ([85, 40, 1], "ccc"),
        ([0.85, 1], "pp"),
        ([1, 1], "pp"),
        ([0.85, 40], "pc"),
        ([1.5, 40], "pc"),
        ([True, 40], "pc"),
        (["85 %", "1"], "cp"),
        (["85 %", "2"], "cc"),
    ],
)
def test_a_spreadsheets_shares_are_never_guessed_to_be_percent(
    percentages: list[object], verdicts: str
) -> None:
    modules = [COURSE.name, TEST.name]
    rows = [
        [who.name, module, value]
        for (who, module), value in zip(
            [(ANN, modules[0]), (ANN, modules[1]), (BEN, modules[0])], percentages, strict=False
        )
    ]
    sheet = read_file("a.xlsx", grid(["Student", "Module", "Percentage"], *rows))
    lines = judged(sheet, UNTOUCHED).lines
    letters = {Verdict.CHANGE: "c", Verdict.PROBLEM: "p"}
    assert "".join(letters[line.verdict] for line in lines) == verdicts
    if 0.85 in percentages:
        assert "Is that 85 % or 0.85 %?" in told(lines[0])


@pytest.mark.parametrize(("said", "values"), [(1, [85, 100]), (100, [Decimal("0.85"), 1])])
def test_what_is_said_of_shares_settles_them(said: int, values: list[Value]) -> None:
    rows = [[ANN.name, COURSE.name, 0.85], [BEN.name, COURSE.name, 1]]
    sheet = read_file("a.xlsx", grid(["Student", "Module", "Score"], *rows))
    judgement = judged(sheet, score_out_of=Decimal(said))
    assert [edit.changes[SC] for edit in judgement.edits] == values


def test_a_share_that_is_stored_so_and_written_back_is_no_change() -> None:
    rows = [[ANN.name, COURSE.name, 1, 0.85], [BEN.name, COURSE.name, 1, 0.5]]
    sheet = read_file("a.xlsx", grid(["Student", "Module", "%", "Score"], *rows))
    lines = judged(sheet, {**STORED, P: 1, SC: Decimal("0.85")}).lines
    assert [line.verdict for line in lines] == [Verdict.NO_CHANGE, Verdict.PROBLEM]


def test_a_spreadsheets_dates_need_no_order_and_its_numbers_are_as_exact_as_it_holds_them() -> None:
    rows = [
        [ANN.name, COURSE.name, 66.6666666666666667, date(2026, 4, 3)],
        [BEN.name, COURSE.name, 66.67, date(2026, 3, 1)],
        [ANN.name, TEST.name, 66.6666666666666667, 46083],
    ]
    content = grid(["Student", "Module", "Score", "Completed on"], *rows)
    lines = judged(read_file("a.xlsx", content), {**DONE, SC: STORED[SC]}).lines
    assert lines[0].edit
    assert lines[0].edit.changes == {C: datetime(2026, 4, 3, 12, tzinfo=UTC)}
    assert lines[1].edit
    assert lines[1].edit.changes == {SC: Decimal("66.67")}
    assert lines[2].edit
    assert lines[2].edit.changes == {C: datetime(2026, 3, 2, 12, tzinfo=UTC)}

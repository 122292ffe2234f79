"""A verdict on every line: what changes, what does not, and why a line cannot be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing import (
    Line,
    Meaning,
    Questions,
    Row,
    Sheet,
    Verdict,
    concerned,
    judge,
    questions,
    read_file,
    read_pasted,
    recognise,
)
from data.progress import EMPTY_ROW, Edit, Field, Status, Value, settle
from tests.unit.importing import (
    ANN,
    BEN,
    COURSE,
    DONE,
    IVAN,
    NOW,
    ROSTER,
    SC,
    STORED,
    TEST,
    TWIN,
    ZOE,
    C,
    P,
    S,
    cell,
    grid,
    holding,
    judged,
    one,
)

BERLIN = ZoneInfo("Europe/Berlin")
UNTOUCHED: dict[Field, Value] = {S: Status.IN_PROGRESS, P: 0, SC: None, C: None}


def told(line: Line) -> str:
    return " ".join(f"{one.heading}: {one.message}" for one in line.problems)


def test_a_change_is_what_was_typed_and_differs_with_its_consequences() -> None:
    text = "Student\tModule\tStatus\tPercentage\nann agren\tFRACTIONS\tdone\t40"
    line = one(text, STORED)
    assert (line.line, line.verdict, line.student, line.module) == (
        2,
        Verdict.CHANGE,
        ANN,
        COURSE,
    )
    assert line.edit == Edit(ANN.id, COURSE.id, {S: Status.COMPLETED}, STORED)
    assert line.settled == settle(line.edit.changes, STORED, "course", NOW)
    assert line.settled.values == {S: Status.COMPLETED, P: 100, C: NOW}
    assert line.settled.consequences


@pytest.mark.parametrize(
    ("heading", "written", "value"),
    [
        ("Status", "Completed", Status.COMPLETED), ("Status", "done", Status.COMPLETED),
        ("Status", "Finished ", Status.COMPLETED), ("Status", "IN PROGRESS", Status.IN_PROGRESS),
        ("Status", "in-progress", Status.IN_PROGRESS), ("Status", "started", Status.IN_PROGRESS),
        ("Status", "inprogress", Status.IN_PROGRESS), ("Status", "InProgress\u200b", Status.IN_PROGRESS),
        ("Score", "85", Decimal(85)), ("Score", "85,5", Decimal("85.5")), ("Score", "85 %", Decimal(85)),
        ("Score", "85\u00a0%", Decimal(85)), ("Score", "0.85", Decimal("0.85")), ("Score", "0", Decimal(0)),
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
        ("Percentage", "half", "whole number"), ("Percentage", "٤٠", "whole number"),
        ("Score", "Infinity", "number from 0 to 100"), ("Score", "100.01", "number from 0 to 100"),
        ("Score", "85/100", "number from 0 to 100"), ("Score", "B+", "number from 0 to 100"),
        ("Score", "1e400", "number from 0 to 100"), ("Score", "1 000", "number from 0 to 100"),
        ("Status", "passed", "Choose one of"), ("Status", "open", "Choose one of"),
        ("Status", "yes", "Choose one of"), ("Status", "-", "Choose one of"),
        ("Status", "incomplete", "Choose one of"), ("Status", "\ud800", "Choose one of"),
        ("Completed on", "soon", "year-month-day"), ("Completed on", "2026-02-30", "no such day"),
        ("Completed on", "31.02.2026", "no such day"), ("Completed on", "1/2/26", "year-month-day"),
        ("Completed on", "2999-01-01", "future"), ("Completed on", "1969-12-31", "before 1970"),
        ("Completed on", "3/4/2026", "day or the month first?"), ("Completed on", "45000", "year-month-day"),
        ("Completed on", "2026-03-01 25:00", "no such day or time"),
        ("Completed on", "32 March 2026", "no such day"),
        ("Completed on", "0000-00-00", "no such day"), ("Completed on", "1 Foo 2026", "year-month-day"),
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
        ("5/4/2026", {"day_first": True}, date(2026, 4, 3)),
        ("5/4/2026", {"day_first": False}, date(2026, 3, 4)),
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
    chosen = judged(read_pasted(text), DONE, day_first=True)
    assert [line.verdict for line in chosen.lines] == [
        Verdict.CHANGE,
        Verdict.CHANGE,
        Verdict.PROBLEM,
    ]


@pytest.mark.parametrize("written", ["-", "–", "(empty)", "(Empty)", "'-"])
def test_an_empty_cell_leaves_a_value_and_a_dash_clears_it(written: str) -> None:
    left, cleared = cell("Score", "", STORED), cell("Score", written, STORED)
    assert (left.verdict, left.edit) == (Verdict.NO_CHANGE, None)
    assert cleared.edit
    assert cleared.edit.changes == {SC: None}
    assert cell("Score", written, EMPTY_ROW).verdict is Verdict.NO_CHANGE


def test_completed_without_a_date_gets_one_and_a_date_without_completed_is_refused() -> None:
    assert cell("Status", "Completed").settled == settle(
        {S: Status.COMPLETED}, EMPTY_ROW, "course", NOW
    )
    line = cell("Completed on", "2026-03-04", STORED)
    assert line.verdict is Verdict.PROBLEM
    assert "Completed on: Only a completed module has a completed date" in told(line)
    assert cell("Completed on", "2026-03-04", DONE).verdict is Verdict.CHANGE


def test_every_problem_of_a_line_is_told_and_nothing_of_it_is_taken() -> None:
    line = one(
        "Student,Module,State,%,Score\nAnn Ågren,Fractions,Completed,101,x".replace(",", "\t"),
        STORED,
    )
    assert [problem.heading for problem in line.problems] == ["%", "Score"]
    assert (line.verdict, line.edit, line.settled) == (Verdict.PROBLEM, None, None)


@pytest.mark.parametrize(
    ("headings", "written", "student"),
    [
        ("Student", "Ågren, Ann", ANN), ("Student", "  ANN   AGREN ", ANN), ("Student", "Ben ONeill", BEN),
        ("Student", "Ben O’Neill", BEN), ("Student", "Ivan Zak", IVAN), ("Student", "I\u200bvan Żak", IVAN),
        ("E-mail", "Ann@Example.ORG", ANN), ("E-mail", "mailto:ivan@example.org", IVAN),
        ("Student id", str(ANN.id), ANN), ("Student id", str(BEN.id).upper(), BEN),
        ("First name\tSurname", "Ann\tÅgren", ANN), ("Student\tE-mail", "Zoë Quinn\tzoe@example.org", ZOE),
        ("Student", "ANN@example.org", ANN), ("Student", str(BEN.id), BEN),
        ("Student\tE-mail", "Annie\tann@example.org", ANN), ("Student\tE-mail", "Ann Ågren\t", ANN),
    ],
)  # fmt: skip
def test_a_student_is_found_however_written(headings: str, written: str, student: Any) -> None:
    line = one(f"{headings}\tModule\tScore\n{written}\tFractions\t5")
    assert (line.verdict, line.student) == (Verdict.CHANGE, student)


@pytest.mark.parametrize(
    ("headings", "written", "verdict", "words"),
    [
        ("Student", "Ann Agern", Verdict.UNKNOWN_STUDENT, "Did you mean Ann Ågren (ann@example.org)?"),
        ("Student", "Nobody At All", Verdict.UNKNOWN_STUDENT, "No student “Nobody At All” is known here."),
        ("E-mail", "ann@exmaple.org", Verdict.UNKNOWN_STUDENT, "Did you mean Ann Ågren"),
        ("Student id", str(COURSE.id), Verdict.UNKNOWN_STUDENT, "No student"),
        ("Student id", "17", Verdict.UNKNOWN_STUDENT, "No student “17”"),
        ("Student", "Total, 31 students", Verdict.UNKNOWN_STUDENT, "Leave out lines of totals."),
        ("Student", "\ud800", Verdict.UNKNOWN_STUDENT, "No student"),
        ("Student", "", Verdict.PROBLEM, "Student: The student is missing."),
        ("Student", "Zoe Quinn", Verdict.PROBLEM, f"zoe@example.org, no e-mail, id {ROSTER.students[3].id}"),
        ("Student\tE-mail", "Ben O'Neill\tann@example.org", Verdict.PROBLEM, "another student"),
    ],
)  # fmt: skip
def test_a_student_who_is_not_found_is_told_with_who_may_be_meant(
    headings: str, written: str, verdict: Verdict, words: str
) -> None:
    line = one(f"{headings}\tModule\tScore\n{written}\tFractions\t5")
    assert (line.verdict, line.student, line.edit) == (verdict, None, None)
    assert words in told(line)


@pytest.mark.parametrize(
    ("headings", "written", "verdict", "words"),
    [
        ("Module", "Fractoins", Verdict.UNKNOWN_MODULE, "Did you mean “Fractions”"),
        ("Module", "Latin", Verdict.UNKNOWN_MODULE, "There is no module “Latin”."),
        ("Module", "", Verdict.PROBLEM, "The module is missing"),
        ("Module", "Garden", Verdict.PROBLEM, f"project: {TWIN.id}"),
        ("Module id", "x", Verdict.UNKNOWN_MODULE, "There is no module x."),
        ("Module id\tModule", f"{COURSE.id}\tFractions test", Verdict.PROBLEM, "another module"),
    ],
)  # fmt: skip
def test_a_module_that_is_not_found_is_told_with_what_may_be_meant(
    headings: str, written: str, verdict: Verdict, words: str
) -> None:
    line = one(f"{headings}\tE-mail\tScore\n{written}\tann@example.org\t5")
    assert (line.verdict, line.module) == (verdict, None)
    assert words in told(line)


def test_an_id_tells_modules_of_one_name_apart() -> None:
    line = one(f"Module id\tModule\tE-mail\tScore\n{TWIN.id}\tGarden\tann@example.org\t5")
    assert (line.verdict, line.module) == (Verdict.CHANGE, TWIN)


def test_a_duplicate_names_the_line_it_repeats_however_it_is_written() -> None:
    text = """Student,E-mail,Module,Score
Ann Ågren,,Fractions,5
Ben O'Neill,,Fractions,5
,ann@example.org,fractions,6
"Ågren, Ann",,Fractions test,6
"""
    lines = judged(read_pasted(text)).lines
    assert [line.verdict for line in lines] == [
        Verdict.CHANGE,
        Verdict.CHANGE,
        Verdict.DUPLICATE,
        Verdict.CHANGE,
    ]
    assert "line 2" in told(lines[2])


def test_a_module_that_the_student_does_not_have_is_a_problem() -> None:
    sheet = read_pasted("Student\tModule\tScore\nAnn Ågren\tFractions\t5")
    columns = recognise(sheet.headings)
    key = concerned(sheet, columns, ROSTER)
    assert key == ((ANN.id, COURSE.id),)
    without: dict[Any, Any] = {key[0]: replace(holding()[key[0]], eligible=False)}
    for current in ({}, without):
        (line,) = judge(sheet, columns, ROSTER, current, NOW).lines
        assert line.verdict is Verdict.PROBLEM
        assert "in none of the classes of Ann Ågren" in told(line)
    (line,) = judge(sheet, columns, ROSTER, holding(), NOW).lines
    assert line.verdict is Verdict.CHANGE


def test_a_line_longer_than_the_headings_is_a_problem_and_a_shorter_one_is_not() -> None:
    text = "Student,Module,Score,Percentage\nAnn Ågren,Fractions,8,5,40\nBen O'Neill,Fractions,8\n"
    lines = judged(read_pasted(text)).lines
    assert [line.verdict for line in lines] == [Verdict.PROBLEM, Verdict.CHANGE]
    assert "5 cells and the headings are 4" in told(lines[0])


def test_columns_that_are_not_settled_make_every_line_a_problem() -> None:
    (line,) = judged(read_pasted("Student\tModule\tScore\tGrade\nAnn Ågren\tFractions\t5\t6")).lines
    assert line.verdict is Verdict.PROBLEM
    assert "choose one" in told(line)


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
        (["85 %", "1"], "cc"),
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
        assert "shows 85 %" in told(lines[0])


@pytest.mark.parametrize(("said", "values"), [(True, [85, 100]), (False, [Decimal("0.85"), 1])])
def test_what_is_said_of_percent_cells_settles_them(said: bool, values: list[Value]) -> None:
    rows = [[ANN.name, COURSE.name, 0.85], [BEN.name, COURSE.name, 1]]
    sheet = read_file("a.xlsx", grid(["Student", "Module", "Score"], *rows))
    columns = recognise(sheet.headings)
    judgement = judge(sheet, columns, ROSTER, holding(), NOW, percent_cells=said)
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
        [ANN.name, TEST.name, 66.6666666666666667, 45000],
    ]
    content = grid(["Student", "Module", "Score", "Completed on"], *rows)
    lines = judged(read_file("a.xlsx", content), {**DONE, SC: STORED[SC]}).lines
    assert lines[0].edit
    assert lines[0].edit.changes == {C: datetime(2026, 4, 3, 12, tzinfo=UTC)}
    assert lines[1].edit
    assert lines[1].edit.changes == {SC: Decimal("66.67")}
    assert "format of a date" in told(lines[2])


def test_progress_is_told_about_fifty_times_and_ends_at_one() -> None:
    rows = "".join(f"Ann Ågren\tFractions\t{number}\n" for number in range(1000))
    sheet = read_pasted("Student\tModule\tScore\n" + rows)
    heard: list[float] = []
    judge(sheet, recognise(sheet.headings), ROSTER, holding(), NOW, progress=heard.append)
    assert len(heard) == 51
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)


def test_counts_edits_and_rejected_lines_are_of_the_same_lines() -> None:
    text = """Student,Module,Score
Ann Ågren,Fractions,5
Ben O'Neill,Fractions,
Cleo,Fractions,5
Ann Ågren,Latin,5
Ann Ågren,Fractions,6
Ann Ågren,Fractions test,600
"""
    judgement = judged(read_pasted(text))
    assert set(judgement.counts.values()) == {1}
    assert set(judgement.counts) == set(Verdict)
    assert [edit.changes for edit in judgement.edits] == [{SC: Decimal(5)}]
    assert [line.line for line in judgement.rejected] == [4, 5, 6, 7]


ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.sampled_from(["Ann Ågren", "ann@example.org", str(ANN.id), "Fractions", "Completed", "40", "85,5", "-",
                     "1/2/2026", "13/2/2026", "2026-03-01", "NaN", "1e400", "\ud800", "0001-01-01",
                     "9999-12-31", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"]),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)  # fmt: skip
STORED_ANYHOW = st.fixed_dictionaries(
    {
        S: st.sampled_from(Status),
        P: st.one_of(st.none(), st.integers(0, 100)),
        SC: st.one_of(st.none(), st.decimals(allow_nan=True).filter(lambda one: not one.is_snan())),
        C: st.one_of(st.none(), st.datetimes(timezones=st.sampled_from([UTC, BERLIN]))),
    }
)


@given(
    st.lists(st.lists(ANYTHING, min_size=1, max_size=9).map(tuple), max_size=6),
    st.lists(st.sampled_from([*Meaning, "x", ""]).map(str), min_size=1, max_size=8),
    STORED_ANYHOW,
    st.booleans(),
    st.sampled_from([None, True, False]),
    st.sampled_from([UTC, BERLIN, timezone(timedelta(hours=-12))]),
)
def test_judging_raises_nothing_and_a_change_is_what_settling_makes_of_it(
    cells: list[tuple[Any, ...]],
    headings: list[str],
    stored: dict[Field, Value],
    typed: bool,
    day_first: bool | None,
    zone: Any,
) -> None:
    rows = tuple(Row(number, one) for number, one in enumerate(cells, 2))
    sheet = Sheet("any", tuple(headings), 1, rows, typed=typed)
    judgement = judged(sheet, stored, zone=zone, day_first=day_first)
    assert len(judgement.lines) == len(rows)
    for line in judgement.lines:
        assert (line.edit is not None) == (line.verdict is Verdict.CHANGE)
        assert bool(line.problems) == (line in judgement.rejected)
        if line.edit and line.module:
            assert line.settled == settle(line.edit.changes, stored, line.module.type, NOW)
            assert line.settled.values


def test_a_person_is_asked_only_what_the_table_leaves_open() -> None:
    def asked(text: str) -> Questions:
        sheet = read_pasted(text)
        return questions(sheet, recognise(sheet.headings))

    open_dates = "Student\tModule\tCompleted on\nAnn\tFractions\t3/4/2026"
    assert asked(open_dates) == Questions(day_first=True)
    assert asked(f"{open_dates}\nBen\tFractions\t31/4/2026") == Questions()
    assert asked("Student\tModule\tScore\nAnn\tFractions\t0.85") == Questions()
    sheet = read_file(
        "cells.xlsx", grid(["Student", "Module", "Score"], ["Ann", "Fractions", 0.85])
    )
    assert questions(sheet, recognise(sheet.headings)) == Questions(percent_cells=True)

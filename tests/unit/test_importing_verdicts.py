"""A verdict on every line: what changes, what does not, and why a line cannot be taken."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.cells.dates import DateOrder
from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import Verdict
from data.files.importing.meanings import Meaning
from data.files.importing.reading.file import read_pasted
from data.files.importing.sheet import Row, Sheet
from data.rules.details import is_scored
from data.rules.progress import Edit, Field, Status, Value, settle
from tests.unit.made_tables import (
    ANN,
    BEN,
    BERLIN,
    COURSE,
    IVAN,
    NOW,
    ROSTER,
    SC,
    STORED,
    TWIN,
    ZOE,
    C,
    P,
    S,
    holding,
    judged,
    one,
    told,
)


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
    assert line.settled == settle(line.edit.changes, STORED, False, NOW)
    assert line.settled.values == {S: Status.COMPLETED, P: 100, C: NOW}
    assert line.settled.consequences


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


def test_lines_that_disagree_are_both_refused_and_each_shows_the_other() -> None:
    text = """Student,E-mail,Module,Score
Ann Ågren,,Fractions,50
Ben O'Neill,,Fractions,50
,ann@example.org,fractions,60
"Ågren, Ann",,Fractions test,60
"""
    judgement = judged(read_pasted(text))
    assert [line.verdict for line in judgement.lines] == [
        Verdict.DUPLICATE,
        Verdict.CHANGE,
        Verdict.DUPLICATE,
        Verdict.CHANGE,
    ]
    assert "also in line 4 (Score 60), which differs" in told(judgement.lines[0])
    assert "also in line 2 (Score 50), which differs" in told(judgement.lines[2])
    assert len(judgement.edits) == 2


def test_lines_that_say_the_same_count_once_however_they_are_written() -> None:
    text = "Student,Module,Score\nAnn Ågren,Fractions,84\nann agren,FRACTIONS,84.0\n"
    judgement = judged(read_pasted(text))
    assert [line.verdict for line in judgement.lines] == [Verdict.CHANGE, Verdict.REPEATED]
    assert judgement.lines[1].notes == ("It says the same as line 2, and counts once.",)
    assert (len(judgement.edits), judgement.rejected) == (1, ())


def test_a_line_that_says_nothing_disagrees_with_none() -> None:
    text = "Student,Module,Score\nAnn Ågren,Fractions,84\nAnn Ågren,Fractions,\n"
    verdicts = [line.verdict for line in judged(read_pasted(text)).lines]
    assert verdicts == [Verdict.CHANGE, Verdict.NO_CHANGE]


def test_what_is_stored_already_is_a_line_of_its_own_to_disagree_with() -> None:
    text = "Student,Module,Percentage\nAnn Ågren,Fractions,40\nAnn Ågren,Fractions,60\n"
    judgement = judged(read_pasted(text), STORED)
    assert judgement.counts[Verdict.DUPLICATE] == 2
    assert judgement.edits == ()


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
    assert "1 cell more than there are headings" in told(lines[0])


def test_columns_that_are_not_settled_make_every_line_a_problem() -> None:
    (line,) = judged(read_pasted("Student\tModule\tScore\tGrade\nAnn Ågren\tFractions\t5\t6")).lines
    assert line.verdict is Verdict.PROBLEM
    assert "choose one" in told(line)


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
Ann Ågren,Fractions,5
Ann Ågren,Fractions test,600
Ben O'Neill,Fractions test,6
Ben O'Neill,Fractions test,7
"""
    judgement = judged(read_pasted(text))
    twice = {Verdict.DUPLICATE: 2}
    assert judgement.counts == {one: twice.get(one, 1) for one in Verdict}
    assert [edit.changes for edit in judgement.edits] == [{SC: Decimal(5)}]
    assert [line.line for line in judgement.rejected] == [4, 5, 7, 8, 9]


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
    st.sampled_from([None, *DateOrder]),
    st.sampled_from([UTC, BERLIN, timezone(timedelta(hours=-12))]),
)
def test_judging_raises_nothing_and_a_change_is_what_settling_makes_of_it(
    cells: list[tuple[Any, ...]],
    headings: list[str],
    stored: dict[Field, Value],
    typed: bool,
    order: DateOrder | None,
    zone: Any,
) -> None:
    rows = tuple(Row(number, one) for number, one in enumerate(cells, 2))
    sheet = Sheet("any", tuple(headings), rows, typed=typed)
    judgement = judged(sheet, stored, zone=zone, dates=order)
    assert len(judgement.lines) == len(rows)
    for line in judgement.lines:
        assert (line.edit is not None) == (line.verdict is Verdict.CHANGE)
        assert bool(line.problems) == (line in judgement.rejected)
        if line.edit and line.module:
            assert line.settled == settle(
                line.edit.changes, stored, is_scored(line.module.type), NOW
            )
            assert line.settled.values

"""Gradebooks come in as their programs write them: a row per student, points as percent."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.columns.mapping import Columns, ModuleColumn, Sets
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import Judgement, Verdict
from data.files.importing.meanings import Meaning
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.refused import problems_csv
from data.files.importing.sheet import Sheet, UnreadableFile
from data.rules.progress import EMPTY_ROW, Status
from tests.unit.made_tables import (
    ANN,
    BEN,
    COURSE,
    NOW,
    ROSTER,
    SC,
    STORED,
    TEST,
    C,
    P,
    S,
    grid,
    holding,
    told,
)

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Fractions (4711),Fractions test (4712),\
Garden work (4713),Assignments Current Score,Assignments Final Score,Current Score,Final Score
,,,,,Manual Posting,,,,,,
    Points Possible,,,,,50.00,20,10,(read only),(read only),(read only),(read only)
"Ågren, Ann",91,S1,ann@example.org,7 Blue,40.00,15.00,3,81,81,81,81
"O'Neill, Ben",92,S2,ben@example.org,7 Blue,41.00,,3,81,81,81,81
"Student, Test",99,,a1b2c3,7 Blue,0,0,0,,,,
"""
MOODLE = """First name,Last name,ID number,Institution,Department,Email address,Quiz: Fractions test (Real),\
Quiz: Fractions test (Percentage),Quiz: Fractions test (Letter),Course total (Real),\
Last downloaded from this course
Ann,Ågren,1001,,,ann@example.org,17.00,85.00 %,B,51.25,1764363012
Ben,O'Neill,1002,,,ben@example.org,10.00,50.00 %,D,51.25,1764363012
"""
BLACKBOARD = """"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t\
"Fractions test [Total Pts: 40 Score] |4711"\t"Weighted Total [Total Pts: up to 100 Percentage] |4712"
"Ågren"\t"Ann"\t"ann"\t"1001"\t"2026-09-01 10:00:00"\t"Yes"\t"34"\t"12"
"O'Neill"\t"Ben"\t"ben"\t"1002"\t"2026-09-01 10:00:00"\t"Yes"\t"20"\t"12"
"""
BRIGHTSPACE = """OrgDefinedId,Username,Fractions test Points Grade <Numeric MaxPoints:20 Weight:10>,\
Calculated Final Grade Numerator,Calculated Final Grade Denominator,End-of-Line Indicator
#1001,#ann,17,81,100,#
#1002,#ben,10,81,100,#
"""
EDX = """Student ID,Email,Username,Grade,Fractions test,Homework (Avg),Cohort Name
7,ann@example.org,ann_edx,0.81,0.85,0.9,Blue
8,ben@example.org,ben_edx,0.81,0.5,0.9,Blue
"""
CLASSROOM = """Last Name,First Name,Email Address,Fractions test
Date,,,2026-09-15
Points,,,20
Ågren,Ann,ann@example.org,17
O'Neill,Ben,ben@example.org,10
"""
TITLES_ABOVE = """,,,Fractions test,Garden party
Last Name,First Name,Email Address,"Sep 12, out of 20",10 points
Ågren,Ann,ann@example.org,17,1
O'Neill,Ben,ben@example.org,10,1
"""
OF_TITLES = """Name;Fractions test (max. 20)
Ann Ågren;17
Ben O'Neill;10
"""


def understood(text: str) -> tuple[Sheet, Columns]:
    sheet = read_pasted(text)
    return sheet, recognise_table(sheet, ROSTER)


def checked(sheet: Sheet, columns: Columns, stored: Any = EMPTY_ROW) -> Judgement:
    assert columns.problems == ()
    assert set(concerned(sheet, columns, ROSTER)) <= set(holding())
    return judge(sheet, columns, ROSTER, holding(stored), NOW)


def changes(judgement: Judgement) -> list[tuple[str, str, dict[Any, Any]]]:
    return [
        (line.student.name, line.module.name, dict(line.edit.changes))
        for line in judgement.lines
        if line.edit and line.student and line.module
    ]


@pytest.mark.parametrize(
    "text",
    [MOODLE, BLACKBOARD, BRIGHTSPACE, EDX, CLASSROOM, TITLES_ABOVE, OF_TITLES],
    ids=["moodle", "blackboard", "brightspace", "edx", "classroom", "titles above", "plain"],
)
def test_every_program_s_gradebook_is_read_and_points_become_percent(text: str) -> None:
    sheet, columns = understood(text)
    if columns.sets is None:
        columns = replace(columns, sets=Sets.SCORE)
    assert changes(checked(sheet, columns)) == [
        (ANN.name, TEST.name, {SC: Decimal(85)}),
        (BEN.name, TEST.name, {SC: Decimal(50)}),
    ]


def test_canvas_is_read_and_what_is_left_out_is_said() -> None:
    sheet, columns = understood(CANVAS)
    judgement = checked(sheet, columns)
    assert changes(judgement) == [
        (ANN.name, COURSE.name, {SC: Decimal(80)}),
        (ANN.name, TEST.name, {SC: Decimal(75)}),
        (BEN.name, COURSE.name, {SC: Decimal(82)}),
    ]
    assert judgement.lines[0].notes == ("40.00 of 50 points are 80 percent.",)
    assert judgement.counts[Verdict.NO_CHANGE] == 1
    said = " ".join(columns.notices)
    assert "“Fractions (4711)” of 50, “Fractions test (4712)” of 20" in said
    assert "Totals are no module’s score" in said
    assert "“Final Score”" in said
    assert "“Garden work (4713)” (column 8) names no module here and is not used" in said
    assert "2 (Manual Posting), 3 (Points Possible)" in said
    assert "test student or of sums were left out: 6 (Student, Test)" in said


def test_a_file_in_utf_16_with_tabs_that_is_called_xls_is_a_gradebook_too() -> None:
    sheet = read_file("gc.xls", BLACKBOARD.encode("utf-16"))
    columns = recognise_table(sheet, ROSTER)
    assert len(changes(checked(sheet, columns))) == 2


def test_a_completion_report_sets_statuses_and_their_dates() -> None:
    sheet, columns = understood(
        ',Email address,Fractions,"",Fractions test,""\n'
        "Ann Ågren,ann@example.org,Completed,2026-09-15 10:31:07,Not completed,\n"
    )
    lines = checked(sheet, columns).lines
    assert lines[0].edit is not None
    assert lines[0].edit.changes[S] is Status.COMPLETED
    assert lines[0].edit.changes[C] is not None
    assert lines[1].edit is None


def test_columns_of_status_words_set_statuses_without_a_question() -> None:
    sheet, columns = understood(
        "Student,Fractions,Fractions test\nAnn Ågren,Completed,-\nBen O'Neill,x,In Bearbeitung\n"
    )
    assert [one[2][S] for one in changes(checked(sheet, columns))] == [
        Status.COMPLETED, Status.IN_PROGRESS,
    ]  # fmt: skip


def test_what_the_numbers_of_a_plain_table_set_is_asked_once() -> None:
    sheet, columns = understood("Student,Fractions,Fractions test\nAnn Ågren,100,84\n")
    assert columns.problems == (
        "What do the modules’ columns hold: scores, percentages or statuses?",
    )
    by_type = changes(checked(sheet, replace(columns, sets=Sets.BY_TYPE), STORED))
    assert [one[2] for one in by_type] == [{P: 100}, {SC: Decimal(84)}]
    score = changes(checked(sheet, replace(columns, sets=Sets.SCORE)))
    assert [one[2] for one in score] == [{SC: Decimal(100)}, {SC: Decimal(84)}]


def test_of_how_many_points_is_asked_where_the_file_does_not_say_it() -> None:
    sheet, columns = understood("Email address,Quiz: Fractions test (Real)\nann@example.org,17\n")
    assert columns.problems == (
        "Of how many points is “Quiz: Fractions test (Real)” (column 2)? The file does not say.",
    )
    column = replace(columns.modules[1], most=Decimal(20))
    assert changes(checked(sheet, columns.choose(1, column))) == [
        (ANN.name, TEST.name, {SC: Decimal(85)})
    ]


def test_more_points_than_there_are_is_a_problem_in_the_file_s_words() -> None:
    sheet, columns = understood("Student,Fractions test (max 20)\nAnn Ågren,23\n")
    (line,) = checked(sheet, replace(columns, sets=Sets.SCORE)).lines
    assert told(line) == (
        "Fractions test (max 20): “23” of 20: It is 115. The score must be a number from 0 to 100."
    )


def test_totals_are_never_a_module_s_score() -> None:
    _, columns = understood("Student,Module,Final Score,Course total\nAnn Ågren,Fractions,81,9\n")
    assert Meaning.SCORE not in columns.places
    assert "“Final Score”, “Course total”" in " ".join(columns.notices)
    with_score = understood("Student,Module,Final grade,Score\nAnn Ågren,Fractions,81,40\n")
    assert changes(checked(*with_score)) == [(ANN.name, COURSE.name, {SC: Decimal(40)})]


def test_a_gradebook_with_a_column_named_module_is_still_read_by_its_modules_columns() -> None:
    sheet, columns = understood(
        "Student,SIS Login ID,Module,Fractions test (4712),Final Score\n"
        "    Points Possible,,,20,(read only)\n"
        '"Ågren, Ann",ann@example.org,Fractions,15,81\n'
    )
    assert changes(checked(sheet, columns)) == [(ANN.name, TEST.name, {SC: Decimal(75)})]
    assert "Not used, because modules have columns of their own: “Module”" in " ".join(
        columns.notices
    )


def test_two_columns_of_one_module_are_for_the_person_to_choose() -> None:
    _, columns = understood("Student,Fractions,fractions\nAnn Ågren,1,2\n")
    assert "both are Fractions: choose one" in columns.problems[0]
    assert columns.choose(2, None).problems == (
        "What do the modules’ columns hold: scores, percentages or statuses?",
    )


def test_a_column_is_mapped_to_a_module_or_set_aside_by_a_person() -> None:
    sheet, columns = understood("Student,First piece\nAnn Ågren,84\n")
    assert columns.problems
    of_module = columns.choose(1, ModuleColumn())
    assert "Which module is “First piece” (column 2)?" in of_module.problems
    chosen = replace(columns.choose(1, ModuleColumn(TEST)), sets=Sets.SCORE)
    assert changes(checked(sheet, chosen)) == [(ANN.name, TEST.name, {SC: Decimal(84)})]
    assert chosen.choose(1, None).modules == {}


def test_all_lines_are_of_the_module_that_a_person_says() -> None:
    sheet, columns = understood("Student,E-mail,Score\nAnn Ågren,ann@example.org,84\n")
    assert columns.problems == (
        "No column names the module: choose it, or say which module all lines are of.",
    )
    assert changes(checked(sheet, replace(columns, all_lines=TEST))) == [
        (ANN.name, TEST.name, {SC: Decimal(84)})
    ]


def test_a_workbook_s_gradebook_is_read_as_well() -> None:
    sheet = read_file(
        "marks.xlsx",
        grid(["Student", "Fractions test (of 20)"], ["Ann Ågren", 17], ["Ben O'Neill", 10.5]),
    )
    columns = replace(recognise_table(sheet, ROSTER), sets=Sets.SCORE)
    assert [one[2] for one in changes(checked(sheet, columns))] == [
        {SC: Decimal(85)}, {SC: Decimal("52.5")},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headings",
    [
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,email",
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role",
        "SIS ID,School SIS ID,Username,First Name,Last Name",
    ],
)
def test_a_roster_is_told_to_be_one(headings: str) -> None:
    with pytest.raises(UnreadableFile, match="This is a roster"):
        read_pasted(f"{headings}\n{','.join('x' for _ in headings.split(','))}")


def test_results_of_oneroster_are_no_roster_and_their_status_is_none() -> None:
    sheet, columns = understood(
        "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score\n"
        f"r1,active,2026-09-15,{TEST.id},{ANN.id},fully graded,42\n"
        f"r2,active,2026-09-15,{TEST.id},{BEN.id},fully graded,43\n"
    )
    assert [one[2] for one in changes(checked(sheet, columns))] == [
        {SC: Decimal(42)}, {SC: Decimal(43)},
    ]  # fmt: skip
    for item in ("lineItemSourcedId", "assessmentLineItemSourcedId"):
        with pytest.raises(UnreadableFile, match="Choose the whole ZIP, or first take its people"):
            understood(f"sourcedId,status,{item},studentSourcedId,score\nr1,active,li-1,s-1,42\n")


def test_the_problem_lines_of_a_gradebook_can_be_corrected_and_read_again() -> None:
    sheet, columns = understood(CANVAS.replace("41.00", "410"))
    judgement = checked(sheet, columns)
    (problem,) = judgement.rejected
    assert (problem.line, problem.column) == (5, "Fractions (4711)")
    text = problems_csv(sheet, judgement).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0].strip() for row in rows] == ["Student", "", "Points Possible", "O'Neill, Ben"]
    again = understood(text.replace("410", "41"))
    assert changes(checked(*again)) == [(BEN.name, COURSE.name, {SC: Decimal(82)})]


HEADINGS = st.sampled_from(
    [
        "Student", "ID", "E-mail", "User name", "First name", "Last name", "Student ID", "Module", "Score",
        "Status", "Fractions", "Fractions (4711)", "Fractions test [Total Pts: 20 Score] |12", "Grade", "",
        "Quiz: Fractions (Real)", "Fractions test Points Grade <Numeric MaxPoints:0>", "Garden",
        "Final Score", "Homework (Avg)",
    ]
)  # fmt: skip
CELLS = st.sampled_from(
    [
        "Ann Ågren", "ann@example.org", "Ågren, Ann", "Student, Test", "Points Possible", "(read only)", "20",
        "0", "-", "EX", "17,5", "85 %", "Completed", "2026-09-15", "out of 30", "Fractions", "Total", "x", "",
    ]
)  # fmt: skip


@given(
    st.lists(HEADINGS, min_size=2, max_size=7),
    st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=6),
    st.sampled_from([None, *Sets]),
)
def test_any_table_is_understood_or_refused_in_words(
    headings: list[str], rows: list[list[str]], sets: Sets | None
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    try:
        sheet, columns = understood(text.getvalue())
    except UnreadableFile:
        return
    judgement = judge(sheet, replace(columns, sets=sets or columns.sets), ROSTER, holding(), NOW)
    places = {row.line for row in sheet.rows} - columns.left_out
    assert {line.line for line in judgement.lines} == places
    assert all(told(line).endswith((".", "?")) for line in judgement.rejected)
    assert problems_csv(sheet, judgement)

"""The export of a class page comes back: nothing changes, and what is corrected in it is a change."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from data.files.exporting.delimited import as_csv
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Verdict
from data.files.importing.reading.file import read_file
from data.files.importing.roster import KnownStudent
from data.reading.classes.matrix import MatrixStudent
from data.rules.flags import Flag
from data.rules.progress import EMPTY_ROW, Field, Key, Status, Value
from tests.unit.exported import export, module, student
from tests.unit.made_tables import ANN, BEN, COURSE, DONE, NOW, ROSTER, SC, STORED, TEST, P, S, told


def of(one: KnownStudent, cells: str) -> MatrixStudent:
    return replace(student(one.name, cells), id=one.id)


CLASS = export(
    [
        replace(
            of(ANN, "I40;C100/66.6666666666666667fe"), flags=(Flag(UUID(int=9), "failed", 2, 1),)
        ),
        of(BEN, ";I30/55p"),
    ],
    [module(101), module(102, TEST.name, "assessment")],
)
GRADED: Mapping[Field, Value] = dict(DONE) | {SC: STORED[SC]}
FROM_DETAILS: Mapping[Field, Value] = dict(EMPTY_ROW) | {S: Status.IN_PROGRESS, P: 30}
CURRENT: Mapping[Key, CurrentRow] = {
    (ANN.id, COURSE.id): CurrentRow(dict(STORED) | {SC: None}, True),
    (ANN.id, TEST.id): CurrentRow(GRADED, True),
    (BEN.id, COURSE.id): CurrentRow(),
    (BEN.id, TEST.id): CurrentRow(FROM_DETAILS, True, Decimal(55)),
}


def come_back(content: bytes) -> Judgement:
    sheet = read_file("class", content)
    columns = recognise_table(sheet, ROSTER)
    assert columns.problems == ()
    return judge(sheet, columns, ROSTER, CURRENT, NOW)


def with_cells(*cells: str) -> Export:
    return replace(CLASS, students=(of(ANN, ";".join(cells)), *CLASS.students[1:]))


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_export_of_a_class_comes_back_without_a_change(write: object) -> None:
    judgement = come_back(as_csv(CLASS) if write is as_csv else as_xlsx(CLASS))
    assert judgement.questions == ()
    assert [line.verdict for line in judgement.lines] == [Verdict.NO_CHANGE] * 4
    assert [line.line for line in judgement.lines] == [2, 2, 3, 3]


def test_what_is_corrected_in_it_is_a_change_and_nothing_else_is() -> None:
    (line, *others) = come_back(as_csv(with_cells("I60", "C100/66.6666666666666667fe"))).lines
    assert line.edit is not None
    assert line.edit.changes == {P: 60}
    assert {one.verdict for one in others} == {Verdict.NO_CHANGE}
    (_, line, *_) = come_back(as_csv(with_cells("I40", "I100/70fe"))).lines
    assert line.edit is not None
    assert line.edit.changes == {S: Status.IN_PROGRESS, SC: 70}


def test_a_score_of_the_details_that_is_corrected_is_a_score() -> None:
    text = as_csv(CLASS).replace(b",55\r\n", b",56\r\n")
    (*_, line) = come_back(text).lines
    assert line.edit is not None
    assert line.edit.changes == {SC: 56}


def test_words_that_are_no_marks_are_asked_about() -> None:
    (line, *_) = come_back(
        as_csv(CLASS).replace(b"In progress,40", b'"In progress, late",40')
    ).lines
    assert line.verdict is Verdict.PROBLEM
    assert "“In progress, late”" in told(line)

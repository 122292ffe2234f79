"""What is exported, printed and drawn of cells: the same figures again, in the cells that people get."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection

from data.files.exporting.delimited import as_csv
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import Verdict
from data.files.importing.reading.file import read_file
from data.files.importing.stored import current_values, roster
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import OfClass as ReportsOfClass
from data.files.reporting.making import class_report
from data.reading.classes.arrangement import Arrangement, arrange
from data.reading.classes.matrix import Matrix
from data.reading.people import clock
from data.rules.cell import MARKS, split_cells
from tests.cells_in_browser import from_model
from tests.figures import rules
from tests.figures.figures import Buckets, OfClass, Oracle, buckets
from tests.figures.rules import Cell

WORDS = {
    "NotStarted": "Not started",
    "InProgress": "In progress",
    "Completed": "Completed",
    "Paused": "Paused",
}
NO_FIGURES = "Why", "Last activity", "Student id"
"""The columns of a file that are none."""


def export(found: Matrix, one: OfClass) -> Export:
    """The class page's file, nothing filtered."""
    shown = arrange(found, Arrangement())
    order = tuple(column.module.id for column in shown.modules)
    return Export(one.name, shown.modules, shown.students, order, "", "Ada", datetime.now(UTC), UTC)


def figure(cell: Cell, scored: bool) -> str:
    """What stands beside a status: the exact score where scores count, else the percentage, but no bare 0."""
    if scored and cell.legible is not None:
        return f"{cell.legible.normalize():f}"
    if cell.percentage is None or (cell.status == "NotStarted" and cell.percentage == 0):
        return ""
    return f"{cell.percentage} % done" if scored else str(cell.percentage)


def lines(one: OfClass, oracle: Oracle) -> Iterator[list[str]]:
    """A student's line of the file: name, counts, then status and figure of each module."""
    scored = [rules.is_scored(oracle.stored.modules[module]) for module in one.modules]
    for student, name in one.students.items():
        cells = one.row(student)
        line = [name, *map(str, spoken(buckets(cells), one))]
        for cell, has_score in zip(cells, scored, strict=True):
            marks = [
                word for word, is_so in (("stuck", cell.stuck), ("failed", cell.failed)) if is_so
            ]
            line += [", ".join([WORDS[cell.status], *marks]), figure(cell, has_score)]
        yield line


def spoken(counts: Buckets, one: OfClass) -> tuple[int, ...]:
    """Of statuses of the platform's own there is a column where the class has any."""
    return counts if one.buckets[-1] else counts[:-1]


def plain(rows: Iterable[list[Any]]) -> list[list[str]]:
    """The lines of a file without their day, and of the marks those two that are figures."""
    heads, *lines = rows
    left_out = [heads.index(name) for name in NO_FIGURES if name in heads]
    first = heads.index("Student id") + 1 - len(left_out)
    return [_plain(row, left_out, first) for row in (heads, *lines)]


def _plain(row: list[Any], left_out: list[int], first: int) -> list[str]:
    told = [_text(value) for at, value in enumerate(row) if at not in left_out]
    for at in range(first, len(told), 2):
        status, *marks = told[at].split(", ")
        told[at] = ", ".join([status, *(mark for mark in marks if mark in ("stuck", "failed"))])
    return told


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def test_the_files_of_a_class(
    matrices: dict[UUID, Matrix], oracle: Oracle, of_class: OfClass
) -> None:
    made, expected = export(matrices[of_class.id], of_class), sorted(lines(of_class, oracle))
    if not of_class.modules:
        expected = []
    total = [*map(str, spoken(of_class.buckets, of_class))]
    of_csv = plain(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"))))
    assert sorted(of_csv[1:-1]) == expected
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    of_xlsx = plain(book.get_sheet_by_index(0).to_python())
    first = 1 + len(total)
    assert sorted(of_xlsx[1:-1]) == [
        [*line[:first], *map(fifteen_digits, line[first:])] for line in expected
    ]
    for table in (of_csv, of_xlsx):
        assert table[-1][1:first] == total


def test_the_file_of_a_class_changes_nothing_where_it_comes_back(
    admin: Connection, matrices: dict[UUID, Matrix], of_class: OfClass
) -> None:
    known, now = roster(admin), clock(admin)
    made = export(matrices[of_class.id], of_class)
    made = replace(made, students=made.students[:40])
    if not made.modules:
        return
    for content in (as_csv(made), as_xlsx(made)):
        sheet = read_file("class", content)
        columns = recognise_table(sheet, known)
        stored = current_values(admin, concerned(sheet, columns, known))
        assert judge(sheet, columns, known, stored, now).counts[Verdict.CHANGE] == 0


def fifteen_digits(text: str) -> str:
    """A number as a spreadsheet holds it."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def test_a_cell_in_the_browser_and_on_paper(oracle: Oracle, matrices: dict[UUID, Matrix]) -> None:
    """The figure that the table, the list of a phone and the print draw of each cell."""
    asked, expected = [], []
    for one in oracle.classes.values():
        for row in matrices[one.id].students:
            for module, written in zip(one.modules, split_cells(row.cells), strict=True):
                cell, scored = (
                    one.cells[row.id, module],
                    rules.is_scored(oracle.stored.modules[module]),
                )
                mark = oracle.pass_mark(module)
                asked.append([written, {"scored": scored, "passMark": float(mark)}])
                shown = rules.score(cell.legible, mark) if scored else None
                percentage = figure(replace(cell, score=None), scored=True).removesuffix(" done")
                expected.append(f"{shown} /\u00a0{float(mark):g}" if shown else percentage)
    assert from_model("((text, of) => figure(parseCell(text), of))", asked) == expected


def test_the_marks_that_a_phone_counts(
    admin: Connection, oracle: Oracle, matrices: dict[UUID, Matrix]
) -> None:
    now, asked, expected = clock(admin), [], []
    for one in oracle.classes.values():
        for row in matrices[one.id].students:
            marks = Counter("".join(oracle.marks((row.id, each), now) for each in one.modules))
            asked.append([row.cells])
            expected.append({mark: many for mark in MARKS if (many := marks[mark])})
    counted = from_model("((cells) => marksCounted(cells.split(';')))", asked)
    assert [dict(marks) for marks in counted] == expected
    assert {mark for marks in expected for mark in marks} == set(MARKS)


def test_a_report(admin: Connection, oracle: Oracle) -> None:
    """One PDF of some students of a class: what is set in it is what the rows say."""
    one = max(
        oracle.classes.values(), key=lambda each: -len(each.students) if each.cells else -9999
    )
    asked = ReportsOfClass(one.id, one.name, list(one.students)[:4])
    options = ReportOptions(clock(admin), UTC, "Ada", over_time=False)
    made = class_report(admin, asked, options)
    told = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.content)).pages
    )
    for student in asked.students:
        done, begun, waiting, other = buckets(one.row(student))
        if 0 < done < len(one.modules):
            assert f"{done} of {len(one.modules)} modules" in told
            assert f"({rules.share(done, len(one.modules))})" in told
        others = f" Other {other}" if other else ""
        assert f"Completed {done} In progress {begun} Not started {waiting}{others}" in told

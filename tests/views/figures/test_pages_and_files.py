"""What is drawn, exported and printed: the same figures again, in the words and cells that people get."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from data import demo
from data.files.exporting.delimited import as_csv
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import OfClass as ReportsOfClass
from data.files.reporting.making import class_report
from data.reading.classes.arrangement import Arrangement, arrange
from data.reading.classes.page import class_page
from data.reading.people import clock
from tests.figures import rules
from tests.figures.figures import OfClass, Oracle, buckets
from tests.figures.rules import Cell
from tests.profiles import chosen
from tests.views.conftest import Open, mounted, words

WORDS = {"NotStarted": "Not started", "InProgress": "In progress", "Completed": "Completed"}
DAY = 4
"""The column of a file that is no figure: the last activity."""


@pytest.fixture(params=range(10))
def of_class(request: pytest.FixtureRequest, oracle: Oracle) -> OfClass:
    """Each class in turn."""
    place: int = request.param
    return sorted(oracle.classes.values(), key=lambda one: one.id)[place]


def export(admin: Connection, one: OfClass) -> Export:
    """The class page's file, nothing filtered."""
    found = class_page(admin, {"class": one.id}).matrix
    assert found is not None
    shown = arrange(found, Arrangement())
    order = tuple(column.module.id for column in shown.modules)
    return Export(one.name, shown.modules, shown.students, order, "", "Ada", clock(admin), UTC)


def figure(cell: Cell, scored: bool) -> str:
    """What stands beside a status: the exact score where scores count, else the percentage, but no bare 0."""
    if scored and cell.legible is not None:
        return f"{cell.legible.normalize():f}"
    if cell.percentage is None or (cell.status == "NotStarted" and cell.percentage == 0):
        return ""
    return f"{cell.percentage} % done" if scored else str(cell.percentage)


def lines(one: OfClass, oracle: Oracle) -> Iterator[list[str]]:
    """A student's line of the file: name, three counts, then status and figure of each module."""
    scored = [rules.is_scored(oracle.stored.modules[module]) for module in one.modules]
    for student, name in one.students.items():
        cells = one.row(student)
        line = [name, *map(str, buckets(cells))]
        for cell, has_score in zip(cells, scored, strict=True):
            marks = [
                word for word, is_so in (("stuck", cell.stuck), ("failed", cell.failed)) if is_so
            ]
            line += [", ".join([WORDS[cell.status], *marks]), figure(cell, has_score)]
        yield line


def plain(row: list[Any]) -> list[str]:
    """A line of a file without its day, and of the marks those two that are figures."""
    told = [_text(value) for at, value in enumerate(row) if at != DAY]
    for at in range(4, len(told), 2):
        status, *marks = told[at].split(", ")
        told[at] = ", ".join([status, *(mark for mark in marks if mark in ("stuck", "failed"))])
    return told


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def test_the_files_of_a_class(admin: Connection, oracle: Oracle, of_class: OfClass) -> None:
    made, expected = export(admin, of_class), sorted(lines(of_class, oracle))
    if not of_class.modules:
        expected = []
    total = ["", *map(str, of_class.buckets)]
    of_csv = [plain(row) for row in csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig")))]
    assert sorted(of_csv[1:-1]) == expected
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    of_xlsx = [plain(row) for row in book.get_sheet_by_index(0).to_python()]
    assert sorted(of_xlsx[1:-1]) == [
        [*line[:4], *map(fifteen_digits, line[4:])] for line in expected
    ]
    for table in (of_csv, of_xlsx):
        assert table[-1][1:4] == total[1:]


def fifteen_digits(text: str) -> str:
    """A number as a spreadsheet holds it."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def test_the_overview_in_words(open_page: Open, oracle: Oracle) -> None:
    test = open_page(demo.ADMIN)
    completed, cells = (sum(numbers) for numbers in zip(*(
        (one.buckets[0], sum(one.buckets)) for one in oracle.classes.values()
    ), strict=True))  # fmt: skip
    many = len(oracle.classes)
    assert f"{many} classes, {rules.share(completed, cells)} completed in all." in unescape(
        words(test)
    )
    rows = table(test, "classes")
    for one in oracle.classes.values():
        row = next(row for row in rows if row[0][2] == one.name)
        done, begun, waiting = one.buckets
        assert row[2:4] == [f"{len(one.students):,}", f"{len(one.modules):,}"]
        assert str(one.needy) in str(row[4])
        assert row[5][-1] == rules.share(done, sum(one.buckets))
        assert row[6][1:] == [done, begun, waiting]
        assert f"to {rules.share(done, sum(one.buckets))} in" in str(row[7])


def table(test: AppTest, key: str) -> list[Any]:
    """The rows of a table as they go to the browser."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table" and each.proto.id.endswith(key):
            rows: list[Any] = json.loads(each.proto.json)[2]
            return rows
    raise AssertionError(key)


def test_a_class_page(open_page: Open, oracle: Oracle, of_class: OfClass) -> None:
    if not of_class.cells:
        return
    test = open_page(demo.ADMIN, "classroom", **{"class": of_class.id})
    done, begun, waiting = of_class.buckets
    cells = len(of_class.cells)
    told = f"{done:,} of {cells:,} modules completed ({rules.share(done, cells)}), "
    told += f"{begun:,} in progress, {waiting:,} not started."
    if of_class.needy:
        need = "student is" if of_class.needy == 1 else "students are"
        told += f" {of_class.needy} {need} stuck in a quiz or below a pass mark."
    assert told in unescape(words(test))


def some(oracle: Oracle) -> list[UUID]:
    placed = sorted({one for those in oracle.stored.students_of.values() for one in those})
    return random.Random(7).sample(placed, chosen(sample=4, nightly=40))


def test_a_student_page(open_page: Open, oracle: Oracle) -> None:
    for student in some(oracle):
        test = open_page(demo.ADMIN, "student", student=student)
        modules = oracle.of_classes(student)
        cells = [oracle.cell(student, module) for module in modules]
        done, begun, _ = buckets(cells)
        told = mounted(test)
        many = "module" if len(modules) == 1 else "modules"
        assert (
            f"{done} of {len(modules)} {many} completed ({rules.share(done, len(modules))}" in told
        )
        assert f" {begun} in progress." in told
        check_modules(table(test, "student_modules"), student, oracle)
        for one in oracle.stored.classes_of(student):
            of_class = oracle.classes[one]
            if of_class.modules:
                median = rules.share(of_class.median, len(of_class.modules))
                assert f"the median of {of_class.name} is {median}" in told or (
                    f"In {of_class.name} " in told and f"the median is {median}." in told
                )


def check_modules(rows: list[Any], student: UUID, oracle: Oracle) -> None:
    """Each module of a student with status, percentage and score."""
    modules = [*oracle.of_classes(student), *oracle.elsewhere(student)]
    assert len(rows) == len(modules)
    expected = []
    for module in modules:
        cell = oracle.cell(student, module)
        percentage = None if cell.percentage is None else f"{cell.percentage} %"
        shown = rules.score(cell.score, oracle.pass_mark(module))
        score = None if shown is None else [shown, "from details"] if cell.from_details else [shown]
        expected.append([oracle.stored.modules[module]["name"], cell.status, percentage, score])
    told = [[row[0][2], row[2][1], row[3] and row[3][2], row[4] and row[4][1:]] for row in rows]
    assert sorted(map(str, told)) == sorted(map(str, expected))


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
        done, begun, waiting = buckets(one.row(student))
        if 0 < done < len(one.modules):
            assert f"{done} of {len(one.modules)} modules" in told
            assert f"({rules.share(done, len(one.modules))})" in told
        assert f"Completed {done} In progress {begun} Not started {waiting}" in told


def test_a_module_page(open_page: Open, oracle: Oracle) -> None:
    for one in random.Random(3).sample(
        [each for each in oracle.classes.values() if each.cells], chosen(sample=2, nightly=8)
    ):
        scored = [each for each in one.modules if rules.is_scored(oracle.stored.modules[each])]
        for module in {one.modules[0], *scored[: chosen(sample=1, nightly=9)]}:
            to = {"class": one.id, "module": module, "show": "scores"}
            test = open_page(demo.ADMIN, "module", **to)
            column = one.column(module)
            done, begun, waiting = buckets(column)
            many = "student" if len(column) == 1 else "students"
            share = rules.share(done, len(column))
            told = f"{done:,} of {len(column)} {many} completed ({share}), {begun} in progress, "
            assert f"{told}{waiting} not started." in mounted(test)
            known = [cell.legible for cell in column if cell.legible is not None]
            if known and rules.is_scored(oracle.stored.modules[module]):
                passed = sum(score >= oracle.pass_mark(module) for score in known)
                verb = "passes" if passed == 1 else "pass"
                found = f"{passed} of {len(known)} {verb} ({rules.share(passed, len(known))})"
                assert found in unescape(words(test))

"""What is asked of the database, and what is printed of it."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from data.files.reporting import contents
from data.files.reporting.contents import ReportOptions
from data.reading.classes.matrix import Matrix
from data.reading.classes.overview import overview
from data.reading.modules.class_standings import module_classes
from data.reading.modules.needs import by_need, in_module
from data.reading.modules.page import ModulePage, module_page
from data.reading.modules.score_histogram import spread
from data.reading.people import clock
from data.reading.students.page import StudentPage
from data.reading.students.report import Reported
from data.reading.students.standing import class_median
from data.rules.cell import parse_cell, split_cells
from data.rules.progress import Status
from tests.figures import rules
from tests.figures.figures import Buckets, OfClass, Oracle, buckets
from tests.figures.rules import Cell
from tests.figures.sittings import quantile
from tests.profiles import chosen
from tests.views.figures.sections import exact

NOW = datetime.now(UTC)


def as_read(cell: Cell) -> tuple[Any, ...]:
    """What a cell of a table holds of it."""
    return cell.status, cell.percentage, cell.legible, cell.stuck, cell.failed


def written(cell: str) -> tuple[Any, ...]:
    """The same of a cell of the matrix."""
    read = parse_cell(cell)
    status = read.status.value if read.status else None
    return status, read.percentage, read.score, "s" in read.marks, "f" in read.marks


def buckets_of(told: Any) -> Buckets:
    """Whatever counts cells, by status."""
    return told.completed, told.in_progress, told.not_started, told.other


def test_the_overview(admin: Connection, oracle: Oracle, needy: dict[UUID, int]) -> None:
    found = {one.id: one for one in overview(admin)}
    assert found.keys() == oracle.classes.keys()
    for one in oracle.classes.values():
        told = found[one.id]
        assert (told.students, told.modules) == (len(one.students), len(one.modules)), one.name
        assert buckets_of(told) == one.buckets, one.name
        assert told.needs_attention == needy.get(one.id, 0), one.name
        assert told.trend[-1] == one.buckets[0], one.name
    assert any(one.buckets[-1] for one in oracle.classes.values())


def test_every_class(oracle: Oracle, matrices: dict[UUID, Matrix]) -> None:
    for one in oracle.classes.values():
        found = matrices[one.id]
        if not one.modules:
            assert found.students == ()
            continue
        assert [column.module.id for column in found.modules] == one.modules
        assert {row.id: row.name for row in found.students} == one.students
        for row in found.students:
            cells = one.row(row.id)
            assert [*map(written, split_cells(row.cells))] == [*map(as_read, cells)], row.name
            assert buckets_of(row) == buckets(cells)
            told = {flag.rule: flag.modules for flag in row.flags}
            assert told.get("stuck", 0) == sum(cell.stuck for cell in cells)
            assert told.get("failed", 0) == sum(cell.failed for cell in cells)
        for column in found.modules:
            assert buckets_of(column) == buckets(one.column(column.module.id))
            assert column.module.pass_mark == oracle.pass_mark(column.module.id)
        assert buckets_of(found) == one.buckets


def test_every_student(oracle: Oracle, student_pages: dict[UUID, StudentPage]) -> None:
    for student, found in student_pages.items():
        assert {one.module.id for one in found.of_classes} == set(oracle.of_classes(student))
        assert {one.module.id for one in found.modules} - {
            one.module.id for one in found.of_classes
        } == oracle.elsewhere(student)
        for one in found.modules:
            cell = oracle.cell(student, one.module.id)
            assert one.module.pass_mark == oracle.pass_mark(one.module.id)
            told = one.status.value, one.percentage, one.is_stuck, one.is_failed
            assert told == (cell.status, cell.percentage, cell.stuck, cell.failed)
            assert same(one.shown_score, cell.score)
            assert (one.score_source == "details") == cell.from_details


def same(one: Decimal | None, other: Decimal | None) -> bool:
    """Also where both are no number."""
    return one == other or (
        one is not None and other is not None and one.is_nan() and other.is_nan()
    )


def test_the_median_of_every_class(admin: Connection, oracle: Oracle) -> None:
    for one in oracle.classes.values():
        found = class_median(admin, one.id)
        if not one.students or not one.modules:
            assert found is None
            continue
        assert found is not None
        assert (found.completed, found.modules) == (one.median, len(one.modules))
        assert found.share == rules.share(one.median, len(one.modules))


def test_every_student_on_paper(admin: Connection, oracle: Oracle, reports: list[Reported]) -> None:
    options = ReportOptions(clock(admin), UTC, "Ada", attention=True)
    for one in reports:
        told = contents.student(one, options)
        eligible = [oracle.cell(one.id, module) for module in oracle.of_classes(one.id)]
        completed, begun, waiting, other = buckets(eligible)
        if eligible:
            others = [other] if other else []
            assert list(told["buckets"].values()) == [completed, begun, waiting, *others]
        if eligible and completed < len(eligible):
            share = rules.share(completed, len(eligible))
            assert f"{completed} of {len(eligible)} module" in told["answer"]
            assert f"({share})" in told["answer"]
        for module, row in zip(one.modules, [*told["modules"], *told["others"]], strict=True):
            cell = oracle.cell(one.id, module.module.id)
            is_other = cell.status == "Paused"
            assert row["status"] == ("Other" if is_other else cell.status)
            assert row["word"] == Status(cell.status).label
            assert row["remark"] == ("not passed" if cell.failed else None)
            is_bare = cell.status == "NotStarted" and cell.percentage == 0
            assert row["percentage"] == (None if is_bare else cell.percentage)
            if cell.score is None or cell.legible is not None:
                mark = oracle.pass_mark(module.module.id)
                assert row["score"] == rules.score(cell.score, mark)


def modules_of(oracle: Oracle, one: OfClass) -> list[UUID]:
    many = chosen(sample=4, nightly=len(one.modules))
    return random.Random(one.id.int).sample(one.modules, min(many, len(one.modules)))


def test_every_module(admin: Connection, oracle: Oracle) -> None:
    for one in oracle.classes.values():
        for module in modules_of(oracle, one):
            found = module_page(admin, module, {"class": one.id})
            assert found is not None
            _check_module(found, one, oracle)


def _check_module(found: ModulePage, one: OfClass, oracle: Oracle) -> None:
    module = found.module.id
    column = one.column(module)
    groups = {
        need.key: len(those)
        for need, those in by_need(found.found.students, found.judged_by, NOW).items()
    }
    assert groups.get("stuck", 0) == sum(cell.stuck for cell in column)
    assert groups.get("failed", 0) == sum(cell.failed and not cell.stuck for cell in column)
    assert sum(groups.values()) == len(one.students)
    assert buckets_of(found.found) == buckets(column)
    assert groups.get("other", 0) <= buckets(column)[-1]
    assert found.eligible == len(one.students)
    known = [cell.score for cell in column if rules.can_be(cell.score)]
    mark = oracle.pass_mark(module)
    scores = [in_module(row).cell.score for row in found.found.students]
    spread_ = spread([score for score in scores if score is not None], found.module.pass_mark)
    assert spread_.known == len(known)
    assert spread_.beyond == sum(cell.legible is not None for cell in column) - len(known)
    assert spread_.passed == sum(score >= mark for score in known)
    assert spread_.failed == sum(cell.failed for cell in column)
    assert sum(each.passed + each.failed for each in spread_.bins) == len(known)
    if known:
        assert Fraction(spread_.middle or 0) == Fraction(exact(quantile(known, Fraction(1, 2))))


def test_every_module_in_all_classes(admin: Connection, oracle: Oracle) -> None:
    for module in list(oracle.stored.modules)[:: chosen(sample=6, nightly=1)]:
        page = module_page(admin, module, {})
        having = [one for one in oracle.classes.values() if module in one.modules]
        assert (page is not None) == bool(having)
        if page is None:
            continue
        standings = {one.id: one for one in module_classes(admin, page.module)}
        for one in having:
            told = standings[one.id]
            assert told.students == len(one.students)
            assert buckets_of(told) == buckets(one.column(module))
        if "class" not in page.chosen:
            everybody = {(s, module): one.cells[s, module] for one in having for s in one.students}
            assert buckets_of(page.found) == buckets(everybody.values())

"""What pages say in words and tables."""

import json
import random
from fractions import Fraction
from html import unescape
from typing import Any
from uuid import UUID

from streamlit.testing.v1 import AppTest

from data import demo
from tests.figures import mess, rules
from tests.figures.figures import OfClass, Oracle, buckets
from tests.figures.sittings import quantile
from tests.profiles import chosen
from tests.views.conftest import Open, mounted, words
from tests.views.figures.sections import exact


def test_the_overview_in_words(open_page: Open, oracle: Oracle, needy: dict[UUID, int]) -> None:
    test = open_page(demo.ADMIN)
    completed, cells = (sum(numbers) for numbers in zip(*(
        (one.buckets[0], sum(one.buckets)) for one in oracle.classes.values()
    ), strict=True))  # fmt: skip
    many = len(oracle.classes)
    assert f"{many} classes, {rules.share(completed, cells)} completed in all: " in unescape(
        words(test)
    )
    assert_from_least_to_most(unescape(words(test)), oracle)
    rows = table(test, "classes")
    for one in oracle.classes.values():
        row = next(row for row in rows if row[0][2] == one.name)
        done, *_ = one.buckets
        assert row[2] == f"{len(one.students):,}"
        assert f"{needy.get(one.id, 0):,}" == (row[6] if row[6] == "0" else row[6][1][0][1])
        assert row[3][1] == list(one.buckets)
        if not one.cells:
            assert (row[3][2], row[4], row[5]) == ("", None, None)
            continue
        assert row[3][2] == rules.share(done, sum(one.buckets))
        assert f"to {rules.share(done, sum(one.buckets))} in" in str(row[5])


def assert_from_least_to_most(told: str, oracle: Oracle) -> None:
    """Which classes have the least and the most: of several, any."""
    there = [one for one in oracle.classes.values() if one.cells]
    shares = {one.name: Fraction(one.buckets[0], sum(one.buckets)) for one in there}
    for before, after, part in (
        ("from", "to", min(shares.values())),
        ("to", "", max(shares.values())),
    ):
        names = [name for name, one in shares.items() if one == part]
        at = rules.share(part, 1)
        assert any(
            f"{before} {at} in {name}{f' {after} ' if after else '.'}" in told for name in names
        )


def others(many: int) -> str:
    return f", {many:,} other" if many else ""


def table(test: AppTest, key: str) -> list[Any]:
    """The rows of a table as they go to the browser."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table" and each.proto.id.endswith(key):
            rows: list[Any] = json.loads(each.proto.json)[2]
            return rows
    raise AssertionError(key)


def test_a_class_page(open_page: Open, oracle: Oracle, needy: dict[UUID, int]) -> None:
    there = [one for one in oracle.classes.values() if one.cells]
    for one in random.Random(5).sample(there, chosen(sample=3, nightly=len(there))):
        check_class(open_page, one, needy.get(one.id, 0))


def check_class(open_page: Open, of_class: OfClass, needy: int) -> None:
    test = open_page(demo.ADMIN, "classroom", **{"class": of_class.id})
    done, begun, waiting, other = of_class.buckets
    cells = len(of_class.cells)
    told = f"{done:,} of {cells:,} modules completed ({rules.share(done, cells)}), "
    told += f"{begun:,} in progress, {waiting:,} not started{others(other)}."
    if needy:
        need = "student needs" if needy == 1 else "students need"
        told += f" {needy} {need} attention."
    assert told in unescape(words(test))


def some(oracle: Oracle) -> list[UUID]:
    placed = sorted({one for those in oracle.stored.students_of.values() for one in those})
    return random.Random(7).sample(placed, chosen(sample=4, nightly=40))


def test_a_student_page(open_page: Open, oracle: Oracle) -> None:
    for student in some(oracle):
        test = open_page(demo.ADMIN, "student", student=student)
        modules = oracle.of_classes(student)
        cells = [oracle.cell(student, module) for module in modules]
        done, begun, *_ = buckets(cells)
        told = mounted(test)
        many = "module" if len(modules) == 1 else "modules"
        assert (
            f"{done} of {len(modules)} {many} completed ({rules.share(done, len(modules))}" in told
        )
        assert f" {begun} in progress." in told
        assert assessments(student, oracle) in told
        check_modules(table(test, "student_modules"), student, oracle)
        for one in oracle.stored.classes_of(student):
            of_class = oracle.classes[one]
            if of_class.modules:
                median = rules.share(of_class.median, len(of_class.modules))
                assert f"the median of {of_class.name} is {median}" in told or (
                    f"In {of_class.name} " in told and f"the median is {median}." in told
                )


def assessments(student: UUID, oracle: Oracle) -> str:
    """How many have a score that is at the pass mark or above, and how many one below."""
    scored = [
        (cell.score, oracle.pass_mark(module))
        for module in [*oracle.of_classes(student), *oracle.elsewhere(student)]
        if rules.is_scored(oracle.stored.modules[module])
        and rules.can_be((cell := oracle.cell(student, module)).score)
    ]
    failed = sum(score < mark for score, mark in scored)
    return f" Assessments: {len(scored) - failed} passed, {failed} failed." if scored else ""


def test_a_student_beside_their_classes(open_page: Open, oracle: Oracle) -> None:
    """Of somebody in two classes that share modules."""
    mixed = oracle.classes[mess.MIXED]
    student = max(
        mixed.students, key=lambda one: sum(rules.can_be(cell.score) for cell in mixed.row(one))
    )
    test = open_page(demo.ADMIN, "student", student=student, show="compared")
    expected, above = [], 0
    for one in map(oracle.classes.__getitem__, oracle.stored.classes_of(student)):
        for module in one.modules:
            mine = one.cells[student, module].score
            if not rules.can_be(mine):
                continue
            known = [cell.score for cell in one.column(module) if rules.can_be(cell.score)]
            low, middle, high = (exact(quantile(known, Fraction(part, 4))) for part in (1, 2, 3))
            above += mine > middle
            expected.append([
                oracle.stored.modules[module]["name"],
                rules.score(mine, oracle.pass_mark(module)),
                rules.score(middle),
                f"{rules.score(low)} to {rules.score(high)}" if len(known) > 3 else None,
                rules.score(oracle.pass_mark(module)),
                str(len(known)),
                one.name,
            ])  # fmt: skip
    rows = table(test, "compared")
    assert sorted(map(str, ([*row[:2], *row[3:]] for row in rows))) == sorted(map(str, expected))
    assert f"in {above} of {len(expected)} comparisons" in unescape(words(test))


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


def test_a_module_page(open_page: Open, oracle: Oracle) -> None:
    for one in random.Random(3).sample(
        [each for each in oracle.classes.values() if each.cells], chosen(sample=2, nightly=8)
    ):
        scored = [each for each in one.modules if rules.is_scored(oracle.stored.modules[each])]
        for module in {one.modules[0], *scored[: chosen(sample=1, nightly=9)]}:
            to = {"class": one.id, "module": module, "show": "scores"}
            test = open_page(demo.ADMIN, "module", **to)
            column = one.column(module)
            done, begun, waiting, other = buckets(column)
            many = "student" if len(column) == 1 else "students"
            share = rules.share(done, len(column))
            told = f"{done:,} of {len(column)} {many} completed ({share}), {begun} in progress, "
            assert f"{told}{waiting} not started{others(other)}." in mounted(test)
            known = [cell.score for cell in column if rules.can_be(cell.score)]
            if known and rules.is_scored(oracle.stored.modules[module]):
                assert f"median is {rules.score(exact(quantile(known, Fraction(1, 2))))}" in words(
                    test
                )
                passed = sum(score >= oracle.pass_mark(module) for score in known)
                verb = "passes" if passed == 1 else "pass"
                found = f"{passed} of {len(known)} {verb} ({rules.share(passed, len(known))})"
                assert found in unescape(words(test))

"""The sections of the module and student pages: funnel, quizzes, scores, times, classes, needs, comparisons."""

import random
from collections.abc import Iterator
from dataclasses import astuple
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import mean
from uuid import UUID

from sqlalchemy import Connection

from data.reading.modules.assessment_results import Sittings
from data.reading.modules.assessment_results import sittings as as_read
from data.reading.modules.funnel import Funnel
from data.reading.modules.needs import by_need
from data.reading.modules.other_facts import Summed, summed
from data.reading.modules.page import ModulePage, module_details, module_page
from data.reading.modules.sections import module_funnel, module_times
from data.reading.people import clock
from data.reading.students.comparison import spread
from data.reading.students.page import StudentPage
from data.reading.students.standing import class_scores
from tests.figures import rules, sittings
from tests.figures.figures import OfClass, Oracle
from tests.figures.lessons import Step
from tests.figures.stored import Row
from tests.profiles import chosen

HALF = Fraction(1, 2)
QUARTERS = [Fraction(1, 4), HALF, Fraction(3, 4)]
WEEK = timedelta(days=7)


def some_modules(oracle: Oracle) -> Iterator[tuple[OfClass, UUID]]:
    """Of every class a few, and all by night."""
    for one in oracle.classes.values():
        many = min(chosen(sample=3, nightly=99), len(one.modules))
        for module in random.Random(one.id.int).sample(one.modules, many):
            yield one, module


def page_of(admin: Connection, one: OfClass, module: UUID) -> ModulePage:
    page = module_page(admin, module, {"class": one.id})
    assert page is not None
    return page


def test_the_sections_of_modules(admin: Connection, oracle: Oracle) -> None:
    """One page a module for all of them: asking is what it costs."""
    now, told = clock(admin), 0
    for one, module in some_modules(oracle):
        page = page_of(admin, one, module)
        students = [row.id for row in page.found.students]
        assert set(students) == set(one.students)
        stored = module_details(admin, module, students)
        check_lessons(module_funnel(admin, page), oracle.funnel(one, module))
        details = oracle.details(module, one.students)
        check_sittings(as_read(stored.details.values()), details)
        check_facts(summed(stored.details.values()), details)
        groups = {
            need.key: len(those)
            for need, those in by_need(page.found.students, page.judged_by, now).items()
        }
        assert groups.get("inactive", 0) == sum(
            not (cell.stuck or cell.failed)
            and cell.status == "InProgress"
            and (since := oracle.idle_since((student, module), now)) is not None
            and now - since >= WEEK
            for student in one.students
            if (cell := one.cells[student, module])
        )
        told += len(details)
    assert told > 100


def check_lessons(found: Funnel, expected: list[Step]) -> None:
    for step, of_oracle in zip(found.steps, expected, strict=True):
        tries = None if of_oracle.tries is None else float(of_oracle.tries)
        told = (step.reached, step.done, step.passed, step.failed, step.stuck, step.stopped)
        assert (*told, step.mean_tries) == (*astuple(of_oracle)[:-1], tries)


def check_sittings(found: Sittings, details: list[Row]) -> None:
    right, seconds = sittings.right(details), sittings.seconds(details)
    assert (found.counted, found.timed) == (len(right), len(seconds))
    assert found.right == (mean(right) if right else None)
    assert found.seconds == (float(sittings.quantile(seconds, HALF)) if seconds else None)
    asked = {one.key: (one.answered, one.asked) for one in found.questions}
    assert asked == sittings.questions(details)


def check_facts(found: Summed, details: list[Row]) -> None:
    """How many have a key, of those keys that are shown by their own name."""
    for name, key in (("Time spent seconds", "time_spent_seconds"), ("Answers", "answers")):
        known = sum(one.get(key) not in (None, "", [], {}) for one in details)
        told = [fact.recorded for fact in found.facts if fact.name == name]
        assert told in ([], [known])


def test_the_times_that_modules_took(
    admin: Connection, oracle: Oracle, student_pages: dict[UUID, StudentPage]
) -> None:
    for student, page in student_pages.items():
        expected = {one.module.id: oracle.took((student, one.module.id)) for one in page.modules}
        assert page.took == {module: took for module, took in expected.items() if took}
    for one, module in list(some_modules(oracle))[:: chosen(sample=4, nightly=1)]:
        found = module_times(admin, page_of(admin, one, module))
        took = {each: oracle.took((each, module)) for each in one.students}
        assert found.taken == {each: time for each, time in took.items() if time}
        known = [Fraction(time / timedelta(microseconds=1)) for time in took.values() if time]
        told = [found.middle] if found.middle else []
        if found.middle_half:
            told = [found.middle_half[0], *told, found.middle_half[1]]
        quarters = QUARTERS if len(known) >= 4 else [HALF] if known else []
        for end, quarter in zip(told, quarters, strict=True):
            exactly = sittings.quantile(known, quarter) / 10**6
            assert abs(end.total_seconds() - float(exactly)) < 1e-5
        assert sum(each.count for each in found.bins) == len(known)


def test_every_student_beside_the_scores_of_their_classes(
    admin: Connection, oracle: Oracle, students: list[UUID]
) -> None:
    for student in students[:: chosen(sample=3, nightly=1)]:
        found = class_scores(admin, student)
        assert found.keys() == {
            module
            for module in oracle.of_classes(student)
            if rules.can_be(oracle.cell(student, module).score)
        }
        for module, classes in found.items():
            for scores in classes:
                of_class = next(o for o in oracle.classes.values() if o.name == scores.class_name)
                known = sorted(c.score for c in of_class.column(module) if rules.can_be(c.score))
                assert list(scores.scores) == known
                told = spread(scores.scores)
                assert told is not None
                ends = [told.half[0], told.median, told.half[1]] if told.half else [told.median]
                quarters = QUARTERS if len(known) >= 4 else [HALF]
                assert [Fraction(end) for end in ends] == [
                    Fraction(exact(sittings.quantile(known, quarter))) for quarter in quarters
                ]


def exact(number: Fraction) -> Decimal:
    """As many digits as the app works with."""
    return Decimal(number.numerator) / number.denominator


def test_what_needs_attention_of_every_student(
    admin: Connection, oracle: Oracle, student_pages: dict[UUID, StudentPage]
) -> None:
    now = clock(admin)
    for student, page in student_pages.items():
        for one in map(oracle.classes.__getitem__, oracle.stored.classes_of(student)):
            told = {
                flag.rule: flag.modules for flag in page.flagged.flags if flag.class_id == one.id
            }
            cells = one.row(student)
            assert told.get("failed", 0) == sum(cell.failed for cell in cells)
            assert told.get("stuck", 0) == sum(cell.stuck for cell in cells)
            modules = [module.module.id for module in page.modules]
            idle = [at for each in modules if (at := oracle.idle_since((student, each), now))]
            begun = sum(cell.status == "InProgress" for cell in cells)
            is_inactive = begun and idle and now - max(idle) >= WEEK
            assert told.get("inactive", 0) == (begun if is_inactive else 0)

"""What the student page is made of: compared with plain Python over odd and poisoned rows."""

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from statistics import median
from uuid import UUID

import pytest
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.classes.matrix import matrix
from data.reading.history.changes import changes as read_changes
from data.reading.students.page import student_page
from data.reading.students.standing import class_median, class_scores, completions
from data.reading.students.students import student_modules
from data.rules.flags import is_failed
from data.rules.progress import Status
from tests import people
from tests.clusters import Scratch
from tests.database.completions_told import completions_told
from tests.database.odd_school import BARE, EMPTY, FULL, MIXED, Town
from tests.database.rows_as_owner import ask
from tests.figures.rules import can_be
from tests.people import ANN, BEN, CLASS_1A, COURSE, DAN, TEACHER


@pytest.fixture
def teacher(place: tuple[Scratch, Town]) -> Iterator[Connection]:
    with acting_as(people.actor(place[0].database, TEACHER)) as connection:
        yield connection


def test_a_page_is_there_for_mine_alone(north: Connection, teacher: Connection) -> None:
    assert student_page(north, DAN) is None
    found = student_page(teacher, ANN)
    assert found is not None
    assert found.student.id == ANN
    strangers = UUID(int=2005)
    assert student_page(teacher, strangers) is None
    assert student_page(north, strangers) is not None


def test_only_the_opened_module_brings_its_details(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    seen = 0
    for student in place[1].students:
        whole = student_modules(north, student)
        opened = whole[0].module.id if whole else None
        page = student_page(north, student, opened)
        if page is None:
            continue
        for one, other in zip(page.modules, whole, strict=True):
            told = one.module.id == opened
            assert one.details == (other.details if told else None)
            assert one.class_ids == other.class_ids
            seen += told and one.details is not None
    assert seen > 5


def test_what_is_flagged_names_the_modules_and_says_why(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    found = {"stuck": 0, "failed": 0}
    town = place[1]
    for student in town.students:
        page = student_page(north, student)
        if page is None:
            continue
        names = dict(zip(page.student.class_ids, page.student.classes, strict=True))
        reasons = page.flagged.reasons(names, UTC)
        for rule in found:
            named = {one.module_id for one in reasons if one.rule == rule}
            modules = {
                one for of in page.student.class_ids for one in town.class_modules.get(of, ())
            }
            facts = {one: town.facts.get((student, one)) for one in modules}
            expected = {
                one
                for one, fact in facts.items()
                if fact
                and (
                    (fact["attempts"] or 0) >= 3
                    if rule == "stuck"
                    else is_failed(fact["shown_score"], Decimal(town.modules[one][2]))
                )
            }
            assert named == expected
            found[rule] += len(named)
    assert min(found.values()) > 5


def test_the_class_page_flags_what_the_student_page_does(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    flagged = 0
    for student in matrix(north, {"class": FULL}).students:
        page = student_page(north, student.id)
        assert page is not None
        told = [flag for flag in page.flagged.flags if flag.class_id == FULL]
        assert list(student.flags) == told
        flagged += bool(told)
    assert flagged > 5


def test_the_median_is_that_of_the_classs_students(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town = place[1]
    for class_id in (FULL, MIXED, CLASS_1A):
        modules = town.class_modules[class_id]
        completed = [
            sum(
                town.facts.get((student, module), {}).get("status") == "Completed"
                for module in modules
            )
            for student in town.class_students[class_id]
        ]
        found = class_median(north, class_id)
        assert found is not None
        assert (found.completed, found.modules) == (median(completed), len(modules))
    assert class_median(north, EMPTY) is None
    assert class_median(north, BARE) is None


def test_a_median_is_told_to_nobody_who_does_not_staff_the_class(
    north: Connection, teacher: Connection
) -> None:
    assert class_median(teacher, FULL) is None
    assert class_median(north, FULL) is not None


def test_completions_go_by_the_completed_date_else_by_the_history_oldest_first(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town, seen, told = place[1], 0, completions_told(place[0])
    for student in town.students:
        if student == DAN:
            continue
        wanted = sorted(
            (at, module, change)
            for (one, module), events in told.items()
            for at, change in events
            if one == student
        )
        found = completions(north, student).completions
        assert sorted((one.at, one.module_id, one.change) for one in found) == wanted
        assert [one.at for one in found] == sorted(one.at for one in found)
        seen += len(found)
    assert seen > 20
    assert completions(north, DAN).completions == []


def test_a_module_that_was_seen_to_begin_and_to_end_has_a_duration(
    school: Scratch, cora: Actor
) -> None:
    for status in ("NotStarted", "InProgress", "Completed"):
        ask(
            school,
            "insert into public.student_module_progress (student_id, module_id, status) "
            "values (%s, %s, %s) on conflict (student_id, module_id) "
            "do update set status = excluded.status",
            BEN,
            COURSE,
            status,
        )
    with acting_as(cora) as connection:
        page = student_page(connection, BEN)
        changes = read_changes(connection, BEN, COURSE)
    assert page is not None
    one = next(one for one in page.modules if one.module.id == COURSE)
    assert one.status is Status.COMPLETED
    moves = [
        change.at for change in changes if change.after.get("status") in ("InProgress", "Completed")
    ]
    assert page.took == {COURSE: moves[0] - moves[1]}


def test_scores_beside_the_class_are_the_classs_own_and_on_the_scale(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town, seen = place[1], 0
    names = {FULL: "Full", MIXED: "South 1", CLASS_1A: "1A", BARE: "Bare", EMPTY: "Empty"}
    for student in town.class_students[FULL]:
        mine = {
            m
            for (one, m), fact in town.facts.items()
            if one == student and can_be(fact["shown_score"])
        }
        wanted = {}
        for class_id, students in town.class_students.items():
            if student not in students or class_id not in names:
                continue
            for module in mine & set(town.class_modules.get(class_id, [])):
                scores = sorted(
                    score
                    for each in students
                    if can_be(score := town.facts.get((each, module), {}).get("shown_score"))
                )
                if scores:
                    wanted[module, names[class_id]] = tuple(scores)
        found = {
            (module, one.class_name): one.scores
            for module, ones in class_scores(north, student).items()
            for one in ones
        }
        assert found == wanted
        seen += len(found)
    assert seen > 20
    assert class_scores(north, DAN) == {}

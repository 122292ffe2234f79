"""One module of a class, or of all my classes: compared with plain Python over odd and poisoned rows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from data.access.session import acting_as
from data.reading.classes.matrix import sort_key
from data.reading.modules.class_standings import module_classes
from data.reading.modules.needs import by_need
from data.reading.modules.page import (
    LARGEST_DETAILS,
    ModulePage,
    module_details,
    module_page,
)
from data.reading.modules.sections import (
    module_funnel,
    module_recorded,
    module_sittings,
    module_times,
)
from data.rules.progress import Status
from tests import people
from tests.clusters import Scratch
from tests.database.odd_school import EMPTY, FULL, Town
from tests.database.rows_as_owner import ask, platform
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    COORDINATOR,
    COURSE,
    DISABLED,
    LESSONS,
    OTHER_TEACHER,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
    UNUSED,
)


def status_of(town: Town, student: UUID, module: UUID) -> str:
    fact = town.facts.get((student, module))
    return str(fact["status"]) if fact else "NotStarted"


def northern(town: Town) -> list[UUID]:
    """The coordinator's classes: all but the South's."""
    return [one for one in town.class_modules if one != CLASS_SOUTH]


# Everything that a filter can ask of one cell, and nothing at all.
ASKED: list[dict[str, Any]] = [
    {},
    {"name": "a"},
    {"status": Status.NOT_STARTED},
    {"status": Status.COMPLETED, "name": "é"},
    {"score": (0.0, 60.0)},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_module_of_every_class_equals_a_recount(
    north: Connection, place: tuple[Scratch, Town], asked: dict[str, Any]
) -> None:
    town, seen = place[1], 0
    for class_id in northern(town):
        for module in town.class_modules[class_id]:
            page = module_page(north, module, {"class": class_id, **asked})
            assert page is not None
            everybody = {*town.class_students.get(class_id, [])}
            expected = {one for one in everybody if fits(town, one, module, asked)}
            assert {one.id for one in page.found.students} == expected
            assert page.eligible == len(everybody)
            assert_buckets(page, town, module)
            seen += len(expected)
    assert seen > 10


def fits(town: Town, student: UUID, module: UUID, asked: dict[str, Any]) -> bool:
    fact = town.facts.get((student, module))
    name = sort_key(town.students[student])
    score = fact["shown_score"] if fact else None
    return (
        sort_key(asked.get("name", "")) in name
        and asked.get("status", status_of(town, student, module))
        == status_of(town, student, module)
        and (
            "score" not in asked
            or (score is not None and not score.is_nan() and 0 <= score <= asked["score"][1])
        )
    )


def assert_buckets(page: ModulePage, town: Town, module: UUID) -> None:
    """The three sum to the students, and each is whose it says; needs hold everybody once."""
    found = page.found
    assert found.completed + found.in_progress + found.not_started == len(found.students)
    for one in found.students:
        counts = {"Completed": one.completed, "InProgress": one.in_progress}
        assert counts.get(status_of(town, one.id, module), 1) == 1
    needs = by_need(found.students, page.judged_by, datetime.now(UTC))
    placed = [student.row.id for students in needs.values() for student in students]
    assert sorted(placed, key=str) == sorted((one.id for one in found.students), key=str)


def test_in_all_classes_a_student_of_two_stands_once(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town = place[1]
    module = town.class_modules[FULL][0]
    holding = [one for one in northern(town) if module in town.class_modules[one]]
    expected = {student for one in holding for student in town.class_students.get(one, [])}
    assert len(expected) < sum(len(town.class_students.get(one, [])) for one in holding)
    page = module_page(north, module, {})
    assert page is not None
    assert "class" not in page.chosen
    assert page.may_choose_all
    assert [*page.options.classes.keys()] != []
    assert {*page.options.classes} == {*holding}
    assert len(page.found.students) == len(expected) == page.eligible
    assert {one.id for one in page.found.students} == expected


def test_the_classes_are_compared_by_a_recount(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town = place[1]
    module = town.class_modules[FULL][1]
    page = module_page(north, module, {})
    assert page is not None
    standings = {one.id: one for one in module_classes(north, page.module)}
    assert {*standings} == {*page.options.classes}
    assert standings[EMPTY].students == standings[EMPTY].not_started == 0
    for class_id, one in standings.items():
        students = town.class_students.get(class_id, [])
        statuses = [status_of(town, student, module) for student in students]
        assert (one.students, one.completed, one.in_progress, one.not_started) == (
            len(students),
            statuses.count("Completed"),
            statuses.count("InProgress"),
            statuses.count("NotStarted"),
        )


def test_the_sections_stand_whatever_the_rows_hold(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    for module in place[1].class_modules[FULL]:
        page = module_page(north, module, {"class": FULL})
        assert page is not None
        assert module_funnel(north, page).students == len(page.found.students)
        assert module_sittings(north, page).unreadable >= 0
        assert module_recorded(north, page).unreadable >= 0
        times = module_times(north, page)
        assert times.completed == page.found.completed
        assert all(time > timedelta(0) for time in times.taken.values())


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (TEACHER, {CLASS_1A}),
        (OTHER_TEACHER, {CLASS_1B}),
        (COORDINATOR, {CLASS_1A, CLASS_1B}),
        (SOUTH_COORDINATOR, {CLASS_SOUTH}),
        (ADMIN, {CLASS_1A, CLASS_1B, CLASS_SOUTH}),
        (DISABLED, set()),
        (STRANGER, set()),
    ],
)
def test_everybody_sees_the_module_in_their_own_classes_only(
    school: Scratch, person: UUID, sees: set[UUID]
) -> None:
    with acting_as(people.actor(school.database, person)) as connection:
        page = module_page(connection, COURSE, {})
        if page is None:
            assert sees == set()
            return
        assert {*page.options.classes} == sees
        standings = module_classes(connection, page.module)
        assert {one.id for one in standings} == sees
        for foreign in {CLASS_1A, CLASS_1B, CLASS_SOUTH} - sees:
            other = module_page(connection, COURSE, {"class": foreign})
            assert other is not None
            assert other.left_out == ("Class",)
            assert other.chosen["class"] in sees
        # Details are asked for by id: the policies stand between.
        everybody = [row["id"] for row in ask(school, "select id from school.student")]
        mine = {one.id for one in page.found.students}
        assert {*module_details(connection, COURSE, everybody).details} <= mine


def test_a_module_of_no_class_of_mine_is_not_there(school: Scratch) -> None:
    with acting_as(people.actor(school.database, ADMIN)) as connection:
        assert module_page(connection, UNUSED, {}) is None
        assert module_page(connection, UUID(int=5), {}) is None


def test_a_class_without_the_module_is_left_out(school: Scratch) -> None:
    ask(school, "delete from school.class_module where class_id = %s and module_id = %s",
        CLASS_1B, COURSE)  # fmt: skip
    with acting_as(people.actor(school.database, COORDINATOR)) as connection:
        page = module_page(connection, COURSE, {"class": CLASS_1B})
    assert page is not None
    assert page.left_out == ("Class",)
    assert page.chosen["class"] == CLASS_1A


def test_the_stuck_quiz_is_named_with_its_lesson(school: Scratch) -> None:
    quiz = {"attempts": 3, "passed": False, "best_score": 40, "score": 20}
    write_details(school, ANN, {"lesson_quiz_results": {str(LESSONS[0]): quiz}})
    with acting_as(people.actor(school.database, TEACHER)) as connection:
        page = module_page(connection, COURSE, {"class": CLASS_1A})
    assert page is not None
    (stuck,) = page.stuck[ANN]
    assert (stuck.lesson.title if stuck.lesson else None, stuck.quiz.attempts) == ("Halves", 3)
    assert [
        need.key for need in by_need(page.found.students, page.judged_by, datetime.now(UTC))
    ] == [
        "stuck",
        "completed",
    ]


def test_details_too_large_to_be_read_among_hundreds_are_counted(school: Scratch) -> None:
    write_details(school, ANN, {"completed_lesson_ids": ["x" * LARGEST_DETAILS]})
    write_details(school, BEN, {"completed_lesson_ids": [str(LESSONS[1]), 5, None]})
    with acting_as(people.actor(school.database, TEACHER)) as connection:
        page = module_page(connection, COURSE, {"class": CLASS_1A})
        assert page is not None
        found = module_funnel(connection, page)
    assert found.unreadable == 2
    assert [step.reached for step in found.steps] == [1, 1]


def test_time_taken_is_known_where_the_history_saw_both_ends(school: Scratch) -> None:
    # Ann began before anybody looked; Ben is seen to begin, and both to complete.
    platform(school, BEN, COURSE, "status = 'NotStarted'")
    platform(school, BEN, COURSE, "status = 'InProgress'")
    platform(school, BEN, COURSE, "progress_percentage = 60")
    platform(school, BEN, COURSE, "status = 'Completed'")
    platform(school, ANN, ASSESSMENT, "status = 'NotStarted'")
    platform(school, ANN, ASSESSMENT, "status = 'Completed'")
    moves = ask(
        school,
        "select at from dashboard.history where student_id = %s and module_id = %s "
        "and after ? 'status' order by id",
        BEN,
        COURSE,
    )
    with acting_as(people.actor(school.database, TEACHER)) as connection:
        course, test = (
            module_times(connection, page)
            for module in (COURSE, ASSESSMENT)
            if (page := module_page(connection, module, {"class": CLASS_1A}))
        )
    assert course.completed == 1
    assert course.taken == {BEN: moves[-1]["at"] - moves[-2]["at"]}
    assert (test.completed, test.taken) == (1, {})


def write_details(school: Scratch, student: UUID, details: Any) -> None:
    ask(
        school,
        "update public.student_module_progress set progress_details = %s "
        "where student_id = %s and module_id = %s",
        Jsonb(details),
        student,
        COURSE,
    )

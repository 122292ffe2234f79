"""The overview, the filters' options and a class's modules; no class costs more statements than another."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from uuid import UUID

from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.reading.catalogue import class_modules, lessons_of
from data.reading.classes.matrix import matrix
from data.reading.classes.overview import TREND_WEEKS, options, overview
from data.reading.filters import NEEDED
from data.reading.history.changes import changes
from data.reading.people import clock
from data.reading.students.students import find_students, student_modules, students_of_class
from data.reading.students.students import student as read_student
from data.rules.progress import Status
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database import odd_school
from tests.database.completions_told import completions_told
from tests.database.odd_school import BARE, EMPTY, FULL, MIXED, Town
from tests.database.reads.counting import counted
from tests.database.rows_as_owner import S, ask, edit
from tests.people import ADMIN, ANN, CLASS_1A, CLEO, COORDINATOR, COURSE, DAN, PROJECT, TEACHER

Act = Callable[[UUID], Actor]


def test_the_overview_counts_every_class_and_its_buckets_sum(north: Connection, town: Town) -> None:
    found = {one.id: one for one in overview(north)}
    assert set(found) == {CLASS_1A, people.CLASS_1B, FULL, EMPTY, BARE, MIXED}
    for of, summary in found.items():
        students = town.class_students.get(of, [])
        modules = town.class_modules.get(of, [])
        facts = [town.facts.get((student, module)) for student in students for module in modules]
        statuses = Counter(fact["status"] if fact else "NotStarted" for fact in facts)
        assert (summary.students, summary.modules) == (len(students), len(modules))
        assert (summary.completed, summary.in_progress, summary.not_started) == (
            statuses["Completed"],
            statuses["InProgress"],
            statuses["NotStarted"],
        )
        assert summary.cells == len(facts)
        assert summary.organisation == "North School"
    assert found[FULL].completed > 10


def test_the_overview_counts_whom_the_class_page_shows_as_needing_attention(
    north: Connection,
) -> None:
    by_class = {one.id: one.needs_attention for one in overview(north)}
    for of, many in by_class.items():
        needed = matrix(north, {"class": of, "attention": NEEDED}).students
        everybody = matrix(north, {"class": of}).students
        assert list(needed) == [one for one in everybody if one.flags]
        assert len(needed) == many
    assert sum(by_class.values()) > 0
    assert 0 in by_class.values()


def test_a_student_in_two_classes_counts_once_in_each(north: Connection, town: Town) -> None:
    by_class = {one.id: one for one in overview(north)}
    assert ANN in town.class_students[MIXED]
    assert by_class[CLASS_1A].students == 2
    assert by_class[MIXED].students == len(town.class_students[MIXED]) == 7
    assert by_class[MIXED].cells == 7 * 4


def test_the_trend_equals_a_recount_of_the_completions(
    north: Connection, place: tuple[Scratch, Town]
) -> None:
    town, now, told = place[1], clock(north), completions_told(place[0])
    for summary in overview(north):
        assert len(summary.trend) == TREND_WEEKS + 1
        assert summary.trend[-1] == summary.completed
        for weeks_ago, count in list(enumerate(reversed(summary.trend)))[1:]:
            last = (now.astimezone(UTC) - timedelta(weeks=weeks_ago)).date()
            later = sum(
                change
                for (student, module), events in told.items()
                for at, change in events
                if at.astimezone(UTC).date() > last
                and student in town.class_students.get(summary.id, [])
                and module in town.class_modules.get(summary.id, [])
            )
            assert count == summary.completed - later, (summary.name, weeks_ago)
    full = next(one for one in overview(north) if one.id == FULL)
    assert full.trend[0] < full.trend[-1]


def test_a_completion_of_this_very_moment_is_of_this_week(school: Scratch, act: Act) -> None:
    with acting_as(act(TEACHER)) as connection:  # its clock stands still from here on
        before = overview(connection)[0]
        wish = edit(school, ANN, COURSE, {S: Status.COMPLETED})
        assert save(act(COORDINATOR), [wish]).saved
        after = overview(connection)[0]
    assert after.completed == before.completed + 1
    assert after.trend[-1] == before.trend[-1] + 1
    assert after.trend[:-1] == before.trend[:-1]


def test_a_guest_from_another_organisation_is_counted_nowhere_or_everywhere(
    school: Scratch, act: Act
) -> None:
    ask(school, "insert into school.class_student values (%s, %s)", CLASS_1A, DAN)
    for person in (COORDINATOR, TEACHER, ADMIN):
        with acting_as(act(person)) as connection:
            summary = next(one for one in overview(connection) if one.id == CLASS_1A)
            found = matrix(connection, {"class": CLASS_1A})
            names = students_of_class(connection, CLASS_1A)
            sees_dan = read_student(connection, DAN) is not None
        assert summary.students == len(found.students) == len(names)
        assert (DAN in {one.id for one in found.students}) == sees_dan
        assert summary.in_progress == found.in_progress
        assert summary.not_started == found.not_started


def test_options_offer_the_classes_modules_and_types_there_are(north: Connection) -> None:
    found = options(north, FULL)
    assert set(found.classes) == {CLASS_1A, people.CLASS_1B, FULL, EMPTY, BARE, MIXED}
    assert found.types == {
        "course": "Course",
        "assessment": "Assessment",
        "interview": "Interview",
        "project": "Project",
    }
    assert list(found.modules.values()) == [f"Module {number}" for number in range(5)]
    assert found.students == len(odd_school.NAMES)
    nothing = options(north, None)
    assert (nothing.modules, nothing.types, nothing.students) == ({}, {}, 0)


def test_classes_of_the_same_name_are_told_apart(place: tuple[Scratch, Town]) -> None:
    with acting_as(people.actor(place[0].database, ADMIN)) as connection:
        names = options(connection, None).classes
    assert names[MIXED] == "South 1 (North School)"
    assert names[people.CLASS_SOUTH] == "South 1 (South School)"
    assert names[FULL] == "Full"


def test_lessons_come_in_order_by_module(school: Scratch, act: Act) -> None:
    ask(
        school,
        "insert into public.lessons (module_id, title, sequence) values (%s, 'Zeroth', 0), "
        "(%s, 'Unnumbered', null), (%s, 'Elsewhere', 1)",
        COURSE,
        COURSE,
        people.UNUSED,
    )
    with acting_as(act(TEACHER)) as connection:
        found = lessons_of(connection, [COURSE])
    assert {module: [one.title for one in lessons] for module, lessons in found.items()} == {
        COURSE: ["Zeroth", "Halves", "Thirds", "Unnumbered"]
    }


def test_class_modules_come_in_the_order_of_the_class(north: Connection, town: Town) -> None:
    for of in (FULL, MIXED, CLASS_1A, BARE):
        assert [one.id for one in class_modules(north, of)] == town.class_modules.get(of, [])
    assert [one.type for one in class_modules(north, FULL, {"type": "course"})] == [
        "course",
        "course",
    ]


def test_a_class_of_500_costs_as_many_statements_as_a_class_of_2(school: Scratch, act: Act) -> None:
    def visit() -> list[str]:
        with counted(school) as statements, acting_as(act(COORDINATOR)) as connection:
            overview(connection)
            options(connection, CLASS_1A)
            assert len(matrix(connection, {"class": CLASS_1A}).students) in (2, 502)
            students_of_class(connection, CLASS_1A)
            find_students(connection, "a")
            student_modules(connection, ANN)
            lessons_of(connection, [COURSE])
            changes(connection, ANN)
        return statements

    few = visit()
    assert len(few) < 20
    ask(
        school,
        """
        with made as (
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, 500) returning id
        ),
        known as (
            insert into school.student (id, organisation_id, full_name)
            select id, %s, 'Student ' || id from made returning id
        )
        insert into school.class_student select %s, id from known
        """,
        people.NORTH,
        CLASS_1A,
    )
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id) "
        "select student_id, module_id from school.class_student join school.class_module "
        "using (class_id) on conflict do nothing",
    )
    assert visit() == few


def test_no_row_however_poisoned_breaks_a_page(north: Connection, town: Town) -> None:
    for of in town.class_students:
        matrix(north, {"class": of})
        options(north, of)
        students_of_class(north, of)
    assert overview(north)
    for student in town.students:
        student_modules(north, student)
        changes(north, student)
        lessons_of(north, [COURSE])
    assert student_modules(north, CLEO, PROJECT)[0].details is None

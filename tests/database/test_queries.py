"""The reads: each compared with plain Python over the same rows, odd and poisoned ones among them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from data import queries
from data.commands import save
from data.filters import NEEDED
from data.progress import Status
from data.queries.classes import TREND_WEEKS
from data.session import Actor, acting_as
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database import town as towns
from tests.database.town import BARE, EMPTY, FULL, MIXED, Town
from tests.database.writing import SC, P, S, ask, edit
from tests.people import ADMIN, ANN, BEN, CLASS_1A, CLEO, COORDINATOR, COURSE, DAN, PROJECT, TEACHER

Act = Callable[[UUID], Actor]


@pytest.fixture(scope="module")
def place(cluster: Cluster) -> Iterator[tuple[Scratch, Town]]:
    scratch = cluster.new_database("cast")
    yield scratch, towns.build(scratch)
    cluster.drop(scratch)


@pytest.fixture
def town(place: tuple[Scratch, Town]) -> Town:
    return place[1]


@pytest.fixture
def cora(place: tuple[Scratch, Town]) -> Iterator[Connection]:
    """A transaction of the coordinator, who sees the whole North."""
    with acting_as(people.actor(place[0].database, COORDINATOR)) as connection:
        yield connection


def plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f").lower()


# --- the matrix ---


class Expected:
    """The matrix as plain Python makes it of the rows."""

    def __init__(self, town: Town, chosen: dict[str, Any]) -> None:
        self.modules = [
            module
            for module in town.class_modules.get(chosen["class"], [])
            if chosen.get("type") in (None, town.modules[module][1])
            and chosen.get("module") in (None, module)
        ]
        self.students = {
            student: cells
            for student in town.class_students.get(chosen["class"], [])
            if plain(chosen.get("name", "")) in plain(town.students[student])
            and (cells := [town.facts.get((student, module)) for module in self.modules])
            and self.keeps(chosen, cells)
        }

    @staticmethod
    def keeps(chosen: dict[str, Any], cells: list[Any]) -> bool:
        def fits(fact: dict[str, Any] | None) -> bool:
            status = fact["status"] if fact else "NotStarted"
            if chosen.get("status") not in (None, status):
                return False
            if "score" not in chosen:
                return True
            score = fact["shown_score"] if fact else None
            low, high = chosen["score"]
            return score is not None and not score.is_nan() and low <= score <= high

        if ("status" in chosen or "score" in chosen) and not any(map(fits, cells)):
            return False
        moments = [fact["last_activity"] for fact in cells if fact and fact["last_activity"]]
        return "since" not in chosen or any(moment.date() >= chosen["since"] for moment in moments)


CELL = re.compile(r"([CIN])(\d*)(?:/(-?\d+(?:\.\d+)?))?([a-z]*)")


def assert_cell(written: str, fact: dict[str, Any] | None, pass_mark: int) -> None:
    if fact is None:
        assert written == "N"
        return
    found = CELL.fullmatch(written)
    assert found, written
    letter, percentage, score, marks = found.groups()
    assert letter == {"NotStarted": "N", "InProgress": "I", "Completed": "C"}[fact["status"]]
    assert percentage == ("" if fact["percentage"] is None else str(fact["percentage"]))
    shown = fact["shown_score"]
    if shown is None or shown.is_nan() or not -9999 <= shown <= 9999:
        assert score is None
    else:
        assert Decimal(score) == shown
    failed = shown is not None and not shown.is_nan() and shown < pass_mark
    assert len(set(marks)) == len(marks)
    assert {*marks} == {
        mark
        for mark, is_so in {
            "f": failed,
            "s": fact["is_stuck"],
            "e": fact["edited_by_staff"],
            "p": fact["has_problem"],
        }.items()
        if is_so
    }


def assert_matrix(town: Town, chosen: dict[str, Any], found: queries.Matrix) -> None:
    expected = Expected(town, chosen)
    assert [one.module.id for one in found.modules] == expected.modules
    assert {one.id for one in found.students} == set(expected.students)
    names = [queries.sort_key(one.name) for one in found.students]
    assert names == sorted(names)
    columns: list[Counter[str]] = [Counter() for _ in expected.modules]
    for student in found.students:
        facts = expected.students[student.id]
        cells = student.cells.split(";")
        assert student.name == town.students[student.id]
        for cell, fact, module, column in zip(cells, facts, expected.modules, columns, strict=True):
            assert_cell(cell, fact, town.modules[module][2])
            column[cell[0]] += 1
        letters = Counter(cell[0] for cell in cells)
        assert (student.completed, student.in_progress, student.not_started) == (
            letters["C"],
            letters["I"],
            letters["N"],
        )
        moments = [fact["last_activity"] for fact in facts if fact and fact["last_activity"]]
        assert student.last_activity == max(moments, default=None)
        assert student.needs_attention == any("f" in cell or "s" in cell for cell in cells)
    for module_column, counted in zip(found.modules, columns, strict=True):
        assert (module_column.completed, module_column.in_progress, module_column.not_started) == (
            counted["C"],
            counted["I"],
            counted["N"],
        )
    assert found.cells == len(expected.students) * len(expected.modules)
    assert found.completed + found.in_progress + found.not_started == found.cells


@pytest.mark.parametrize("of", [CLASS_1A, FULL, EMPTY, BARE, MIXED, people.CLASS_SOUTH, uuid4()])
def test_the_matrix_is_students_times_modules_missing_rows_included(
    cora: Connection, town: Town, of: UUID
) -> None:
    found = queries.matrix(cora, {"class": of})
    if of in (people.CLASS_SOUTH, BARE):
        assert (found.students, found.cells) == ((), 0)
    else:
        assert_matrix(town, {"class": of}, found)
        assert len(found.students) == len(town.class_students.get(of, []))
    assert (len(found.students) > 0) == (of in (CLASS_1A, FULL, MIXED))


FILTERS = st.fixed_dictionaries(
    {"class": st.sampled_from([FULL, FULL, FULL, MIXED, CLASS_1A, EMPTY])},
    optional={
        "name": st.sampled_from(
            ["o", "omer", "ÖMER", "Éva", "eva", "ang", "zak", "%", "_", "'", '"', "\\", "<b>",
             ":name", "%s", "علي", "小", "nobody", "  x", "drop table", "ngu", "Ễ", "\u0301"]
        ),
        "type": st.sampled_from(["course", "assessment", "interview", "project", "Course", "none"]),
        "module": st.sampled_from([*(UUID(int=3000 + number) for number in range(5)), COURSE]),
        "status": st.sampled_from(Status),
        "score": st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
            lambda pair: tuple(map(float, sorted(pair)))
        ),
        "since": st.dates(date(2025, 6, 1), date(2027, 1, 1)) | st.sampled_from([date.min, date.max]),
    },
)  # fmt: skip


def test_every_combination_of_filters_narrows_to_what_it_says(
    place: tuple[Scratch, Town],
) -> None:
    school, town = place
    left: Counter[str] = Counter()
    with acting_as(people.actor(school.database, COORDINATOR)) as connection:

        @settings(
            max_examples=150,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(FILTERS)
        def any_filters(chosen: dict[str, Any]) -> None:
            found = queries.matrix(connection, chosen)
            assert_matrix(town, chosen, found)
            full = len(town.class_students.get(chosen["class"], []))
            left[
                "all" if len(found.students) == full else "some" if found.students else "none"
            ] += 1

        any_filters()
    assert min(left["all"], left["some"], left["none"]) > 5, left


def test_status_and_score_must_hold_in_the_same_cell(school: Scratch, act: Act) -> None:
    # Ann is in progress at 40 without a score, and completed with 55.
    with acting_as(act(TEACHER)) as connection:
        chosen = {"class": CLASS_1A, "status": Status.IN_PROGRESS, "score": (50.0, 60.0)}
        assert queries.matrix(connection, chosen).students == ()
        chosen |= {"status": Status.COMPLETED}
        assert [one.name for one in queries.matrix(connection, chosen).students] == ["Ann Ågren"]


def test_the_cells_of_the_cast_read_as_documented(school: Scratch, act: Act) -> None:
    save(act(COORDINATOR), [edit(school, BEN, COURSE, {SC: Decimal("45.50")})])
    with acting_as(act(TEACHER)) as connection:
        found = queries.matrix(connection, {"class": CLASS_1A})
    assert {one.name: one.cells for one in found.students} == {
        "Ann Ågren": "I40;C55/55f;N",
        "Ben O'Neill": "C100/45.5ef;N;N",
    }


def test_names_sort_without_regard_to_accents_and_capitals(cora: Connection) -> None:
    names = [one.name for one in queries.matrix(cora, {"class": FULL}).students]
    for one, other in (
        ("ann agren", "Éva Ångström"),
        ("Eva Angstrom", "Ivan\u200b Zero"),
        ("Nguyễn Văn An", "O'Neill Bríd"),
        ("Ömer Çelik", "x"),
        ("omer Celik", "Zoë Quinn"),
    ):
        assert names.index(one) < names.index(other)
    assert abs(names.index("Zoë Quinn") - names.index("zoe quinn")) == 1


# --- the overview ---


def test_the_overview_counts_every_class_and_its_buckets_sum(cora: Connection, town: Town) -> None:
    found = {one.id: one for one in queries.overview(cora)}
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
    cora: Connection,
) -> None:
    counted = {one.id: one.needs_attention for one in queries.overview(cora)}
    for of, many in counted.items():
        needed = queries.matrix(cora, {"class": of, "attention": NEEDED})
        assert len(needed.students) == many
        assert all(student.needs_attention for student in needed.students)
        everybody = queries.matrix(cora, {"class": of})
        assert sum(student.needs_attention for student in everybody.students) == many
    assert sum(counted.values()) > 0
    assert 0 in counted.values()


def test_a_student_in_two_classes_counts_once_in_each(cora: Connection, town: Town) -> None:
    by_class = {one.id: one for one in queries.overview(cora)}
    assert ANN in town.class_students[MIXED]
    assert by_class[CLASS_1A].students == 2
    assert by_class[MIXED].students == len(town.class_students[MIXED]) == 7
    assert by_class[MIXED].cells == 7 * 4


def test_the_trend_equals_a_recount_of_the_history(cora: Connection, town: Town) -> None:
    now = queries.clock(cora)
    for summary in queries.overview(cora):
        assert len(summary.trend) == TREND_WEEKS + 1
        assert summary.trend[-1] == summary.completed
        for weeks_ago, count in enumerate(reversed(summary.trend)):
            boundary = now - timedelta(weeks=weeks_ago)
            assert count == sum(
                completions
                for student, module, at, completions in town.history
                if at <= boundary
                and student in town.class_students.get(summary.id, [])
                and module in town.class_modules.get(summary.id, [])
            ), (summary.name, weeks_ago)
    full = next(one for one in queries.overview(cora) if one.id == FULL)
    assert full.trend[0] < full.trend[-1]


def test_a_completion_of_this_very_moment_is_of_this_week(school: Scratch, act: Act) -> None:
    with acting_as(act(TEACHER)) as connection:  # its clock stands still from here on
        before = queries.overview(connection)[0]
        wish = edit(school, ANN, COURSE, {S: Status.COMPLETED})
        assert save(act(COORDINATOR), [wish]).saved
        after = queries.overview(connection)[0]
    assert after.completed == before.completed + 1
    assert after.trend[-1] == before.trend[-1] + 1
    assert after.trend[:-1] == before.trend[:-1]


def test_a_guest_from_another_organisation_is_counted_nowhere_or_everywhere(
    school: Scratch, act: Act
) -> None:
    ask(school, "insert into school.class_student values (%s, %s)", CLASS_1A, DAN)
    for person in (COORDINATOR, TEACHER, ADMIN):
        with acting_as(act(person)) as connection:
            summary = next(one for one in queries.overview(connection) if one.id == CLASS_1A)
            found = queries.matrix(connection, {"class": CLASS_1A})
            names = queries.students_of_class(connection, CLASS_1A)
            sees_dan = queries.student(connection, DAN) is not None
        assert summary.students == len(found.students) == len(names)
        assert (DAN in {one.id for one in found.students}) == sees_dan
        assert summary.in_progress == found.in_progress
        assert summary.not_started == found.not_started


# --- options, students, modules ---


def test_options_offer_the_classes_modules_and_types_there_are(cora: Connection) -> None:
    found = queries.options(cora, FULL)
    assert set(found.classes) == {CLASS_1A, people.CLASS_1B, FULL, EMPTY, BARE, MIXED}
    assert found.types == {
        "course": "Course",
        "assessment": "Assessment",
        "interview": "Interview",
        "project": "Project",
    }
    assert list(found.modules.values()) == [f"Module {number}" for number in range(5)]
    assert found.students == len(towns.NAMES)
    nothing = queries.options(cora, None)
    assert (nothing.modules, nothing.types, nothing.students) == ({}, {}, 0)


def test_classes_of_the_same_name_are_told_apart(place: tuple[Scratch, Town]) -> None:
    with acting_as(people.actor(place[0].database, ADMIN)) as connection:
        names = queries.options(connection, None).classes
    assert names[MIXED] == "South 1 (North School)"
    assert names[people.CLASS_SOUTH] == "South 1 (South School)"
    assert names[FULL] == "Full"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ömer", {"Ömer Çelik", "omer Celik"}),
        ("OMER", {"Ömer Çelik", "omer Celik"}),
        ("nguyen van", {"Nguyễn Văn An"}),
        ("ANN@example", {"Ann Ågren"}),
        ("agren", {"Ann Ågren", "ann agren"}),
        ("%", {'"Quoted" %s', "100%"}),
        ("_", set()),
        ("\\", {"back\\slash"}),
        ("'; drop", set()),
        ("Süd", set()),  # the South's
        ("x" * 10_000, set()),
        ("\x00", set()),
        ("a\ud800", set()),
    ],
)
def test_students_are_found_by_part_of_a_name_or_address(
    cora: Connection, name: str, found: set[str]
) -> None:
    assert {one.name for one in queries.find_students(cora, name)} == found


def test_finding_stops_at_the_limit(cora: Connection) -> None:
    assert len(queries.find_students(cora, "", limit=7)) == 7
    assert len(queries.find_students(cora, "", limit=500)) == len(towns.NAMES) + 3


def test_one_student_tells_who(cora: Connection) -> None:
    found = queries.student(cora, ANN)
    assert found is not None
    assert len(set(found.class_ids)) == 2
    assert found == queries.Student(
        *(ANN, "Ann Ågren", "ann@example.org", "North School", True),
        classes=("1A", "South 1"),
        class_ids=found.class_ids,
    )
    assert queries.student(cora, DAN) is None
    assert queries.student(cora, uuid4()) is None


def test_a_students_modules_are_those_of_the_classes_then_those_from_elsewhere(
    place: tuple[Scratch, Town], cora: Connection, town: Town
) -> None:
    for student in town.students:
        if student == DAN:
            continue
        found = queries.student_modules(cora, student)
        mine = {
            module
            for of, students in town.class_students.items()
            for module in town.class_modules.get(of, [])
            if student in students
        }
        elsewhere = {module for one, module in town.facts if one == student} - mine
        assert {one.module.id for one in found if one.in_class} == mine
        assert {one.module.id for one in found if not one.in_class} == elsewhere
        assert len({one.module.id for one in found}) == len(found)
        assert [one.in_class for one in found] == sorted(
            (one.in_class for one in found), reverse=True
        )
        for one in found:
            fact = town.facts.get((student, one.module.id))
            assert one.has_row == (fact is not None)
            assert one.status == (fact["status"] if fact else "NotStarted")
            if fact:
                assert repr(one.shown_score) == repr(fact["shown_score"])
                assert (one.percentage, one.last_activity, one.has_problem) == (
                    fact["percentage"],
                    fact["last_activity"],
                    fact["has_problem"],
                )
                assert one.is_failed in (True, False)
    only = queries.student_modules(cora, ANN, COURSE)
    assert [one.module.id for one in only] == [COURSE]
    assert queries.student_modules(cora, DAN) == []


def test_a_panel_knows_its_cell_as_the_matrix_writes_it(cora: Connection) -> None:
    found = queries.matrix(cora, {"class": FULL})
    for student in found.students:
        for column, cell in zip(found.modules, student.cells.split(";"), strict=True):
            page = queries.cell_page(cora, student.id, column.module.id)
            assert page is not None
            assert queries.cell_text(cora, student.id, column.module.id) == cell
            assert page.lessons == queries.lessons_of(cora, [column.module.id]).get(
                column.module.id, ()
            )
            assert page.changes == queries.changes(cora, student.id, column.module.id)
    assert queries.cell_page(cora, uuid4(), found.modules[0].module.id) is None


def test_an_unreadable_date_is_none_with_its_text_beside_it(school: Scratch, act: Act) -> None:
    for text, expected in (
        ("infinity", "infinity"),
        ("0044-03-15 BC", "0044-03-15 00:00:00+00 BC"),
        ("12026-01-01", "12026-01-01 00:00:00+00"),
    ):
        ask(school, "update public.student_module_progress set completed_at = %s", text)
        with acting_as(act(TEACHER)) as connection:
            found = queries.student_modules(connection, ANN, COURSE)[0]
        assert (found.completed_at, found.completed_at_text) == (None, expected)


def test_a_failed_assessment_can_be_completed(school: Scratch, act: Act) -> None:
    with acting_as(act(TEACHER)) as connection:
        found = {one.module.name: one for one in queries.student_modules(connection, ANN)}
    test = found["Fractions test"]
    assert test.module.pass_mark == 70
    assert (test.status, test.is_failed) == (Status.COMPLETED, True)
    assert test.shown_score == 55
    assert not found["Fractions"].is_failed
    assert not found["A garden"].has_row


@pytest.mark.parametrize(
    ("configuration", "pass_mark"),
    [
        (None, 60),
        ("null", 60),
        ("{}", 60),
        ('{"pass_threshold": 50}', 50),
        ('{"passThreshold": "50"}', 50),
        ('{"passing_threshold": 50.5}', Decimal("50.5")),
        ('{"passingThreshold": 0}', 0),
        ('{"pass_threshold": "high", "passingThreshold": 75}', 75),
        ('{"pass_threshold": 140, "passThreshold": 80}', 80),
        ('{"pass_threshold": null}', 60),
        ('{"pass_threshold": [50]}', 60),
        ('{"pass_threshold": true}', 60),
        ('{"pass_threshold": -1}', 60),
        ("[50]", 60),
        ('"50"', 60),
    ],
)
def test_the_pass_mark_is_found_under_every_spelling(
    place: tuple[Scratch, Town], configuration: str | None, pass_mark: Any
) -> None:
    found = ask(place[0], "select internal.pass_mark(%s::jsonb) as it", configuration)
    assert found == [{"it": pass_mark}]


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
        found = queries.lessons_of(connection, [COURSE])
    assert {module: [one.title for one in lessons] for module, lessons in found.items()} == {
        COURSE: ["Zeroth", "Halves", "Thirds", "Unnumbered"]
    }


def test_class_modules_come_in_the_order_of_the_class(cora: Connection, town: Town) -> None:
    for of in (FULL, MIXED, CLASS_1A, BARE):
        assert [one.id for one in queries.class_modules(cora, of)] == town.class_modules.get(of, [])
    assert [one.type for one in queries.class_modules(cora, FULL, {"type": "course"})] == [
        "course",
        "course",
    ]


# --- people and state ---


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (TEACHER, ("Tess Teacher", "teacher", "North School")),
        (COORDINATOR, ("Cora Coordinator", "coordinator", "North School")),
        (ADMIN, ("Ada Admin", "admin", None)),
        (people.DISABLED, None),
        (people.STRANGER, None),
        (ANN, None),
    ],
)
def test_the_person_is_looked_up_anew_in_the_database(
    place: tuple[Scratch, Town], person: UUID, expected: tuple[str, ...] | None
) -> None:
    database = place[0].database
    with acting_as(people.actor(database, person)) as connection:
        found = queries.actor(connection, database)
    assert (found and (found.full_name, found.role, found.organisation)) == expected


def test_there_are_demo_people_only_where_the_marker_is(school: Scratch) -> None:
    assert queries.demo_people(school.database) == []
    ask(school, "insert into internal.demo_marker default values")
    found = queries.demo_people(school.database)
    assert [one.role for one in found] == ["teacher"] * 2 + ["coordinator"] * 2 + ["admin"]
    assert people.DISABLED not in {one.id for one in found}


def test_the_version_advances_with_every_write_and_with_nothing_else(
    school: Scratch, act: Act
) -> None:
    def version() -> str:
        with acting_as(act(TEACHER)) as connection:
            return queries.version(connection)

    seen = [version()]
    assert version() == version() == seen[0]
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])
    seen.append(version())
    ask(school, "update school.student set full_name = 'New' where id = %s", ANN)
    seen.append(version())
    assert len(set(seen)) == 3
    assert version() == seen[-1]


def test_the_clock_is_the_databases_with_a_zone(cora: Connection) -> None:
    assert abs(queries.clock(cora) - datetime.now(UTC)) < timedelta(minutes=1)


# --- cost ---


@contextmanager
def counted(school: Scratch) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(school.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(school.database.engine, "before_cursor_execute", note)


def test_a_class_of_500_costs_as_many_statements_as_a_class_of_2(school: Scratch, act: Act) -> None:
    def visit() -> list[str]:
        with counted(school) as statements, acting_as(act(COORDINATOR)) as connection:
            queries.overview(connection)
            queries.options(connection, CLASS_1A)
            assert len(queries.matrix(connection, {"class": CLASS_1A}).students) in (2, 502)
            queries.students_of_class(connection, CLASS_1A)
            queries.find_students(connection, "a")
            queries.student_modules(connection, ANN)
            queries.lessons_of(connection, [COURSE])
            queries.changes(connection, ANN)
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


def test_no_row_however_poisoned_breaks_a_page(cora: Connection, town: Town) -> None:
    for of in town.class_students:
        queries.matrix(cora, {"class": of})
        queries.options(cora, of)
        queries.students_of_class(cora, of)
    assert queries.overview(cora)
    for student in town.students:
        queries.student_modules(cora, student)
        queries.changes(cora, student)
        queries.lessons_of(cora, [COURSE])
    assert queries.student_modules(cora, CLEO, PROJECT)[0].details is None

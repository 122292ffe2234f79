"""A class as it stood: whatever was on the page at a moment is on it again when that moment is asked for."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from data.access.session import Actor, acting_as
from data.reading.classes.as_of import first_day, matrix_as_of
from data.reading.classes.matrix import Matrix
from data.reading.classes.matrix import matrix as read_matrix
from data.rules.progress import Status, Values
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database import odd_school, random_writes
from tests.database.rows_as_owner import P, S, ask, edit, platform, written_by
from tests.people import ANN, BEN, CLASS_1A, COORDINATOR, COURSE, PROJECT
from tests.profiles import chosen

Act = Callable[[UUID], Actor]
CLASS = {"class": CLASS_1A}


def today(actor: Actor, filters: dict[str, Any] = CLASS) -> Matrix:
    """Without what is flagged: nothing tells what was."""
    with acting_as(actor) as connection:
        found = read_matrix(connection, filters)
    return replace(found, students=tuple(replace(one, flags=()) for one in found.students))


def as_of(actor: Actor, moment: datetime, filters: dict[str, Any] = CLASS) -> Matrix:
    with acting_as(actor) as connection:
        return matrix_as_of(connection, filters, moment, 3)


def now(school: Scratch) -> datetime:
    found: datetime = ask(school, "select clock_timestamp() as now")[0]["now"]
    return found


def shown(matrix: Matrix) -> Any:
    """All but "edited by staff": of a write by staff that changed nothing, the history knows nothing."""
    return [
        replace(one, cells=one.cells.replace("e", "")) for one in matrix.students
    ], matrix.modules


FILTERS: list[dict[str, Any]] = [
    {},
    {"name": "ann"},
    {"type": "course"},
    {"module": PROJECT},
    {"status": Status.COMPLETED},
    {"status": Status.NOT_STARTED, "module": PROJECT},
    {"score": (0.0, 60.0)},
    {"since": datetime(2026, 1, 1, tzinfo=UTC).date()},
]


def test_each_moment_shows_what_the_page_showed_then(school: Scratch, act: Act) -> None:
    cora, rng = act(COORDINATOR), random.Random(3)
    seen: list[tuple[datetime, list[Matrix]]] = []
    for step in range(chosen(sample=30, nightly=200)):
        seen.append((now(school), [today(cora, CLASS | more) for more in FILTERS]))
        random_writes.write(school, 3, seed=step)
        if rng.random() < 0.3:
            wish: Values = {P: rng.randrange(1, 99), S: Status.IN_PROGRESS}
            save(cora, [edit(school, rng.choice([ANN, BEN]), COURSE, wish)])
    for number, more in enumerate(FILTERS):
        assert len({str(shown(matrices[number])) for _, matrices in seen}) > 2, more
        for moment, matrices in seen:
            assert shown(as_of(cora, moment, CLASS | more)) == shown(matrices[number]), more


EDITED = [
    # who writes what, one after the other
    (COORDINATOR, "progress_percentage = progress_percentage + 1"),
    (ANN, "progress_details = '{\"video\": 1}'"),
    (COORDINATOR, "completed_at = '2026-03-01T10:00Z'"),
    (ANN, "progress_details = '{\"score\": 5}'"),
    (COORDINATOR, "score = 5"),
    (ANN, "progress_details = '{\"score\": 7}'"),
    (None, "score = null"),
    (COORDINATOR, "score = 7"),
    (ANN, "score = null"),
    (ANN, "score = 7.0"),
    (COORDINATOR, "last_updated = now()"),
    (None, "status = 'Completed'"),
    (COORDINATOR, "status = 'InProgress'"),
    (ANN, "progress_details = '[1]'"),
    (COORDINATOR, "last_updated = now(), progress_details = null"),
]


def test_whose_work_a_figure_was_is_that_days(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    seen = []
    for person, assignment in EDITED:
        update = f"update public.student_module_progress set {assignment}"
        key = f"student_id = '{ANN}' and module_id = '{COURSE}'"
        written_by(school, person, f"{update} where {key}")
        seen.append((now(school), today(cora)))
    marks = ["e" in matrix.students[0].cells for _, matrix in seen]
    assert 3 <= marks.count(False) < len(marks) - 3
    for moment, matrix in seen:
        assert as_of(cora, moment) == matrix


def test_every_odd_row_is_put_back_as_it_was(school: Scratch, act: Act) -> None:
    odd_school.build(school)
    cora = act(COORDINATOR)
    before = {
        one: today(cora, {"class": one}) for one in (odd_school.FULL, odd_school.MIXED, CLASS_1A)
    }
    moment = now(school)
    # Each row rebuilt: written to by the platform, and gone.
    ask(school, "update public.student_module_progress set last_updated = '2020-01-01', score = 1, "
                "progress_percentage = 1, completed_at = null, status = 'InProgress', "
                "progress_details = '{\"new\": {\"submitted_at\": \"2026-01-01\"}}'")  # fmt: skip
    ask(school, "delete from public.student_module_progress")
    assert sum(len(matrix.students) for matrix in before.values()) > 20
    for one, matrix in before.items():
        assert today(cora, {"class": one}) != matrix
        assert shown(as_of(cora, moment, {"class": one})) == shown(matrix)


def test_a_moment_after_everything_is_today_and_one_before_is_not_started(
    school: Scratch, act: Act
) -> None:
    cora = act(COORDINATOR)
    assert as_of(cora, now(school) + timedelta(days=1)) == today(cora)
    earliest = as_of(cora, now(school) - timedelta(days=1))
    assert (earliest.completed, earliest.in_progress, earliest.cells) == (0, 0, 6)
    with acting_as(cora) as connection:
        first = first_day(connection)
    assert first == ask(school, "select min(at) from dashboard.history")[0]["min"]


def test_the_past_of_a_class_is_for_its_staff(school: Scratch, act: Act) -> None:
    moment = now(school)
    platform(school, ANN, COURSE, "status = 'Completed'")
    for person in (people.TEACHER, COORDINATOR, people.ADMIN):
        assert len(as_of(act(person), moment).students) == 2
    for person in (people.OTHER_TEACHER, people.SOUTH_COORDINATOR, people.DISABLED, ANN):
        assert as_of(act(person), moment).students == ()
        question = "select 1 from dashboard.class_cells_as_of(:class, now())"
        with acting_as(act(person)) as connection:
            assert connection.execute(text(question), CLASS).all() == []


def test_where_nothing_was_recorded_no_day_can_be_answered_for(school: Scratch, act: Act) -> None:
    for person in (people.DISABLED, people.STRANGER):
        with acting_as(act(person)) as connection:
            assert first_day(connection) is None

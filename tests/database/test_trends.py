"""Completions by week: those of the days that are kept, by class and by module, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.trends.completions import trend_classes, weekly_completions
from data.reading.trends.modules import module_tallies
from data.reading.trends.weeks import monday
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.database.test_completions import NOW, SEEN, Move, ago, stand
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    OTHER_TEACHER,
    PROJECT,
    SOUTH_COORDINATOR,
    TEACHER,
    UNUSED,
)

Act = Callable[[UUID], Actor]

TODAY = NOW.date()
LONG_AGO = TODAY - timedelta(days=400)


def told(actor: Actor, module: UUID | None = None, *days: date) -> dict[date, int]:
    """Of class 1A by the Mondays that weeks begin on."""
    first, last = days or (LONG_AGO, TODAY)
    with acting_as(actor) as connection:
        found = weekly_completions(connection, [CLASS_1A], module, first, last, by_class=True)
        together = weekly_completions(connection, [CLASS_1A], module, first, last, by_class=False)
    assert {week: many for (_, week), many in together.items()} == {
        week: many for (_, week), many in found.items()
    }
    assert {class_id for class_id, _ in found} <= {CLASS_1A}
    return {week: many for (_, week), many in found.items() if many}


def week(days: float) -> date:
    return monday(ago(days).date())


def test_a_completion_counts_in_the_week_of_its_day_and_is_taken_out_where_it_was_undone(
    school: Scratch, act: Act
) -> None:
    stand(
        school,
        (ago(20), [*SEEN, (ago(20), "InProgress", "Completed")]),
        (ago(27), [*SEEN, (ago(27), "InProgress", "Completed")]),
        (None, [*SEEN, (ago(28), "InProgress", "Completed")]),
    )
    counted = {week(20): 1, week(27): 1}
    counted[week(28)] = counted.get(week(28), 0) + 1
    assert told(act(TEACHER)) == told(act(ADMIN)) == counted
    assert told(act(TEACHER), COURSE) == {week(20): 1}
    assert told(act(TEACHER), ASSESSMENT) == {week(27): 1}
    assert told(act(TEACHER), PROJECT) == {week(28): 1}
    ask(
        school,
        f"update public.student_module_progress set status = 'InProgress' where module_id = '{PROJECT}'",
    )
    undone = counted | {monday(TODAY): counted.get(monday(TODAY), 0) - 1}
    assert told(act(TEACHER)) == undone
    assert told(act(TEACHER), PROJECT) == {week(28): 1, monday(TODAY): -1}


def test_only_days_of_the_period_count(school: Scratch, act: Act) -> None:
    stand(school, (ago(20), [*SEEN, (ago(20), "InProgress", "Completed")]))
    day = ago(20).date()
    for module in (None, COURSE):
        assert told(act(TEACHER), module, day, day) == {week(20): 1}
        assert told(act(TEACHER), module, day + timedelta(days=1), TODAY) == {}
        assert told(act(TEACHER), module, LONG_AGO, day - timedelta(days=1)) == {}


@pytest.mark.parametrize("at", ["1970-01-05", "9999-12-31", "infinity", "0044-03-15 BC"])
def test_a_moment_that_is_none_breaks_no_week(school: Scratch, act: Act, at: str) -> None:
    stand(school, (ago(20), [*SEEN, (ago(20), "InProgress", "Completed")]))
    ask(school, f"update public.student_module_progress set completed_at = '{at}'")
    for module in (None, COURSE):
        assert sum(told(act(TEACHER), module).values()) <= 1


def test_a_clock_that_is_ahead_wrote_today(school: Scratch, act: Act) -> None:
    stand(school, (ago(-0.9), [*SEEN, (ago(1), "InProgress", "Completed")]))
    for module in (None, COURSE):
        assert told(act(TEACHER), module) == {monday(TODAY): 1}


def test_whoever_does_not_staff_a_class_is_told_nothing_of_it(school: Scratch, act: Act) -> None:
    stand(school, (ago(20), [*SEEN, (ago(20), "InProgress", "Completed")]))
    assert told(act(COORDINATOR)), "The control."
    for person in (OTHER_TEACHER, SOUTH_COORDINATOR):
        assert told(act(person)) == told(act(person), COURSE) == {}
        with acting_as(act(person)) as connection:
            assert CLASS_1A not in {one.id for one in trend_classes(connection, CLASS_1A, None)}


def test_the_classes_are_mine_with_one_that_is_archived_where_it_is_asked_for(
    school: Scratch, act: Act
) -> None:
    def mine(class_id: UUID | None = None, module: UUID | None = None) -> dict[UUID, int]:
        with acting_as(act(COORDINATOR)) as connection:
            return {one.id: one.students for one in trend_classes(connection, class_id, module)}

    assert mine() == {CLASS_1A: 2, CLASS_1B: 1} == mine(None, COURSE)
    assert mine(None, UNUSED) == {}
    ask(school, f"update school.class set archived_at = now() where id = '{CLASS_1A}'")
    ask(school, f"delete from school.class_student where class_id = '{CLASS_1B}'")
    assert mine() == {CLASS_1B: 0}
    assert mine(CLASS_1A) == {CLASS_1A: 2, CLASS_1B: 0}


def test_modules_are_counted_by_class_as_the_pages_do(school: Scratch, act: Act) -> None:
    done: list[Move] = [
        (ago(30), "NotStarted", "InProgress"),
        (ago(20), "InProgress", "Completed"),
    ]
    stand(school, (ago(20), [*SEEN, *done]), (None, [*SEEN]))
    ask(
        school,
        "update public.student_module_progress set status = 'Completed', score = 10 "
        f"where module_id = '{ASSESSMENT}' and student_id = '{ANN}'",
    )

    def counted(person: UUID, module: UUID | None = None) -> dict[UUID, tuple[object, ...]]:
        with acting_as(act(person)) as connection:
            found = module_tallies(connection, [CLASS_1A], module)
        assert {one.class_id for one in found} <= {CLASS_1A}
        return {one.module_id: (one.begun, one.completed, one.failed, one.middle) for one in found}

    assert (
        counted(TEACHER)
        == counted(ADMIN)
        == {
            COURSE: (1, 1, 0, None),
            ASSESSMENT: (1, 1, 1, None),
            PROJECT: (0, 0, 0, None),
        }
    )
    assert counted(TEACHER, COURSE) == {COURSE: (1, 1, 0, timedelta(days=10))}
    assert not any(one[0] for one in counted(OTHER_TEACHER).values())
    ask(school, f"delete from school.class_student where class_id = '{CLASS_1A}'")
    assert counted(TEACHER, COURSE) == {COURSE: (0, 0, 0, None)}

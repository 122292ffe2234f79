"""Completions by week: those of the days that are kept, by class and by module, whoever asks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from data.access.session import Actor, acting_as
from data.reading.trends.activity import weekly_activity
from data.reading.trends.completions import trend_classes, weekly_completions
from data.reading.trends.modules import module_tallies
from data.reading.trends.weeks import DAY, monday
from tests.clusters import Scratch
from tests.database import random_writes
from tests.database.rows_as_owner import ask
from tests.database.test_completions import NOW, SEEN, Move, ago, stand
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
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

    def counted(
        person: UUID, module: UUID | None = None, days: tuple[date, date] = (LONG_AGO, TODAY)
    ) -> dict[UUID, tuple[object, ...]]:
        with acting_as(act(person)) as connection:
            found = module_tallies(connection, [CLASS_1A], module, *days)
        assert {one.class_id for one in found} <= {CLASS_1A}
        return {
            one.module_id: (one.begun, one.completed, one.failed, one.completions, one.middle)
            for one in found
        }

    assert (
        counted(TEACHER)
        == counted(ADMIN)
        == {
            COURSE: (1, 1, 0, 1, timedelta(days=10)),
            ASSESSMENT: (1, 1, 1, 0, None),
            PROJECT: (0, 0, 0, 0, None),
        }
    )
    for module in (COURSE, ASSESSMENT, PROJECT):
        assert counted(TEACHER, module) == {module: counted(TEACHER)[module]}
    assert not any(one[0] for one in counted(OTHER_TEACHER).values())
    assert not any(one[3] for one in counted(OTHER_TEACHER, COURSE).values())
    day = ago(20).date()
    for days in ((day, day), (LONG_AGO, day), (day, TODAY)):
        assert counted(TEACHER, None, days)[COURSE] == (1, 1, 0, 1, timedelta(days=10))
    for days in ((LONG_AGO, day - DAY), (day + DAY, TODAY)):
        for one in (None, COURSE):
            assert counted(TEACHER, one, days)[COURSE] == (1, 1, 0, 0, None)
    ask(
        school,
        f"update public.student_module_progress set status = 'InProgress' where module_id = '{COURSE}'",
    )
    assert counted(TEACHER)[COURSE] == (1, 0, 0, 0, None), "What was undone is taken out."
    ask(school, f"delete from school.class_student where class_id = '{CLASS_1A}'")
    assert counted(TEACHER, COURSE) == {COURSE: (0, 0, 0, 0, None)}
    assert counted(TEACHER)[COURSE] == (0, 0, 0, 0, None)


def active(actor: Actor, *days: date, module: UUID | None = None) -> dict[date, int]:
    first, last = days or (ago(60).date(), TODAY)
    with acting_as(actor) as connection:
        found = weekly_activity(
            connection, [CLASS_1A, CLASS_1B], module, first, last, by_class=True
        )
        together = weekly_activity(connection, [CLASS_1A], module, first, last, by_class=False)
    of_1a = {week: many for (class_id, week), many in found.items() if class_id == CLASS_1A}
    assert {week: many for (_, week), many in together.items()} == of_1a
    return of_1a


ENTRY = (
    "insert into dashboard.history (student_id, module_id, operation, source, at, before, after) "
    "values (%s, %s, %s, %s, %s, %s, %s)"
)
WATCHED = {"progress_details": {"seen": 1}}


def recorded(
    school: Scratch,
    source: str,
    at: datetime,
    *,
    student: UUID = ANN,
    module: UUID = COURSE,
    operation: str = "update",
    after: dict[str, object] | None = None,
) -> None:
    before = Jsonb({}) if operation == "update" else None
    ask(school, ENTRY, student, module, operation, source, at, before, Jsonb(after or WATCHED))


@pytest.fixture
def unrecorded(school: Scratch) -> Scratch:
    """Nothing is on record."""
    stand(school, (None, []), status="NotStarted")
    return school


def test_a_student_is_active_once_in_a_week_in_which_they_did_something(
    unrecorded: Scratch, act: Act
) -> None:
    middle = datetime.combine(week(21), time(12), UTC) + timedelta(days=2)
    for hours in (0, 1, 30):
        recorded(unrecorded, "student", middle + timedelta(hours=hours))
    recorded(unrecorded, "student", middle, module=UNUSED)
    recorded(unrecorded, "student", middle, student=BEN)
    recorded(unrecorded, "student", middle - timedelta(weeks=1), student=BEN)
    expected = {week(21): 2, week(28): 1}
    assert active(act(TEACHER)) == active(act(ADMIN)) == expected
    assert active(act(OTHER_TEACHER)) == active(act(SOUTH_COORDINATOR)) == {}
    for module, many in ((COURSE, expected), (UNUSED, {week(21): 1}), (PROJECT, {})):
        assert active(act(TEACHER), module=module) == active(act(ADMIN), module=module) == many
        assert active(act(OTHER_TEACHER), module=module) == {}
    day = middle.date()
    assert active(act(TEACHER), day, day) == {week(21): 2}
    for one in (None, COURSE):
        assert active(act(TEACHER), day + DAY, TODAY, module=one) == {week(21): 2}, "Whole."
        assert active(act(TEACHER), week(14), TODAY, module=one) == {}
        assert active(act(TEACHER), LONG_AGO, week(21) - DAY, module=one) == {week(28): 1}


@pytest.mark.parametrize(
    ("source", "operation", "after", "counts"),
    [
        ("student", "update", {"status": "Completed"}, True),
        ("student", "delete", None, True),
        ("platform", "update", WATCHED, True),
        # What it recomputes, and what staff, an import, a fix or an undo writes, is a change and no activity.
        ("platform", "update", {"status": "Completed"}, False),
        ("platform", "insert", {"status": "NotStarted"}, False),
        ("platform", "delete", None, False),
        *(
            (source, "update", WATCHED, False)
            for source in ("form", "import", "fix", "undo", "staff")
        ),
    ],
)
def test_only_their_own_work_is_activity(
    unrecorded: Scratch,
    act: Act,
    source: str,
    operation: str,
    after: dict[str, object] | None,
    counts: bool,
) -> None:
    recorded(unrecorded, source, ago(21), operation=operation, after=after)
    assert active(act(TEACHER)) == ({week(21): 1} if counts else {})


@pytest.mark.parametrize("days", [0, 40])
def test_a_row_that_came_in_late_is_no_activity_of_the_week_it_came_in(
    unrecorded: Scratch, act: Act, days: int
) -> None:
    """A table that was loaded: its rows are as old as the platform says."""
    at = ago(7)
    written = (at - timedelta(days=days)).isoformat()
    after: dict[str, object] = {"status": "InProgress", "last_updated": written}
    recorded(unrecorded, "platform", at, operation="insert", after=after)
    assert active(act(TEACHER)) == ({} if days else {monday(at.date()): 1})


def test_activity_is_a_plain_count_after_random_writes(school: Scratch, act: Act) -> None:
    random_writes.write(school, 150, seed=7)
    plain = ask(
        school,
        "select class_id, date_trunc('week', timezone('UTC', at))::date as monday, "
        "count(distinct student_id) as many from dashboard.history "
        "join school.class_student using (student_id) "
        "where coalesce(internal.own_change_in(history), internal.unexplained_change_in(history)) "
        ">= date_trunc('week', at) group by 1, 2",
    )
    with acting_as(act(ADMIN)) as connection:
        told = weekly_activity(
            connection, [CLASS_1A, CLASS_1B], None, LONG_AGO, TODAY + DAY, by_class=True
        )
    counted = {(one["class_id"], one["monday"]): one["many"] for one in plain}
    assert told == {key: many for key, many in counted.items() if key[0] in (CLASS_1A, CLASS_1B)}
    assert told

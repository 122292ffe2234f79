"""How long a module took, how completion grew, where a score lies: the pure parts of the student page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.durations import Moved, span, took
from data.reading.students.comparison import ClassSpread, reached, spread
from data.reading.students.standing import Completion
from data.rules.progress import Status

DAY = timedelta(days=1)
START = datetime(2026, 9, 1, tzinfo=UTC)
N, I, C = Status  # noqa: E741 - not started, in progress, completed


def moves(*statuses: Status | None, gone: Status | None = None) -> list[Moved]:
    """A day apart, each from the one before it."""
    before = [gone, *statuses]
    return [
        Moved(START + at * DAY, was, became)
        for at, (was, became) in enumerate(zip(before, statuses, strict=False))
    ]


@pytest.mark.parametrize(
    ("statuses", "days"),
    [
        ((N, I, C), (1, 2)),
        ((I, C), (0, 1)),  # the first row of the student was in progress
        ((N, I, C, I, C), (1, 4)),  # taken back: until it was completed again
        ((N, I, C, N, I, C), (4, 5)),  # begun anew
        ((N, I, None, I, C), (3, 4)),  # the row was deleted meanwhile
        ((C,), None),
        ((N, C), None),  # completed at once: nobody saw it begin
        ((N, I), None),
        ((N, I, C, I), None),
        ((), None),
    ],
)
def test_a_module_took_from_its_beginning_until_its_completion(
    statuses: tuple[Status | None, ...], days: tuple[int, int] | None
) -> None:
    assert span(moves(*statuses)) == (
        None if days is None else (START + days[0] * DAY, START + days[1] * DAY)
    )


def test_what_began_before_the_history_is_not_guessed() -> None:
    assert span(moves(C, gone=I)) is None
    assert span(moves(I, C, gone=N)) is not None


def test_the_completed_day_ends_it_unless_it_lies_before_the_beginning() -> None:
    seen = moves(I, C)
    assert took(seen, None, None, None) == DAY
    assert took(seen, START + DAY / 2, None, None) == DAY / 2
    assert took(seen, START - DAY, None, None) == DAY
    assert took(seen, START + 9 * DAY, None, None) == DAY


def test_a_sitting_on_record_is_what_an_assessment_took() -> None:
    minutes = timedelta(minutes=25)
    assert took(moves(I, C), None, START, START + minutes) == minutes
    assert took([], None, START, START + minutes) == minutes
    assert took([], None, START, START - minutes) is None
    assert took([], None, START, None) is None


def completion(number: int, change: int, day: int = 0) -> Completion:
    return Completion(START + day * DAY, UUID(int=number), change, False)


def test_completion_is_counted_back_from_today() -> None:
    events = [completion(1, 1), completion(9, 1), completion(2, 1), completion(1, -1)]
    before, after = reached(events, {UUID(int=1), UUID(int=2), UUID(int=3)}, 2)
    assert (before, [one.completed for one in after]) == (1, [2, 3, 2])
    assert reached([], {UUID(int=1)}, 1) == (1, [])


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([1, -1])), max_size=9), st.integers(0, 5)
)
def test_completion_is_never_below_none_or_above_all(
    events: list[tuple[int, int]], now: int
) -> None:
    modules = {UUID(int=number) for number in range(5)}
    before, after = reached([completion(*one) for one in events], modules, now)
    assert all(0 <= count <= 5 for count in (before, *(one.completed for one in after)))


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ([], None),
        ([50], ClassSpread(Decimal(50), None)),
        ([40, 60], ClassSpread(Decimal(50), None)),
        ([0, 50, 60, 70, 100], ClassSpread(Decimal(60), (Decimal(50), Decimal(70)))),
    ],
)
def test_the_middle_half_is_told_where_there_are_enough_scores(
    scores: list[int], found: ClassSpread | None
) -> None:
    assert spread([Decimal(score) for score in scores]) == found

"""Modules across classes: worst first, and a class is called far from the others only where it is."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from dashboard.views.trends.modules import said
from data.reading.trends.outliers import (
    Tally,
    furthest,
    is_compared,
    slowest,
    together,
    worst_first,
)

A, B, C, D, E = (uuid4() for _ in range(5))
MODULE = uuid4()


def tally(class_id: UUID, begun: int, completed: int, *days: int, failed: int = 0) -> Tally:
    took = tuple(timedelta(days=one) for one in days)
    return Tally(class_id, MODULE, "Fractions", begun, completed, failed, took)


def test_the_worst_is_first_then_what_few_began_and_what_nobody_did_last() -> None:
    nobody, all_of_it, half = tally(A, 0, 0), tally(B, 10, 10), tally(C, 10, 5)
    failed, nothing = tally(D, 10, 5, failed=3), tally(E, 5, 0)
    few, few_of_it = tally(B, 4, 4), tally(C, 4, 0)
    found = worst_first([nobody, few, few_of_it, all_of_it, half, failed, nothing])
    assert found == [nothing, failed, half, all_of_it, few_of_it, few, nobody]


def test_together_they_are_added_up() -> None:
    found = together([tally(A, 10, 5, 3, failed=1), tally(B, 2, 2, 4, failed=2)])
    assert (found.begun, found.completed, found.failed) == (12, 7, 3)
    assert found.finished == Fraction(7, 12)
    assert found.middle == timedelta(days=3.5)
    assert tally(A, 0, 0).finished is None
    assert tally(A, 0, 0).middle is None


@pytest.mark.parametrize(
    ("completed", "is_far"), [(0, True), (4, True), (5, False), (6, False), (7, False), (8, True)]
)
def test_a_share_is_far_by_twenty_points_either_way(completed: int, is_far: bool) -> None:
    others = [tally(one, 10, 6) for one in (B, C, D)]
    found = furthest([tally(A, 10, completed), *others])
    assert (found is not None) is is_far
    if found:
        assert (found.tally.class_id, found.others) == (A, 3)
        assert found.share == Fraction(6, 10)


def test_of_few_classes_or_few_students_nothing_is_said() -> None:
    others = [tally(one, 10, 6) for one in (B, C, D)]
    assert furthest([tally(A, 5, 0), *others]), "The control."
    assert furthest([tally(A, 4, 0), *others]) is None
    assert furthest([tally(A, 10, 0), *others[:2]]) is None
    assert furthest([tally(A, 10, 0), *others[:2], tally(D, 4, 0)]) is None
    assert furthest([]) is None
    assert is_compared([tally(A, 5, 0), *others])
    assert not is_compared([tally(A, 4, 0), *others])
    assert not is_compared([tally(E, 4, 0), tally(A, 5, 0), *others], E)


def test_only_the_class_that_is_asked_for_is_called_far() -> None:
    classes = [tally(A, 10, 0), *(tally(one, 10, 6) for one in (B, C, D))]
    assert furthest(classes, B) is None
    found = furthest(classes, A)
    assert found
    assert found.tally.class_id == A


@pytest.mark.parametrize(
    ("days", "of_others", "is_far"),
    [(19, 6, True), (12, 6, True), (11, 6, False), (2, 1, False), (4, 1, True), (3, 9, False)],
)
def test_a_class_is_slow_where_it_takes_twice_as_long_and_three_days_more(
    days: int, of_others: int, is_far: bool
) -> None:
    others = [tally(one, 10, 6, *[of_others] * 4) for one in (B, C, D)]
    found = slowest([tally(A, 10, 6, *[days] * 4), *others])
    assert (found is not None and found.tally.class_id == A) is is_far
    if found and is_far:
        assert (found.tally.middle, found.time) == (timedelta(days), timedelta(of_others))
        assert slowest([tally(A, 10, 6, *[days] * 3), *others]) is None
        assert slowest([tally(A, 10, 6, *[days] * 4), *others[:2]]) is None
        assert slowest([found.tally, *others], B) is None


def test_an_outlier_is_said_in_words_by_its_own_figure_and_the_others() -> None:
    slow = [tally(A, 10, 6, *[19] * 4), *(tally(one, 10, 6, *[6] * 4) for one in (B, C, D))]
    outlier = slowest(slow)
    assert outlier
    assert said("7b", outlier) == (
        "7b takes 19 days for Fractions where the median of 3 other classes is 6 days."
    )
    far = furthest([tally(A, 10, 1), *(tally(one, 10, 6) for one in (B, C, D))])
    assert far
    assert said("7b", far) == (
        "In 7b 10 % of those who began Fractions completed it, where the median of 3 other classes is 60 %."
    )

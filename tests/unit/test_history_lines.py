"""What one hand did in a student's module in a day is one line."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from dashboard.views.history.lines import summed_up
from data.reading.history.changes import Change

ANN, BEN, COURSE, TEST = (UUID(int=number) for number in range(1, 5))
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def change(minutes: int, before: dict[str, Any], after: dict[str, Any], **other: Any) -> Change:
    """A change of Ann's in the course, so many minutes after noon."""
    known: dict[str, Any] = {
        "student_id": ANN, "module_id": COURSE, "module_name": "Course", "operation": "update",
        "source": "student", "author": None, "reason": None, "id": minutes, "batch_id": None,
        "student_name": "Ann", "author_id": None,
    }  # fmt: skip
    return Change(at=NOON + timedelta(minutes=minutes), before=before, after=after, **known | other)


def share(was: int, now: int) -> tuple[dict[str, int], dict[str, int]]:
    return {"progress_percentage": was}, {"progress_percentage": now}


def told(*newest_first: Change, hours: int = 0) -> list[tuple[Any, Any]]:
    lines = summed_up(newest_first, timezone(timedelta(hours=hours)))
    return [(dict(one.before), dict(one.after)) for one in lines]


def test_a_days_work_in_a_module_is_one_line_from_first_to_last() -> None:
    begun = change(1, {}, {"status": "InProgress", "progress_percentage": 10}, operation="insert")
    assert told(change(9, *share(40, 60)), change(5, *share(20, 40))) == [share(20, 60)]
    assert told(change(9, *share(10, 60)), begun) == [
        ({}, {"status": "InProgress", "progress_percentage": 60})
    ]


def test_what_others_did_and_other_cells_are_lines_of_their_own() -> None:
    first, last = change(1, *share(0, 10)), change(9, *share(50, 60))
    for other in (
        change(5, *share(10, 50), source="form", author_id=BEN),
        change(5, {"progress_percentage": 10}, {}, operation="delete"),
    ):
        assert len(told(last, other, first)) == 3
    for elsewhere in (
        change(5, *share(1, 2), student_id=BEN),
        change(5, *share(1, 2), module_id=TEST),
    ):
        assert told(last, elsewhere, first) == [share(0, 60), share(1, 2)]


def test_a_day_is_the_readers_own() -> None:
    noon, night = change(0, *share(0, 10)), change(690, *share(10, 20))
    assert len(told(night, noon)) == 1
    assert len(told(night, noon, hours=1)) == 2


def test_saves_are_not_put_together_nor_is_what_came_before_a_removal() -> None:
    one, other = change(5, *share(10, 20), batch_id=TEST), change(1, *share(0, 10), batch_id=COURSE)
    assert len(told(one, other)) == 2
    again = change(7, {}, {"progress_percentage": 5}, operation="insert")
    gone = change(5, {"progress_percentage": 10}, {}, operation="delete")
    assert len(told(again, gone, change(1, *share(0, 10)))) == 3


def test_what_is_in_the_end_as_it_was_is_left_out_and_details_are_told_together() -> None:
    there = change(1, {"status": "Completed"}, {"status": "InProgress", "score": 5})
    back = change(2, {"status": "InProgress"}, {"status": "Completed"})
    assert told(back, there) == [({}, {"score": 5})]
    one = change(1, {"progress_details": {"a": 1}}, {"progress_details": {"a": 2}})
    two = change(2, {"progress_details": {"b": 1}}, {"progress_details": {"b": 2}})
    assert told(two, one) == [
        ({"progress_details": {"a": 1, "b": 1}}, {"progress_details": {"a": 2, "b": 2}})
    ]


def test_of_details_that_are_told_within_nobody_says_that_they_are_as_they_were() -> None:
    def part(name: str, was: int, now: int, **mark: bool) -> Change:
        before, after = ({"progress_details": {"seen": {name: value}}} for value in (was, now))
        return change(was, before, {**after, **mark})

    there_and_back = part("a", 2, 1), part("a", 1, 2)
    assert told(*there_and_back) == [({}, {})]  # the control
    within: dict[str, bool] = {"": True}
    other = part("b", 1, 2, **within)
    (((before, after)),) = told(part("a", 2, 1, **within), other, part("a", 1, 2, **within))
    assert before["progress_details"]
    assert after["progress_details"]

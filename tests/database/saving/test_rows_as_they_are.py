"""save() over rows as they really are: poisoned, ahead of their time, with columns of the platform's own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from data.rules.progress import Status, Values
from data.writing.save import save
from tests.clusters import Scratch
from tests.database.rows_as_owner import (
    DONE,
    IN,
    NOT,
    SC,
    C,
    P,
    S,
    ask,
    edit,
    platform,
    stored,
    whole_row,
)
from tests.database.saving.outcome_in_short import Act, tally
from tests.people import ANN, BEN, COORDINATOR, COURSE, PROJECT

POISONED = [
    "completed_at = 'infinity'",
    "completed_at = '-infinity'",
    "completed_at = '0044-03-15 BC'",
    "completed_at = '12026-01-01'",
    "last_updated = 'infinity'",
    "last_updated = '-infinity'",
    "last_updated = '0044-03-15 BC'",
    "last_updated = '12026-01-01'",
    "score = 'NaN'",
    "score = 'Infinity'",
    "score = 1234567.5",
    "progress_details = '[1, {}]'",
    "progress_details = 'null'",
    'progress_details = \'{"submitted_at": "infinity"}\'',
]


@pytest.mark.parametrize("assignment", POISONED)
def test_a_poisoned_row_can_be_edited_and_untouched_poison_stays(
    school: Scratch, act: Act, assignment: str
) -> None:
    platform(school, ANN, COURSE, assignment)
    before = whole_row(school, ANN, COURSE)
    assert before is not None
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])) == {"saved": 1}
    after = whole_row(school, ANN, COURSE)
    assert after is not None
    moved = {"last_updated", "last_updated_text", P}
    changed = {
        name for name in after if repr(after[name]) != repr(before[name])
    }  # NaN equals nothing
    assert changed <= moved
    assert after[P] == 41
    since = datetime.now(UTC) - after["last_updated"]
    assert timedelta(0) <= since < timedelta(minutes=1)
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {S: DONE})])) == {"saved": 1}
    assert isinstance(stored(school, ANN, COURSE)[C], datetime)


@pytest.mark.parametrize("poison", ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"])
@pytest.mark.parametrize("status", [IN, NOT])
def test_an_unreadable_date_goes_when_the_completion_does(
    school: Scratch, act: Act, poison: str, status: Status
) -> None:
    platform(school, BEN, COURSE, f"completed_at = '{poison}'")
    wish = edit(school, BEN, COURSE, {S: status})
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}
    row = whole_row(school, BEN, COURSE)
    assert row is not None
    assert (row["status"], row["completed_at_text"]) == (status, None)


@pytest.mark.parametrize(
    ("stands", "at_least"),
    [("now() - interval '1 day'", ""), ("now() + interval '1 hour'", "1 hour"), ("now()", "")],
)
def test_last_updated_only_moves_forward(
    school: Scratch, act: Act, stands: str, at_least: str
) -> None:
    platform(school, ANN, COURSE, f"last_updated = {stands}")
    for percentage in (41, 42, 43):
        before = whole_row(school, ANN, COURSE)
        save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: percentage})])
        after = whole_row(school, ANN, COURSE)
        assert before is not None
        assert after is not None
        assert after[P] == percentage
        assert after["last_updated"] > before["last_updated"]


def test_details_are_never_touched(school: Scratch, act: Act) -> None:
    details = '{"zeta": 1, "answers": {"q1": ["a"]}, "score": 1.50, "ünknown": null}'
    platform(school, ANN, COURSE, f"progress_details = '{details}'")
    text = "select progress_details::text as it from public.student_module_progress where student_id = %s"
    before = ask(school, text + " and module_id = %s", ANN, COURSE)
    wishes: list[Values] = [{S: DONE}, {S: NOT}, {P: 0, S: IN}, {SC: Decimal(3)}]
    for changes in wishes:
        assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, changes)])) == {"saved": 1}
    assert ask(school, text + " and module_id = %s", ANN, COURSE) == before
    assert before[0]["it"].startswith("{")


@pytest.mark.usefixtures("altered")
def test_columns_that_the_platform_added_break_nothing_and_stay(school: Scratch, act: Act) -> None:
    ask(
        school,
        "alter table public.student_module_progress add completed_videos text[] default '{a,b}', "
        "add video_completion_count int not null default 2, add course_completed_at timestamp",
    )
    platform(school, ANN, COURSE, "course_completed_at = 'infinity'")
    wishes = [edit(school, BEN, COURSE, {SC: Decimal(3)}), edit(school, ANN, PROJECT, {S: IN})]
    assert tally(save(act(COORDINATOR), wishes, "why")) == {"saved": 2}
    rows = ask(
        school,
        "select completed_videos, video_completion_count, course_completed_at::text as at "
        "from public.student_module_progress where score = 3 or module_id = %s",
        PROJECT,
    )
    kept: dict[str, Any] = {
        "completed_videos": ["a", "b"],
        "video_completion_count": 2,
        "at": None,
    }
    assert rows == [kept, kept]
    at = ask(school, "select 1 from dashboard.history where after ? 'completed_videos'")
    assert len(at) == 1  # the inserted row's; the changed row's were not changed

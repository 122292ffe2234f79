"""A place in a video has an entry a span, and the way back from today leads to what was before each entry."""

import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.history.changes import changes
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import P, ask, edit, platform, whole_row, written_by
from tests.database.test_facts_of_anything import KEPT, RECOMPUTED
from tests.machine import until
from tests.people import ANN, BEN, COORDINATOR, COURSE, PROJECT

Act = Callable[[UUID], Actor]

ONE: Final = "3a0f4e4e-0000-4000-8000-000000000001"
OTHER: Final = "3a0f4e4e-0000-4000-8000-000000000002"
BEGUN: Final = {
    "video_playback_positions": {ONE: 0, OTHER: 7},
    "completed_lesson_ids": [],
    "lesson_quiz_results": {ONE: {"attempts": 1, "score": 40}},
}
WRITE: Final = (
    "update public.student_module_progress set progress_details = '{details}', last_updated = {at} "
    "where student_id = '{student}' and module_id = '{module}'"
)


def places(**seconds: float) -> dict[str, Any]:
    """Places in videos, over those of the beginning."""
    named = {{"one": ONE, "other": OTHER}[name]: value for name, value in seconds.items()}
    return BEGUN | {"video_playback_positions": {ONE: 0, OTHER: 7} | named}


def write(
    school: Scratch, details: Any, by: UUID | None = ANN, at: str = "clock_timestamp()"
) -> None:
    said = json.dumps(details)
    written_by(school, by, WRITE.format(details=said, at=at, student=ANN, module=COURSE))


def entries(school: Scratch) -> list[dict[str, Any]]:
    return ask(
        school,
        "select * from dashboard.history where student_id = %s and module_id = %s order by id desc",
        ANN,
        COURSE,
    )


@pytest.fixture
def made(school: Scratch) -> Callable[[], int]:
    """How many entries were made since the row was begun, all within one span."""
    left = "select internal.span_of(now()) + interval '5 minutes' - now() > interval '20 seconds' as is_long"
    until(lambda: ask(school, left)[0]["is_long"])
    write(school, BEGUN)
    begun = len(entries(school))
    return lambda: len(entries(school)) - begun


def test_what_moves_on_in_a_video_is_one_entry(school: Scratch, made: Callable[[], int]) -> None:
    for second in (5, 10, 15.5, -1):
        write(school, places(one=second))
    assert made() == 1
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert row["progress_details"] == places(one=-1)
    (newest, *_) = entries(school)
    assert newest["before"]["progress_details"] == {"video_playback_positions": {ONE: 0}}
    assert newest["after"]["progress_details"] == {"video_playback_positions": {ONE: 5}}

    # What comes next tells where it ended; and what it touches not, the row does.
    write(school, places(one=-1) | {"completed_lesson_ids": [ONE]})
    write(school, places(one=30) | {"completed_lesson_ids": [ONE]})
    assert made() == 3
    assert entries(school)[0]["before"]["progress_details"] == {
        "video_playback_positions": {ONE: -1}
    }


def test_a_platform_that_has_one_place_only_has_it_told_once_a_span(
    school: Scratch, made: Callable[[], int]
) -> None:
    for second in (5, 10, 15):
        write(school, BEGUN | {"video_playback_position": second}, by=None)
    assert made() == 1


def again(school: Scratch, **also: Any) -> None:
    write(school, places(one=9), **also)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda school: again(school, by=None), id="the platform"),
        pytest.param(lambda school: again(school, by=COORDINATOR), id="staff"),
        pytest.param(lambda school: write(school, places(one=5, other=9)), id="another video"),
        pytest.param(
            lambda school: write(school, places(one=9) | {"completed_lesson_ids": [ONE]}),
            id="a lesson done too",
        ),
        pytest.param(
            lambda school: write(
                school, places(one=5) | {"lesson_quiz_results": {ONE: {"attempts": 2, "score": 40}}}
            ),
            id="a quiz",
        ),
        pytest.param(lambda school: write(school, None), id="no details any more"),
        pytest.param(
            lambda school: platform(school, ANN, COURSE, "last_updated = clock_timestamp()"),
            id="when only",
        ),
        pytest.param(
            lambda school: platform(school, ANN, COURSE, "progress_percentage = 77"), id="a figure"
        ),
    ],
)
def test_whatever_else_is_written_has_an_entry(
    school: Scratch, made: Callable[[], int], other: Callable[[Scratch], None]
) -> None:
    write(school, places(one=5))
    other(school)
    assert made() == 2


def test_a_time_that_the_first_did_not_change_is_told(
    school: Scratch, made: Callable[[], int]
) -> None:
    for second in (5, 6):
        write(school, places(one=second), at="last_updated")
    assert made() == 1  # the control
    write(school, places(one=7))
    assert made() == 2


def test_what_is_saved_breaks_a_span(school: Scratch, act: Act, made: Callable[[], int]) -> None:
    write(school, places(one=5))
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})], "", source="grid")
    write(school, places(one=10))
    write(school, places(one=15))
    assert made() == 3
    with acting_as(act(people.TEACHER)) as connection:
        found = changes(connection, ANN, COURSE)
    assert [one.source for one in found[:3]] == ["student", "grid", "student"]


def test_after_a_span_another_entry_is_made(school: Scratch, made: Callable[[], int]) -> None:
    write(school, places(one=5))
    _rewrite(school, "at = at - interval '5 minutes'")
    write(school, places(one=10))
    assert made() == 2
    write(school, places(one=15))
    assert made() == 2


def test_many_rows_at_once_are_each_told_by_their_own(school: Scratch) -> None:
    students = (ANN, BEN)
    for student in students:
        said = json.dumps(BEGUN)
        written_by(
            school, None, WRITE.format(details=said, at="now()", student=student, module=COURSE)
        )
    moved = (
        "update public.student_module_progress set last_updated = clock_timestamp(), "
        "progress_details = jsonb_set(progress_details, '{{video_playback_positions,{}}}', '{}') "
        "where module_id = '{}' and progress_details ? 'video_playback_positions'"
    )
    counted = "select count(*) as entries from dashboard.history where module_id = %s"
    written_by(school, None, moved.format(ONE, 5, COURSE))
    write(school, places(one=5) | {"completed_lesson_ids": [ONE]})
    (before,) = ask(school, counted, COURSE)
    began = _span(school)
    written_by(school, None, moved.format(ONE, 9, COURSE))
    (after,) = ask(school, counted, COURSE)
    if _span(school) == began:
        assert after["entries"] - before["entries"] <= 1
    assert after["entries"] > before["entries"]


def test_of_what_a_platform_kept_back_each_has_its_own(
    school: Scratch, made: Callable[[], int]
) -> None:
    """A platform's entry tells of work as old as it says; another time of work is not told by it."""
    for second, days in ((5, 22), (6, 10), (7, 0)):
        write(school, places(one=second), None, f"clock_timestamp() - interval '{days} days'")
    assert made() == 3
    write(school, places(one=8), None)
    assert made() == 3  # the control
    (fact,) = ask(
        school,
        "select unexplained_change > now() - interval '1 hour' as is_new from dashboard.fact "
        "where student_id = %s and module_id = %s",
        ANN,
        COURSE,
    )
    assert fact["is_new"]


REWRITTEN: Final = {
    "a clock that was set back": "at = at - interval '6 minutes'",
    "staff who are erased since": "author_id = null",
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_what_came_between_is_not_passed_over(
    school: Scratch, made: Callable[[], int], how: str
) -> None:
    by = None if "erased" in how else ANN
    write(school, places(one=5), by)
    write(school, places(one=6), COORDINATOR)
    _rewrite(school, REWRITTEN[how])
    write(school, places(one=7), by)
    assert made() == 3


def _rewrite(school: Scratch, change: str) -> None:
    """The newest entry, as nobody but an erasure may."""
    with school.owner() as connection, connection.transaction():
        connection.execute(
            "insert into internal.erasing (transaction) values (pg_current_xact_id())"
        )
        connection.execute(
            f"update dashboard.history set {change} "
            "where id = (select max(id) from dashboard.history)".encode()
        )
        connection.execute("delete from internal.erasing")


@pytest.mark.parametrize(("status", "by"), [("NotStarted", ANN), ("InProgress", None)])
def test_facts_are_of_today_where_a_place_makes_them_others(
    school: Scratch, status: str, by: UUID | None
) -> None:
    """Of what is not started a place may be the first work. Where no work of the student's own is known, it is
    told when the row was written."""
    begin = (
        "insert into public.student_module_progress (student_id, module_id, status, progress_details) "
        f"values ('{ANN}', '{PROJECT}', '{status}', '{{\"video_playback_position\": 1}}')"
    )
    written_by(school, by, begin)
    for second in (0, 7, 9):
        said = json.dumps({"video_playback_position": second})
        written_by(
            school,
            by,
            WRITE.format(details=said, at="clock_timestamp()", student=ANN, module=PROJECT),
        )
        assert repr(ask(school, KEPT)) == repr(ask(school, RECOMPUTED))
    (fact,) = ask(school, "select * from dashboard.fact where module_id = %s", PROJECT)
    assert ("not_started_with_work" in fact["doubts"]) is (status == "NotStarted")
    assert (fact["last_change"] is None) is (by == ANN)


def _span(school: Scratch) -> datetime:
    found: datetime = ask(school, "select internal.span_of(clock_timestamp()) as at")[0]["at"]
    return found


STOOD: Final = """
select
    internal.as_it_stood(to_jsonb(progress), operation, before, after order by history.id desc)
        - 'student_id' - 'module_id' as stood
from dashboard.history
left join public.student_module_progress as progress using (student_id, module_id)
where history.student_id = %s and history.module_id = %s and history.id >= %s
"""
ROW: Final = """
select to_jsonb(progress) - 'student_id' - 'module_id' as row
from public.student_module_progress as progress
where student_id = %s and module_id = %s
"""
ADD: Final = (
    "insert into public.student_module_progress (student_id, module_id) values ('{}', '{}')"
)
TAKE: Final = (
    "delete from public.student_module_progress where student_id = '{}' and module_id = '{}'"
)


def details_of(row: dict[str, Any] | None, rng: random.Random) -> Any:
    """Some other details than a row has: mostly a video went on."""
    found = {**((row or {}).get("progress_details") or {})}
    match rng.choices(("video", "place", "gone", "quiz", "none"), (12, 3, 1, 1, 1))[0]:
        case "video":
            known = found.get("video_playback_positions", {})
            moved = {rng.choice((ONE, ONE, OTHER)): rng.randrange(99)}
            return found | {"video_playback_positions": known | moved}
        case "place":
            return found | {"video_playback_position": rng.randrange(99)}
        case "gone":
            return {key: value for key, value in found.items() if "video" not in key}
        case "quiz":
            return found | {"lesson_quiz_results": {ONE: {"attempts": rng.randrange(9)}}}
    return None


@pytest.mark.parametrize("seed", range(6))
def test_the_way_leads_back_to_what_was_before_every_entry_and_facts_are_of_today(
    school: Scratch, seed: int
) -> None:
    rng = random.Random(seed)
    was: dict[int, Any] = {}
    untold = 0
    for _ in range(70):
        rows = ask(school, ROW, ANN, COURSE)
        row = rows[0]["row"] if rows else None
        newest = entries(school)[0]["id"] if entries(school) else 0
        if row is None:
            written_by(school, None, ADD.format(ANN, COURSE))
        elif rng.random() < 0.03:
            written_by(school, None, TAKE.format(ANN, COURSE))
        elif rng.random() < 0.05:
            status = rng.choice(("NotStarted", "InProgress"))
            platform(school, ANN, COURSE, f"status = '{status}'")
        else:
            by = rng.choice((*6 * [ANN], None, COORDINATOR))
            write(
                school,
                details_of(row, rng),
                by,
                rng.choice((*8 * ["clock_timestamp()"], "last_updated", "'0044-03-15 BC'")),
            )
        made = [one["id"] for one in entries(school) if one["id"] > newest]
        was |= dict.fromkeys(made, row)
        assert repr(ask(school, KEPT)) == repr(ask(school, RECOMPUTED))
        untold += not made and ask(school, ROW, ANN, COURSE)[0]["row"] != row
    for entry_id, state in was.items():
        assert ask(school, STOOD, ANN, COURSE, entry_id)[0]["stood"] == state
    assert untold > 1  # or no span was told as one

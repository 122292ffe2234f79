"""Last activity is the student's own work: what others write moves neither "last active" nor "inactive"."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from data.access.session import Actor, acting_as
from data.reading.classes.matrix import matrix
from data.reading.students.page import student_page
from data.rules.activity import idle_since
from data.rules.progress import Status
from data.writing.save import save
from data.writing.undo import undo_edits
from tests.clusters import Scratch
from tests.database.fact_of_row import fact
from tests.database.rows_as_owner import P, S, ask, edit, platform, written_by
from tests.people import ANN, CLASS_1A, COORDINATOR, COURSE, PROJECT

Act = Callable[[UUID], Actor]
Writes = Callable[[Scratch, Actor], object]

TABLE = "public.student_module_progress"
KEY = f"where student_id = '{ANN}' and module_id = '{COURSE}'"
WEEK = timedelta(days=7)


def saves(source: str) -> Writes:
    def write(school: Scratch, cora: Actor) -> object:
        outcome = save(cora, [edit(school, ANN, COURSE, {P: 41})], "why", source=source)  # type: ignore[arg-type]
        return outcome.saved

    return write


def undoes(times: int) -> Writes:
    def write(school: Scratch, cora: Actor) -> object:
        saved = save(cora, [edit(school, ANN, COURSE, {P: 42})])
        for _ in range(times):
            assert saved.batch_id is not None
            with acting_as(cora) as connection:
                undoing = undo_edits(connection, saved.batch_id)
            saved = save(cora, undoing.edits, "undone", source="undo", undoes=saved.batch_id)
        return saved.saved

    return write


def imports_twice(school: Scratch, cora: Actor) -> object:
    twice = [saves("file")(school, cora) for _ in range(2)]
    return twice[0] and not twice[1]


def written(person: UUID | None, assignments: str) -> Writes:
    def write(school: Scratch, _cora: Actor) -> object:
        written_by(school, person, f"update {TABLE} set {assignments}, last_updated = now() {KEY}")
        return True

    return write


OTHERS: dict[str, Writes] = {
    **{
        source: saves(source)
        for source in ("form", "grid", "bulk", "file", "restore", "merge", "command line")
    },
    "undo": undoes(1),
    "undo of an undo": undoes(2),
    "a file twice": imports_twice,
    "staff past the app": written(COORDINATOR, "status = 'Completed', completed_at = now()"),
    "staff in the details": written(COORDINATOR, "progress_details = '{\"lesson\": 3}'"),
    "recomputed": written(None, "status = 'InProgress', progress_percentage = 77"),
    "recomputed to nothing": written(None, "status = 'NotStarted', progress_percentage = 0"),
    "only touched": written(None, "score = score"),
}  # fmt: skip


def begin(school: Scratch, details: str = "null", last_updated: str = "now()") -> None:
    """Ann's only row, by the platform."""
    ask(school, f"delete from {TABLE} where student_id = %s", ANN)
    ask(
        school,
        f"insert into {TABLE} (student_id, module_id, status, progress_percentage, last_updated, "
        f"progress_details) values ('{ANN}', '{COURSE}', 'InProgress', 30, {last_updated}, {details})",
    )


INACTIVE = text("""
    select figure
    from dashboard.flags(array[cast(:class as uuid)], clock_timestamp() + :later)
    where student_id = :student and rule = 'inactive'
""")


def pages(actor: Actor, later: timedelta = timedelta()) -> dict[str, Any]:
    """What the pages say of Ann's activity, so much later."""
    with acting_as(actor) as connection:
        page = student_page(connection, ANN)
        assert page is not None
        row = next(one for one in matrix(connection, {"class": CLASS_1A}).students if one.id == ANN)
        inactive = connection.scalars(INACTIVE, {"class": CLASS_1A, "student": ANN, "later": later})
        days = inactive.all()
    course = next(one for one in page.modules if one.module.id == COURSE)
    assert row.last_activity == course.last_activity
    if row.last_activity is None:
        assert (row.last_change, row.idle_since) == (
            course.last_change,
            idle_since(None, course.unexplained_change),
        )
    return {
        "activity": row.last_activity,
        "change": row.last_change,
        "idle since": row.idle_since,
        "inactive": days,
    }


@pytest.mark.parametrize("who", OTHERS)
def test_what_others_write_is_no_activity(school: Scratch, act: Act, who: str) -> None:
    cora = act(COORDINATOR)
    begin(school)
    written_by(school, ANN, f"update {TABLE} set progress_percentage = 35 {KEY}")
    before = pages(cora, WEEK)
    assert before["activity"] is not None
    assert before["inactive"] == [7]
    assert OTHERS[who](school, cora)
    after = pages(cora, WEEK)
    assert after["activity"] == before["activity"]
    if fact(school)["status"] == "InProgress":
        assert after["inactive"] == before["inactive"]
    # The control: her own write is activity.
    written_by(
        school, ANN, f"update {TABLE} set progress_percentage = 36, status = 'InProgress' {KEY}"
    )
    again = pages(cora, WEEK - timedelta(seconds=1))
    assert again["activity"] > before["activity"]
    assert again["inactive"] == []


@pytest.mark.parametrize("who", OTHERS)
def test_what_others_write_over_a_moment_in_the_details_is_no_activity(
    school: Scratch, act: Act, who: str
) -> None:
    cora = act(COORDINATOR)
    begin(school, """'{"submitted_at": "2026-02-01T10:00Z"}'""")
    before = pages(cora)
    assert before["activity"] == datetime.fromisoformat("2026-02-01T10:00Z")
    assert len(before["inactive"]) == 1
    assert OTHERS[who](school, cora)
    if who != "staff in the details":  # the moment is gone then
        assert pages(cora)["activity"] == before["activity"]
    platform(school, ANN, COURSE, 'progress_details = \'{"started_at": "2026-02-02T10:00Z"}\'')
    assert pages(cora)["activity"] == datetime.fromisoformat("2026-02-02T10:00Z")


@pytest.mark.parametrize("who", OTHERS)
def test_where_nothing_tells_whose_a_change_was_it_is_a_last_change(
    school: Scratch, act: Act, who: str
) -> None:
    cora = act(COORDINATOR)
    begin(school, last_updated="now() - interval '30 days'")
    before = pages(cora)
    assert before["activity"] is None
    assert before["change"] == before["idle since"] is not None
    assert before["inactive"] == [30]
    assert OTHERS[who](school, cora)
    after = pages(cora)
    assert after["activity"] is None
    assert after["change"] > before["change"]
    assert after["idle since"] == before["idle since"]
    if fact(school)["status"] == "InProgress":
        assert after["inactive"] == before["inactive"]


def test_what_the_platform_writes_into_the_details_may_be_the_students_work(
    school: Scratch, act: Act
) -> None:
    cora = act(COORDINATOR)
    begin(school, last_updated="now() - interval '30 days'")
    platform(school, ANN, COURSE, "progress_details = '{\"lesson\": 3}', last_updated = now()")
    found = pages(cora)
    assert found["activity"] is None
    assert found["change"] == found["idle since"]
    assert found["inactive"] == []


@pytest.mark.parametrize("moment", ["now() + interval '9 days'", "'infinity'::timestamptz"])
def test_a_moment_to_come_is_no_activity(school: Scratch, act: Act, moment: str) -> None:
    """A platform's clock may be wrong by hours, not by days."""
    cora = act(COORDINATOR)
    begin(
        school, f"jsonb_build_object('submitted_at', {moment}, 'started_at', '2026-02-01T10:00Z')"
    )
    assert pages(cora)["activity"] == datetime.fromisoformat("2026-02-01T10:00Z")
    # Nor once it is written again, without a word of the details.
    platform(school, ANN, COURSE, f"progress_percentage = 31, last_updated = {moment}")
    found = pages(cora)
    assert found["activity"] == datetime.fromisoformat("2026-02-01T10:00Z")
    assert found["change"] is None


def test_a_clock_that_is_ahead_makes_nobody_active_tomorrow(school: Scratch, act: Act) -> None:
    begin(school, "jsonb_build_object('submitted_at', now() + interval '20 hours')")
    found = pages(act(COORDINATOR))["activity"]
    assert timedelta(0) <= datetime.now(UTC) - found < timedelta(minutes=10)


def test_a_write_that_leaves_the_details_alone_keeps_what_they_say(
    school: Scratch, act: Act
) -> None:
    """Their moments are not searched for again; a write that empties them takes the moment along."""
    cora = act(COORDINATOR)
    begin(school, """'{"submitted_at": "2026-02-01T10:00Z"}'""")
    for percentage, updated in ((31, "now()"), (32, "'2020-01-01'"), (33, "'infinity'")):
        platform(
            school, ANN, COURSE, f"progress_percentage = {percentage}, last_updated = {updated}"
        )
        assert pages(cora)["activity"] == datetime.fromisoformat("2026-02-01T10:00Z")
    platform(school, ANN, COURSE, "progress_details = '{}', last_updated = '2026-03-01T00:00Z'")
    found = pages(cora)
    assert (found["activity"], found["change"]) == (
        None,
        datetime.fromisoformat("2026-03-01T00:00Z"),
    )


def test_a_row_that_staff_made_tells_nothing_of_the_student(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    ask(school, f"delete from {TABLE} where student_id = %s", ANN)
    assert save(cora, [edit(school, ANN, COURSE, {S: Status.IN_PROGRESS, P: 10})]).saved
    found = pages(cora, WEEK)
    assert (found["activity"], found["idle since"], found["inactive"]) == (None, None, [])
    assert found["change"] is not None


def test_a_row_that_was_enrolled_now_silences_nothing(school: Scratch, act: Act) -> None:
    begin(school, """'{"submitted_at": "2026-02-01T10:00Z"}'""")
    ask(school, f"insert into {TABLE} (student_id, module_id) values (%s, %s)", ANN, PROJECT)
    assert len(pages(act(COORDINATOR))["inactive"]) == 1


def test_activity_is_remembered_over_a_deleted_row_and_a_moved_one(
    school: Scratch, act: Act
) -> None:
    cora = act(COORDINATOR)
    begin(school)
    written_by(school, ANN, f"update {TABLE} set progress_percentage = 35 {KEY}")
    before = pages(cora)["activity"]
    begin(school)
    assert pages(cora)["activity"] == before is not None
    ask(school, f"update {TABLE} set module_id = %s {KEY}", PROJECT)
    assert fact(school, ANN, PROJECT)["last_activity"] is None  # of that module nothing is known
    ask(school, f"update {TABLE} set module_id = %s where module_id = %s", COURSE, PROJECT)
    assert pages(cora)["activity"] == before

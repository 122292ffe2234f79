"""Keep this: what a coordinator keeps stands, whoever else writes; and everybody can see who saw to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import queries
from data.commands import save
from data.keeping import keep, release
from data.progress import Field, Problem, Status, Values
from data.queries import Attempt, Kept, attempts, keepings, kept_of_student
from data.session import Actor, acting_as
from tests import people
from tests.clusters import Scratch
from tests.database.writing import SC, C, P, S, ask, edit, platform, stored, whole_row, written_by
from tests.people import ADMIN, ANN, ASSESSMENT, BEN, COORDINATOR, COURSE, DAN, PROJECT, UNUSED

Act = Callable[[UUID], Actor]

RECOMPUTED = (
    "status = 'Completed', progress_percentage = 100, completed_at = now(), last_updated = now()"
)


def kept(actor: Actor, student: UUID = ANN) -> list[Kept]:
    with acting_as(actor) as connection:
        return kept_of_student(connection, student)


def tried(actor: Actor, student: UUID = ANN, module: UUID = COURSE) -> list[Attempt]:
    with acting_as(actor) as connection:
        return attempts(connection, student, module)


def history(school: Scratch) -> int:
    return len(ask(school, "select 1 from dashboard.history"))


def cells(actor: Actor) -> list[str]:
    with acting_as(actor) as connection:
        shown = queries.matrix(connection, {"class": people.CLASS_1A})
    return shown.students[0].cells.split(";")


def code(problem: Problem | None) -> str | None:
    return problem.code if problem else None


# --- what is kept stands ---


def test_what_is_not_kept_is_the_platforms(school: Scratch, cora: Actor) -> None:
    platform(school, ANN, COURSE, RECOMPUTED)  # the control of all that follows
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED
    assert tried(cora) == []


def test_a_kept_status_outlives_what_the_platform_computes(school: Scratch, cora: Actor) -> None:
    assert keep(cora, ANN, COURSE, [S], "  Shown to me in person ") is None
    before, entries = whole_row(school, ANN, COURSE), history(school)
    platform(school, ANN, COURSE, RECOMPUTED)
    assert whole_row(school, ANN, COURSE) == before  # last_updated included
    assert history(school) == entries
    (one,) = kept(cora)
    assert one.values == {S: Status.IN_PROGRESS, P: 40, C: None}
    assert (one.reason, one.author, one.stands, one.attempts) == (
        "Shown to me in person",
        "Cora Coordinator",
        True,
        3,
    )
    assert one.module_name == "Fractions"
    assert {(each.field, each.attempted, each.source) for each in tried(cora)} == {
        (S, "Completed", "platform"),
        (P, "100", "platform"),
        (C, str(datetime.now(UTC).date()), "platform"),
    }


def test_what_else_the_platform_writes_comes_through(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    entries = history(school)
    platform(school, ANN, COURSE, RECOMPUTED + ", score = 3, progress_details = '{\"a\": 1}'")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert (row["status"], row["score"], row["progress_details"]) == ("InProgress", 3, {"a": 1})
    (newest,) = ask(school, "select before, after from dashboard.history where id > %s", entries)
    assert set(newest["after"]) == {"score", "progress_details", "last_updated"}


def test_a_beat_of_the_clock_alone_still_comes_through(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    platform(school, ANN, COURSE, "last_updated = '2026-01-01'")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert row["last_updated"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert tried(cora) == []


def test_a_score_stands_alone(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, ASSESSMENT, [SC], "Re-marked")
    platform(school, ANN, ASSESSMENT, "score = 12, progress_percentage = 12, status = 'InProgress'")
    held = stored(school, ANN, ASSESSMENT)
    assert (held[SC], held[P], held[S]) == (55, 12, Status.IN_PROGRESS)


def test_another_cell_is_not_held(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    ask(school, "update public.student_module_progress set status = 'NotStarted'")
    assert stored(school, ANN, COURSE)[S] is Status.IN_PROGRESS
    assert stored(school, BEN, COURSE)[S] is Status.NOT_STARTED


@pytest.mark.parametrize("person", [ANN, COORDINATOR], ids=["the student", "staff without a batch"])
def test_whoever_writes_past_us_is_held_too(school: Scratch, cora: Actor, person: UUID) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    written_by(
        school,
        person,
        "update public.student_module_progress set progress_percentage = 90 "
        f"where student_id = '{ANN}' and module_id = '{COURSE}'",
    )
    assert stored(school, ANN, COURSE)[P] == 40
    (one,) = tried(cora)
    assert (one.field, one.attempted) == (P, "90")
    assert (one.source, one.author) == (
        ("student", "Ann Ågren") if person == ANN else ("staff", "Cora Coordinator")
    )


def test_a_batch_of_somebody_elses_opens_nothing(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    theirs = save(cora, [edit(school, BEN, COURSE, {SC: Decimal(9)})], "mine").batch_id
    with school.owner() as owner:
        owner.execute("select set_config('dashboard.batch', %s, false)", (str(theirs),))
        owner.execute("update public.student_module_progress set progress_percentage = 90")
    assert stored(school, ANN, COURSE)[P] == 40
    assert stored(school, BEN, COURSE)[P] == 90


def test_the_same_attempt_again_counts_up(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [SC], "why")
    for score in (1, 1, 2, 1):
        platform(school, ANN, COURSE, f"score = {score}")
    assert {(one.attempted, one.times) for one in tried(cora)} == {("1", 3), ("2", 1)}
    assert kept(cora)[0].attempts == 4


def test_no_flood_of_attempts_fills_the_table(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [SC], "why")
    with school.owner() as owner:
        for score in range(130):
            owner.execute(
                "update public.student_module_progress set score = %s where student_id = %s",
                (score, ANN),
            )
        owner.execute("update public.student_module_progress set score = 10::numeric ^ 2000")
    noted = tried(cora)
    assert len(noted) == 101
    assert sum(one.times for one in noted) == 131
    assert stored(school, ANN, COURSE)[SC] is None
    assert stored(school, BEN, COURSE)[SC] is not None


def test_a_value_of_any_length_is_put_back(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [SC], "why")
    platform(school, ANN, COURSE, "score = 10::numeric ^ 5000")
    (one,) = tried(cora)
    assert len(one.attempted or "") == 100
    assert stored(school, ANN, COURSE)[SC] is None


# --- what is kept together ---


@pytest.mark.parametrize(
    ("module", "status", "wanted", "expected"),
    [
        (COURSE, "Completed", [S], {S, P, C}),
        (COURSE, "InProgress", [P], {S, P, C}),
        (COURSE, "Completed", [C, SC], {S, P, C, SC}),
        (COURSE, "NotStarted", [SC], {SC}),
        (ASSESSMENT, "Completed", [S], {S, C}),
        (ASSESSMENT, "Completed", [P], {S, P, C}),
        (ASSESSMENT, "NotStarted", [S], {S, P, C}),
    ],
)
def test_fields_that_belong_together_are_kept_together(
    school: Scratch,
    cora: Actor,
    module: UUID,
    status: str,
    wanted: list[Field],
    expected: set[Field],
) -> None:
    platform(school, ANN, module, f"status = '{status}'")
    kind = "assessment" if module == ASSESSMENT else "course"
    with acting_as(cora) as connection:
        assert set(queries.kept_with(connection, wanted, Status(status), kind)) == expected
    assert keep(cora, ANN, module, wanted, "why") is None
    assert set(kept(cora)[0].values) == expected


def test_keeping_more_keeps_what_was_kept_on(school: Scratch, cora: Actor, act: Act) -> None:
    keep(cora, ANN, COURSE, [SC], "first")
    keep(act(ADMIN), ANN, COURSE, [P], "second")
    newest, first = kept(cora)
    assert set(newest.values) == {S, P, SC, C}
    assert (newest.reason, newest.author, newest.stands) == ("second", "Ada Admin", True)
    assert (first.reason, first.author, first.stands) == ("first", "Cora Coordinator", False)
    assert first.released_by == "Ada Admin"


# --- corrections by staff ---


def test_a_correction_goes_through_and_what_is_kept_follows(
    school: Scratch, cora: Actor, act: Act
) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    done = save(act(ADMIN), [edit(school, ANN, COURSE, {S: Status.COMPLETED})], "Seen it")
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED
    now, before = kept(cora)
    assert (now.values[S], now.values[P]) == (Status.COMPLETED, 100)
    assert (now.author, now.reason, now.followed_batch) == ("Ada Admin", "why", done.batch_id)
    assert (before.stands, before.released_by) == (False, "Ada Admin")
    with acting_as(cora) as connection:
        assert done.batch_id is not None
        assert queries.kept_by_batch(connection, done.batch_id) == [now]
        assert queries.kept_among(connection, [(ANN, COURSE), (BEN, COURSE)]) == {
            (ANN, COURSE): now
        }
    platform(school, ANN, COURSE, "status = 'InProgress', completed_at = null")
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED


def test_a_correction_of_something_else_leaves_it_as_it_is(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    before = kept(cora)
    assert save(cora, [edit(school, ANN, COURSE, {SC: Decimal(7)})]).saved
    assert kept(cora) == before


def test_an_assessment_taken_back_keeps_its_percentage_with_it(
    school: Scratch, cora: Actor
) -> None:
    keep(cora, ANN, ASSESSMENT, [S], "why")
    assert set(kept(cora)[0].values) == {S, C}
    assert save(cora, [edit(school, ANN, ASSESSMENT, {S: Status.NOT_STARTED})]).saved
    assert kept(cora)[0].values == {S: Status.NOT_STARTED, P: 0, C: None}
    platform(school, ANN, ASSESSMENT, "progress_percentage = 80")
    assert stored(school, ANN, ASSESSMENT)[P] == 0


def test_what_the_platform_writes_just_now_is_waited_for(school: Scratch, cora: Actor) -> None:
    seen = stored(school, ANN, COURSE)
    with ThreadPoolExecutor(1) as threads, school.owner() as owner:
        with owner.transaction():
            owner.execute("update public.student_module_progress set progress_percentage = 50")
            blind = threads.submit(keep, cora, ANN, COURSE, [P], "why")
            with pytest.raises(TimeoutError):
                blind.result(0.5)
        assert blind.result() is None
    assert kept(cora)[0].values[P] == 50
    release(cora, ANN, COURSE)
    assert code(keep(cora, ANN, COURSE, [P], "why", seen)) == "moved"
    assert not kept(cora)[0].stands
    assert keep(cora, ANN, COURSE, [SC], "why", seen) is None  # the score is as it was seen
    assert code(keep(cora, ANN, COURSE, [S], "why", seen)) == "moved"  # its percentage is not
    assert set(kept(cora)[0].values) == {SC}
    assert keep(cora, ANN, COURSE, [S], "why", stored(school, ANN, COURSE)) is None


# --- rows that go and come ---


def test_a_row_deleted_is_let_go_and_held_again_when_it_is_back(
    school: Scratch, cora: Actor
) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    assert whole_row(school, ANN, COURSE) is None
    assert [(one.field, one.attempted) for one in tried(cora)] == [(None, "deleted")]
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, progress_percentage) "
        "values (%s, %s, 3)",
        ANN,
        COURSE,
    )
    assert stored(school, ANN, COURSE) == {S: Status.IN_PROGRESS, P: 40, SC: None, C: None}
    assert cells(cora)[0] == "I40k"


def test_staff_who_make_the_row_anew_are_followed(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    assert save(cora, [edit(school, ANN, COURSE, {S: Status.COMPLETED})]).saved
    assert stored(school, ANN, COURSE)[P] == 100
    assert kept(cora)[0].values[P] == 100
    assert cells(cora)[0] == "C100ek"


def test_a_row_that_moves_away_is_noted_and_one_that_moves_in_is_held(
    school: Scratch, cora: Actor
) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    platform(school, ANN, COURSE, f"module_id = '{PROJECT}'")
    assert [one.attempted for one in tried(cora)] == ["moved"]
    platform(school, ANN, ASSESSMENT, f"module_id = '{COURSE}'")
    assert stored(school, ANN, COURSE)[P] == 40


UPSERT = """
insert into public.student_module_progress (student_id, module_id, status, progress_percentage)
values (%s, %s, 'InProgress', 77)
on conflict (student_id, module_id) do
"""


def test_an_upsert_is_one_attempt_and_what_does_nothing_is_none(
    school: Scratch, cora: Actor
) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    ask(school, UPSERT + "nothing", ANN, COURSE)
    assert tried(cora) == []
    ask(school, UPSERT + "update set progress_percentage = excluded.progress_percentage",
        ANN, COURSE)  # fmt: skip
    assert [(one.attempted, one.times) for one in tried(cora)] == [("77", 1)]
    assert stored(school, ANN, COURSE)[P] == 40


@pytest.mark.usefixtures("altered")
def test_a_trigger_of_the_schools_own_does_not_undo_it(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    ask(
        school,
        "create function public.own() returns trigger language plpgsql as "
        "$$ begin new.progress_percentage := 66; return new; end $$",
    )
    ask(
        school,
        "create trigger own before insert or update on public.student_module_progress "
        "for each row execute function public.own()",
    )
    platform(school, ANN, COURSE, "score = 1")
    platform(school, BEN, COURSE, "score = 1")
    assert (stored(school, ANN, COURSE)[P], stored(school, BEN, COURSE)[P]) == (40, 66)


# --- the pin, and the release ---


def test_the_cell_shows_a_pin_until_the_release(school: Scratch, cora: Actor, act: Act) -> None:
    assert cells(cora)[0] == "I40"
    keep(cora, ANN, COURSE, [P], "why")
    assert cells(cora) == ["I40k", "C55/55f", "N"]
    assert cells(act(people.TEACHER))[0] == "I40k"
    platform(school, ANN, COURSE, "score = 3")
    assert cells(cora)[0] == "I40/3fk" or cells(cora)[0] == "I40/3kf"
    release(cora, ANN, COURSE)
    assert "k" not in cells(cora)[0]


def test_after_the_release_the_platform_writes_again(
    school: Scratch, cora: Actor, act: Act
) -> None:
    keep(cora, ANN, COURSE, [P], "why")
    assert release(act(ADMIN), ANN, COURSE, " Sorted out ") is None
    assert stored(school, ANN, COURSE)[P] == 40
    platform(school, ANN, COURSE, "progress_percentage = 90")
    assert stored(school, ANN, COURSE)[P] == 90
    (one,) = kept(cora)
    assert (one.stands, one.released_by, one.release_reason) == (False, "Ada Admin", "Sorted out")
    assert one.reason == "why"
    assert code(release(cora, ANN, COURSE)) == "not_kept"
    assert keep(cora, ANN, COURSE, [P], "again") is None


# --- refusals ---


def test_what_was_kept_and_released_is_told_but_not_what_only_went_on(
    school: Scratch, cora: Actor, act: Act
) -> None:
    keep(cora, ANN, COURSE, [S], "Shown in person")
    keep(act(ADMIN), ANN, COURSE, [SC], "And the score")
    assert save(cora, [edit(school, ANN, COURSE, {P: 70})]).saved
    release(cora, ANN, COURSE, "Settled")
    assert [(each.is_release, each.author, each.reason) for each in keepings(kept(cora))] == [
        (True, "Cora Coordinator", "Settled"),
        (False, "Ada Admin", "And the score"),
        (False, "Cora Coordinator", "Shown in person"),
    ]
    assert len(kept(cora)) == 3  # the control: the save's own record is there


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x00b", "a\ud800b"])
def test_nothing_is_kept_without_a_proper_reason(cora: Actor, reason: str) -> None:
    assert code(keep(cora, ANN, COURSE, [S], reason)) == "reason"
    assert kept(cora) == []
    assert keep(cora, ANN, COURSE, [S], "x" * 500) is None
    if reason.strip():
        assert code(release(cora, ANN, COURSE, reason)) == "reason"
        assert kept(cora)[0].stands


def test_nothing_is_kept_where_there_is_nothing(cora: Actor) -> None:
    assert code(keep(cora, ANN, UNUSED, [S], "why")) == "nothing_there"
    assert code(keep(cora, ANN, COURSE, [], "why")) == "fields"
    assert kept(cora) == []


def test_only_who_may_correct_keeps_and_releases(school: Scratch, cora: Actor, act: Act) -> None:
    for person in (people.TEACHER, ANN):
        assert code(keep(act(person), ANN, COURSE, [S], "why")) == "refused"
    for person in (people.SOUTH_COORDINATOR, people.DISABLED, people.STRANGER):
        assert code(keep(act(person), ANN, COURSE, [S], "why")) == "nothing_there"
    assert kept(cora) == []
    assert keep(cora, ANN, COURSE, [S], "why") is None
    assert code(release(act(people.TEACHER), ANN, COURSE)) == "refused"
    for person in (ANN, people.SOUTH_COORDINATOR, people.DISABLED):
        assert code(release(act(person), ANN, COURSE)) == "not_kept"
    assert kept(cora)[0].stands
    assert code(keep(cora, DAN, COURSE, [S], "why")) == "nothing_there"
    assert keep(act(people.SOUTH_COORDINATOR), DAN, COURSE, [S], "why") is None


def test_what_was_kept_is_never_rewritten_for_the_owner_too(school: Scratch, cora: Actor) -> None:
    keep(cora, ANN, COURSE, [S], "why")
    platform(school, ANN, COURSE, RECOMPUTED)
    release(cora, ANN, COURSE)
    before = kept(cora), tried(cora)
    for statement in (
        "delete from dashboard.kept",
        "update dashboard.kept set reason = 'another'",
        "update dashboard.kept set released_by = author_id, release_reason = 'another'",
        "delete from dashboard.kept_attempt",
        "truncate dashboard.kept cascade",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(school, statement)
    assert (kept(cora), tried(cora)) == before


def test_many_at_once_leave_one_that_stands(school: Scratch, cora: Actor) -> None:
    def one(number: int) -> Problem | None:
        if number % 4 == 0:
            return release(cora, ANN, COURSE)
        if number % 4 == 1:
            platform(school, ANN, COURSE, f"progress_percentage = {number}")
            return None
        if number % 4 == 2:
            save(cora, [edit(school, ANN, COURSE, {SC: Decimal(number)})])
            return None
        return keep(cora, ANN, COURSE, [P, SC], f"reason {number}")

    with ThreadPoolExecutor(3) as threads:
        problems = set(map(code, threads.map(one, range(40))))
    assert problems <= {None, "not_kept"}
    keep(cora, ANN, COURSE, [P, SC], "the last")
    standing = [each for each in kept(cora) if each.stands]
    assert len(standing) == 1
    holds = stored(school, ANN, COURSE)
    assert standing[0].values == {name: holds[name] for name in standing[0].values}


# --- anything at all ---


MOMENTS = ["2026-01-05T10:11:12.123456Z", "infinity", "-infinity", "0044-03-15 BC", "12026-01-01"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from([status.value for status in Status]),
    "progress_percentage": st.none() | st.integers(0, 100),
    "score": st.none()
    | st.sampled_from(["NaN", "Infinity", "66.6666666666666667", "-3", "140", "1e300", "7.0"]),
    "completed_at": st.none() | st.sampled_from(MOMENTS),
}
ROWS = st.fixed_dictionaries({}, optional=VALUES)
COLUMNS = ", ".join(f"{name}::text" for name in VALUES)


def columns(connection: psycopg.Connection[Any], module: UUID) -> dict[str, Any]:
    found = connection.execute(
        f"select {COLUMNS} from public.student_module_progress "
        "where student_id = %s and module_id = %s".encode(),
        (ANN, module),
    ).fetchone()
    assert found is not None
    return dict(zip(VALUES, found, strict=True))


def as_text(connection: psycopg.Connection[Any], name: str, value: object) -> str | None:
    kind = {"progress_percentage": "integer", "score": "numeric", "completed_at": "timestamptz"}
    found = connection.execute(
        f"select %s::{kind.get(name, 'text')}::text".encode(), (value,)
    ).fetchone()
    assert found is not None
    written: str | None = found[0]
    return written


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    first=ROWS,
    fields=st.sets(st.sampled_from(list(Field)), min_size=1),
    writes=st.lists(ROWS, max_size=4),
    module=st.sampled_from([COURSE, ASSESSMENT]),
)
def test_no_write_of_the_platform_ever_changes_what_is_kept(
    shared: Scratch,
    first: dict[str, Any],
    fields: set[Field],
    writes: list[dict[str, Any]],
    module: UUID,
) -> None:
    cora = people.actor(shared.database, COORDINATOR)
    release(cora, ANN, module)
    with shared.owner() as owner:

        def write(row: dict[str, Any]) -> None:
            if row:
                sets = ", ".join(f"{name} = %s" for name in row)
                owner.execute(
                    f"update public.student_module_progress set {sets} "
                    "where student_id = %s and module_id = %s".encode(),
                    (*row.values(), ANN, module),
                )

        write(first)
        assert keep(cora, ANN, module, fields, "why") is None
        (standing,) = [one for one in kept(cora) if one.stands and one.module_id == module]
        assert set(standing.values) >= fields
        before = columns(owner, module)
        for row in writes:
            write(row)
            after = columns(owner, module)
            for name in VALUES:
                if Field(name) in standing.values:
                    assert after[name] == before[name]
                elif name in row:
                    assert after[name] == as_text(owner, name, row[name])
        noted = {one.field for one in tried(cora, ANN, module)}
    assert noted <= {*Field, None}


def test_every_kind_of_value_is_read_back_as_it_is_kept(school: Scratch, cora: Actor) -> None:
    values: Values = {S: Status.COMPLETED, P: 100, SC: Decimal("66.6666666666666667"),
                      C: datetime(2026, 1, 5, 10, 11, 12, 123456, UTC)}  # fmt: skip
    assert save(cora, [edit(school, ANN, COURSE, values)]).saved
    assert keep(cora, ANN, COURSE, list(Field), "why") is None
    assert kept(cora)[0].values == values
    platform(school, ANN, COURSE, "completed_at = 'infinity'")
    release(cora, ANN, COURSE)
    platform(school, ANN, COURSE, "completed_at = 'infinity'")
    assert keep(cora, ANN, COURSE, [C], "why") is None
    assert kept(cora)[0].values[C] is None  # unreadable
    platform(school, ANN, COURSE, "completed_at = null")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert row["completed_at_text"] == "infinity"

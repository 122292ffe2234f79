"""Lock and unlock: together what belongs together, with a reason, by whoever may edit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from data.access.session import Actor, acting_as
from data.reading.locks import current_locks, lock_events, locked_with, locks_of_batch
from data.rules.progress import Field, Problem, Status
from data.writing.locks import lock, unlock
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.locks.locked_course import RECOMPUTED, cells, code, locks_of, tried
from tests.database.rows_as_owner import SC, C, P, S, ask, edit, platform, stored
from tests.people import ADMIN, ANN, ASSESSMENT, BEN, COURSE, DAN, UNUSED

Act = Callable[[UUID], Actor]


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
def test_fields_that_belong_together_are_locked_together(
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
        assert set(locked_with(connection, wanted, Status(status), kind)) == expected
    assert lock(cora, ANN, module, wanted, "why") is None
    assert set(locks_of(cora)[0].values) == expected


def test_locking_more_leaves_locked_what_was_locked(school: Scratch, cora: Actor, act: Act) -> None:
    lock(cora, ANN, COURSE, [SC], "first")
    lock(act(ADMIN), ANN, COURSE, [P], "second")
    newest, first = locks_of(cora)
    assert set(newest.values) == {S, P, SC, C}
    assert (newest.reason, newest.author, newest.is_current) == ("second", "Ada Admin", True)
    assert (first.reason, first.author, first.is_current) == ("first", "Cora Coordinator", False)
    assert first.unlocked_by == "Ada Admin"


def test_an_edit_goes_through_and_the_lock_follows(school: Scratch, cora: Actor, act: Act) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    done = save(act(ADMIN), [edit(school, ANN, COURSE, {S: Status.COMPLETED})], "Seen it")
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED
    now, before = locks_of(cora)
    assert (now.values[S], now.values[P]) == (Status.COMPLETED, 100)
    assert (now.author, now.reason, now.followed_batch) == ("Ada Admin", "why", done.batch_id)
    assert (before.is_current, before.unlocked_by) == (False, "Ada Admin")
    with acting_as(cora) as connection:
        assert done.batch_id is not None
        assert locks_of_batch(connection, done.batch_id) == [now]
        assert current_locks(connection, [(ANN, COURSE), (BEN, COURSE)]) == {(ANN, COURSE): now}
    platform(school, ANN, COURSE, "status = 'InProgress', completed_at = null")
    assert stored(school, ANN, COURSE)[S] is Status.COMPLETED


def test_a_correction_of_something_else_leaves_it_as_it_is(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    before = locks_of(cora)
    assert save(cora, [edit(school, ANN, COURSE, {SC: Decimal(7)})]).saved
    assert locks_of(cora) == before


def test_an_assessment_taken_back_is_locked_with_its_percentage(
    school: Scratch, cora: Actor
) -> None:
    lock(cora, ANN, ASSESSMENT, [S], "why")
    assert set(locks_of(cora)[0].values) == {S, C}
    assert save(cora, [edit(school, ANN, ASSESSMENT, {S: Status.NOT_STARTED})]).saved
    assert locks_of(cora)[0].values == {S: Status.NOT_STARTED, P: 0, C: None}
    platform(school, ANN, ASSESSMENT, "progress_percentage = 80")
    assert stored(school, ANN, ASSESSMENT)[P] == 0


def test_what_the_platform_writes_just_now_is_waited_for(school: Scratch, cora: Actor) -> None:
    seen = stored(school, ANN, COURSE)
    with ThreadPoolExecutor(1) as threads, school.owner() as owner:
        with owner.transaction():
            owner.execute("update public.student_module_progress set progress_percentage = 50")
            blind = threads.submit(lock, cora, ANN, COURSE, [P], "why")
            with pytest.raises(TimeoutError):
                blind.result(0.5)
        assert blind.result() is None
    assert locks_of(cora)[0].values[P] == 50
    unlock(cora, ANN, COURSE)
    assert code(lock(cora, ANN, COURSE, [P], "why", seen)) == "moved"
    assert not locks_of(cora)[0].is_current
    assert lock(cora, ANN, COURSE, [SC], "why", seen) is None  # the score is as it was seen
    assert code(lock(cora, ANN, COURSE, [S], "why", seen)) == "moved"  # its percentage is not
    assert set(locks_of(cora)[0].values) == {SC}
    assert lock(cora, ANN, COURSE, [S], "why", stored(school, ANN, COURSE)) is None


def test_the_cell_shows_a_mark_until_it_is_unlocked(school: Scratch, cora: Actor, act: Act) -> None:
    assert cells(cora)[0] == "I40"
    lock(cora, ANN, COURSE, [P], "why")
    assert cells(cora) == ["I40k", "C55/55f", "N"]
    assert cells(act(people.TEACHER))[0] == "I40k"
    platform(school, ANN, COURSE, "score = 3")
    assert cells(cora)[0] == "I40/3fk" or cells(cora)[0] == "I40/3kf"
    unlock(cora, ANN, COURSE)
    assert "k" not in cells(cora)[0]


def test_once_unlocked_the_platform_writes_again(school: Scratch, cora: Actor, act: Act) -> None:
    lock(cora, ANN, COURSE, [P], "why")
    assert unlock(act(ADMIN), ANN, COURSE, " Sorted out ") is None
    assert stored(school, ANN, COURSE)[P] == 40
    platform(school, ANN, COURSE, "progress_percentage = 90")
    assert stored(school, ANN, COURSE)[P] == 90
    (one,) = locks_of(cora)
    assert (one.is_current, one.unlocked_by, one.unlock_reason) == (
        False,
        "Ada Admin",
        "Sorted out",
    )
    assert one.reason == "why"
    assert code(unlock(cora, ANN, COURSE)) == "not_locked"
    assert lock(cora, ANN, COURSE, [P], "again") is None


def test_locking_and_unlocking_are_told_but_not_what_only_went_on(
    school: Scratch, cora: Actor, act: Act
) -> None:
    lock(cora, ANN, COURSE, [S], "Shown in person")
    lock(act(ADMIN), ANN, COURSE, [SC], "And the score")
    assert save(cora, [edit(school, ANN, COURSE, {P: 70})]).saved
    unlock(cora, ANN, COURSE, "Settled")
    assert [(each.is_unlock, each.author, each.reason) for each in lock_events(locks_of(cora))] == [
        (True, "Cora Coordinator", "Settled"),
        (False, "Ada Admin", "And the score"),
        (False, "Cora Coordinator", "Shown in person"),
    ]
    assert len(locks_of(cora)) == 3  # the control: the save's own record is there


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x00b", "a\ud800b"])
def test_nothing_is_locked_without_a_proper_reason(cora: Actor, reason: str) -> None:
    assert code(lock(cora, ANN, COURSE, [S], reason)) == "reason"
    assert locks_of(cora) == []
    assert lock(cora, ANN, COURSE, [S], "x" * 500) is None
    if reason.strip():
        assert code(unlock(cora, ANN, COURSE, reason)) == "reason"
        assert locks_of(cora)[0].is_current


def test_nothing_is_locked_where_there_is_nothing(cora: Actor) -> None:
    assert code(lock(cora, ANN, UNUSED, [S], "why")) == "nothing_there"
    assert code(lock(cora, ANN, COURSE, [], "why")) == "fields"
    assert locks_of(cora) == []


def test_only_who_may_edit_locks_and_unlocks(school: Scratch, cora: Actor, act: Act) -> None:
    for person in (people.TEACHER, ANN):
        assert code(lock(act(person), ANN, COURSE, [S], "why")) == "refused"
    for person in (people.SOUTH_COORDINATOR, people.DISABLED, people.STRANGER):
        assert code(lock(act(person), ANN, COURSE, [S], "why")) == "nothing_there"
    assert locks_of(cora) == []
    assert lock(cora, ANN, COURSE, [S], "why") is None
    assert code(unlock(act(people.TEACHER), ANN, COURSE)) == "refused"
    for person in (ANN, people.SOUTH_COORDINATOR, people.DISABLED):
        assert code(unlock(act(person), ANN, COURSE)) == "not_locked"
    assert locks_of(cora)[0].is_current
    assert code(lock(cora, DAN, COURSE, [S], "why")) == "nothing_there"
    assert lock(act(people.SOUTH_COORDINATOR), DAN, COURSE, [S], "why") is None


def test_a_lock_is_never_rewritten_for_the_owner_too(school: Scratch, cora: Actor) -> None:
    lock(cora, ANN, COURSE, [S], "why")
    platform(school, ANN, COURSE, RECOMPUTED)
    unlock(cora, ANN, COURSE)
    before = locks_of(cora), tried(cora)
    for statement in (
        "delete from dashboard.lock",
        "update dashboard.lock set reason = 'another'",
        "update dashboard.lock set unlocked_by = author_id, unlock_reason = 'another'",
        "delete from dashboard.lock_attempt",
        "truncate dashboard.lock cascade",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(school, statement)
    assert (locks_of(cora), tried(cora)) == before


def test_many_at_once_leave_one_that_stands(school: Scratch, cora: Actor) -> None:
    def one(number: int) -> Problem | None:
        if number % 4 == 0:
            return unlock(cora, ANN, COURSE)
        if number % 4 == 1:
            platform(school, ANN, COURSE, f"progress_percentage = {number}")
            return None
        if number % 4 == 2:
            save(cora, [edit(school, ANN, COURSE, {SC: Decimal(number)})])
            return None
        return lock(cora, ANN, COURSE, [P, SC], f"reason {number}")

    with ThreadPoolExecutor(3) as threads:
        problems = set(map(code, threads.map(one, range(40))))
    assert problems <= {None, "not_locked"}
    lock(cora, ANN, COURSE, [P, SC], "the last")
    standing = [each for each in locks_of(cora) if each.is_current]
    assert len(standing) == 1
    holds = stored(school, ANN, COURSE)
    assert standing[0].values == {name: holds[name] for name in standing[0].values}

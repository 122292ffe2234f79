"""Who sees locks, who locks and unlocks, and with which name."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from data.rules.progress import Field
from data.writing.locks import lock
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask, platform
from tests.people import ADMIN, ANN, CLEO, COORDINATOR, COURSE, DAN, SOUTH_COORDINATOR
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, edits, rows, touched

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

LOCKED = (ANN, CLEO, DAN)
STUDENTS = {ANN, people.BEN}


@pytest.fixture(scope="module")
def locked(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with a locked status of three students and an attempt on each."""
    scratch = cluster.new_database("cast")
    for student in LOCKED:
        by = SOUTH_COORDINATOR if student == DAN else COORDINATOR
        actor = people.actor(scratch.database, by)
        assert lock(actor, student, COURSE, [Field.STATUS], "why") is None
        platform(scratch, student, COURSE, "status = 'Completed'")
    yield scratch
    cluster.drop(scratch)


@everybody
@pytest.mark.parametrize("table", ["dashboard.lock", "dashboard.lock_attempt"])
def test_staff_see_the_locks_of_their_students_and_students_see_nothing(
    locked: Scratch, person: UUID | None, table: str
) -> None:
    question = f"select student_id from {table}"
    assert {one["student_id"] for one in ask(locked, question)} == set(LOCKED)  # the control
    found = rows(locked, person, question)
    if person is NOBODY:
        assert found is None
        return
    expected = set() if person in STUDENTS else SEES[person] & set(LOCKED)
    assert {student for (student,) in found or []} == expected


LOCK = (
    "insert into dashboard.lock (student_id, module_id, fields, author_id, reason) "
    "values (:student, :module, '{score}', :author, 'why')"
)


@everybody
def test_only_editors_lock_and_only_in_their_own_name(locked: Scratch, person: UUID | None) -> None:
    for student in (ANN, CLEO, DAN):
        for author in {person, ADMIN, COORDINATOR}:
            allowed = student in edits(person) and author == person
            count = touched(locked, person, LOCK, student=student, module=COURSE, author=author)
            assert count == (1 if allowed else None), (student, author)


UNLOCK = "update dashboard.lock set unlocked_by = :by where student_id = :student"


@everybody
def test_only_editors_unlock_and_only_in_their_own_name(
    locked: Scratch, person: UUID | None
) -> None:
    for student in LOCKED:
        count = touched(locked, person, UNLOCK, student=student, by=person)
        if person is NOBODY:
            assert count is None
        else:
            assert count == (1 if student in edits(person) else 0)
            other = touched(locked, person, UNLOCK, student=student, by=people.TEACHER)
            assert other == (None if student in edits(person) and person else 0)


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
def test_nobody_chooses_the_locked_values_the_time_or_the_attempts(
    locked: Scratch, person: UUID
) -> None:
    assert rows(locked, person, "select 1 from dashboard.lock")  # the control
    assert rows(locked, person, "select 1 from dashboard.lock_attempt")
    for statement in (
        LOCK.replace("reason)", "reason, locked_values)").replace(
            "'why')", "'why', '{\"score\": 100}')"
        ),
        LOCK.replace("reason)", "reason, at)").replace("'why')", "'why', '2020-01-01')"),
        "update dashboard.lock set unlocked_at = null",
        "update dashboard.lock set reason = 'another'",
        "update dashboard.lock set locked_values = '{}'",
        "delete from dashboard.lock",
        "delete from dashboard.lock_attempt",
        "update dashboard.lock_attempt set times = 0",
        "insert into dashboard.lock_attempt (lock_id) values (1)",
    ):
        bound = (
            {"student": ANN, "module": COURSE, "author": person} if "values (:" in statement else {}
        )
        assert touched(locked, person, statement, **bound) is None, statement

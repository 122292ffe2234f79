"""Who sees what is kept, who keeps and releases, and with which name."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from data.rules.progress import Field
from data.writing.locks import keep
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask, platform
from tests.people import ADMIN, ANN, CLEO, COORDINATOR, COURSE, DAN, SOUTH_COORDINATOR
from tests.rls.asking import EDITORS, NAMES, NOBODY, SEES, edits, rows, touched

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

KEPT = (ANN, CLEO, DAN)
STUDENTS = {ANN, people.BEN}


@pytest.fixture(scope="module")
def kept(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with a kept status of three students and an attempt on each."""
    scratch = cluster.new_database("cast")
    for student in KEPT:
        by = SOUTH_COORDINATOR if student == DAN else COORDINATOR
        actor = people.actor(scratch.database, by)
        assert keep(actor, student, COURSE, [Field.STATUS], "why") is None
        platform(scratch, student, COURSE, "status = 'Completed'")
    yield scratch
    cluster.drop(scratch)


@everybody
@pytest.mark.parametrize("table", ["dashboard.kept", "dashboard.kept_attempt"])
def test_staff_see_what_is_kept_of_their_students_and_students_see_nothing(
    kept: Scratch, person: UUID | None, table: str
) -> None:
    question = f"select student_id from {table}"
    assert {one["student_id"] for one in ask(kept, question)} == set(KEPT)  # the control
    found = rows(kept, person, question)
    if person is NOBODY:
        assert found is None
        return
    expected = set() if person in STUDENTS else SEES[person] & set(KEPT)
    assert {student for (student,) in found or []} == expected


KEEP = (
    "insert into dashboard.kept (student_id, module_id, fields, author_id, reason) "
    "values (:student, :module, '{score}', :author, 'why')"
)


@everybody
def test_only_editors_keep_and_only_in_their_own_name(kept: Scratch, person: UUID | None) -> None:
    for student in (ANN, CLEO, DAN):
        for author in {person, ADMIN, COORDINATOR}:
            allowed = student in edits(person) and author == person
            count = touched(kept, person, KEEP, student=student, module=COURSE, author=author)
            assert count == (1 if allowed else None), (student, author)


RELEASE = "update dashboard.kept set released_by = :by where student_id = :student"


@everybody
def test_only_editors_release_and_only_in_their_own_name(
    kept: Scratch, person: UUID | None
) -> None:
    for student in KEPT:
        count = touched(kept, person, RELEASE, student=student, by=person)
        if person is NOBODY:
            assert count is None
        else:
            assert count == (1 if student in edits(person) else 0)
            other = touched(kept, person, RELEASE, student=student, by=people.TEACHER)
            assert other == (None if student in edits(person) and person else 0)


@pytest.mark.parametrize("person", EDITORS, ids=lambda person: NAMES[person])
def test_nobody_chooses_the_kept_values_the_time_or_the_attempts(
    kept: Scratch, person: UUID
) -> None:
    assert rows(kept, person, "select 1 from dashboard.kept")  # the control
    assert rows(kept, person, "select 1 from dashboard.kept_attempt")
    for statement in (
        KEEP.replace("reason)", "reason, held)").replace("'why')", "'why', '{\"score\": 100}')"),
        KEEP.replace("reason)", "reason, at)").replace("'why')", "'why', '2020-01-01')"),
        "update dashboard.kept set released_at = null",
        "update dashboard.kept set reason = 'another'",
        "update dashboard.kept set held = '{}'",
        "delete from dashboard.kept",
        "delete from dashboard.kept_attempt",
        "update dashboard.kept_attempt set times = 0",
        "insert into dashboard.kept_attempt (kept_id) values (1)",
    ):
        bound = (
            {"student": ANN, "module": COURSE, "author": person} if "values (:" in statement else {}
        )
        assert touched(kept, person, statement, **bound) is None, statement

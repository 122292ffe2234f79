"""A draft is for its author's eyes and hands only."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from data.rules.progress import EMPTY_ROW, Edit, Field
from data.writing.drafts import save_draft
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, ANN, CLASS_1A, CLASS_1B, CLASS_SOUTH, COORDINATOR, COURSE, TEACHER
from tests.rls.asking import NAMES, NOBODY, SEES, rows, touched

everybody = pytest.mark.parametrize("person", SEES, ids=lambda person: NAMES[person])

AUTHORS = (TEACHER, COORDINATOR, ADMIN)
WORKS_WITH: dict[UUID | None, set[UUID]] = {
    TEACHER: {CLASS_1A},
    people.OTHER_TEACHER: {CLASS_1B},
    COORDINATOR: {CLASS_1A, CLASS_1B},
    people.SOUTH_COORDINATOR: {CLASS_SOUTH},
    ADMIN: {CLASS_1A, CLASS_1B, CLASS_SOUTH},
    people.EVERYWHERE: {CLASS_1A, CLASS_1B, CLASS_SOUTH},
}


@pytest.fixture(scope="module")
def kept(cluster: Cluster) -> Iterator[Scratch]:
    """The cast, with three drafts of 1A; one by somebody who was switched off, and one by a student."""
    scratch = cluster.new_database("cast")
    for person in AUTHORS:
        edit = Edit(ANN, COURSE, {Field.PERCENTAGE: 41}, EMPTY_ROW)
        assert save_draft(people.actor(scratch.database, person), CLASS_1A, [edit]) is None
    for person in (people.DISABLED, ANN):
        ask(
            scratch,
            "insert into dashboard.draft (person_id, class_id, edits) values (%s, %s, '[]')",
            person,
            CLASS_1A,
        )
    yield scratch
    cluster.drop(scratch)


@everybody
def test_people_see_change_and_remove_their_own_drafts_only(
    kept: Scratch, person: UUID | None
) -> None:
    assert len(ask(kept, "select 1 from dashboard.draft")) == 5  # the control
    found = rows(kept, person, "select person_id from dashboard.draft")
    changed = touched(kept, person, "update dashboard.draft set edits = '[]'")
    removed = touched(kept, person, "delete from dashboard.draft")
    if person is NOBODY:
        assert (found, changed, removed) == (None, None, None)
        return
    own = [(person,)] if person in AUTHORS else []
    assert (found, changed, removed) == (own, len(own), len(own))


DRAFT = "insert into dashboard.draft (person_id, class_id, edits) values (:by, :of, '[]')"


@everybody
def test_staff_keep_drafts_of_their_classes_in_their_own_name(
    kept: Scratch, person: UUID | None
) -> None:
    for of in (CLASS_1B, CLASS_SOUTH):
        for by in {person, ADMIN, COORDINATOR}:
            allowed = by == person and of in WORKS_WITH.get(person, set())
            assert touched(kept, person, DRAFT, by=by, of=of) == (1 if allowed else None)


@pytest.mark.parametrize("person", AUTHORS, ids=lambda person: NAMES[person])
def test_a_draft_is_not_handed_to_somebody_else(kept: Scratch, person: UUID) -> None:
    assert touched(kept, person, "update dashboard.draft set edits = '[]'") == 1  # the control
    hand_over = "update dashboard.draft set person_id = :to"
    assert touched(kept, person, hand_over, to=people.OTHER_TEACHER) is None

"""Drafts: what was typed and not saved comes back exactly, and to its author only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from data.access.session import Actor, acting_as
from data.reading.drafts import Draft, DraftSummary, Unread, draft, drafts
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, Value
from data.writing.drafts import save_draft
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import SC, C, P, S, ask
from tests.people import ANN, ASSESSMENT, BEN, CLASS_1A, CLASS_1B, COORDINATOR, COURSE
from tests.profiles import examples

Act = Callable[[UUID], Actor]

ONE = Edit(ANN, COURSE, {P: 41}, {**EMPTY_ROW, S: Status.IN_PROGRESS, P: 40})
ANOTHER = Edit(BEN, ASSESSMENT, {SC: Decimal("66.60"), S: Status.COMPLETED}, EMPTY_ROW)


def mine(actor: Actor, class_id: UUID = CLASS_1A) -> Draft:
    with acting_as(actor) as connection:
        return draft(connection, class_id)


def all_of(actor: Actor) -> list[DraftSummary]:
    with acting_as(actor) as connection:
        return drafts(connection)


def test_what_was_set_aside_comes_back_in_its_order(cora: Actor) -> None:
    assert mine(cora) == Draft()
    assert save_draft(cora, CLASS_1A, [ONE, ANOTHER]) is None
    assert mine(cora).edits == (ONE, ANOTHER)
    assert mine(cora).problem is None
    assert mine(cora, CLASS_1B) == Draft()


def test_what_was_refused_comes_back_as_it_was_typed(cora: Actor) -> None:
    beside = Unread(ANN, COURSE, {SC: "twelve"}, ONE.seen)
    alone = Unread(BEN, COURSE, {P: "140 %", C: ""}, EMPTY_ROW)
    assert save_draft(cora, CLASS_1A, [ONE], [alone, beside]) is None
    assert mine(cora).edits == (ONE,)
    assert mine(cora).unread == (beside, alone)
    assert mine(cora).problem is None
    assert [one.count for one in all_of(cora)] == [2]  # rows
    assert save_draft(cora, CLASS_1A, [], [alone]) is None
    assert (mine(cora).edits, mine(cora).unread) == ((), (alone,))


def test_the_next_one_takes_its_place_and_none_removes_it(cora: Actor) -> None:
    save_draft(cora, CLASS_1A, [ONE])
    first = mine(cora).updated_at
    save_draft(cora, CLASS_1A, [ANOTHER])
    assert mine(cora).edits == (ANOTHER,)
    later = mine(cora).updated_at
    assert first is not None
    assert later is not None
    assert later > first
    save_draft(cora, CLASS_1B, [ONE])
    assert save_draft(cora, CLASS_1A, []) is None
    assert mine(cora) == Draft()
    assert mine(cora, CLASS_1B).edits == (ONE,)


def test_what_replaces_some_rows_leaves_the_others(cora: Actor) -> None:
    key = ONE.student_id, ONE.module_id
    text = Unread(BEN, COURSE, {P: "140 %"}, EMPTY_ROW)
    assert save_draft(cora, CLASS_1A, [ONE], replacing=[key]) is None
    assert save_draft(cora, CLASS_1A, [ANOTHER], [text], replacing=[]) is None
    assert mine(cora).edits == (ONE, ANOTHER)
    assert save_draft(cora, CLASS_1A, [replace(ONE, changes={P: 42})], replacing=[]) is None
    assert {one.changes.get(P) for one in mine(cora).edits} == {42, None}
    assert save_draft(cora, CLASS_1A, [], replacing=[key]) is None
    assert (mine(cora).edits, mine(cora).unread) == ((ANOTHER,), (text,))
    others = [(BEN, ASSESSMENT), (BEN, COURSE)]
    assert save_draft(cora, CLASS_1A, [], replacing=others) is None
    assert all_of(cora) == []


def test_all_classes_with_pending_edits_are_listed(cora: Actor) -> None:
    assert all_of(cora) == []
    save_draft(cora, CLASS_1A, [ONE, ANOTHER])
    save_draft(cora, CLASS_1B, [ONE])
    found = [(one.class_id, one.class_name, one.count) for one in all_of(cora)]
    assert found == [(CLASS_1B, "1B", 1), (CLASS_1A, "1A", 2)]


def test_a_draft_is_its_authors_alone(cora: Actor, act: Act) -> None:
    save_draft(cora, CLASS_1A, [ONE])
    for person in (people.ADMIN, people.TEACHER, ANN):
        assert mine(act(person)) == Draft()
        assert all_of(act(person)) == []
        save_draft(act(person), CLASS_1A, [])
    assert mine(cora).edits == (ONE,)
    assert save_draft(act(people.ADMIN), CLASS_1A, [ANOTHER]) is None
    assert mine(cora).edits == (ONE,)


@pytest.mark.parametrize("person", [ANN, people.SOUTH_COORDINATOR, people.DISABLED])
def test_who_does_not_work_with_the_class_keeps_no_draft(
    cora: Actor, act: Act, person: UUID
) -> None:
    problem = save_draft(act(person), CLASS_1A, [ONE])
    assert problem is not None
    assert problem.code == "refused"
    assert save_draft(cora, CLASS_1A, [ONE]) is None


def test_a_class_one_has_left_keeps_the_draft_without_its_name(school: Scratch, act: Act) -> None:
    tess = act(people.TEACHER)
    save_draft(tess, CLASS_1A, [ONE])
    ask(school, "delete from school.class_teacher where staff_id = %s", people.TEACHER)
    assert [(one.class_name, one.count) for one in all_of(tess)] == [(None, 1)]
    assert mine(tess).edits == (ONE,)


def test_thousands_are_kept_and_too_many_refused_in_words(cora: Actor) -> None:
    edits = [Edit(UUID(int=n), COURSE, {P: 1}, EMPTY_ROW) for n in range(10_000)]
    assert save_draft(cora, CLASS_1A, edits) is None
    assert mine(cora).edits == tuple(edits)
    problem = save_draft(cora, CLASS_1A, edits * 3)
    assert problem is not None
    assert problem.code == "too_large"
    assert mine(cora).edits == tuple(edits)


GOOD: dict[str, Any] = {
    "student": str(ANN),
    "module": str(COURSE),
    "changes": {"progress_percentage": 5},
    "seen": {
        "status": "NotStarted",
        "progress_percentage": None,
        "score": None,
        "completed_at": None,
    },
}


@pytest.mark.parametrize(
    "broken",
    [
        None,
        3,
        "text",
        [],
        {},
        {**GOOD, "student": "nobody"},
        {**GOOD, "student": None},
        {**GOOD, "changes": None},
        {**GOOD, "changes": {"grade": 3}},
        {**GOOD, "changes": {"progress_percentage": "5"}},
        {**GOOD, "changes": {"progress_percentage": True}},
        {**GOOD, "changes": {"status": None}},
        {**GOOD, "changes": {"status": "Finished"}},
        {**GOOD, "changes": {"status": {"a": 1}}},
        {**GOOD, "changes": {"score": 5}},
        {**GOOD, "changes": {"score": {"decimal": "five"}}},
        {**GOOD, "changes": {"score": {"decimal": None}}},
        {**GOOD, "changes": {"score": {}}},
        {**GOOD, "changes": {"completed_at": {"moment": "2026-01-01T10:00:00"}}},
        {**GOOD, "changes": {"completed_at": {"moment": "soon"}}},
        {**GOOD, "seen": {}},
    ],
)
def test_what_cannot_be_read_is_left_out_in_words(
    school: Scratch, cora: Actor, broken: object
) -> None:
    save_draft(cora, CLASS_1A, [ONE])
    ask(school, "update dashboard.draft set edits = %s", Jsonb([GOOD, broken]))
    found = mine(cora)
    assert found.edits == (Edit(ANN, COURSE, {P: 5}, EMPTY_ROW),)
    assert found.problem is not None
    assert found.problem.message.startswith("One change of your draft could not be read")
    assert all_of(cora)[0].count == 2


ZONES = st.sampled_from(
    [UTC, ZoneInfo("Europe/Paris"), timezone(timedelta(hours=-9, minutes=-30)),
     timezone(timedelta(hours=5, minutes=53, seconds=28))]
)  # fmt: skip
VALUES: dict[Field, st.SearchStrategy[Value]] = {
    S: st.sampled_from(list(Status)),
    P: st.none() | st.integers(-(2**31), 2**31 - 1),
    SC: st.none() | st.decimals(allow_nan=False),
    # At a zone's own offset: Python holds no moment that a clock skips or repeats equal to one of another zone.
    C: st.none()
    | st.datetimes(timezones=ZONES).map(
        lambda at: at.replace(tzinfo=timezone(at.utcoffset() or timedelta()))
    ),
}
EDITS = st.builds(
    Edit,
    st.uuids(),
    st.uuids(),
    st.fixed_dictionaries({}, optional=VALUES).filter(bool),
    st.fixed_dictionaries(VALUES),
)


@examples(100)
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_every_value_comes_back_exactly(shared: Scratch, edits: list[Edit]) -> None:
    cora = people.actor(shared.database, COORDINATOR)
    assert save_draft(cora, CLASS_1A, edits) is None
    found = mine(cora)
    assert found.edits == tuple(edits)
    assert found.problem is None
    for before, after in zip(edits, found.edits, strict=True):
        for one, other in (before.changes, after.changes), (before.seen, after.seen):
            assert {name: (type(one[name]), str(one[name])) for name in one} == {
                name: (type(other[name]), str(other[name])) for name in other
            }


def test_a_score_that_is_no_number_comes_back_too(cora: Actor) -> None:
    save_draft(cora, CLASS_1A, [Edit(ANN, COURSE, {P: 1}, {**EMPTY_ROW, SC: Decimal("NaN")})])
    score = mine(cora).edits[0].seen[SC]
    assert isinstance(score, Decimal)
    assert score.is_nan()

"""Undo: exactly what stood before, over nothing that somebody changed since."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from data.access.session import Actor, acting_as
from data.reading.history.saves import batch, batches
from data.rules.progress import EMPTY_ROW, Edit, Values
from data.writing.save import Outcome, save
from data.writing.undo import Undoing, undo_edits
from tests import people
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
from tests.people import ADMIN, ANN, ASSESSMENT, BEN, CLEO, COORDINATOR, COURSE, DAN, PROJECT

Act = Callable[[UUID], Actor]


def undoing(
    actor: Actor, batch_id: UUID | None, only: set[tuple[UUID, UUID]] | None = None
) -> Undoing:
    assert batch_id is not None
    with acting_as(actor) as connection:
        return undo_edits(connection, batch_id, only)


def undo(actor: Actor, batch_id: UUID | None, *, whole: bool = False) -> Outcome:
    asked = undoing(actor, batch_id)
    return save(actor, asked.edits, "undone", source="undo", undoes=batch_id, whole=whole)


def figures(school: Scratch) -> dict[tuple[UUID, UUID], Values]:
    rows = ask(school, "select student_id, module_id from public.student_module_progress")
    keys = [(row["student_id"], row["module_id"]) for row in rows]
    return {key: stored(school, *key) for key in keys}


LEGACY = [
    # Rows as no rule would make them, and what somebody then saved over them.
    ("status = 'Completed', progress_percentage = 55, completed_at = null", {S: IN}),
    ("status = 'Completed', progress_percentage = 55, completed_at = null", {S: NOT}),
    ("status = 'NotStarted', progress_percentage = 70, score = 140", {S: DONE}),
    ("status = 'NotStarted', progress_percentage = null", {S: DONE, SC: Decimal(1)}),
    ("status = 'InProgress', completed_at = '2026-03-01T10:00:00.123456Z'", {S: NOT}),
    ("status = 'InProgress', completed_at = '2026-03-01T10:00Z'", {C: None}),
    ("score = 66.6666666666666667", {SC: Decimal("0.10")}),
    ("score = 'NaN'", {SC: Decimal(5), P: 3}),
    ("score = 'Infinity'", {SC: Decimal(5)}),
    ("score = -3, progress_percentage = 100", {SC: None}),
    # A value that nobody touched stays, however unreadable.
    ("completed_at = 'infinity', status = 'Completed'", {SC: Decimal(5)}),
    ("completed_at = '0044-03-15 BC'", {P: 9}),
]


@pytest.mark.parametrize(("stands", "changes"), LEGACY)
def test_an_undone_row_stands_exactly_as_it_did(
    school: Scratch, act: Act, stands: str, changes: Values
) -> None:
    platform(school, ANN, COURSE, stands)
    before = whole_row(school, ANN, COURSE)
    first = save(act(COORDINATOR), [edit(school, ANN, COURSE, changes)])
    changed = whole_row(school, ANN, COURSE)
    outcome = undo(act(COORDINATOR), first.batch_id)
    assert (len(outcome.saved), outcome.conflicts, outcome.refusals) == (1, (), ())
    after = whole_row(school, ANN, COURSE)
    assert before
    assert after
    assert changed
    moved = {"last_updated", "last_updated_text"}
    same = {name for name in before if repr(before[name]) == repr(after[name])}
    assert set(before) - same <= moved
    assert after["last_updated"] > changed["last_updated"]
    # And the undo undone is the change again.
    assert len(undo(act(COORDINATOR), outcome.batch_id).saved) == 1
    again = whole_row(school, ANN, COURSE)
    assert again
    assert {name for name in again if repr(again[name]) != repr(changed[name])} <= moved


def test_an_undo_is_a_batch_that_says_what_it_undoes(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    first = save(cora, [edit(school, ANN, COURSE, {P: 41})], "first")
    second = undo(cora, first.batch_id)
    third = undo(cora, second.batch_id)
    assert stored(school, ANN, COURSE)[P] == 41
    found = ask(school, "select id, source, undoes from dashboard.batch order by at")
    assert [tuple(one.values()) for one in found] == [
        (first.batch_id, "form", None),
        (second.batch_id, "undo", first.batch_id),
        (third.batch_id, "undo", second.batch_id),
    ]
    with acting_as(cora) as connection:
        newest, middle, oldest = batches(connection)
        assert batch(connection, oldest.id) == oldest
        assert batch(connection, uuid4()) is None
    assert [one.id for one in (newest, middle, oldest)] == [
        third.batch_id,
        second.batch_id,
        first.batch_id,
    ]
    # The undo was undone, so the first one stands.
    assert (middle.undone, middle.is_undone) == (1, True)
    assert (oldest.undone, oldest.is_undone) == (0, False)
    assert (oldest.author, oldest.reason, oldest.rows, oldest.editable) == (
        "Cora Coordinator",
        "first",
        1,
        1,
    )


def test_chosen_rows_of_a_batch_are_undone_and_the_others_stay(school: Scratch, act: Act) -> None:
    cora = act(COORDINATOR)
    wishes = [edit(school, one, COURSE, {SC: Decimal(70)}) for one in (ANN, BEN, CLEO)]
    first = save(cora, wishes, "all three", source="bulk")
    asked = undoing(cora, first.batch_id, {(ANN, COURSE), (CLEO, COURSE), (DAN, COURSE)})
    assert {one.student_id for one in asked.edits} == {ANN, CLEO}
    outcome = save(cora, asked.edits, "not these", source="undo", undoes=first.batch_id)
    assert len(outcome.saved) == 2
    assert [stored(school, one, COURSE)[SC] for one in (ANN, BEN, CLEO)] == [None, 70, None]
    with acting_as(cora) as connection:
        told = batch(connection, asked.batch_id)
    assert told
    assert (told.rows, told.undone, told.is_undone) == (3, 2, False)
    rest = undoing(cora, first.batch_id)
    assert [one.student_id for one in rest.edits] == [BEN]
    assert {student for student, _ in rest.standing} == {ANN, CLEO}


def test_a_row_that_the_batch_made_goes_back_to_not_started(school: Scratch, act: Act) -> None:
    made = save(act(COORDINATOR), [Edit(ANN, PROJECT, {S: DONE, SC: Decimal(9)}, EMPTY_ROW)])
    assert len(undo(act(COORDINATOR), made.batch_id).saved) == 1
    assert stored(school, ANN, PROJECT) == EMPTY_ROW
    assert whole_row(school, ANN, PROJECT) is not None


MEANWHILE: list[tuple[Values, str, set[str]]] = [
    # what the batch set, what the platform wrote since, the fields that conflict
    ({P: 60}, "progress_percentage = 61", {P}),
    ({P: 60}, "score = 5", set()),
    ({P: 60}, "status = 'Completed'", set()),
    ({S: DONE}, "progress_percentage = 99", {P}),
    ({S: DONE}, "completed_at = null", {C}),
    ({S: DONE}, "status = 'InProgress'", {S}),
    ({S: DONE}, "score = 5, progress_details = '{}'", set()),
    ({S: DONE, SC: Decimal(5)}, "score = 6, status = 'InProgress'", {S, SC}),
]


@pytest.mark.parametrize(("changes", "meanwhile", "fields"), MEANWHILE)
def test_what_somebody_changed_since_is_a_conflict_field_by_field(
    school: Scratch, act: Act, changes: Values, meanwhile: str, fields: set[str]
) -> None:
    first = save(act(COORDINATOR), [edit(school, ANN, COURSE, changes)])
    platform(school, ANN, COURSE, meanwhile)
    there = stored(school, ANN, COURSE)
    outcome = undo(act(COORDINATOR), first.batch_id)
    if not fields:
        assert len(outcome.saved) == 1
        return
    assert set(outcome.conflicts[0].fields) == fields
    assert outcome.conflicts[0].changed_by == "Platform"
    assert stored(school, ANN, COURSE) == there
    # The person chooses: back all the same.
    mine = replace(outcome.conflicts[0].edit, seen=outcome.conflicts[0].current)
    again = save(act(COORDINATOR), [mine], source="undo", undoes=first.batch_id)
    assert len(again.saved) == 1


def test_a_row_put_back_by_hand_is_told_as_standing_already(school: Scratch, act: Act) -> None:
    first = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 60})])
    assert len(undoing(act(COORDINATOR), first.batch_id).edits) == 1  # the control
    platform(school, ANN, COURSE, "progress_percentage = 40")
    asked = undoing(act(COORDINATOR), first.batch_id)
    assert (asked.edits, asked.standing) == ((), ((ANN, COURSE),))


@pytest.mark.parametrize("poison", ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"])
def test_what_cannot_be_read_is_told_and_the_rest_goes_on(
    school: Scratch, act: Act, poison: str
) -> None:
    platform(school, BEN, COURSE, f"completed_at = '{poison}'")
    wishes = [edit(school, BEN, COURSE, {S: IN}), edit(school, ANN, COURSE, {P: 60})]
    first = save(act(COORDINATOR), wishes, "both")
    assert len(first.saved) == 2
    asked = undoing(act(COORDINATOR), first.batch_id)
    assert [(one.student_id, one.module_id) for one in asked.impossible] == [(BEN, COURSE)]
    assert "completed on" in asked.impossible[0].message
    assert len(undo(act(COORDINATOR), first.batch_id).saved) == 1
    assert stored(school, ANN, COURSE)[P] == 40


def test_a_row_that_was_deleted_since_is_a_conflict(school: Scratch, act: Act) -> None:
    first = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 60})])
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    outcome = undo(act(COORDINATOR), first.batch_id)
    assert len(outcome.conflicts) == 1
    assert whole_row(school, ANN, COURSE) is None


def test_what_the_table_refuses_is_refused_of_an_undo_too(school: Scratch, act: Act) -> None:
    wish = edit(school, ANN, COURSE, {P: 150})
    outcome = save(act(COORDINATOR), [wish], source="restore")
    assert [problem.code for problem in outcome.problems] == ["out_of_range"]
    assert stored(school, ANN, COURSE)[P] == 40


def test_an_undo_touches_the_rows_that_the_undoer_may_edit_only(school: Scratch, act: Act) -> None:
    wishes = [edit(school, one, COURSE, {P: 77}) for one in (ANN, DAN)]
    first = save(act(ADMIN), wishes, "everywhere")
    sol = act(people.SOUTH_COORDINATOR)
    with acting_as(sol) as connection:
        told = batches(connection)[0]
    assert (told.id, told.rows, told.editable, told.author) == (first.batch_id, 1, 1, "Ada Admin")
    outcome = undo(sol, first.batch_id)
    assert [one.student_id for one in outcome.saved] == [DAN]
    assert stored(school, ANN, COURSE)[P] == 77


@pytest.mark.parametrize("person", [people.TEACHER, people.SOUTH_COORDINATOR, people.DISABLED, ANN])
def test_whoever_may_not_edit_may_not_undo(school: Scratch, act: Act, person: UUID) -> None:
    first = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 77})])
    edits = undoing(act(COORDINATOR), first.batch_id).edits
    outcome = save(act(person), edits, "mine now", source="undo", undoes=first.batch_id)
    assert outcome.saved == ()
    assert [problem.code for problem in outcome.problems] == ["refused"]
    assert stored(school, ANN, COURSE)[P] == 77
    with acting_as(act(person)) as connection:
        sees = {one.id: one.editable for one in batches(connection)}
    assert sees == ({first.batch_id: 0} if person in (people.TEACHER, ANN) else {})
    assert undo(act(ADMIN), first.batch_id).saved  # the control


def test_as_a_whole_nothing_is_written_where_one_edit_cannot_be(school: Scratch, act: Act) -> None:
    good = edit(school, ANN, COURSE, {P: 60})
    overtaken = edit(school, BEN, COURSE, {SC: Decimal(5)})
    platform(school, BEN, COURSE, "score = 4")
    refused = edit(school, DAN, COURSE, {P: 60})
    same = edit(school, CLEO, COURSE, {P: 10})
    before = figures(school)
    for others in ([overtaken], [refused], [overtaken, refused]):
        outcome = save(act(COORDINATOR), [good, same, *others], "all", whole=True)
        assert outcome.unchanged == (same,)
        assert (outcome.saved, outcome.batch_id) == ((), None)
        assert len(outcome.conflicts) + len(outcome.refusals) == len(others)
        assert figures(school) == before
    assert ask(school, "select 1 from dashboard.batch") == []
    assert len(save(act(COORDINATOR), [good, same], "all", whole=True).saved) == 1  # the control


def test_a_number_used_for_other_edits_is_refused(school: Scratch, act: Act) -> None:
    key = uuid4()
    wishes = [edit(school, one, COURSE, {P: 60}) for one in (ANN, BEN)]
    wishes[1] = replace(wishes[1], changes={SC: Decimal(3)})
    cora = act(COORDINATOR)
    assert len(save(cora, wishes, "two", batch_id=key).saved) == 2
    for others in ([wishes[0]], [replace(wishes[0], changes={P: 61}), wishes[1]]):
        outcome = save(cora, others, "two", batch_id=key)
        assert [problem.code for problem in outcome.problems] == ["other_batch"]
        assert not outcome.repeated
    elsewhere = save(act(ADMIN), wishes, "two", batch_id=key)
    assert [problem.code for problem in elsewhere.problems] == ["other_batch"]
    again = save(cora, wishes[::-1], "two", batch_id=key)  # the control
    assert (again.repeated, len(again.saved)) == (True, 2)


def test_an_assessment_keeps_its_grade_where_its_completion_is_undone(
    school: Scratch, act: Act
) -> None:
    before = stored(school, ANN, ASSESSMENT)
    first = save(act(COORDINATOR), [edit(school, ANN, ASSESSMENT, {S: NOT})])
    assert stored(school, ANN, ASSESSMENT)[P] == 0
    undo(act(COORDINATOR), first.batch_id)
    assert stored(school, ANN, ASSESSMENT) == before

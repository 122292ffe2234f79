"""save() is applied only over what its editor saw."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from data.rules.progress import EMPTY_ROW, Field, Values
from data.writing.save import save
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
from tests.database.saving.outcome_in_short import Act, tally
from tests.people import ANN, COORDINATOR, COURSE


def test_a_conflict_shows_both_values_and_who_and_when(school: Scratch, act: Act) -> None:
    mine = edit(school, ANN, COURSE, {S: DONE})
    theirs = edit(school, ANN, COURSE, {S: NOT})
    assert tally(save(act(people.ADMIN), [theirs])) == {"saved": 1}
    after = whole_row(school, ANN, COURSE)
    outcome = save(act(COORDINATOR), [mine])
    assert tally(outcome) == {"conflicts": 1}
    assert outcome.batch_id is None
    conflict = outcome.conflicts[0]
    assert conflict.edit == mine
    assert conflict.current == stored(school, ANN, COURSE)
    assert conflict.fields == (S, P)
    assert conflict.changed_by == "Ada Admin"
    assert conflict.changed_at is not None
    assert abs(datetime.now(UTC) - conflict.changed_at) < timedelta(minutes=1)
    assert whole_row(school, ANN, COURSE) == after
    # The person chooses: the same wish over what is there now.
    again = replace(mine, seen=conflict.current)
    assert tally(save(act(COORDINATOR), [again])) == {"saved": 1}


NEWER = "'2026-03-20T10:00Z'"

MEANWHILE: list[tuple[str, str, Values, tuple[Field, ...]]] = [
    # (the row at first, what the platform writes meanwhile, the edit, its conflicting fields)
    ("", "progress_details = '{\"video\": 1}'", {S: DONE}, ()),
    ("", "last_updated = now()", {S: DONE}, ()),
    ("", "score = 12", {P: 60}, ()),
    ("", "progress_percentage = 45", {SC: Decimal(1)}, ()),
    ("", f"completed_at = {NEWER}", {SC: Decimal(1)}, ()),
    ("", "status = 'NotStarted'", {SC: Decimal(1)}, (S,)),
    ("", "status = 'Completed'", {P: 60}, (S,)),
    ("", "progress_percentage = 45", {P: 60}, (P,)),
    ("", "progress_percentage = null", {P: 60}, (P,)),
    ("", "score = 12", {SC: Decimal(13)}, (SC,)),
    ("", "score = 'NaN'", {SC: Decimal(13)}, (SC,)),
    ("", "status = 'NotStarted', score = 12", {SC: Decimal(13)}, (S, SC)),
    # Consequences are guarded like what was typed.
    ("", "progress_percentage = 45", {S: DONE}, (P,)),
    ("", f"completed_at = {NEWER}", {S: DONE}, (C,)),
    # What an edit rests on is guarded too: else a completion would stand at 60 percent …
    ("progress_percentage = 100", "progress_percentage = 60", {S: DONE}, (P,)),
    ("progress_percentage = 0", "progress_percentage = 60", {S: NOT}, (P,)),
    # … or without a date, or a date without a completion.
    (f"completed_at = {NEWER}", "completed_at = null", {S: DONE, P: 100}, (C,)),
    ("status = 'Completed'", f"completed_at = {NEWER}", {S: IN, P: 1}, (C,)),
    # Another date is as good a date, and another poison is none of the editor's business.
    (f"completed_at = {NEWER}", "completed_at = '2026-03-21'", {S: DONE}, ()),
    ("score = 'NaN'", "progress_details = '{}'", {P: 60}, ()),
    ("score = 'NaN'", "progress_details = '{}'", {SC: Decimal(1)}, ()),
]


@pytest.mark.parametrize(("at_first", "meanwhile", "changes", "fields"), MEANWHILE)
def test_a_conflict_is_found_field_by_field(
    school: Scratch,
    act: Act,
    at_first: str,
    meanwhile: str,
    changes: Values,
    fields: tuple[Field, ...],
) -> None:
    if at_first:
        platform(school, ANN, COURSE, at_first)
    wish = edit(school, ANN, COURSE, changes)
    platform(school, ANN, COURSE, meanwhile)
    there = whole_row(school, ANN, COURSE)
    outcome = save(act(COORDINATOR), [wish])
    assert tally(outcome) == {"conflicts": 1} if fields else {"saved": 1}
    if fields:
        assert outcome.conflicts[0].fields == fields
        assert outcome.conflicts[0].changed_by == "Platform"
        assert repr(whole_row(school, ANN, COURSE)) == repr(there)  # NaN equals nothing
    else:
        now = stored(school, ANN, COURSE)
        assert {name: now[name] for name in changes} == changes


def test_a_conflict_names_who_changed_that_field_not_who_wrote_last(
    school: Scratch, act: Act
) -> None:
    wish = edit(school, ANN, COURSE, {S: DONE})
    save(act(people.ADMIN), [edit(school, ANN, COURSE, {S: NOT})])
    platform(school, ANN, COURSE, "progress_details = '{\"video\": 9}', last_updated = now()")
    assert save(act(COORDINATOR), [wish]).conflicts[0].changed_by == "Ada Admin"


def test_a_row_that_is_gone_is_a_conflict(school: Scratch, act: Act) -> None:
    wish = edit(school, ANN, COURSE, {S: DONE})
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    outcome = save(act(COORDINATOR), [wish])
    assert tally(outcome) == {"conflicts": 1}
    assert outcome.conflicts[0].current == EMPTY_ROW
    assert whole_row(school, ANN, COURSE) is None

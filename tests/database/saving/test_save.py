"""save(): all told, nothing lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from data.rules.progress import EMPTY_ROW, Edit, Values
from data.writing.save import Outcome, save
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
from tests.database.saving.outcome_in_short import EARLIER, Act, tally
from tests.people import ANN, ASSESSMENT, BEN, CLEO, COORDINATOR, COURSE, PROJECT


def test_a_coordinators_edit_is_saved_and_told(school: Scratch, act: Act) -> None:
    outcome = save(act(COORDINATOR), [edit(school, ANN, COURSE, {S: DONE, SC: Decimal("88.5")})])
    assert tally(outcome) == {"saved": 1}
    assert outcome.batch_id is not None
    assert not outcome.repeated
    told = outcome.saved[0]
    assert (told.student_id, told.module_id) == (ANN, COURSE)
    assert told.before == {S: IN, P: 40, SC: None, C: None}
    assert told.after == stored(school, ANN, COURSE)
    assert told.after[S] == DONE
    assert (told.after[P], told.after[SC]) == (100, Decimal("88.5"))
    at = told.after[C]
    assert isinstance(at, datetime)
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=1)


def test_values_come_back_exactly_whatever_their_zone_and_digits(school: Scratch, act: Act) -> None:
    tokyo = datetime.fromisoformat("2026-03-01T08:15:00.123456+09:00")
    nowhere = datetime.fromisoformat("2026-03-01T08:15:00+00:00:00.5")
    for at, score in ((tokyo, "66.6666666666666667"), (nowhere, "0.1"), (EARLIER, "100")):
        wish = edit(school, BEN, COURSE, {C: at, SC: Decimal(score)})
        assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}
        assert stored(school, BEN, COURSE) == {S: DONE, P: 100, SC: Decimal(score), C: at}


def test_an_edit_that_changes_nothing_is_told_and_writes_nothing(school: Scratch, act: Act) -> None:
    before = whole_row(school, BEN, COURSE)
    outcome = save(act(COORDINATOR), [edit(school, BEN, COURSE, {S: DONE, P: 100})])
    assert tally(outcome) == {"unchanged": 1}
    assert outcome.batch_id is None
    assert whole_row(school, BEN, COURSE) == before
    assert ask(school, "select 1 from dashboard.batch") == []


def test_saving_nothing_at_all_is_nothing(school: Scratch, act: Act) -> None:
    assert save(act(COORDINATOR), []) == Outcome()


@pytest.mark.parametrize(
    ("module", "changes", "after"),
    [
        (PROJECT, {S: IN}, {S: IN, P: None, SC: None, C: None}),
        (PROJECT, {S: IN, P: 30}, {S: IN, P: 30, SC: None, C: None}),
        (PROJECT, {SC: Decimal(70)}, {S: NOT, P: None, SC: Decimal(70), C: None}),
        (COURSE, {S: DONE, C: EARLIER}, {S: DONE, P: 100, SC: None, C: EARLIER}),
        (ASSESSMENT, {S: DONE, C: EARLIER}, {S: DONE, P: None, SC: None, C: EARLIER}),
    ],
)
def test_a_missing_row_is_made(
    school: Scratch, act: Act, module: UUID, changes: Values, after: Values
) -> None:
    student = CLEO if module != COURSE else BEN
    if module == COURSE:
        ask(school, "delete from public.student_module_progress where student_id = %s", BEN)
    outcome = save(act(COORDINATOR), [Edit(student, module, changes, EMPTY_ROW)])
    assert tally(outcome) == {"saved": 1}
    assert stored(school, student, module) == after
    row = whole_row(school, student, module)
    assert row is not None
    assert row["progress_details"] is None


def test_a_row_that_appeared_since_is_a_conflict(school: Scratch, act: Act) -> None:
    wish = Edit(ANN, PROJECT, {S: DONE}, EMPTY_ROW)
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        "values (%s, %s, 'InProgress', 5)",
        ANN,
        PROJECT,
    )
    outcome = save(act(COORDINATOR), [wish])
    assert tally(outcome) == {"conflicts": 1}
    assert outcome.conflicts[0].fields == (S,)
    assert outcome.conflicts[0].changed_by == "Platform"
    assert stored(school, ANN, PROJECT)[S] == IN


def test_a_second_call_with_the_key_applies_nothing_and_tells_what_the_first_did(
    school: Scratch, act: Act
) -> None:
    key = uuid4()
    wish = edit(school, ANN, COURSE, {S: DONE})
    first = save(act(COORDINATOR), [wish], batch_id=key)
    assert (first.batch_id, first.repeated) == (key, False)
    platform(school, ANN, COURSE, "status = 'InProgress', progress_percentage = 40")
    after = whole_row(school, ANN, COURSE)
    second = save(act(COORDINATOR), [wish], batch_id=key)
    assert (second.batch_id, second.repeated) == (key, True)
    assert [(one.student_id, one.module_id, one.after[S]) for one in second.saved] == [
        (ANN, COURSE, "Completed")
    ]
    assert second.saved[0].before[P] == 40
    assert whole_row(school, ANN, COURSE) == after
    assert len(ask(school, "select 1 from dashboard.batch")) == 1


def test_a_key_whose_first_call_wrote_nothing_can_be_used_again(school: Scratch, act: Act) -> None:
    key = uuid4()
    wish = edit(school, ANN, COURSE, {S: DONE})
    platform(school, ANN, COURSE, "status = 'NotStarted'")
    assert tally(save(act(COORDINATOR), [wish], batch_id=key)) == {"conflicts": 1}
    now = edit(school, ANN, COURSE, {S: DONE})
    again = save(act(COORDINATOR), [now], batch_id=key)
    assert (tally(again), again.repeated) == ({"saved": 1}, False)


def crowd(school: Scratch, students: int) -> list[UUID]:
    """More students of 1A, with a row each for the course."""
    found = ask(
        school,
        """
        with made as (
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, %s) returning id
        ),
        known as (
            insert into school.student (id, organisation_id, full_name)
            select id, %s, 'Student' from made returning id
        )
        select id from known
        """,
        students,
        people.NORTH,
    )
    ids = [one["id"] for one in found]
    ask(
        school,
        "insert into school.class_student select %s, unnest(%s::uuid[])",
        people.CLASS_1A,
        ids,
    )
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, "
        "progress_percentage) select unnest(%s::uuid[]), %s, 'InProgress', 1",
        ids,
        COURSE,
    )
    return ids


def test_two_thousand_rows_are_one_update_and_one_history_entry_each(
    school: Scratch, act: Act
) -> None:
    seen: Values = {S: IN, P: 1, SC: None, C: None}
    wishes = [Edit(student, COURSE, {P: 2}, seen) for student in crowd(school, 2000)]
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(" ".join(statement.split()))

    event.listen(school.database.engine, "before_cursor_execute", note)
    outcome = save(act(COORDINATOR), wishes, "a bulk of many", source="bulk")
    assert tally(outcome) == {"saved": 2000}
    bulk = list(statements)
    statements.clear()
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 2})])) == {"saved": 1}
    event.remove(school.database.engine, "before_cursor_execute", note)
    assert statements == bulk  # one edit is a bulk of one
    assert len([one for one in bulk if "dashboard.update_progress" in one]) == 1
    assert ask(
        school,
        "select count(*), count(distinct batch_id) as batches from dashboard.history "
        "where source = 'bulk'",
    ) == [{"count": 2000, "batches": 1}]

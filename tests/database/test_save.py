"""save(): applied only over what its editor saw, all told, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from data.commands import LONGEST_REASON, Outcome, save
from data.progress import EMPTY_ROW, Edit, Field, Status, Values
from data.session import Actor
from tests import people
from tests.clusters import Scratch
from tests.database.writing import SC, C, P, S, ask, edit, platform, stored, whole_row
from tests.people import ANN, ASSESSMENT, BEN, CLEO, COORDINATOR, COURSE, DAN, PROJECT, UNUSED

NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED
EARLIER = datetime(2026, 3, 1, 10, tzinfo=UTC)
Act = Callable[[UUID], Actor]


def tally(outcome: Outcome) -> dict[str, int]:
    """How many edits ended where."""
    return {
        name: len(getattr(outcome, name))
        for name in ("saved", "unchanged", "conflicts", "refusals", "problems")
        if getattr(outcome, name)
    }


def codes(outcome: Outcome) -> list[str]:
    refused = [problem for refusal in outcome.refusals for problem in refusal.problems]
    return [problem.code for problem in (*outcome.problems, *refused)]


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


# --- conflicts ---


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


# --- missing rows ---


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


# --- the idempotency key ---


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


# --- reasons, doubles, eligibility ---


@pytest.mark.parametrize(
    ("edits", "reason", "refused"),
    [
        (1, None, False),
        (1, "", False),
        (1, "typing error", False),
        (1, "x" * LONGEST_REASON, False),
        (1, "🙂" * LONGEST_REASON, False),
        (1, " " + "x" * LONGEST_REASON + " ", False),
        (1, "x" * (LONGEST_REASON + 1), True),
        (1, "x\x00", True),
        (1, "x\ud800", True),
        (2, "both", False),
        (2, None, True),
        (2, "", True),
        (2, " \n ", True),
        (2, "x" * (LONGEST_REASON + 1), True),
    ],
)
def test_a_reason_is_needed_for_several_rows_and_must_be_storable(
    school: Scratch, act: Act, edits: int, reason: str | None, refused: bool
) -> None:
    wishes = [edit(school, student, COURSE, {SC: Decimal(5)}) for student in (ANN, BEN)][:edits]
    outcome = save(act(COORDINATOR), wishes, reason)
    assert tally(outcome) == ({"problems": 1} if refused else {"saved": edits})
    assert len(ask(school, "select 1 from dashboard.batch")) == (not refused)
    if not refused:
        assert ask(school, "select reason from dashboard.batch") == [
            {"reason": (reason or "").strip() or None}
        ]


def test_the_same_row_twice_is_refused_as_a_whole(school: Scratch, act: Act) -> None:
    wishes = [edit(school, ANN, COURSE, {SC: Decimal(score)}) for score in (5, 6)]
    outcome = save(act(COORDINATOR), [*wishes, edit(school, BEN, COURSE, {SC: Decimal(5)})], "why")
    assert (tally(outcome), codes(outcome)) == ({"problems": 1}, ["duplicate"])
    assert stored(school, BEN, COURSE)[SC] is None
    assert tally(save(act(COORDINATOR), wishes[:1])) == {"saved": 1}  # the control


@pytest.mark.parametrize(
    ("student", "module"),
    [(ANN, UNUSED), (ANN, uuid4()), (uuid4(), COURSE), (DAN, PROJECT), (DAN, COURSE)],
    ids=["no class has it", "no such module", "no such student", "elsewhere", "elsewhere, a row"],
)
def test_what_is_not_a_students_module_is_refused(
    school: Scratch, act: Act, student: UUID, module: UUID
) -> None:
    before = ask(school, "select * from public.student_module_progress order by 1, 2")
    outcome = save(act(COORDINATOR), [edit(school, student, module, {S: IN, SC: Decimal(5)})])
    assert (tally(outcome), codes(outcome)) == ({"refusals": 1}, ["not_eligible"])
    assert ask(school, "select * from public.student_module_progress order by 1, 2") == before
    control = save(act(COORDINATOR), [edit(school, ANN, PROJECT, {S: IN, SC: Decimal(5)})])
    assert tally(control) == {"saved": 1}


def test_a_row_of_a_module_outside_the_class_can_still_be_corrected(
    school: Scratch, act: Act
) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id) values (%s, %s)",
        ANN,
        UNUSED,
    )
    wish = edit(school, ANN, UNUSED, {S: IN})
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}


# --- who ---


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (people.TEACHER, "refused"),
        (people.OTHER_TEACHER, "refused"),
        (people.DISABLED, "refused"),
        (people.STRANGER, "refused"),
        (ANN, "refused"),
        (people.SOUTH_COORDINATOR, "not_eligible"),
    ],
)
def test_only_the_coordinator_and_the_admin_may_save(
    school: Scratch, act: Act, person: UUID, code: str
) -> None:
    before = whole_row(school, ANN, COURSE)
    wish = edit(school, ANN, COURSE, {S: DONE})
    outcome = save(act(person), [wish])
    assert codes(outcome) == [code]
    assert outcome.saved == ()
    assert whole_row(school, ANN, COURSE) == before
    assert ask(school, "select 1 from dashboard.batch") == []
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}  # the control


def test_somebody_switched_off_between_two_saves_is_refused_at_the_second(
    school: Scratch, act: Act
) -> None:
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])) == {"saved": 1}
    ask(school, "update school.staff set is_active = false where id = %s", COORDINATOR)
    outcome = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 42})])
    assert codes(outcome) == ["refused"]
    assert stored(school, ANN, COURSE)[P] == 41


def test_the_admin_saves_everywhere(school: Scratch, act: Act) -> None:
    wishes = [edit(school, student, COURSE, {P: 77}) for student in (ANN, CLEO, DAN)]
    assert tally(save(act(people.ADMIN), wishes, "everywhere")) == {"saved": 3}


def test_every_edit_of_a_batch_ends_in_exactly_one_place(school: Scratch, act: Act) -> None:
    conflicting = edit(school, BEN, COURSE, {SC: Decimal(5)})
    platform(school, BEN, COURSE, "score = 4")
    wishes = [
        edit(school, ANN, COURSE, {P: 50}),
        edit(school, CLEO, PROJECT, {S: IN}),
        edit(school, ANN, ASSESSMENT, {S: DONE}),
        conflicting,
        edit(school, ANN, PROJECT, {P: 50}),
        edit(school, DAN, COURSE, {P: 50}),
    ]
    outcome = save(act(COORDINATOR), wishes, "a mixed bag", source="bulk")
    assert tally(outcome) == {"saved": 2, "unchanged": 1, "conflicts": 1, "refusals": 2}
    assert sorted(codes(outcome)) == ["not_eligible", "not_started_above_0"]
    assert {(one.student_id, one.module_id) for one in outcome.saved} == {
        (ANN, COURSE),
        (CLEO, PROJECT),
    }
    assert stored(school, ANN, COURSE)[P] == 50
    assert stored(school, BEN, COURSE)[SC] == 4
    assert whole_row(school, ANN, PROJECT) is None


def test_what_slips_past_check_is_caught_by_the_table_and_saves_nothing(
    school: Scratch, act: Act
) -> None:
    wishes = [edit(school, ANN, COURSE, {P: 150}), edit(school, BEN, COURSE, {SC: Decimal(5)})]
    outcome = save(act(COORDINATOR), wishes, "why")
    assert [(problem.field, problem.code) for problem in outcome.problems] == [(P, "out_of_range")]
    assert tally(outcome) == {"problems": 1}
    assert stored(school, BEN, COURSE)[SC] is None
    huge = save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 10**12})])
    assert tally(huge) == {"problems": 1}


# --- rows as they really are ---

POISONED = [
    "completed_at = 'infinity'",
    "completed_at = '-infinity'",
    "completed_at = '0044-03-15 BC'",
    "completed_at = '12026-01-01'",
    "last_updated = 'infinity'",
    "last_updated = '-infinity'",
    "last_updated = '0044-03-15 BC'",
    "last_updated = '12026-01-01'",
    "score = 'NaN'",
    "score = 'Infinity'",
    "score = 1234567.5",
    "progress_details = '[1, {}]'",
    "progress_details = 'null'",
    'progress_details = \'{"submitted_at": "infinity"}\'',
]


@pytest.mark.parametrize("assignment", POISONED)
def test_a_poisoned_row_can_be_edited_and_untouched_poison_stays(
    school: Scratch, act: Act, assignment: str
) -> None:
    platform(school, ANN, COURSE, assignment)
    before = whole_row(school, ANN, COURSE)
    assert before is not None
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])) == {"saved": 1}
    after = whole_row(school, ANN, COURSE)
    assert after is not None
    moved = {"last_updated", "last_updated_text", P}
    changed = {
        name for name in after if repr(after[name]) != repr(before[name])
    }  # NaN equals nothing
    assert changed <= moved
    assert after[P] == 41
    since = datetime.now(UTC) - after["last_updated"]
    assert timedelta(0) <= since < timedelta(minutes=1)
    assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, {S: DONE})])) == {"saved": 1}
    assert isinstance(stored(school, ANN, COURSE)[C], datetime)


@pytest.mark.parametrize("poison", ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"])
@pytest.mark.parametrize("status", [IN, NOT])
def test_an_unreadable_date_goes_when_the_completion_does(
    school: Scratch, act: Act, poison: str, status: Status
) -> None:
    platform(school, BEN, COURSE, f"completed_at = '{poison}'")
    wish = edit(school, BEN, COURSE, {S: status})
    assert tally(save(act(COORDINATOR), [wish])) == {"saved": 1}
    row = whole_row(school, BEN, COURSE)
    assert row is not None
    assert (row["status"], row["completed_at_text"]) == (status, None)


@pytest.mark.parametrize(
    ("stands", "at_least"),
    [("now() - interval '1 day'", ""), ("now() + interval '1 hour'", "1 hour"), ("now()", "")],
)
def test_last_updated_only_moves_forward(
    school: Scratch, act: Act, stands: str, at_least: str
) -> None:
    platform(school, ANN, COURSE, f"last_updated = {stands}")
    for percentage in (41, 42, 43):
        before = whole_row(school, ANN, COURSE)
        save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: percentage})])
        after = whole_row(school, ANN, COURSE)
        assert before is not None
        assert after is not None
        assert after[P] == percentage
        assert after["last_updated"] > before["last_updated"]


def test_details_are_never_touched(school: Scratch, act: Act) -> None:
    details = '{"zeta": 1, "answers": {"q1": ["a"]}, "score": 1.50, "ünknown": null}'
    platform(school, ANN, COURSE, f"progress_details = '{details}'")
    text = "select progress_details::text as it from public.student_module_progress where student_id = %s"
    before = ask(school, text + " and module_id = %s", ANN, COURSE)
    wishes: list[Values] = [{S: DONE}, {S: NOT}, {P: 0, S: IN}, {SC: Decimal(3)}]
    for changes in wishes:
        assert tally(save(act(COORDINATOR), [edit(school, ANN, COURSE, changes)])) == {"saved": 1}
    assert ask(school, text + " and module_id = %s", ANN, COURSE) == before
    assert before[0]["it"].startswith("{")


@pytest.mark.usefixtures("altered")
def test_columns_that_the_platform_added_break_nothing_and_stay(school: Scratch, act: Act) -> None:
    ask(
        school,
        "alter table public.student_module_progress add completed_videos text[] default '{a,b}', "
        "add video_completion_count int not null default 2, add course_completed_at timestamp",
    )
    platform(school, ANN, COURSE, "course_completed_at = 'infinity'")
    wishes = [edit(school, BEN, COURSE, {SC: Decimal(3)}), edit(school, ANN, PROJECT, {S: IN})]
    assert tally(save(act(COORDINATOR), wishes, "why")) == {"saved": 2}
    rows = ask(
        school,
        "select completed_videos, video_completion_count, course_completed_at::text as at "
        "from public.student_module_progress where score = 3 or module_id = %s",
        PROJECT,
    )
    kept: dict[str, Any] = {
        "completed_videos": ["a", "b"],
        "video_completion_count": 2,
        "at": None,
    }
    assert rows == [kept, kept]
    at = ask(school, "select 1 from dashboard.history where after ? 'completed_videos'")
    assert len(at) == 1  # the inserted row's; the changed row's were not changed


# --- many at once ---


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
    assert len([one for one in bulk if one.startswith("update")]) == 1
    assert ask(
        school,
        "select count(*), count(distinct batch_id) as batches from dashboard.history "
        "where source = 'bulk'",
    ) == [{"count": 2000, "batches": 1}]

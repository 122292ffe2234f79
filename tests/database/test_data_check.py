"""The data check: every inconsistency is found, what is legal is not, and fixes are proposals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from data import queries
from data.commands import save
from data.data_check import RULES, RULES_BY_KEY
from data.findings import Finding, fix
from data.leaving import judge_again, leave_as_it_is
from data.progress import Edit, Status
from data.queries import counts, findings_of, left_as_it_is
from data.row_report import broken_rules
from data.session import Actor, acting_as
from tests import people
from tests.clusters import Scratch
from tests.database.writing import C, P, S, ask, platform, stored
from tests.people import ANN, ASSESSMENT, BEN, COURSE, PROJECT

Act = Callable[[UUID], Actor]


def found(actor: Actor, key: str | None = None) -> list[Finding]:
    """Everything found, or what breaks one rule."""
    with acting_as(actor) as connection:
        keys = [key] if key else [rule.key for rule in RULES]
        every = [one for each in keys for one in findings_of(connection, each, 1000)]
        counted = counts(connection)
    assert {each: counted[each] for each in keys} == {
        each: sum(one.rule == each for one in every) for each in keys
    }
    return every


def keys(actor: Actor) -> list[str]:
    return [one.rule for one in found(actor)]


def fixes(actor: Actor, key: str) -> list[Edit]:
    with acting_as(actor) as connection:
        now = queries.clock(connection)
        return fix(RULES_BY_KEY[key], findings_of(connection, key), now)


def write(school: Scratch, module: UUID, row: dict[str, Any]) -> None:
    """Ann's row written anew: in progress at 40, but for what is given."""
    details = row.pop("details", None)
    whole = {
        "status": "InProgress",
        "progress_percentage": 40,
        "score": None,
        "completed_at": None,
        "last_updated": "2026-02-01T10:00Z",
        "progress_details": None if details is None else json.dumps(details),
    } | row
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    ask(
        school,
        f"insert into public.student_module_progress (student_id, module_id, {', '.join(whole)}) "
        f"values (%s, %s{', %s' * len(whole)})",
        ANN,
        module,
        *whole.values(),
    )


DONE = {"status": "Completed", "progress_percentage": 100, "completed_at": "2026-02-01"}
NEW = {"status": "NotStarted", "progress_percentage": 0}
FUTURE = "2999-01-01"

WRONG: list[tuple[UUID, dict[str, Any], list[str]]] = [
    (COURSE, {**DONE, "completed_at": None}, ["completed_without_date"]),
    (COURSE, {"completed_at": "2026-02-01"}, ["date_without_completion"]),
    (COURSE, {"completed_at": FUTURE}, ["date_without_completion"]),
    (COURSE, {**DONE, "progress_percentage": 99}, ["completed_below_100"]),
    (COURSE, {**DONE, "progress_percentage": None}, ["completed_below_100"]),
    (PROJECT, {**DONE, "progress_percentage": 5}, ["completed_below_100"]),
    (COURSE, {"progress_percentage": 100}, ["in_progress_at_100"]),
    (COURSE, {**NEW, "progress_percentage": 1}, ["not_started_above_0"]),
    (COURSE, {**NEW, "details": {"last_viewed_lesson_sequence": 2}}, ["not_started_with_work"]),
    (ASSESSMENT, {**NEW, "details": {"answers": {"q": "a"}}}, ["not_started_with_work"]),
    (COURSE, {"score": 101}, ["score_out_of_range"]),
    (COURSE, {"score": -1}, ["score_out_of_range"]),
    (COURSE, {"score": Decimal("NaN")}, ["score_out_of_range"]),
    (COURSE, {"score": "Infinity"}, ["score_out_of_range"]),
    (ASSESSMENT, {"details": {"score_percentage": 140}}, ["score_out_of_range"]),
    (COURSE, {**DONE, "completed_at": FUTURE}, ["completed_in_future"]),
    (COURSE, {**DONE, "completed_at": "infinity"}, ["completed_date_unreadable"]),
    (COURSE, {**DONE, "completed_at": "-infinity"}, ["completed_date_unreadable"]),
    (COURSE, {**DONE, "completed_at": "0044-03-15 BC"}, ["completed_date_unreadable"]),
    (COURSE, {**DONE, "completed_at": "12026-01-01"}, ["completed_date_unreadable"]),
    (COURSE, {**DONE, "completed_at": "1969-12-31"}, ["completed_date_unreadable"]),
    (COURSE, {"completed_at": "infinity"}, ["completed_date_unreadable"]),
    (ASSESSMENT, {**DONE, "details": {"submitted_at": "2026-01-20T10:00:00Z"}},
     ["completed_after_handing_in"]),
    (COURSE, {"last_updated": "infinity"}, ["last_update_unreadable"]),
    (COURSE, {"last_updated": FUTURE}, ["last_update_unreadable"]),
    (COURSE, {"last_updated": "0044-03-15 BC"}, ["last_update_unreadable"]),
    (COURSE, {"details": [1]}, ["details_no_object"]),
    (COURSE, {"details": "text"}, ["details_no_object"]),
    (COURSE, {"details": {"answers": {}}}, ["details_of_another_type"]),
    (ASSESSMENT, {"details": {"lesson_quiz_results": {}}}, ["details_of_another_type"]),
    (PROJECT, {"details": {"completed_lesson_ids": []}}, ["details_of_another_type"]),
    (people.UNUSED, {}, ["not_in_class"]),
    (COURSE, {**DONE, "completed_at": None, "progress_percentage": 3, "score": 200},
     ["completed_without_date", "completed_below_100", "score_out_of_range"]),
]  # fmt: skip

RIGHT: list[tuple[UUID, dict[str, Any]]] = [
    (COURSE, {}),
    (COURSE, DONE),
    (COURSE, NEW),
    (COURSE, {**NEW, "progress_percentage": None}),
    (COURSE, {"progress_percentage": 0}),
    (COURSE, {"progress_percentage": None}),
    (COURSE, {"score": 0}),
    (COURSE, {"score": Decimal("66.6666666666666667")}),
    (COURSE, {**DONE, "score": 88}),
    # A completed assessment whose percentage is its grade, failed or without figures.
    (ASSESSMENT, {**DONE, "progress_percentage": 55, "score": 55}),
    (ASSESSMENT, {**DONE, "progress_percentage": None}),
    (ASSESSMENT, {**DONE, "details": {"submitted_at": "2026-01-31T10:00:00Z"}}),
    (ASSESSMENT, {**DONE, "details": {"submitted_at": "yesterday"}}),
    (COURSE, {**NEW, "details": {}}),
    (COURSE, {**NEW, "details": {"completed_lesson_ids": [], "last_viewed_lesson_sequence": 0}}),
    (COURSE, {**NEW, "details": {"lesson_quiz_results": {}, "last_completed_lesson_id": None}}),
    (COURSE, {"details": {"unknown": 1, "time_spent_seconds": 3}}),
    (COURSE, {"details": {"lesson_quiz_results": {}, "answers": {}}}),
    (ASSESSMENT, {"details": {"score": 3}}),
    (PROJECT, {"details": {"completion_date": "2026-01-01", "score": 3, "passed": True}}),
]


@pytest.mark.parametrize(("module", "row", "expected"), WRONG)
def test_what_cannot_be_right_is_found(
    school: Scratch, cora: Actor, module: UUID, row: dict[str, Any], expected: list[str]
) -> None:
    write(school, module, dict(row))
    assert [(one.rule, one.student_id, one.module_id) for one in found(cora)] == [
        (key, ANN, module) for key in expected
    ]
    assert {one.student_name for one in found(cora)} == {"Ann Ågren"}


@pytest.mark.parametrize(("module", "row"), RIGHT)
def test_what_is_legal_is_not_found(
    school: Scratch, cora: Actor, module: UUID, row: dict[str, Any]
) -> None:
    write(school, module, dict(row))
    assert keys(cora) == []


def test_json_null_for_details_is_nothing_to_find(school: Scratch, cora: Actor) -> None:
    platform(school, ANN, COURSE, "progress_details = 'null'")
    assert keys(cora) == []


def test_every_rule_is_tried_and_explained() -> None:
    assert {key for _, _, expected in WRONG for key in expected} == set(RULES_BY_KEY)
    for rule in RULES:
        assert rule.sentence.endswith((".", ")"))
        assert not rule.title.endswith(".")
        assert "_" not in rule.title + rule.sentence + (rule.proposal or "")


# --- fixes ---


@pytest.mark.parametrize(
    ("module", "row", "changes"),
    [
        (COURSE, {**DONE, "completed_at": None}, {C: datetime(2026, 2, 1, 10, tzinfo=UTC)}),
        (COURSE, {**DONE, "completed_at": None,
                  "details": {"lesson_quiz_results": {"a": {"last_attempt_at": "2026-03-01T00:00Z"}}}},
         {C: datetime(2026, 3, 1, tzinfo=UTC)}),
        (COURSE, {**DONE, "completed_at": None, "last_updated": "infinity"}, None),
        (COURSE, {"completed_at": "2026-02-01"}, {C: None}),
        (COURSE, {**DONE, "progress_percentage": 99}, {P: 100}),
        (COURSE, {"progress_percentage": 100}, None),
        (COURSE, {**NEW, "progress_percentage": 1}, {S: Status.IN_PROGRESS}),
        (COURSE, {**NEW, "progress_percentage": 100}, None),
        (COURSE, {**NEW, "details": {"last_viewed_lesson_sequence": 2}}, {S: Status.IN_PROGRESS}),
        (COURSE, {"score": 101}, None),
        (COURSE, {**DONE, "completed_at": FUTURE}, {C: datetime(2026, 2, 1, 10, tzinfo=UTC)}),
        (COURSE, {**DONE, "completed_at": "infinity"}, {C: datetime(2026, 2, 1, 10, tzinfo=UTC)}),
        (COURSE, {"completed_at": "infinity"}, None),
        (COURSE, {"completed_at": "1969-12-31"}, {C: None}),
        (ASSESSMENT, {**DONE, "details": {"submitted_at": "2026-01-20T10:00:00Z"}},
         {C: datetime(2026, 1, 20, 10, tzinfo=UTC)}),
        (COURSE, {"details": [1]}, None),
        (people.UNUSED, {}, None),
    ],
)  # fmt: skip
def test_a_fix_is_an_edit_that_puts_the_row_right(
    school: Scratch, cora: Actor, module: UUID, row: dict[str, Any], changes: dict[Any, Any] | None
) -> None:
    write(school, module, dict(row))
    key = keys(cora)[0]
    edits = fixes(cora, key)
    before = stored(school, ANN, module)
    assert [one.changes for one in edits] == ([changes] if changes else [])
    assert keys(cora)[0] == key  # it was a proposal only
    if changes:
        assert edits[0].seen == before
        outcome = save(cora, edits, "Data check", source="bulk")
        assert len(outcome.saved) == 1
        assert keys(cora) == []


def test_what_staff_set_back_is_not_proposed_to_be_undone(school: Scratch, cora: Actor) -> None:
    platform(school, ANN, COURSE, "progress_details = '{\"last_viewed_lesson_sequence\": 2}'")
    seen = stored(school, ANN, COURSE)
    assert save(cora, [Edit(ANN, COURSE, {S: Status.NOT_STARTED}, seen)]).saved
    assert keys(cora) == ["not_started_with_work"]
    assert fixes(cora, "not_started_with_work") == []


def test_no_fix_dates_a_completion_into_the_future(school: Scratch, cora: Actor) -> None:
    soon = datetime.now(UTC) + timedelta(hours=20)  # within what is taken for a clock that is fast
    write(school, COURSE, {**DONE, "completed_at": None, "last_updated": soon})
    (edit,) = fixes(cora, "completed_without_date")
    moment = edit.changes[C]
    assert isinstance(moment, datetime)
    assert moment < soon
    assert save(cora, [edit]).saved


# --- leave as it is ---


def test_what_is_left_as_it_is_is_listed_no_more_until_it_changes(
    school: Scratch, cora: Actor, act: Act
) -> None:
    platform(school, BEN, COURSE, "completed_at = null, score = 300")
    dated, scored = found(cora)
    assert leave_as_it_is(cora, [dated], " Date lost in the move ") is None
    assert keys(cora) == ["score_out_of_range"]
    assert keys(act(people.ADMIN)) == ["score_out_of_range"]
    with acting_as(act(people.TEACHER)) as connection:
        (left,) = left_as_it_is(connection)
        assert left_as_it_is(connection, "score_out_of_range") == []
    assert (left.rule, left.student_name, left.module_name, left.author, left.reason) == (
        "completed_without_date",
        "Ben O'Neill",
        "Fractions",
        "Cora Coordinator",
        "Date lost in the move",
    )
    # What the judgement was not about does not matter; what it was about does.
    platform(school, BEN, COURSE, "progress_percentage = 100, last_updated = now(), score = 301")
    assert keys(cora) == ["score_out_of_range"]
    platform(school, BEN, COURSE, "status = 'InProgress', progress_percentage = 20")
    platform(school, BEN, COURSE, "status = 'Completed', progress_percentage = 100")
    assert keys(cora) == ["score_out_of_range"]
    assert leave_as_it_is(cora, [scored]) is None  # judged at 300, and it is 301 by now
    assert keys(cora) == ["score_out_of_range"]
    assert leave_as_it_is(cora, found(cora)) is None
    assert keys(cora) == []


def test_a_judgement_can_be_taken_back(school: Scratch, cora: Actor) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    leave_as_it_is(cora, found(cora))
    assert keys(cora) == []
    assert judge_again(cora, "score_out_of_range", [(BEN, COURSE)]) == 0
    assert judge_again(cora, "completed_without_date", [(BEN, COURSE)]) == 1
    assert keys(cora) == ["completed_without_date"]


def test_the_owner_finds_what_people_find_and_what_they_left_no_more(
    school: Scratch, cora: Actor
) -> None:
    elsewhere = school.owner_url + "&options=-c%20timezone%3DAsia/Kolkata"
    platform(school, BEN, COURSE, "completed_at = '2999-01-01'")
    platform(school, people.DAN, COURSE, "score = 200")
    assert [(one.rule.key, one.count) for one in broken_rules(elsewhere)] == [
        ("score_out_of_range", 1),
        ("completed_in_future", 1),
    ]
    leave_as_it_is(cora, found(cora))
    assert [one.rule.key for one in broken_rules(elsewhere)] == ["score_out_of_range"]


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", "a\ud800b"])
def test_a_reason_that_cannot_be_stored_is_refused_in_words(
    school: Scratch, cora: Actor, reason: str
) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    problem = leave_as_it_is(cora, found(cora), reason)
    assert problem is not None
    assert problem.code == "reason"
    assert keys(cora) == ["completed_without_date"]


def test_a_teacher_sees_findings_and_decides_nothing(
    school: Scratch, cora: Actor, act: Act
) -> None:
    platform(school, BEN, COURSE, "completed_at = null")
    tess = act(people.TEACHER)
    findings = found(tess)
    assert [one.rule for one in findings] == ["completed_without_date"]
    problem = leave_as_it_is(tess, findings)
    assert problem is not None
    assert problem.code == "refused"
    assert keys(cora) == ["completed_without_date"]
    assert leave_as_it_is(cora, findings) is None
    assert judge_again(tess, "completed_without_date", [(BEN, COURSE)]) == 0
    assert keys(cora) == []


def test_people_find_what_is_theirs_to_see(school: Scratch, act: Act) -> None:
    ask(school, "update public.student_module_progress set score = 200")
    students = {
        person: {one.student_id for one in found(act(person))}
        for person in (ANN, people.OTHER_TEACHER, people.SOUTH_COORDINATOR, people.DISABLED)
    }
    assert students == {
        ANN: set(),
        people.OTHER_TEACHER: {people.CLEO},
        people.SOUTH_COORDINATOR: {people.DAN},
        people.DISABLED: set(),
    }

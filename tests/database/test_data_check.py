"""The data check: every inconsistency is found, what is legal is not, and fixes are proposals."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor, acting_as
from data.reading.data_check.finding import fix
from data.reading.data_check.found import findings_of
from data.reading.data_check.rules import RULES, RULES_BY_KEY
from data.reading.people import clock
from data.rules.progress import Edit, Status
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.data_check_findings import found, keys
from tests.database.rows_as_owner import C, P, S, ask, platform, stored
from tests.people import ANN, ASSESSMENT, COURSE, PROJECT

Act = Callable[[UUID], Actor]


def fixes(actor: Actor, key: str) -> list[Edit]:
    with acting_as(actor) as connection:
        now = clock(connection)
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
    (COURSE, {**NEW, "score": 40}, ["not_started_with_score"]),
    (ASSESSMENT, {**NEW, "score": 0}, ["not_started_with_score"]),
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

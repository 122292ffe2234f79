"""settle(): the rules of DESIGN §5 as tables, and what an edit leads to for any row."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.rules.details import is_scored
from data.rules.progress import EMPTY_ROW, Field, Settled, Status, Value, Values, check, settle

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
EARLIER = datetime(2026, 3, 1, 10, tzinfo=UTC)
S, P, SC, C = Field.STATUS, Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT
NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED


def row(
    status: Status, percentage: int | None, score: Value = None, at: datetime | None = None
) -> dict[Field, Value]:
    return {S: status, P: percentage, SC: score, C: at}


HUNDRED = "The percentage becomes 100."
TODAY = "The completed date becomes today."
CLEARED = "The completed date is cleared."
ZERO = "The percentage becomes 0. Lessons and answers are kept."
COUNTS = (
    "The score counts, although the module is not started: below the pass mark it shows as failed."
)
HALF = row(IN, 40)
COMPLETE = row(DONE, 100, None, EARLIER)

SETTLED: list[tuple[str, Values, Values, Values, list[str]]] = [
    # to Completed
    ("course", HALF, {S: DONE}, {S: DONE, P: 100, C: NOW}, [HUNDRED, TODAY]),
    ("project", HALF, {S: DONE}, {S: DONE, P: 100, C: NOW}, [HUNDRED, TODAY]),
    ("course", EMPTY_ROW, {S: DONE}, {S: DONE, P: 100, C: NOW}, [HUNDRED, TODAY]),
    ("course", HALF, {S: DONE, C: EARLIER}, {S: DONE, P: 100, C: EARLIER}, [HUNDRED]),
    ("course", row(IN, 40, None, EARLIER), {S: DONE}, {S: DONE, P: 100}, [HUNDRED]),
    ("course", row(IN, 100, None, EARLIER), {S: DONE}, {S: DONE}, []),
    ("course", HALF, {S: DONE, P: 100}, {S: DONE, P: 100, C: NOW}, [TODAY]),
    ("course", HALF, {S: DONE, SC: Decimal(9)}, {S: DONE, P: 100, SC: Decimal(9), C: NOW},
     [HUNDRED, TODAY]),
    ("assessment", HALF, {S: DONE}, {S: DONE, C: NOW}, [TODAY]),
    ("assessment", EMPTY_ROW, {S: DONE}, {S: DONE, C: NOW}, [TODAY]),
    ("assessment ", HALF, {S: DONE}, {S: DONE, C: NOW}, [TODAY]),
    (" ASSESSMENT", HALF, {S: DONE}, {S: DONE, C: NOW}, [TODAY]),
    ("assessment", HALF, {S: DONE, P: 55}, {S: DONE, P: 55, C: NOW}, [TODAY]),
    ("assessment", HALF, {S: DONE, SC: Decimal(30)}, {S: DONE, SC: Decimal(30), C: NOW}, [TODAY]),
    # away from Completed
    ("course", COMPLETE, {S: IN}, {S: IN, C: None}, [CLEARED]),
    ("course", COMPLETE, {S: IN, P: 50}, {S: IN, P: 50, C: None}, [CLEARED]),
    ("course", COMPLETE, {S: NOT}, {S: NOT, P: 0, C: None}, [CLEARED, ZERO]),
    ("course", row(DONE, 100), {S: IN}, {S: IN}, []),
    ("assessment", row(DONE, 55, Decimal(55), EARLIER), {S: NOT}, {S: NOT, P: 0, C: None},
     [CLEARED, ZERO, COUNTS]),
    # a score without a beginning, by score, by status, or both; what was so before needs no word
    ("course", EMPTY_ROW, {SC: Decimal(40)}, {SC: Decimal(40)}, [COUNTS]),
    ("assessment", row(NOT, 0), {SC: Decimal(100)}, {SC: Decimal(100)}, [COUNTS]),
    ("assessment", row(NOT, 0, Decimal(40)), {SC: Decimal(55)}, {SC: Decimal(55)}, [COUNTS]),
    ("assessment", row(IN, 0, Decimal(40)), {S: NOT}, {S: NOT}, [COUNTS]),
    ("assessment", row(NOT, 0, Decimal(40)), {SC: None}, {SC: None}, []),
    ("assessment", row(NOT, 0, Decimal(40)), {P: None}, {P: None}, []),
    ("assessment", row(NOT, 0), {S: IN, SC: Decimal(40)}, {S: IN, SC: Decimal(40)}, []),
    ("course", HALF, {S: NOT}, {S: NOT, P: 0}, [ZERO]),
    ("course", row(IN, None), {S: NOT}, {S: NOT, P: 0}, [ZERO]),
    ("course", row(IN, 0), {S: NOT}, {S: NOT}, []),
    ("course", EMPTY_ROW, {S: IN}, {S: IN}, []),
    # status left as it is
    ("course", HALF, {P: 60}, {P: 60}, []),
    ("course", HALF, {P: None}, {P: None}, []),
    ("course", HALF, {P: 100}, {P: 100}, []),
    ("course", HALF, {SC: Decimal(70)}, {SC: Decimal(70)}, []),
    ("course", COMPLETE, {C: NOW}, {C: NOW}, []),
    ("course", COMPLETE, {C: None}, {C: None}, []),
    ("assessment", row(DONE, 55, Decimal(55), EARLIER), {P: 60}, {P: 60}, []),
    # Legacy rows: what nobody touched is neither judged nor mended.
    ("course", row(DONE, 55), {SC: Decimal(1)}, {SC: Decimal(1)}, []),
    ("course", row(NOT, 30, None, EARLIER), {SC: Decimal(1)}, {SC: Decimal(1)}, [COUNTS]),
    ("course", row(IN, 40, Decimal(140), EARLIER), {P: 41}, {P: 41}, []),
    ("course", row(IN, 40, Decimal("NaN")), {P: 41}, {P: 41}, []),
    ("course", row(IN, 40, Decimal("NaN")), {SC: None}, {SC: None}, []),
    ("course", row(IN, 40, None, EARLIER), {C: None}, {C: None}, []),
    # Nothing
    ("course", HALF, {}, {}, []),
    ("course", HALF, HALF, {}, []),
    ("course", COMPLETE, {S: DONE}, {}, []),
    ("course", row(DONE, 55), {S: DONE}, {}, []),
    ("course", row(IN, 40, Decimal("NaN")), {}, {}, []),
    ("course", row(IN, 40, Decimal("55.0")), {SC: Decimal(55)}, {}, []),
]  # fmt: skip


@pytest.mark.parametrize(("module_type", "seen", "changes", "values", "consequences"), SETTLED)
def test_an_edit_leads_to_what_the_rules_say(
    module_type: str, seen: Values, changes: Values, values: Values, consequences: list[str]
) -> None:
    assert settle(changes, seen, is_scored(module_type), NOW) == Settled(
        dict(values), consequences, []
    )


CONTRADICTIONS: list[tuple[str, Values, Values, list[str]]] = [
    ("course", HALF, {C: EARLIER}, ["date_without_completion"]),
    ("course", HALF, {S: NOT, C: EARLIER}, ["date_without_completion"]),
    ("assessment", COMPLETE, {S: IN, C: EARLIER}, ["date_without_completion"]),
    ("course", HALF, {S: DONE, P: 60}, ["completed_below_100"]),
    ("course", HALF, {S: DONE, P: None}, ["completed_below_100"]),
    ("course", COMPLETE, {P: 99}, ["completed_below_100"]),
    ("course", COMPLETE, {P: None}, ["completed_below_100"]),
    ("interview", HALF, {S: DONE, P: 60}, ["completed_below_100"]),
    ("course", HALF, {S: NOT, P: 10}, ["not_started_above_0"]),
    ("assessment", EMPTY_ROW, {P: 10}, ["not_started_above_0"]),
    ("course", COMPLETE, {S: NOT, P: 5, C: EARLIER},
     ["date_without_completion", "not_started_above_0"]),
]  # fmt: skip


@pytest.mark.parametrize(("module_type", "seen", "changes", "codes"), CONTRADICTIONS)
def test_wishes_that_exclude_each_other_are_refused_by_name(
    module_type: str, seen: Values, changes: Values, codes: list[str]
) -> None:
    settled = settle(changes, seen, is_scored(module_type), NOW)
    assert [problem.code for problem in settled.problems] == codes
    assert all(problem.field in changes for problem in settled.problems)
    assert (settled.values, settled.consequences) == ({}, [])


STATUSES = st.sampled_from(Status)
PERCENTAGES = st.none() | st.integers(0, 100)
MOMENTS = st.none() | st.datetimes(
    EARLIER.replace(year=1970, tzinfo=None), NOW.replace(tzinfo=None), timezones=st.just(UTC)
)
SCORES = st.none() | st.decimals(0, 100, places=3)
# A stored row may hold anything its columns can.
STORED_SCORES = SCORES | st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal(-5)])
TYPES = st.sampled_from(["course", "assessment", "project"])


def rows_of(scores: SearchStrategy[Any]) -> dict[Field, SearchStrategy[Any]]:
    return {S: STATUSES, P: PERCENTAGES, SC: scores, C: MOMENTS}


SEEN = st.fixed_dictionaries(rows_of(STORED_SCORES))
CHANGES = st.fixed_dictionaries({}, optional=rows_of(SCORES))


@given(SEEN, CHANGES, TYPES)
def test_what_is_settled_stays_within_what_a_row_may_hold(
    seen: dict[Field, Value], changes: dict[Field, Value], module_type: str
) -> None:
    settled = settle(changes, seen, is_scored(module_type), NOW)
    if settled.problems:
        assert settled.values == {}
        return
    after = {**seen, **settled.values}
    assert all(name in changes or name in (P, C) for name in settled.values)
    values, problems = check(settled.values, NOW)
    assert (values, problems) == (settled.values, [])
    if S in settled.values:
        assert after[C] is None or after[S] is DONE or seen[S] is not DONE
        if after[S] is DONE:
            assert after[C] is not None
            assert module_type == "assessment" or after[P] == 100
        if after[S] is NOT:
            assert after[P] == 0


@given(SEEN, CHANGES, TYPES)
def test_settling_twice_changes_nothing_more(
    seen: dict[Field, Value], changes: dict[Field, Value], module_type: str
) -> None:
    settled = settle(changes, seen, is_scored(module_type), NOW)
    after = {**seen, **settled.values}
    again = settle(settled.values, after, is_scored(module_type), NOW)
    assert (again.values, again.consequences) == ({}, [])


@given(SEEN, TYPES)
def test_an_edit_of_nothing_is_nothing(seen: dict[Field, Value], module_type: str) -> None:
    assert settle({}, seen, is_scored(module_type), NOW) == Settled()
    assert settle({S: seen[S]}, seen, is_scored(module_type), NOW) == Settled()


def test_every_status_and_field_has_a_word_of_its_own() -> None:
    assert [status.label for status in Status] == ["Not started", "In progress", "Completed"]
    assert [name.label for name in Field] == ["Status", "Percentage", "Score", "Completed on"]

"""The rules of DESIGN §5, as tables: what was typed, what it leads to, and what is refused by name."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.progress import EMPTY_ROW, Field, Settled, Status, Value, Values, check, settle
from tests.unit import typed as raw

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
EARLIER = datetime(2026, 3, 1, 10, tzinfo=UTC)
S, P, SC, C = Field.STATUS, Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT
NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED
SYDNEY, DENVER = ZoneInfo("Australia/Sydney"), ZoneInfo("America/Denver")


def row(
    status: Status, percentage: int | None, score: Value = None, at: datetime | None = None
) -> dict[Field, Value]:
    return {S: status, P: percentage, SC: score, C: at}


# --- check: reading what was typed ---

READ: list[tuple[Field, Any, Value]] = [
    (S, "Completed", DONE),
    (S, "completed", DONE),
    (S, "In progress", IN),
    (S, "IN PROGRESS", IN),
    (S, " NotStarted ", NOT),
    (S, Status.COMPLETED, DONE),
    (P, "0", 0),
    (P, "100", 100),
    (P, " 55 % ", 55),
    (P, "55%", 55),
    (P, "+7", 7),
    (P, "007", 7),
    (P, "55.0", 55),
    (P, "55,00", 55),
    (P, 42, 42),
    (P, 42.0, 42),
    (P, Decimal(42), 42),
    (P, "", None),
    (P, "  ", None),
    (P, None, None),
    (SC, "85.5", Decimal("85.5")),
    (SC, "85,5", Decimal("85.5")),
    (SC, "85,5 %", Decimal("85.5")),
    (SC, "66.6666666666666667", Decimal("66.6666666666666667")),
    (SC, 85.5, Decimal("85.5")),
    (SC, 0, Decimal(0)),
    (SC, "100.000", Decimal(100)),
    (SC, "", None),
    (SC, None, None),
    (C, "", None),
    (C, None, None),
    (C, "2026-03-30", datetime(2026, 3, 30, 12, tzinfo=UTC)),
    (C, date(2026, 3, 30), datetime(2026, 3, 30, 12, tzinfo=UTC)),
    (C, " 2026-03-30 ", datetime(2026, 3, 30, 12, tzinfo=UTC)),
    (C, "2026-03-30T08:15:00+02:00", datetime(2026, 3, 30, 6, 15, tzinfo=UTC)),
    (C, "2026-03-30 08:15", datetime(2026, 3, 30, 8, 15, tzinfo=UTC)),
    (C, NOW, NOW),
    (C, "1970-01-01", datetime(1970, 1, 1, 12, tzinfo=UTC)),
    # Today's noon is yet to come: today means now.
    (C, "2026-03-31", NOW),
    (C, date(2026, 3, 31), NOW),
]


@pytest.mark.parametrize(("name", "typed", "value"), READ)
def test_what_is_typed_is_read(name: Field, typed: object, value: Value) -> None:
    values, problems = check({name: typed}, NOW)
    assert (values, problems) == ({name: value}, [])
    assert type(values[name]) is type(value)


NO_NUMBERS: list[Any] = [
    "-1",
    "101",
    "abc",
    "NaN",
    "nan%",
    "sNaN",
    "Infinity",
    "-inf",
    "1e400",
    "1e1",
    "0x10",
    "1_0",
    "1 000",
    "1.000,5",
    "1,2,3",
    ".5",
    "5.",
    "5%%",
    "%",
    "٥٥",
    "५५",
    "５５",
    "5\x00",
    "5\u200b",
    "\ud800",
    "9" * 41,
    "9" * 1_000_000,
    "0" * 1_000_000,
    True,
    [],
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    10**5000,
]
UNREAD: list[tuple[Field, Any, str]] = [
    (S, "", "unknown_status"),
    (S, None, "unknown_status"),
    (S, "Passed", "unknown_status"),
    (S, 1, "unknown_status"),
    (S, "Completed\x00", "unknown_status"),
    (S, "\ud800", "unknown_status"),
    (S, "x" * 1_000_000, "unknown_status"),
    (S, 10**5000, "unknown_status"),
    *(
        (name, typed, code)
        for name, code in ((P, "percentage"), (SC, "score"))
        for typed in NO_NUMBERS
    ),
    (P, "1.5", "percentage"),
    (P, "99,9", "percentage"),
    (P, 1.5, "percentage"),
    (P, "100.1", "percentage"),
    (SC, "100.0000000001", "score"),
    (SC, "-0.1", "score"),
    (C, "yesterday", "completed_at"),
    (C, "31.03.2026", "completed_at"),
    (C, "03/31/2026", "completed_at"),
    (C, "2026-02-30", "completed_at"),
    (C, "infinity", "completed_at"),
    (C, "0044-03-15 BC", "completed_at"),
    (C, "٢٠٢٦-٠٣-٣٠", "completed_at"),
    (C, "2026-03-30\x00", "completed_at"),
    (C, "2026-03-3\ud800", "completed_at"),
    (C, "2026-03-30T08:15:00+99:00", "completed_at"),
    (C, "2" * 1_000_000, "completed_at"),
    (C, 20260330, "completed_at"),
    (C, True, "completed_at"),
    (C, "1969-12-31", "completed_at"),
    (C, "0001-01-01", "completed_at"),
    (C, datetime.min, "completed_at"),  # noqa: DTZ901
    (C, date.min, "completed_at"),
    (C, datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "completed_at"),
    # 1970 in Kiritimati, and not yet at Greenwich: every page would flag what was stored.
    (C, "1970-01-01T00:00:00+14:00", "completed_at"),
    (C, "2026-04-01", "future"),
    (C, "9999-12-31", "future"),
    (C, datetime.max, "future"),  # noqa: DTZ901
    (C, NOW + timedelta(microseconds=1), "future"),
    (C, "2026-03-31T10:00", "future"),
]


@pytest.mark.parametrize(("name", "typed", "code"), UNREAD, ids=map(str, range(len(UNREAD))))
def test_what_cannot_be_meant_is_refused_by_name(name: Field, typed: object, code: str) -> None:
    values, problems = check({name: typed}, NOW)
    assert values == {}
    assert [(problem.field, problem.code) for problem in problems] == [(name, code)]
    assert problems[0].message.endswith(".")


def test_one_bad_field_leaves_the_others_read() -> None:
    values, problems = check({S: "completed", P: "1.5", SC: "80", C: "soon"}, NOW)
    assert values == {S: DONE, SC: Decimal(80)}
    assert [problem.field for problem in problems] == [P, C]


@pytest.mark.parametrize(
    ("typed", "zone", "expected"),
    [
        ("2026-03-30", SYDNEY, datetime(2026, 3, 30, 12, tzinfo=SYDNEY)),
        ("2026-03-30", DENVER, datetime(2026, 3, 30, 12, tzinfo=DENVER)),
        ("2026-03-30T23:00", DENVER, datetime(2026, 3, 30, 23, tzinfo=DENVER)),
        # 9:30 at Greenwich is 20:30 in Sydney (noon is past) and 3:30 in Denver (noon is to come).
        ("2026-03-31", SYDNEY, datetime(2026, 3, 31, 12, tzinfo=SYDNEY)),
        ("2026-03-31", DENVER, NOW),
    ],
)
def test_a_date_without_a_zone_is_meant_where_its_writer_is(
    typed: str, zone: ZoneInfo, expected: datetime
) -> None:
    assert check({C: typed}, NOW, zone) == ({C: expected}, [])


def test_a_date_that_has_begun_in_the_writers_zone_only_is_no_future() -> None:
    evening = datetime(2026, 3, 31, 20, tzinfo=UTC)  # already the 1st of April in Sydney
    assert check({C: "2026-04-01"}, evening, SYDNEY) == ({C: evening}, [])
    assert [p.code for p in check({C: "2026-04-01"}, evening, UTC)[1]] == ["future"]


# --- settle: what an edit leads to ---

HUNDRED = "The percentage becomes 100."
TODAY = "The completed date becomes today."
CLEARED = "The completed date is cleared."
ZERO = "The percentage becomes 0. Lessons and answers are kept."
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
    ("assessment", HALF, {S: DONE, P: 55}, {S: DONE, P: 55, C: NOW}, [TODAY]),
    ("assessment", HALF, {S: DONE, SC: Decimal(30)}, {S: DONE, SC: Decimal(30), C: NOW}, [TODAY]),
    # away from Completed
    ("course", COMPLETE, {S: IN}, {S: IN, C: None}, [CLEARED]),
    ("course", COMPLETE, {S: IN, P: 50}, {S: IN, P: 50, C: None}, [CLEARED]),
    ("course", COMPLETE, {S: NOT}, {S: NOT, P: 0, C: None}, [CLEARED, ZERO]),
    ("course", row(DONE, 100), {S: IN}, {S: IN}, []),
    ("assessment", row(DONE, 55, Decimal(55), EARLIER), {S: NOT}, {S: NOT, P: 0, C: None},
     [CLEARED, ZERO]),
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
    ("course", row(NOT, 30, None, EARLIER), {SC: Decimal(1)}, {SC: Decimal(1)}, []),
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
    assert settle(changes, seen, module_type, NOW) == Settled(dict(values), consequences, [])


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
    settled = settle(changes, seen, module_type, NOW)
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


TYPED = raw.ANYTHING | raw.STATUSES | raw.NUMBERS | raw.DATES


def rows_of(scores: SearchStrategy[Any]) -> dict[Field, SearchStrategy[Any]]:
    return {S: STATUSES, P: PERCENTAGES, SC: scores, C: MOMENTS}


SEEN = st.fixed_dictionaries(rows_of(STORED_SCORES))
CHANGES = st.fixed_dictionaries({}, optional=rows_of(SCORES))


@given(SEEN, CHANGES, TYPES)
def test_what_is_settled_stays_within_what_a_row_may_hold(
    seen: dict[Field, Value], changes: dict[Field, Value], module_type: str
) -> None:
    settled = settle(changes, seen, module_type, NOW)
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
    settled = settle(changes, seen, module_type, NOW)
    after = {**seen, **settled.values}
    again = settle(settled.values, after, module_type, NOW)
    assert (again.values, again.consequences) == ({}, [])


@given(SEEN, TYPES)
def test_an_edit_of_nothing_is_nothing(seen: dict[Field, Value], module_type: str) -> None:
    assert settle({}, seen, module_type, NOW) == Settled()
    assert settle({S: seen[S]}, seen, module_type, NOW) == Settled()


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Field, TYPED)))
def test_every_field_is_either_read_within_the_constraints_or_refused(
    typed: dict[Field, object],
) -> None:
    values, problems = check(typed, NOW)
    assert sorted([*values, *(problem.field or "" for problem in problems)]) == sorted(typed)
    assert values.get(S, NOT) in set(Status)
    percentage, score, at = values.get(P), values.get(SC), values.get(C)
    assert percentage is None or (isinstance(percentage, int) and 0 <= percentage <= 100)
    assert score is None or (isinstance(score, Decimal) and 0 <= score <= 100)
    assert at is None or (isinstance(at, datetime) and at.utcoffset() is not None and at <= NOW)


def test_every_status_and_field_has_a_word_of_its_own() -> None:
    assert [status.label for status in Status] == ["Not started", "In progress", "Completed"]
    assert [name.label for name in Field] == ["Status", "Percentage", "Score", "Completed on"]

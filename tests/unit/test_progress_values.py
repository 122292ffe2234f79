"""check(): what was typed is read, or refused by name."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rules.progress import Field, Status, Value, check
from tests.unit import any_input as raw

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
S, P, SC, C = Field.STATUS, Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT
NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED
SYDNEY, DENVER = ZoneInfo("Australia/Sydney"), ZoneInfo("America/Denver")

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


def test_a_time_that_the_clock_shows_twice_equals_what_is_stored_of_it() -> None:
    """Found once: Python calls such a local time equal to none of another zone, so it looked changed."""
    twice = datetime(2000, 10, 29, 2, tzinfo=ZoneInfo("Asia/Novokuznetsk"))
    stored = datetime(2000, 10, 28, 18, tzinfo=UTC)
    assert twice != stored  # the control
    assert check({C: twice}, NOW) == ({C: stored}, [])


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
    (SC, "1,000", "score"),
    (P, "1,000", "percentage"),
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


TYPED = raw.ANYTHING | raw.STATUSES | raw.NUMBERS | raw.DATES


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


@pytest.mark.parametrize("word", [*Status, "Paused", "OTHER", ""])
def test_a_status_outlives_being_copied_and_packed(word: str) -> None:
    status = Status(word)
    for copied in (copy.copy(status), copy.deepcopy(status), pickle.loads(pickle.dumps(status))):
        assert (copied, copied.value, copied.is_other) == (word, word, status.is_other)

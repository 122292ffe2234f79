"""What a person typed in form, table or file, read as the values of a row; `check()` is the only reader."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

from data.rules.progress.values import NOT_OURS, Field, Problem, Status, Value, in_range, must_be

LONGEST_NUMBER: Final = 40

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check(
    typed: Mapping[Field, object], now: datetime, zone: tzinfo = UTC
) -> tuple[dict[Field, Value], list[Problem]]:
    """Read what was typed, field by field.

    `typed` maps a field to text, a number, a date or None (empty); `now` is the database's clock, with a
    zone; `zone` is where a date without a time was meant. Returns the values that could be read and a
    problem for each that could not; a field stands in one of the two, never in both.
    """
    values: dict[Field, Value] = {}
    problems: list[Problem] = []
    for name, raw in typed.items():
        read = _read(name, raw, now, zone)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            values[name] = read
    return values, problems


def _read(name: Field, raw: object, now: datetime, zone: tzinfo) -> Value | Problem:
    if isinstance(raw, int) and abs(raw) >= 10**LONGEST_NUMBER:
        raw = "too long"  # Python itself refuses to write out integers of thousands of digits
    empty = raw is None or (isinstance(raw, str) and not raw.strip())
    if name is Field.STATUS:
        return _read_status(raw)
    if empty:
        return None
    if name is Field.PERCENTAGE:
        return _read_percentage(raw)
    if name is Field.SCORE:
        return _read_score(raw)
    return _read_completed_at(raw, now, zone)


def _read_status(raw: object) -> Value | Problem:
    wanted = str(raw).replace(" ", "").casefold()
    for status in Status:
        if status.value.casefold() == wanted:
            return status
    return NOT_OURS


def _read_number(raw: object) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    text = str(raw).strip().removesuffix("%").strip()
    # A comma is a decimal comma, but 1,000 may be a thousand. ASCII digits only, so that what a person
    # sees is what is stored.
    if len(text) > LONGEST_NUMBER or not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", text):
        return None
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _read_percentage(raw: object) -> Value | Problem:
    number = _read_number(raw)
    if number is None or number != number.to_integral_value() or not in_range(number):
        return must_be(Field.PERCENTAGE, "percentage")
    return int(number)


def _read_score(raw: object) -> Value | Problem:
    number = _read_number(raw)
    if number is None or not in_range(number):
        return must_be(Field.SCORE, "score")
    return number


def _read_completed_at(raw: object, now: datetime, zone: tzinfo) -> Value | Problem:
    try:
        # As it is stored: Python finds a local time that the clock shows twice equal to no other zone's.
        moment = _moment(raw, now, zone).astimezone(UTC)
        in_future = moment > now
    except (ValueError, OverflowError, TypeError):
        return Problem(
            Field.COMPLETED_AT,
            "completed_at",
            f"Give the date as {Field.COMPLETED_AT.allowed}.",
        )
    if in_future:
        return Problem(
            Field.COMPLETED_AT, "future", "The completed date must not be in the future."
        )
    if moment < EARLIEST:
        return Problem(
            Field.COMPLETED_AT, "completed_at", "The completed date must not be before 1970."
        )
    return moment


def _moment(raw: object, now: datetime, zone: tzinfo) -> datetime:
    if isinstance(raw, str):
        raw = (
            datetime.fromisoformat(raw.strip())
            if len(raw.strip()) > 10
            else date.fromisoformat(raw.strip())
        )
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if not isinstance(raw, date):
        raise TypeError(raw)
    # Noon keeps a bare date the same day in most zones; today's noon may be yet to come.
    noon = datetime.combine(raw, time(12), tzinfo=zone)
    return now if raw == now.astimezone(zone).date() and noon > now else noon

"""The kinds of single values inside the details: pydantic coerces, these set the limits.

Beyond a limit a value is unreadable, not wrong: it is shown as it was stored.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Annotated, Final, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

LARGEST: Final = 1_000_000
LONGEST: Final = 10 * 366 * 24 * 3600.0
"""Ten years in seconds."""

YEARS: Final = range(1970, 2200)
"""Years a person could mean. 9999 is a stand-in for 'never', and no zone can shift it."""


class Finished(Enum):
    """The mark for a video watched to its end, stored as -1."""

    FINISHED = "finished"


FINISHED: Final = Finished.FINISHED


def _refuse_yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("yes or no is not a number")
    return value


def _spell_number(value: object) -> object:
    # Not pydantic's coerce_numbers_to_str: a number of over 4,300 digits raises through it.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _pad_offset(value: object) -> object:
    """Only ISO text: pydantic takes any number for a time since 1970. '+00' becomes '+00:00'."""
    if not isinstance(value, str) or not re.match(r"\s*\d{4}-\d\d-\d\d", value):
        raise ValueError("not a date written year-month-day")
    return re.sub(r"(:\d\d(?:\.\d+)?[+-]\d\d)$", r"\1:00", value.strip())


def _within_years(value: date) -> date:
    if value.year not in YEARS:
        raise ValueError("not a year a person could mean")
    return value


def _with_zone(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _finished(value: object) -> object:
    return FINISHED if value == -1 or value == "-1" else value


def _outcome(value: object) -> object:
    words = {"passed": True, "failed": False}
    return words.get(value.strip().casefold(), value) if isinstance(value, str) else value


Count = Annotated[int, BeforeValidator(_refuse_yes_or_no), Field(ge=0, le=LARGEST)]
Score = Annotated[
    float,
    BeforeValidator(_refuse_yes_or_no),
    Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False),
]
Seconds = Annotated[
    float, BeforeValidator(_refuse_yes_or_no), Field(ge=0, le=LONGEST, allow_inf_nan=False)
]
Text = Annotated[str, BeforeValidator(_spell_number)]
Passed = Annotated[bool, BeforeValidator(_outcome)]
Position = Annotated[Finished | Seconds, BeforeValidator(_finished)]
Moment = Annotated[
    Annotated[date, Tag("day")] | Annotated[datetime, AfterValidator(_with_zone), Tag("moment")],
    Discriminator(lambda value: "day" if len(str(value)) == len("2026-03-31") else "moment"),
    AfterValidator(_within_years),
    BeforeValidator(_pad_offset),
]
"""A bare date stays one, or a viewer's zone would move it to the day before. No zone means UTC."""

Value = TypeVar("Value")
Lessons = Annotated[frozenset[UUID], BeforeValidator(lambda value: () if value is None else value)]
Listed = Annotated[tuple[Value, ...], BeforeValidator(lambda value: () if value is None else value)]
Mapped = Annotated[dict[UUID, Value], BeforeValidator(lambda value: {} if value is None else value)]


def instant(moment: date) -> datetime:
    """A moment that can be compared with every other: a bare date counts from its start in UTC."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def newest(moments: Iterable[date | None]) -> date | None:
    """The newest of the moments that are known, in the form it was stored."""
    return max((each for each in moments if each is not None), key=instant, default=None)

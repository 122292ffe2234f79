"""What may be written down of people, classes and modules: the same for a form, many at once and a file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

LONGEST_NAME: Final = 200
LONGEST_NUMBER: Final = 100
LONGEST_YEAR: Final = 20
LONGEST_EMAIL: Final = 254

ROLES: Final = {
    "viewer": "Viewer",
    "teacher": "Teacher",
    "coordinator": "Coordinator",
    "admin": "Administrator",
}
"""Of staff, from the least to the most that one may do."""


def described_role(role: str, organisation: str | None) -> str:
    """'teacher', 'viewer, all organisations': of an administrator, who is everywhere, the role says it."""
    words = ROLES.get(role, role).lower()
    return f"{words}, all organisations" if organisation is None and role != "admin" else words


UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Characters that nobody sees and that change how the rest is read."""

EMAIL: Final = re.compile(r"[^\s@,;<>()\"]+@[^\s@,;<>()\"]+\.[^\s@,;<>()\"]+")


@dataclass(frozen=True)
class RosterFault:
    """Why a value cannot be: `field` is its column, `message` a sentence for whoever wrote it."""

    field: str
    message: str


def check(values: Mapping[str, Any]) -> list[RosterFault]:
    """What is wrong with these values, by column; of columns that nothing is known of, nothing."""
    found = ((name, CHECKS[name](value)) for name, value in values.items() if name in CHECKS)
    faults = [RosterFault(name, message) for name, message in found if message]
    if values.get("left_on") and values.get("is_active"):
        faults.append(
            RosterFault("left_on", "Somebody who has left is not active. Take one of the two away.")
        )
    return faults


def tidy(written: str | None) -> str:
    """As it is stored: no white space around it, and one space between words."""
    return " ".join((written or "").split())


def _unseen(written: str) -> str | None:
    if UNSEEN.search(written):
        return "There is a character in it that cannot be seen. Type it anew."
    return None


def _text(label: str, most: int, *, is_needed: bool) -> Callable[[Any], str | None]:
    def judge(value: Any) -> str | None:
        written = value or ""
        if not written.strip():
            return f"{label} is missing." if is_needed else None
        if len(written) > most:
            return f"{label} is too long: {most} characters at most."
        return _unseen(written)

    return judge


def _email(value: Any) -> str | None:
    if not value:
        return None
    if len(value) > LONGEST_EMAIL or not EMAIL.fullmatch(value):
        return "This is not an e-mail address. Write it as name@school.example."
    return _unseen(value)


def _role(value: Any) -> str | None:
    return None if value in ROLES else "Choose a role."


def _mark(value: Any) -> str | None:
    return None if value is None or 0 <= value <= 100 else "The pass mark must be from 0 to 100."


def _day(value: Any) -> str | None:
    if value is None or (isinstance(value, date) and 1900 <= value.year <= 2100):
        return None
    return "The day must lie between 1900 and 2100."


CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "full_name": _text("The name", LONGEST_NAME, is_needed=True),
    "name": _text("The name", LONGEST_NAME, is_needed=True),
    "title": _text("The title", LONGEST_NAME, is_needed=True),
    "type": _text("The type", LONGEST_NAME, is_needed=True),
    "number": _text("The school number", LONGEST_NUMBER, is_needed=False),
    "school_year": _text("The school year", LONGEST_YEAR, is_needed=False),
    "email": _email,
    "role": _role,
    "pass_mark": _mark,
    "left_on": _day,
}
"""By column, what is wrong with a value; None where nothing is."""


def read_mark(written: str) -> Decimal | None:
    """A pass mark as it was typed; a number that is none is out of range. None where nothing was typed."""
    text = written.strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        mark = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    return mark if mark.is_finite() else Decimal(-1)

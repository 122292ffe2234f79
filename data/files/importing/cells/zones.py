"""The zone of the days in a table, written into the heading of their column: it survives any saving again."""

import re
from datetime import timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_IN_BRACKETS: Final = re.compile(r"[(\[]\s*([A-Za-z][\w+\-/:]*)\s*[)\]]\s*\Z")
_OFFSET: Final = re.compile(r"UTC([+-])(\d{2}):(\d{2})")


def with_zone(heading: str, zone: tzinfo) -> str:
    """'Completed on (Europe/Berlin)'."""
    return f"{heading} ({zone})" if zone_in(f"({zone})") is not None else heading


def zone_in(heading: str) -> tzinfo | None:
    """The zone in which a heading says that its days are; None where it says none."""
    found = _IN_BRACKETS.search(heading)
    return _named(found[1]) if found else None


def _named(name: str) -> tzinfo | None:
    if found := _OFFSET.fullmatch(name):
        sign = -1 if found[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(found[2]), minutes=int(found[3])))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

"""Which tables are open: each is held in memory for as long as its page is, so only the newest ones of a person
stay, and the newest of all people together."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

MOST_OF_A_PERSON: Final = 3
MOST_IN_ALL: Final = 20

CLOSED: Final = (
    "This table was closed, because others were opened since on other pages. Choose the file again."
)

T = TypeVar("T")


@dataclass(eq=False)
class OpenTable(Generic[T]):
    """What a page's session holds; `table` is None once it was closed for the sake of others."""

    author: UUID
    table: T | None


_open: Final[list[weakref.ref[OpenTable[Any]]]] = []
_lock: Final = threading.Lock()


def open_table(author: UUID, table: T) -> OpenTable[T]:
    """This one is open from now on, and the oldest of too many no longer."""
    opened = OpenTable(author, table)
    with _lock:
        here = [one for each in _open if (one := each()) is not None and one.table is not None]
        own = [one for one in here if one.author == author]
        closed = own[: 1 - MOST_OF_A_PERSON]
        staying = [one for one in here if one not in closed]
        closed += staying[: max(0, len(staying) + 1 - MOST_IN_ALL)]
        for one in closed:
            one.table = None
        _open[:] = [weakref.ref(one) for one in (*staying, opened) if one.table is not None]
    return opened

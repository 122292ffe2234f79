"""Which tables are open: each is held in memory for as long as its page is, so only the newest ones of a person
stay, and the newest of all people together."""

import threading
import weakref
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.text import alert

MOST_OF_A_PERSON: Final = 3
MOST_IN_ALL: Final = 20

CLOSED: Final = (
    "This table was closed, because others were opened since on other pages. Choose the file again."
)

T = TypeVar("T")


class Place(Generic[T]):
    """Where a page's session has the table that is open, and why there is none."""

    def __init__(self, name: str) -> None:
        self._name, self._problem = name, f"{name}_problem"

    def current(self) -> T | None:
        """The table that is open; not that of somebody else who was signed in before in the same window."""
        found: OpenTable[T] | None = st.session_state.get(self._name)
        if found is None or found.author != reads.visit().actor.id:
            return None
        if found.table is None:
            self.close()
            self.refuse(CLOSED)
        return found.table

    def open(self, table: T) -> None:
        """From now on this is the table."""
        st.session_state.pop(self._problem, None)
        st.session_state[self._name] = open_table(reads.visit().actor.id, table)

    def refuse(self, why: str, field: str | None = None) -> None:
        """What is open stays; `field` is the key of the field that the problem is about."""
        st.session_state[self._problem] = why, field

    def draw_problem(self) -> None:
        """Why the last table could not be read, or is open no more, at the field that it came from."""
        if found := st.session_state.get(self._problem):
            why, field = found
            alert(why, field=field)

    def close(self) -> None:
        """Forget the table, its bytes included."""
        st.session_state.pop(self._name, None)
        st.session_state.pop(self._problem, None)


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

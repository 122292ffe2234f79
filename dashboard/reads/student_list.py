"""The list of students that was shown last, in its order: who opens one of them goes on to the next.

The address of a student's page names the list, so that a page loaded anew and the browser's Back have it still:
the server keeps it for its person, in the memory of this process.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.reads import carried
from data.access.session import Actor

LIST: Final = "student_list"

LISTED: Final = "list"
"""What the address calls a list by."""

ALONE: Final = "none"
"""In its place: that the student was come to by no list."""


@dataclass(frozen=True)
class StudentList:
    """What a person was shown: its title, its address, who is in it (16 bytes each: many lists are kept), and
    which class was shown by then."""

    person: UUID
    title: str
    href: str
    students: bytes
    class_id: UUID | None

    @property
    def name(self) -> str:
        """What the address calls it by: the same while it is the same."""
        told = f"{self.title} {self.href} ".encode() + self.students
        return hashlib.blake2b(told, digest_size=9).hexdigest()


@dataclass(frozen=True)
class StudentPlace:
    """A place in a list: `number` counts from 1 to `of`; before the first is None, and after the last."""

    title: str
    href: str
    number: int
    of: int
    before: UUID | None
    after: UUID | None


def show(title: str, students: Iterable[UUID]) -> None:
    """This list is on the page that is drawn now; somebody who is in it twice counts once."""
    address = f"{st.session_state[carried.HERE]}?{urlencode(st.query_params.to_dict())}"
    ids = b"".join(one.bytes for one in dict.fromkeys(students))
    person, class_id = reads.visit().actor.id, carried.last_shown()
    st.session_state[LIST] = StudentList(person, title, address, ids, class_id)


def place_of(student: UUID) -> StudentPlace | None:
    """Where this student is in the list one came from, which the address then names; None where they are in
    none, or alone."""
    if st.query_params.get(LISTED) == ALONE:
        st.session_state.pop(LIST, None)
        del st.query_params[LISTED]
    shown = _named() or _shown_last()
    ids = shown.students if shown else b""
    students = [ids[at : at + 16] for at in range(0, len(ids), 16)]
    if shown is None or len(students) < 2 or student.bytes not in students:
        return None
    st.query_params[LISTED] = shown.name
    _kept(reads.visit().actor, shown.name)[:] = [shown]
    st.session_state[LIST] = replace(shown, class_id=carried.last_shown())
    at = students.index(student.bytes)
    before, after = students[at - 1 : at], students[at + 1 : at + 2]
    ends = (UUID(bytes=one[0]) if one else None for one in (before, after))
    return StudentPlace(shown.title, shown.href, at + 1, len(students), *ends)


def _named() -> StudentList | None:
    """The list that the address names."""
    name = st.query_params.get(LISTED, "")
    return next(iter(_kept(reads.visit().actor, name)), None) if name else None


def _shown_last() -> StudentList | None:
    """The one that was shown last, to this person and of no other class than has been shown since."""
    shown: StudentList | None = st.session_state.get(LIST)
    here = reads.visit().actor.id, carried.last_shown()
    return shown if shown and (shown.person, shown.class_id) == here else None


@reads.kept_for(500, ttl="12h")
def _kept(actor: Actor, name: str) -> list[StudentList]:  # noqa: ARG001 - of what
    """A list that a student was opened from, once it is put in here."""
    return []

"""The list of students that was shown last, in its order: who opens one of them goes on to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.reads import carried

LIST: Final = "student_list"


@dataclass(frozen=True)
class StudentList:
    """What a person was shown: its title, its address, and who is in it."""

    person: UUID
    title: str
    href: str
    students: tuple[UUID, ...]


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
    found = StudentList(reads.visit().actor.id, title, address, tuple(dict.fromkeys(students)))
    st.session_state[LIST] = found


def place_of(student: UUID) -> StudentPlace | None:
    """Where this student is in the list; None where they are not, or alone."""
    shown: StudentList | None = st.session_state.get(LIST)
    if shown is None or shown.person != reads.visit().actor.id or student not in shown.students:
        return None
    at, of = shown.students.index(student), len(shown.students)
    before = shown.students[at - 1] if at else None
    after = shown.students[at + 1] if at + 1 < of else None
    return StudentPlace(shown.title, shown.href, at + 1, of, before, after) if of > 1 else None

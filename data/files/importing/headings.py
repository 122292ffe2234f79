"""What a column means, by its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

from data.files.importing.folding import fold


class Meaning(StrEnum):
    """What a column may hold; its value is the heading that the template gives it."""

    STUDENT_ID = "Student id"
    EMAIL = "E-mail"
    STUDENT = "Student"
    FIRST_NAME = "First name"
    LAST_NAME = "Last name"
    MODULE_ID = "Module id"
    MODULE = "Module"
    STATUS = "Status"
    PERCENTAGE = "Percentage"
    SCORE = "Score"
    COMPLETED = "Completed on"


VALUES: Final = (Meaning.STATUS, Meaning.PERCENTAGE, Meaning.SCORE, Meaning.COMPLETED)
WHO: Final = (Meaning.STUDENT_ID, Meaning.EMAIL, Meaning.STUDENT)
STUDENT_NAMED_BY: Final = (*WHO, Meaning.FIRST_NAME, Meaning.LAST_NAME)
WHICH: Final = (Meaning.MODULE_ID, Meaning.MODULE)

# Separated by "|". Left out, for they may mean several things: "completed" (yes, or when?), "id", "date".
SYNONYMS: Final = {
    Meaning.STUDENT_ID: "student id|studentid|student uuid|learner id|user id|pupil id",
    Meaning.EMAIL: "e-mail|email|mail|e-mail address|mail address|student e-mail|student mail"
    "|student e-mail address|learner e-mail|user e-mail",
    Meaning.STUDENT: "student|student name|students|full name|name|learner|learner name|pupil|pupil name"
    "|name of student|participant|student full name|display name",
    Meaning.FIRST_NAME: "first name|given name|forename|firstname|student first name",
    Meaning.LAST_NAME: "last name|surname|family name|lastname|student last name",
    Meaning.MODULE_ID: "module id|moduleid|module uuid|course id|courseid|activity id",
    Meaning.MODULE: "module|module name|module title|course|course name|course title|activity|activity name"
    "|assessment|assessment name|project|unit|unit name",
    Meaning.STATUS: "status|state|progress status|module status|completion status|course status",
    Meaning.PERCENTAGE: "percentage|percent|%|pct|progress|progress %|% progress|completion|completion %"
    "|% complete|% completed|percent complete|percentage complete|progress percentage|progress percent"
    "|completion percentage",
    Meaning.SCORE: "score|score %|grade|points|mark|marks|result|final score|final grade|total score",
    Meaning.COMPLETED: "completed on|completed at|completed date|completion date|date completed"
    "|date of completion|completed when|finished on|finish date|date finished|completion time"
    "|time completed",
}


def _key(heading: str) -> str:
    """Spaces do not count either; what is in brackets explains, unless nothing else is there."""
    shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading)
    return (fold(shorter) or fold(heading)).replace(" ", "")


_MEANINGS: Final = {
    _key(word): meaning for meaning, words in SYNONYMS.items() for word in words.split("|")
}


@dataclass(frozen=True)
class Columns:
    """What each column means, as far as it is known: one guess a column.

    `ambiguous` names the columns (by place) that claim one meaning; a person settles that with `choose()`.
    """

    headings: tuple[str, ...]
    guesses: tuple[Meaning | None, ...]

    @cached_property
    def ambiguous(self) -> Mapping[Meaning, tuple[int, ...]]:
        """Places by meaning, where several columns claim one."""
        claims = {
            meaning: tuple(place for place, one in enumerate(self.guesses) if one is meaning)
            for meaning in Meaning
        }
        return {meaning: places for meaning, places in claims.items() if len(places) > 1}

    @cached_property
    def places(self) -> Mapping[Meaning, int]:
        """The column of each meaning that exactly one column has."""
        doubtful = self.ambiguous
        return {
            meaning: place
            for place, meaning in enumerate(self.guesses)
            if meaning is not None and meaning not in doubtful
        }

    def choose(self, place: int, meaning: Meaning | None) -> Columns:
        """Another meaning for one column, or none; no other column keeps it."""
        guesses = [None if one is meaning else one for one in self.guesses]
        guesses[place] = meaning
        return replace(self, guesses=tuple(guesses))

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What a person must say before the table can be read, in sentences."""
        found = []
        for meaning, places in self.ambiguous.items():
            names = " and ".join(f"“{self.headings[at]}” (column {at + 1})" for at in places)
            found.append(f"{names} both seem to be “{meaning.value}”: choose one.")
        known = set(self.places) | set(self.ambiguous)
        names_in_two = {Meaning.FIRST_NAME, Meaning.LAST_NAME} <= known
        if not names_in_two and not known.intersection(WHO):
            found.append("No column names the student: choose the one with names or e-mails.")
        if not known.intersection(WHICH):
            found.append("No column names the module: choose it.")
        if not known.intersection(VALUES):
            found.append("No column holds a status, percentage, score or completed date.")
        return tuple(found)


def recognise(headings: Sequence[str]) -> Columns:
    """The best guess of each column's meaning; case, accents, punctuation and spaces do not matter."""
    return Columns(tuple(headings), tuple(_MEANINGS.get(_key(heading)) for heading in headings))


def is_class_export(headings: Sequence[str]) -> bool:
    """Is it the export of a class page, with columns "Fractions: status" and "Fractions: %"?"""
    pairs = pairwise(headings)
    return _key(headings[0]) == "student" and any(
        one.endswith(": status") and other == one.removesuffix("status") + kind
        for one, other in pairs
        for kind in ("%", "score")
    )

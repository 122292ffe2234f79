"""What a column means, by its heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

from data.files.importing.folding import fold
from data.files.importing.roster import KnownModule
from data.files.importing.titles import is_total


class Meaning(StrEnum):
    """What a column may hold; its value is the heading that the template gives it."""

    STUDENT_ID = "Student id"
    EMAIL = "E-mail"
    USERNAME = "User name"
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
WHO: Final = (Meaning.STUDENT_ID, Meaning.EMAIL, Meaning.USERNAME, Meaning.STUDENT)
STUDENT_NAMED_BY: Final = (*WHO, Meaning.FIRST_NAME, Meaning.LAST_NAME)
WHICH: Final = (Meaning.MODULE_ID, Meaning.MODULE)

# Separated by "|". Left out, for they may mean several things: "completed" (yes, or when?), "id", "date"; and
# "final score", which may be the whole course's.
SYNONYMS: Final = {
    Meaning.STUDENT_ID: "student id|studentid|student uuid|learner id|user id|pupil id|student sourced id"
    "|user sourced id",
    Meaning.EMAIL: "e-mail|email|mail|e-mail address|mail address|student e-mail|student mail"
    "|student e-mail address|learner e-mail|user e-mail",
    Meaning.USERNAME: "user name|login|login id|login name|user login|sis login id",
    Meaning.STUDENT: "student|student name|students|full name|name|learner|learner name|pupil|pupil name"
    "|name of student|participant|student full name|display name",
    Meaning.FIRST_NAME: "first name|given name|forename|firstname|student first name",
    Meaning.LAST_NAME: "last name|surname|family name|lastname|student last name",
    Meaning.MODULE_ID: "module id|moduleid|module uuid|course id|courseid|activity id"
    "|line item sourced id",
    Meaning.MODULE: "module|module name|module title|course|course name|course title|activity|activity name"
    "|assessment|assessment name|project|unit|unit name",
    Meaning.STATUS: "status|state|progress status|module status|completion status|course status",
    Meaning.PERCENTAGE: "percentage|percent|%|pct|progress|progress %|% progress|completion|completion %"
    "|% complete|% completed|percent complete|percentage complete|progress percentage|progress percent"
    "|completion percentage",
    Meaning.SCORE: "score|score %|grade|points|mark|marks|result",
    Meaning.COMPLETED: "completed on|completed at|completed date|completion date|date completed"
    "|date of completion|completed when|finished on|finish date|date finished|completion time"
    "|time completed",
}


_OUT_OF: Final = re.compile(
    r"(?:/|\bout of\b|\bmax(?:imum)?\b\.?)\s*[0-9]+(?:[.,][0-9]+)?\s*\Z", re.IGNORECASE
)


def _key(heading: str) -> str:
    """Spaces do not count either; what is in brackets explains, as does "/20", unless nothing else is there."""
    shorter = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading)
    shorter = _OUT_OF.sub("", shorter)
    return (fold(shorter) or fold(heading)).replace(" ", "")


_MEANINGS: Final = {
    _key(word): meaning for meaning, words in SYNONYMS.items() for word in words.split("|")
}


class Sets(StrEnum):
    """What the modules' columns of a wide table set; the value is what the command line takes."""

    SCORE = "score"
    PERCENTAGE = "percentage"
    STATUS = "status"
    BY_TYPE = "by-type"
    """The score of an assessment, the percentage of any other module."""


@dataclass(frozen=True)
class ModuleColumn:
    """A column of a table with a row per student: the values of one module.

    `module` is None until a person chose it; `sets` is None where the answer for the whole file counts.
    The values are points of `most`, where that is known; `asks_most` where only a person can say it.
    """

    module: KnownModule | None = None
    sets: Meaning | None = None
    most: Decimal | None = None
    asks_most: bool = False


@dataclass(frozen=True)
class Columns:
    """What each column means, as far as it is known: one guess a column, or in `modules` a module's values.

    `ambiguous` names the columns (by place) that claim one meaning; a person settles that with `choose()`.
    `sets` is what the modules' columns set, `all_lines` the module of every line of a table that names none.
    Lines in `left_out` are no students; `notices` says in sentences what was left out and why.
    """

    headings: tuple[str, ...]
    guesses: tuple[Meaning | None, ...]
    modules: Mapping[int, ModuleColumn] = field(default_factory=dict)
    sets: Sets | None = None
    all_lines: KnownModule | None = None
    left_out: frozenset[int] = frozenset()
    notices: tuple[str, ...] = ()

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

    def choose(self, place: int, meaning: Meaning | ModuleColumn | None) -> Columns:
        """Another meaning for one column, a module's values, or none; no other column keeps a meaning."""
        modules = {at: one for at, one in self.modules.items() if at != place}
        if isinstance(meaning, ModuleColumn):
            modules[place], meaning = meaning, None
        guesses = [None if one is meaning else one for one in self.guesses]
        guesses[place] = meaning
        return replace(self, guesses=tuple(guesses), modules=modules)

    def without(self, lines: Iterable[int]) -> Columns:
        """The same with these lines left out."""
        return replace(self, left_out=self.left_out.union(lines))

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What a person must say before the table can be read, in sentences."""
        found = []
        for meaning, places in self.ambiguous.items():
            names = " and ".join(self.called(at) for at in places)
            found.append(f"{names} both seem to be “{meaning.value}”: choose one.")
        known = set(self.places) | set(self.ambiguous)
        names_in_two = {Meaning.FIRST_NAME, Meaning.LAST_NAME} <= known
        if not names_in_two and not known.intersection(WHO):
            found.append("No column names the student: choose the one with names or e-mails.")
        return (*found, *(self._of_modules() if self.modules else self._of_lines(known)))

    def called(self, place: int) -> str:
        """A column as a sentence names it."""
        return f"“{self.headings[place]}” (column {place + 1})"

    def _of_lines(self, known: set[Meaning]) -> Iterator[str]:
        if not known.intersection(WHICH) and self.all_lines is None:
            yield "No column names the module: choose it, or say which module all lines are of."
        if not known.intersection(VALUES):
            yield "No column holds a status, percentage, score or completed date."
            if self.all_lines is None and not known.intersection(WHICH):
                yield ROSTER_HINT

    def _of_modules(self) -> Iterator[str]:
        both = [at for at, one in enumerate(self.guesses) if one in VALUES or one in WHICH]
        for at in both:
            yield (
                f"{self.called(at)} cannot be “{self.guesses[at]}” where other columns are modules. "
                "Choose “Not used” for it, or for those."
            )
        places: dict[tuple[KnownModule | None, Meaning | None], int] = {}
        for at, one in sorted(self.modules.items()):
            first = places.setdefault((one.module, one.sets), at)
            if first != at and one.module is not None:
                yield f"{self.called(first)} and {self.called(at)} both are {one.module.name}: choose one."
            if one.module is None:
                yield f"Which module is {self.called(at)}?"
            elif one.asks_most and one.most is None:
                yield f"Of how many points is {self.called(at)}? The file does not say."
        if self.sets is None and any(one.sets is None for one in self.modules.values()):
            yield "What do the modules’ columns hold: scores, percentages or statuses?"


ROSTER_HINT: Final = (
    "If this is a list of people, it is a roster and no progress: who runs the dashboard writes people, "
    "classes and modules into the tables of the schema “school”."
)


def recognise(headings: Sequence[str]) -> Columns:
    """The best guess of each column's meaning; case, accents, punctuation and spaces do not matter."""
    guesses = (None if is_total(one) else _MEANINGS.get(_key(one)) for one in headings)
    return Columns(tuple(headings), tuple(guesses))


def is_class_export(headings: Sequence[str]) -> bool:
    """Is it the export of a class page, with columns "Fractions: status" and "Fractions: %"?"""
    pairs = pairwise(headings)
    return _key(headings[0]) == "student" and any(
        one.endswith(": status") and other == one.removesuffix("status") + kind
        for one, other in pairs
        for kind in ("%", "score")
    )


def is_roster(headings: Sequence[str]) -> bool:
    """Is it a list of people, classes or courses, as OneRoster and Microsoft School Data Sync write them?"""
    keys = {_key(heading) for heading in headings}
    is_result = {"lineitemsourcedid", "score"} <= keys
    return not is_result and bool(keys & {"sourcedid", "sisid", "classsourcedid"})

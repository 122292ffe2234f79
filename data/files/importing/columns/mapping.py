"""What each column of a table means, as far as it is known, and what a person chose of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from data.files.importing.meanings import VALUES, WHICH, WHO, Meaning
from data.files.importing.roster import KnownModule


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
    `are_shown_scores` where a score may be one of the details, which pages show where there is no other.
    """

    headings: tuple[str, ...]
    guesses: tuple[Meaning | None, ...]
    modules: Mapping[int, ModuleColumn] = field(default_factory=dict)
    sets: Sets | None = None
    all_lines: KnownModule | None = None
    left_out: frozenset[int] = frozenset()
    notices: tuple[str, ...] = ()
    are_shown_scores: bool = False

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

    def saying(self, *notices: str) -> Columns:
        """The same with more to say about them."""
        return replace(self, notices=(*self.notices, *notices))

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
    "If this is a list of people, it is a roster and no progress: where these are not a platform’s, "
    "coordinators and administrators choose it on the page “School”, under “From a file”."
)

"""What becomes of every line of a file, and what is asked before anything is saved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

from data.roster.changes import RosterChange
from data.roster.files.given import Place


class RosterVerdict(StrEnum):
    """In the order in which they are told: what needs somebody first."""

    REFUSED = "refused"
    ASKS = "needs an answer"
    LEFT_OUT = "left out"
    LEAVES = "leaves"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class RosterLine:
    """What becomes of one line, or of somebody of whom no line is there."""

    place: Place | None
    who: str
    verdict: RosterVerdict
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """What is not done without a person's word: a sentence, and everybody whom it is about.

    `leavers`: more leave than usually do. `renames`: one person would become another.
    """

    kind: Literal["leavers", "renames"]
    sentence: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A verdict on every line, the changes that they come to, and what stops them."""

    verdicts: tuple[RosterLine, ...] = ()
    changes: tuple[RosterChange, ...] = ()
    stops: tuple[Stop, ...] = ()
    notices: tuple[str, ...] = field(default=())

    @cached_property
    def counts(self) -> Mapping[RosterVerdict, int]:
        """How many lines of each verdict."""
        found = Counter(one.verdict for one in self.verdicts)
        return {one: found[one] for one in RosterVerdict}

    @cached_property
    def unclear(self) -> list[RosterLine]:
        """Lines that were not taken."""
        return [
            one
            for one in self.verdicts
            if one.verdict in (RosterVerdict.REFUSED, RosterVerdict.ASKS)
        ]


STRENGTH: Final = tuple(RosterVerdict)


@dataclass
class Told:
    """A verdict a line, in the order of the file; and on classes and people that no line is about."""

    lines: dict[Place, RosterLine] = field(default_factory=dict)
    others: list[RosterLine] = field(default_factory=list)

    def say(self, place: Place | None, who: str, outcome: RosterVerdict, *sentences: str) -> None:
        """What becomes of a line: the outcome that needs more of a person stays. `place` is None of whom and
        what no line is about."""
        if place is None:
            self.others.append(RosterLine(None, who, outcome, sentences))
            return
        earlier = self.lines.get(place)
        if earlier is not None:
            outcome = min(outcome, earlier.verdict, key=STRENGTH.index)
            who = earlier.who or who
            sentences = (*earlier.sentences, *sentences)
        self.lines[place] = RosterLine(place, who, outcome, tuple(dict.fromkeys(sentences)))

    def is_unclear(self, place: Place) -> bool:
        """Was it said of this line that a person must say something?"""
        return place in self.lines and self.lines[place].verdict is RosterVerdict.ASKS

    def verdicts(self) -> tuple[RosterLine, ...]:
        """What needs somebody first; else in the order of the file."""
        return tuple(
            sorted(
                (*self.others, *self.lines.values()), key=lambda one: STRENGTH.index(one.verdict)
            )
        )

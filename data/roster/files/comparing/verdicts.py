"""What becomes of every line of a file, and what is asked before anything is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

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

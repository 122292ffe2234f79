"""Verdicts as they are gathered: a line says one thing of a person, and may add what becomes of classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from data.roster.files.comparing.verdicts import RosterLine, RosterVerdict
from data.roster.files.given import Place

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

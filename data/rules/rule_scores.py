"""How the rules of attention did, by what came of their flags: described, not claimed as their doing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 10
"""Of fewer flags no share is told: one student more or less would make another of it."""


@dataclass(frozen=True)
class RuleScore:
    """What came of the flags of one rule; how each is counted, dashboard.rule_scores says.

    `made` are all, also those that a changed figure newly raised: from then on they are told.
    `still_there`, `left_with_student` and `gone_with_figures` (after a figure of the rule, or a holiday,
    was changed) exclude each other; what remains is gone, `gone_by_itself` where nobody responded.
    `contacted` and `dismissed` overlap with these and with each other. `moved` is of the `settled` flags
    alone, which were first seen two weeks ago or earlier.
    """

    rule: str
    made: int = 0
    still_there: int = 0
    left_with_student: int = 0
    gone_with_figures: int = 0
    gone_by_itself: int = 0
    contacted: int = 0
    dismissed: int = 0
    settled: int = 0
    moved: int = 0


def least_followed(scores: Iterable[RuleScore]) -> RuleScore | None:
    """The rule whose flags were least often followed by progress, of those with ENOUGH that tell; of two alike
    the one with more of them. None where no rule has so many."""
    told = [one for one in scores if one.settled >= ENOUGH]
    return min(
        told, key=lambda one: (one.moved / one.settled, -one.settled, one.rule), default=None
    )

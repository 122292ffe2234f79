"""What became of the edits, in short."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from data.access.session import Actor
from data.writing.save import Outcome

EARLIER = datetime(2026, 3, 1, 10, tzinfo=UTC)
Act = Callable[[UUID], Actor]


def tally(outcome: Outcome) -> dict[str, int]:
    """How many edits ended where."""
    return {
        name: len(getattr(outcome, name))
        for name in ("saved", "unchanged", "conflicts", "refusals", "problems")
        if getattr(outcome, name)
    }


def codes(outcome: Outcome) -> list[str]:
    refused = [problem for refusal in outcome.refusals for problem in refusal.problems]
    return [problem.code for problem in (*outcome.problems, *refused)]

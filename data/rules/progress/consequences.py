"""What an edit leads to: the values nobody typed, said in words, and the wishes that exclude each other."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from data.rules.progress.values import NOT_OURS, Field, Problem, Status, Value, Values, differs

SCORE_COUNTS: Final = (
    "The score counts, although the module is not started: below the pass mark it shows as failed."
)


@dataclass(frozen=True)
class Settled:
    """What an edit leads to: every value that changes, and the consequences nobody typed, in words."""

    values: dict[Field, Value] = field(default_factory=dict)
    consequences: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def settle(changes: Values, seen: Values, scored: bool, now: datetime) -> Settled:
    """Apply the rules to an edit of a row whose values are `seen` (all four fields).

    `scored` says whether the module's type is (data.rules.details.is_scored): its percentage may be the grade.
    `now` is the database's clock. In the result `values` holds what differs from `seen`, and nothing else;
    it is empty where there are problems.
    """
    after: dict[Field, Value] = {**seen, **changes}
    consequences: list[str] = []
    problems = _contradictions(changes, after, seen, scored)
    if problems:
        return Settled(problems=problems)

    before_status, status = seen[Field.STATUS], after[Field.STATUS]
    if status is Status.COMPLETED and before_status is not Status.COMPLETED:
        if not scored and after[Field.PERCENTAGE] != 100:
            after[Field.PERCENTAGE] = 100
            consequences.append("The percentage becomes 100.")
        if after[Field.COMPLETED_AT] is None:
            after[Field.COMPLETED_AT] = now
            consequences.append("The completed date becomes today.")
    if status is not Status.COMPLETED and before_status is Status.COMPLETED:
        if seen[Field.COMPLETED_AT] is not None:
            after[Field.COMPLETED_AT] = None
            consequences.append("The completed date is cleared.")
    if status is Status.NOT_STARTED and before_status is not Status.NOT_STARTED:
        if after[Field.PERCENTAGE] != 0:
            after[Field.PERCENTAGE] = 0
            consequences.append("The percentage becomes 0. Lessons and answers are kept.")
    if _scores_what_was_not_started(after, seen):
        consequences.append(SCORE_COUNTS)
    return Settled(_different(after, seen), consequences)


def _scores_what_was_not_started(after: Values, seen: Values) -> bool:
    """Does the edit lead there, by its score or by its status? What was so before needs no word."""
    return (
        after[Field.STATUS] is Status.NOT_STARTED
        and after[Field.SCORE] is not None
        and any(differs(after[name], seen[name]) for name in (Field.STATUS, Field.SCORE))
    )


def put_back(changes: Values, seen: Values) -> Settled:
    """In place of `settle()` where values that stood before come back: nothing is judged, nothing added."""
    return Settled(_different(changes, seen))


def _different(after: Values, seen: Values) -> dict[Field, Value]:
    return {
        name: value
        for name, value in after.items()
        if value is not seen[name] and differs(value, seen[name])
    }


def _contradictions(changes: Values, after: Values, seen: Values, scored: bool) -> list[Problem]:
    """Wishes that exclude each other. What the row held before and nobody touched is not judged."""
    problems: list[Problem] = []
    status, percentage = after[Field.STATUS], after[Field.PERCENTAGE]
    if isinstance(status, Status) and status.is_other and status != seen[Field.STATUS]:
        problems.append(NOT_OURS)
    if changes.get(Field.COMPLETED_AT) is not None and status is not Status.COMPLETED:
        problems.append(
            Problem(
                Field.COMPLETED_AT,
                "date_without_completion",
                "Only a completed module has a completed date. Choose Completed, or clear the date.",
            )
        )
    if Field.PERCENTAGE not in changes:
        return problems
    if status is Status.COMPLETED and not scored and percentage != 100:
        problems.append(
            Problem(
                Field.PERCENTAGE,
                "completed_below_100",
                "A completed module is at 100 percent. Choose In progress, or set 100.",
            )
        )
    if status is Status.NOT_STARTED and percentage not in (0, None):
        problems.append(
            Problem(
                Field.PERCENTAGE,
                "not_started_above_0",
                "A module that was not started is at 0 percent. Choose In progress, or set 0.",
            )
        )
    return problems

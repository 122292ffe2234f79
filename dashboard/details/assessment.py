"""An assessment: what was right, what it came to, and when."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from dashboard.details.markup import Html, duration, joined, moment, number, pairs, text, words
from data.rules.details import AssessmentDetails, Lesson

OLDER: Final = Html(' <small class="details-quiet">from an older record, without its scale</small>')


def render(
    details: AssessmentDetails, _lessons: Sequence[Lesson], zone: tzinfo, _stuck_after: int | None
) -> Html:
    """The facts that are recorded; a fact that is not has no row."""
    rows: list[tuple[str, Html]] = [*_result(details)]
    if details.tier is not None:
        rows.append(("Tier", text(details.tier)))
    if details.answers:
        rows.append(("Questions answered", words(_answered(details))))
    if details.time_spent_seconds is not None:
        rows.append(("Time spent", words(duration(details.time_spent_seconds))))
    if details.started_at:
        rows.append(("Started", moment(details.started_at, zone)))
    if details.submitted_at:
        rows.append(("Submitted", moment(details.submitted_at, zone)))
    return pairs("Assessment", [(words(name), value) for name, value in rows])


def _result(details: AssessmentDetails) -> list[tuple[str, Html]]:
    rows: list[tuple[str, Html]] = []
    if details.correct is not None or details.total is not None:
        right = "not recorded" if details.correct is None else number(details.correct)
        of = "" if details.total is None else f" of {number(details.total)}"
        rows.append(("Right answers", words(right + of)))
    if details.score_percentage is not None:
        rows.append(("Score", words(f"{number(details.score_percentage)} %")))
    if details.older_score is not None:
        name = "Score" if details.score_percentage is None else "Older score"
        rows.append((name, joined([words(number(details.older_score)), OLDER])))
    return rows


def _answered(details: AssessmentDetails) -> str:
    given = number(details.answers_given)
    return given if details.total is None else f"{given} of {number(details.total)}"

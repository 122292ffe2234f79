"""A project: its title, whether it was handed in, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from dashboard.details.markup import Html, moment, number, pairs, text, words, yes_or_no
from data.rules.details import Lesson, ProjectDetails


def render(details: ProjectDetails, _lessons: Sequence[Lesson], zone: tzinfo) -> Html:
    """The facts that are recorded; a fact that is not has no row."""
    facts: list[tuple[str, Html | None]] = [
        ("Title", None if details.title is None else text(details.title)),
        ("Submitted", None if details.submitted is None else yes_or_no(details.submitted)),
        ("Passed", None if details.passed is None else yes_or_no(details.passed)),
        ("Score", None if details.score is None else words(number(details.score))),
        ("Completed", moment(details.completion_date, zone) if details.completion_date else None),
        ("Submission", None if details.submission_id is None else text(details.submission_id)),
    ]
    return pairs("Project", [(words(name), value) for name, value in facts if value is not None])

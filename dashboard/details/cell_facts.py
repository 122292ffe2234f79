"""One module of one student in words: marks, score with its source, dates."""

from datetime import tzinfo

from dashboard.components.formats import day, figure, figure_beside
from data.reading.students.students import StudentModule
from data.rules.activity import last_active
from data.rules.details import is_scored


def marks(one: StudentModule) -> str:
    """The letters of what there is to see in a module."""
    letters = {
        "f": one.is_failed,
        "s": one.is_stuck,
        "e": one.edited_by_staff,
        "p": one.has_problem,
        "k": one.is_locked,
    }
    return "".join(letter for letter, is_so in letters.items() if is_so)


def score(one: StudentModule) -> str | None:
    """The shown score; where it is not the row's own, its source is said."""
    if one.shown_score is None:
        return None
    shown = figure_beside(one.shown_score, one.module.pass_mark)
    return f"{shown} (from details)" if one.score_source == "details" else shown


def completed(one: StudentModule, here: tzinfo) -> str | None:
    """The completed date, else the day that the history tells; or what is stored where that is no day."""
    if one.completed_at is None and one.completed_at_text is not None:
        return f"unreadable: {one.completed_at_text}"
    if one.seen_completed:
        return f"{day(one.seen_completed, here)} (from the history)"
    return day(one.completed_at, here)


def _last_active(one: StudentModule, here: tzinfo) -> str:
    known = last_active(one.last_activity, one.last_change, here)
    return f"last activity {known}" if one.last_activity else known or "no activity yet"


def sentence(one: StudentModule, here: tzinfo) -> str:
    """'40 %, score 85.5 (pass mark 60), last activity 12 Nov 2026.'"""
    parts = [
        None if one.percentage is None else f"{one.percentage} %",
        f"score {score(one)}" if one.shown_score is not None else None,
        f"pass mark {figure(one.module.pass_mark)}" if is_scored(one.module.type) else None,
        f"completed {completed(one, here)}" if completed(one, here) else None,
        _last_active(one, here),
    ]
    sentence = ", ".join(part for part in parts if part)
    return f"{sentence[:1].upper()}{sentence[1:]}."

"""What the details of assessments come to, how long modules took, and how numbers are spread."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.figures.moments import WRITTEN
from tests.figures.rules import whole
from tests.figures.stored import Row

Number = Decimal | Fraction


def quantile(numbers: Iterable[Number], share: Fraction) -> Fraction:
    """The number below which so many lie, between two where it falls there; both ends are among them."""
    known = sorted(Fraction(one) for one in numbers)
    place = share * (len(known) - 1)
    at = int(place)
    above = known[min(at + 1, len(known) - 1)]
    return known[at] + (above - known[at]) * (place - at)


def right(details: Iterable[Row]) -> list[Fraction]:
    """The share of right answers of each of whom both counts are known."""
    counts = [
        (whole(one.get("correct_answers")), whole(one.get("total_questions"))) for one in details
    ]
    return [
        Fraction(part, all_) for part, all_ in counts if part is not None and all_ and part <= all_
    ]


def seconds(details: Iterable[Row]) -> list[Fraction]:
    found = [one.get("time_spent_seconds") for one in details]
    return [Fraction(one) for one in found if isinstance(one, int | Decimal) and one >= 0]


def questions(details: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """How many answered each question, of those with any answers."""
    papers = [
        one["answers"] for one in details if isinstance(one.get("answers"), dict) and one["answers"]
    ]
    keys = {key for paper in papers for key in paper}
    return {
        key: (sum(paper.get(key) not in (None, "", []) for paper in papers), len(papers))
        for key in keys
    }


def took(row: Row | None, history: Sequence[Row], is_assessment: bool) -> timedelta | None:
    """From its beginning to its end, where both are on record."""
    if row is None or row["status"] != "Completed":
        return None
    if is_assessment and isinstance(row["progress_details"], dict):
        begun, ended = (
            _minute(row["progress_details"].get(key)) for key in ("started_at", "submitted_at")
        )
        if begun and ended and ended > begun:
            return ended - begun
    return _by_history(row["completed_at"], history)


def _minute(text: Any) -> datetime | None:
    """A moment that is more than a day."""
    if not isinstance(text, str) or not WRITTEN.fullmatch(text) or len(text) <= len("2026-02-03"):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _by_history(completed_at: datetime | None, history: Sequence[Row]) -> timedelta | None:
    begun = ended = None
    for entry in history:
        was, became = (side and side.get("status") for side in (entry["before"], entry["after"]))
        if was == became:
            continue
        if became in (None, "NotStarted"):
            begun = ended = None
        elif became == "Completed":
            ended = entry["at"]
        else:
            ended = None
            begun = entry["at"] if was in (None, "NotStarted") else begun
    if not begun or not ended:
        return None
    if completed_at and begun < completed_at < ended:
        ended = completed_at
    known: timedelta = ended - begun
    return known

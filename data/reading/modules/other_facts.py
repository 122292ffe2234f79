"""What the details of a module tell of all its students, for types that have no page of their own. Pure.

Every key is told, known or not: how many have it, and what stands there, as far as that can be added up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from data.i18n.dates import short_date
from data.i18n.formats import decimals
from data.rules.details import MODULE_TYPES, Details
from data.rules.details.stored import in_words, read

MOST_FACTS: Final = 30
FEW_WORDS: Final = 5
LARGEST: Final = 1e9
"""A number beyond it is a key, not a figure."""

_LABELS: Final = {
    key: model.labels()[name]
    for model in (each.model for each in MODULE_TYPES.values())
    for name, key in model.keys().items()
}
_LEFT_OUT: Final = {key for each in MODULE_TYPES.values() for key in each.personal}.union(
    {"score", "score_percentage"}
)
"""What is everybody's own says nothing of all, and scores have a chart."""


@dataclass(frozen=True)
class Fact:
    """One key: `recorded` is how many students have it, `summary` what is recorded there ('14 yes, 3 no')."""

    name: str
    recorded: int
    summary: str


@dataclass(frozen=True)
class Summed:
    """The facts, those that most have first; `unreadable` are the students of whom something cannot be read."""

    facts: tuple[Fact, ...]
    unreadable: int


def summed(stored: Iterable[object], too_large: int = 0) -> Summed:
    """From the students' details, any JSON; those of `too_large` more could not be read at all."""
    papers = [read(Details, each) for each in stored]
    values: defaultdict[str, list[object]] = defaultdict(list)
    for paper in papers:
        for key, value in paper.unknown.items():
            if key not in _LEFT_OUT and value not in (None, "", [], {}):
                values[key].append(value)
    facts = [
        Fact(_LABELS.get(key) or in_words(key), len(found), _summary(found))
        for key, found in values.items()
    ]
    facts.sort(key=lambda fact: -fact.recorded)
    return Summed(
        tuple(facts[:MOST_FACTS]), too_large + sum(bool(one.unreadable) for one in papers)
    )


def _summary(found: Sequence[Any]) -> str:
    if all(isinstance(one, bool) for one in found):
        yes = sum(found)
        return f"{yes} yes, {len(found) - yes} no"
    if all(type(one) in (int, float) and abs(one) < LARGEST for one in found):
        return _spread(found)
    if all(isinstance(one, str) for one in found):
        days = [_day(one) for one in found]
        return _days([day for day in days if day]) if all(days) else _words(found)
    return "not alike"


def _spread(found: Sequence[float]) -> str:
    low, high = min(found), max(found)
    if low == high:
        return f"{decimals(low, 2)} each"
    return f"from {decimals(low, 2)} to {decimals(high, 2)}, the median is {decimals(median(found), 2)}"


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _days(found: Sequence[date]) -> str:
    first, last = map(short_date, (min(found), max(found)))
    return first if first == last else f"from {first} to {last}"


def _words(found: Sequence[str]) -> str:
    counted = Counter(found).most_common(FEW_WORDS + 1)
    if len(counted) > FEW_WORDS or any(len(word) > 40 for word, _ in counted):
        return "in their own words"
    return ", ".join(f"{word} {many}" for word, many in counted)

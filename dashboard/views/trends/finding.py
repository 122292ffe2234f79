"""What a figure says of a period and week by week, in words that are true both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.i18n.formats import decimals, nearest
from data.reading.trends.weeks import Series, Week

FLAT: Final = 10
"""A difference of at most one part in so many is no difference."""
THAN: Final = {
    "More": "more than",
    "Fewer": "fewer than",
    "About the same": "about as many as",
    "No change": "as many as",
}


@dataclass(frozen=True)
class Words:
    """What is counted: '1 module completed', 'modules completed', and its head in a table. What counts anew
    each week is told `per_week`: who was active in two of them is no two students."""

    one: str
    many: str
    head: str
    per_week: bool = False

    def figure(self, total: float, weeks: int) -> str:
        """So much in so many weeks, as a figure."""
        if not self.per_week:
            return f"{_nearest(total):,}"
        return decimals(total / weeks, 1)

    def amount(self, total: float, weeks: int) -> str:
        """The same with what it is: '40 modules completed', '18.5 students active per week'."""
        figure = self.figure(total, weeks)
        named = f"{figure} {self.one if figure == '1' else self.many}"
        return f"{named} per week" if self.per_week and weeks > 1 else named

    def direction(self, recent: float, recent_weeks: int, before: float, weeks: int) -> str:
        """'More', 'Fewer', 'About the same' or 'No change', as its figures are read."""
        if self.per_week:
            recent, before = recent / recent_weeks, before / weeks
        if recent == before:
            return "No change"
        if self.figure(recent, 1) == self.figure(before, 1) or FLAT * abs(recent - before) <= abs(
            before
        ):
            return "About the same"
        return "More" if recent > before else "Fewer"


@dataclass(frozen=True)
class Before:
    """So much in so many weeks before, and which days these were, in words."""

    total: int
    weeks: int
    when: str


def _nearest(number: float) -> int:
    """The nearest whole number, of a negative one too."""
    return nearest(number) if number >= 0 else -nearest(-number)


def in_all(found: Series, words: Words, when: str, before: Before | None) -> str:
    """'40 modules completed in October 2026: more than in September 2026 (30)'."""
    first, last = _counted(found, words)
    total = sum(found.values[first:last])
    said = f"{words.amount(total, last - first)} {when}".strip()
    if before is None:
        return said
    than = THAN[words.direction(total, last - first, before.total, before.weeks)]
    return f"{said}: {than} {before.when} ({words.figure(before.total, before.weeks)})"


def beside(found: Series, words: Words) -> str:
    """'At the median of 5 other classes it would be 33. In these weeks: 40 …; in the same weeks of last year
    35.'; empty where neither is known."""
    first, last = _counted(found, words)
    said = []
    of_others = found.of_others(first, last)
    if of_others is not None:
        theirs = words.figure(of_others, last - first) if words.per_week else rounded(of_others)
        said.append(f"At the median of {len(found.others)} other classes it would be {theirs}.")
    known = [
        (now, then)
        for now, then in zip(found.values, found.last_year, strict=True)
        if then is not None
    ]
    if known:
        now, then = sum(one for one, _ in known), sum(one for _, one in known)
        many = len(known)
        which = "these weeks" if many == len(found.values) else f"{many} of these weeks"
        said.append(
            f"In {which}: {words.amount(now, many)}; in the same weeks of last year {words.figure(then, many)}."
        )
    return " ".join(said)


def _counted(found: Series, words: Words) -> tuple[int, int]:
    """From which place to which: all, but of what is told per week the whole weeks, where there are some."""
    first, last = _whole(found.weeks)
    return (first, last) if words.per_week and last > first else (0, len(found.weeks))


def finding(found: Series, words: Words) -> str:
    """'More: 40 modules completed in the last 4 whole weeks, 30 in the 4 before'; of whole weeks alone, for of
    others not everything is there."""
    first, last = _whole(found.weeks)
    many = last - first
    if not any(found.values):
        return f"No {words.many} in {_all(len(found.values))}"
    if many == 0:
        return f"{words.amount(sum(found.values), len(found.values))} so far, in no whole week yet"
    if many == 1:
        return f"{words.amount(found.values[first], 1)} in the only whole week"
    half = many // 2
    middle = last - half
    recent, before = sum(found.values[middle:last]), sum(found.values[middle - half : middle])
    if half == 1:
        when, earlier = "the last whole week", "the week before"
    else:
        when, earlier = f"the last {half} whole weeks", f"the {half} before"
    direction = words.direction(recent, half, before, half)
    figures = words.amount(recent, half), words.figure(before, half)
    return f"{direction}: {figures[0]} in {when}, {figures[1]} in {earlier}"


def _whole(shown: Sequence[Week]) -> tuple[int, int]:
    """From which place to which the weeks are whole: only the first and the last may not be."""
    places = [place for place, week in enumerate(shown) if week.is_whole]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _all(weeks: int) -> str:
    return "the week shown" if weeks == 1 else f"the {weeks} weeks shown"


def rounded(number: float) -> str:
    return decimals(number, 0 if abs(number) >= 10 else 1)

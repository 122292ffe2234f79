"""The fall-back for a type without a renderer, and what every other renderer leaves over."""

from collections.abc import Mapping, Sequence

from dashboard.details.markup import Html, joined, pairs, plain, raw, text, words
from data.rules.details import Details, Lesson, Path


def facts(details: Details, lessons: Sequence[Lesson], caption: str = "Other facts") -> Html:
    """Every key that the details' type does not know; '' without one."""
    titles = _titles(lessons)
    return pairs(
        caption,
        [(_where(path, titles), plain(value)) for path, value in details.other_facts.items()],
    )


def unreadable(details: Details, lessons: Sequence[Lesson]) -> Html:
    """Every part that could not be read, with its raw value; '' without one."""
    titles = _titles(lessons)
    return pairs(
        "Could not be read",
        [(_where(each.path, titles), raw(each.raw)) for each in details.unreadable],
    )


def _titles(lessons: Sequence[Lesson]) -> dict[str, str]:
    return {str(lesson.id): lesson.title for lesson in lessons}


def _where(path: Path, titles: Mapping[str, str]) -> Html:
    """A path as people read it: a lesson by its title, a place in a list from 1."""
    steps = [
        words(f"no. {step + 1}")
        if isinstance(step, int)
        else text(titles.get(step.lower(), step) or "(no name)")
        for step in path
    ]
    return joined(steps, " › ") or words("Everything")

"""Scores as Canvas imports a gradebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from data.files.elsewhere.gaps import without_gaps
from data.files.elsewhere.scores import Made, Scored, Scores, told_apart
from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.i18n.formats import few
from data.rules.progress import HIGHEST

LEAD: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS: Final = "    Points Possible"
_NOTES: Final = (
    "Scores are points of 100: an assignment that has a module’s name in Canvas must be of 100 points. For "
    "others, choose Canvas’s own file. Where there is none of that name, Canvas makes a new one.",
    "Canvas finds students by the school’s own number (SIS User ID), then by the e-mail (SIS Login ID), then "
    "by name.",
)


def as_canvas(scores: Scores) -> Made:
    """A row per student, a column per module, and the row that says of how many points each is.

    Its own numbers of people and assignments are not known here, so they are left empty.
    """
    return without_gaps(told_apart(scores), _table, (*_NOTES, *_namesakes(scores)))


def _namesakes(scores: Scores) -> Iterator[str]:
    """Of two of one name Canvas takes the first, where it knows neither by number or e-mail."""
    counts = Counter(" ".join(one.name.casefold().split()) for one in scores.students)
    same = [
        one.name for one in scores.students if counts[" ".join(one.name.casefold().split())] > 1
    ]
    if same:
        names = few(dict.fromkeys(same))
        yield f"Several students are called so: {names}. Check that Canvas has their numbers or e-mails."


def _table(scores: Scores) -> bytes:
    lead: list[list[Value]] = [
        [*LEAD, *(one.name for one in scores.modules)],
        [POINTS, None, None, None, None, *[HIGHEST] * len(scores.modules)],
    ]
    rows: list[list[Value]] = [
        [*_lead(one, scores.title), *(one.scores[module.id] for module in scores.modules)]
        for one in scores.students
    ]
    return as_delimited([*lead, *rows])


def _lead(student: Scored, section: str) -> list[Value]:
    return [student.name, None, student.reached.number, student.reached.email, section]

"""Scores as Canvas imports a gradebook."""

from __future__ import annotations

from typing import Final

from data.files.elsewhere.scores import Made, Scored, Scores, told_apart
from data.files.exporting.delimited import as_delimited
from data.files.exporting.names import CSV_TYPE
from data.files.exporting.rows import Value
from data.rules.progress import HIGHEST

LEAD: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS: Final = "    Points Possible"
_NOTES: Final = (
    "Scores are points of 100.",
    "Canvas finds students by the school’s own number (SIS User ID), then by the e-mail (SIS Login ID), then "
    "by name. An empty cell changes nothing there.",
    "It makes a new assignment for a title that it does not know. To fill in the assignments that are there, "
    "choose its own file.",
)


def as_canvas(scores: Scores) -> Made:
    """A row per student, a column per module, and the row that says of how many points each is.

    Its own numbers of people and assignments are not known here, so they are left empty.
    """
    scores = told_apart(scores)
    keys = [one.id for one in scores.modules]
    lead: list[list[Value]] = [
        [*LEAD, *(one.name for one in scores.modules)],
        [POINTS, None, None, None, None, *[HIGHEST] * len(keys)],
    ]
    rows: list[list[Value]] = [
        [*_lead(one, scores.title), *(one.scores.get(key) for key in keys)]
        for one in scores.students
    ]
    return Made(scores, as_delimited([*lead, *rows]), "csv", CSV_TYPE, (*_NOTES, *scores.notes))


def _lead(student: Scored, section: str) -> list[Value]:
    return [student.name, None, student.reached.number, student.reached.email, section]

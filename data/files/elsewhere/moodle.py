"""Scores as Moodle imports grades."""

from __future__ import annotations

from typing import Final

from data.files.elsewhere.gaps import without_gaps
from data.files.elsewhere.scores import Made, Scored, Scores, told_apart
from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.i18n.formats import few

LEAD: Final = ("Full name", "ID number", "Email address")
_NOTES: Final = (
    "Scores are points of 100: the maximum grade of each grade item in Moodle must be 100.",
    "In Moodle, map the user by “ID number” or “Email address”, and each module’s column to its grade item.",
)


def as_moodle(scores: Scores) -> Made:
    """A row per student and a column per module."""
    return without_gaps(_named(told_apart(scores)), _table, _NOTES)


def _named(scores: Scores) -> Scores:
    """Without those whom Moodle could not find: one such line ends its whole import."""
    unknown = [one for one in scores.students if not (one.reached.number or one.reached.email)]
    if not unknown:
        return scores
    names = few([one.name for one in unknown])
    words = f"Left out, for they have neither a number of the school’s nor an e-mail: {names}."
    kept = [one.id for one in scores.students if one not in unknown]
    return scores.only(kept, [one.id for one in scores.modules], words)


def _table(scores: Scores) -> bytes:
    heads: list[Value] = [*LEAD, *(f"{one.name} (Percentage)" for one in scores.modules)]
    rows: list[list[Value]] = [
        [*_lead(one), *(one.scores[module.id] for module in scores.modules)]
        for one in scores.students
    ]
    return as_delimited([heads, *rows])


def _lead(student: Scored) -> list[Value]:
    return [student.name, student.reached.number, student.reached.email]

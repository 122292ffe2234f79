"""Scores as Moodle imports grades."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Final

from data.files.elsewhere.scores import Made, Scored, Scores, few, told_apart
from data.files.exporting.delimited import as_delimited
from data.files.exporting.names import CSV_TYPE, safe_name
from data.files.exporting.rows import Value
from data.reading.catalogue import Module

LEAD: Final = ("Full name", "ID number", "Email address")
ZIP_TYPE: Final = "application/zip"
_OF_100: Final = (
    "Scores are points of 100: the maximum grade of each grade item in Moodle must be 100.",
    "In Moodle, map the user by “ID number” or “Email address”, and each module’s column to its grade item.",
)
_APART: Final = (
    "One file per module: Moodle takes an empty cell for “no grade” and clears what is there, so no file "
    "holds one."
)


def as_moodle(scores: Scores) -> Made:
    """A row per student and a column per module; a file per module where not everybody has every score."""
    scores = _named(told_apart(scores))
    if all(len(one.scores) == len(scores.modules) for one in scores.students):
        content = _table(scores.modules, scores.students)
        return Made(scores, content, "csv", CSV_TYPE, (*_OF_100, *scores.notes))
    return Made(scores, _packed(scores), "zip", ZIP_TYPE, (*_OF_100, _APART, *scores.notes))


def _named(scores: Scores) -> Scores:
    """Without those whom Moodle could not find: one such line ends its whole import."""
    unknown = [one for one in scores.students if not (one.reached.number or one.reached.email)]
    if not unknown:
        return scores
    names = few([one.name for one in unknown])
    words = f"Left out, for they have neither a number of the school’s nor an e-mail: {names}."
    kept = [one.id for one in scores.students if one not in unknown]
    return scores.only(kept, [one.id for one in scores.modules], words)


def _packed(scores: Scores) -> bytes:
    file = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for number, module in enumerate(scores.modules, 1):
            having = [one for one in scores.students if module.id in one.scores]
            name = safe_name(module.name, "Module")
            name = f"{name} {number}" if name.casefold() in taken else name
            taken.add(name.casefold())
            parts.writestr(f"{name}.csv", _table([module], having))
    return file.getvalue()


def _table(modules: Sequence[Module], students: Sequence[Scored]) -> bytes:
    heads: list[Value] = [*LEAD, *(f"{one.name} (Percentage)" for one in modules)]
    rows: list[list[Value]] = [
        [*_lead(one), *(one.scores[module.id] for module in modules)] for one in students
    ]
    return as_delimited([heads, *rows])


def _lead(student: Scored) -> list[Value]:
    return [student.name, student.reached.number, student.reached.email]

"""Scores as Canvas and Moodle import a gradebook: a row per student, a column per module.

None has an empty cell: both take one for "no grade", and clear what is there.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from data.files.elsewhere.scores import Made, Scored, Scores, told_apart
from data.files.exporting.delimited import as_delimited
from data.files.exporting.names import safe_name
from data.files.exporting.rows import Value
from data.i18n.formats import few
from data.rules.progress import HIGHEST

CANVAS_LEAD: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS: Final = "    Points Possible"
_CANVAS: Final = (
    "Scores are points of 100: an assignment that has a module’s name in Canvas must be of 100 points. For "
    "others, choose Canvas’s own file. Where there is none of that name, Canvas makes a new one.",
    "Canvas finds students by the school’s own number (SIS User ID), then by the e-mail (SIS Login ID), then "
    "by name.",
)
MOODLE_LEAD: Final = ("Full name", "ID number", "Email address")
_MOODLE: Final = (
    "Scores are points of 100: the maximum grade of each grade item in Moodle must be 100.",
    "In Moodle, map the user by “ID number” or “Email address”, and each module’s column to its grade item.",
)
_APART: Final = (
    "One file per module: an empty cell would clear the grade that is there, so none is in a file."
)


def as_canvas(scores: Scores) -> Made:
    """With the row that says of how many points each module is.

    Its own numbers of people and assignments are not known here, so they are left empty.
    """
    return _without_gaps(told_apart(scores), _canvas, (*_CANVAS, *_namesakes(scores)))


def as_moodle(scores: Scores) -> Made:
    """Without those whom Moodle could not find."""
    return _without_gaps(_findable(told_apart(scores)), _moodle, _MOODLE)


def _namesakes(scores: Scores) -> Iterator[str]:
    """Of two of one name Canvas takes the first, where it knows neither by number or e-mail."""
    counts = Counter(" ".join(one.name.casefold().split()) for one in scores.students)
    same = [
        one.name for one in scores.students if counts[" ".join(one.name.casefold().split())] > 1
    ]
    if same:
        names = few(dict.fromkeys(same))
        yield f"Several students are called so: {names}. Check that Canvas has their numbers or e-mails."


def _findable(scores: Scores) -> Scores:
    """Moodle finds students by number or e-mail: a line without either ends its whole import."""
    unknown = [one for one in scores.students if not (one.reached.number or one.reached.email)]
    if not unknown:
        return scores
    names = few(one.name for one in unknown)
    words = f"Left out, for they have neither a number of the school’s nor an e-mail: {names}."
    kept = [one.id for one in scores.students if one not in unknown]
    return scores.only(kept, [one.id for one in scores.modules], words)


def _canvas(scores: Scores) -> bytes:
    def lead(one: Scored) -> list[Value]:
        return [one.name, None, one.reached.number, one.reached.email, scores.title]

    heads: list[Value] = [*CANVAS_LEAD, *(one.name for one in scores.modules)]
    points: list[Value] = [POINTS, None, None, None, None, *[HIGHEST] * len(scores.modules)]
    return as_delimited([heads, points, *_rows(scores, lead)])


def _moodle(scores: Scores) -> bytes:
    def lead(one: Scored) -> list[Value]:
        return [one.name, one.reached.number, one.reached.email]

    heads: list[Value] = [*MOODLE_LEAD, *(f"{one.name} (Percentage)" for one in scores.modules)]
    return as_delimited([heads, *_rows(scores, lead)])


def _rows(scores: Scores, lead: Callable[[Scored], list[Value]]) -> Iterator[list[Value]]:
    for one in scores.students:
        yield [*lead(one), *(one.scores[module.id] for module in scores.modules)]


def _without_gaps(scores: Scores, table: Callable[[Scores], bytes], notes: tuple[str, ...]) -> Made:
    """One table where everybody has every score; else a ZIP with one of each module."""
    if all(len(one.scores) == len(scores.modules) for one in scores.students):
        return Made(scores, table(scores), "csv", (*notes, *scores.notes))
    return Made(scores, _packed(scores, table), "zip", (*notes, _APART, *scores.notes))


def _packed(scores: Scores, table: Callable[[Scores], bytes]) -> bytes:
    file = io.BytesIO()
    taken: set[str] = set()
    everybody = [one.id for one in scores.students]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for number, module in enumerate(scores.modules, 1):
            name = safe_name(module.name, "Module")
            name = f"{name} {number}" if name.casefold() in taken else name
            taken.add(name.casefold())
            parts.writestr(f"{name}.csv", table(scores.only(everybody, [module.id])))
    return file.getvalue()

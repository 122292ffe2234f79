"""Tables without an empty cell: Canvas and Moodle take one for "no grade", and clear what is there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final

from data.files.elsewhere.scores import Made, Scores
from data.files.exporting.names import safe_name

_APART: Final = (
    "One file per module: an empty cell would clear the grade that is there, so none is in a file."
)


def without_gaps(scores: Scores, table: Callable[[Scores], bytes], notes: tuple[str, ...]) -> Made:
    """One table where everybody has every score; else a ZIP with one of each module."""
    if all(len(one.scores) == len(scores.modules) for one in scores.students):
        return Made(scores, table(scores), "csv", (*notes, *scores.notes))
    content = _packed(scores, table)
    return Made(scores, content, "zip", (*notes, _APART, *scores.notes))


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

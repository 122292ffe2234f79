"""What the class page is made of, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.reading.attention_rules.chosen import figures_of
from data.reading.classes.as_of import matrix_as_of
from data.reading.classes.matrix import Matrix, matrix
from data.reading.classes.overview import ClassOptions, options
from data.reading.filters import FILTERS, Chosen, fitting
from data.rules.attention_figures import ClassFigures


@dataclass(frozen=True)
class ClassPage:
    """A class as it was asked for. `chosen` are the filters that fit, and always a class; `left_out` names
    the others. Where I have no classes, `matrix` and `figures` are None."""

    options: ClassOptions
    chosen: Chosen
    left_out: tuple[str, ...]
    matrix: Matrix | None
    figures: ClassFigures | None = None


def class_page(connection: Connection, asked: Chosen, day_end: datetime | None = None) -> ClassPage:
    """The class asked for; mine that comes first where none was, or one that is not mine.

    With `day_end` (a moment with a zone) its table is as it stood then, by the figures of today. Who needed
    attention then, nothing tells.
    """
    found = options(connection, asked.get("class"))
    if not found.classes:
        return ClassPage(found, {}, (), None)
    strange = "class" in asked and asked["class"] not in found.classes
    if asked.get("class") not in found.classes:
        asked = {**asked, "class": next(iter(found.classes))}
        found = options(connection, asked["class"])
    chosen, stale = fitting(asked, found)
    if day_end is not None:
        stale += [
            one.label for one in FILTERS if one.only_now and chosen.pop(one.key, None) is not None
        ]
    left_out = (*(("Class",) if strange else ()), *stale)
    figures = figures_of(connection, [chosen["class"]])[chosen["class"]]
    table = (
        matrix(connection, chosen, found.all_modules)
        if day_end is None
        else matrix_as_of(connection, chosen, day_end, figures.stuck_after)
    )
    return ClassPage(found, chosen, left_out, table, figures)

"""The class's chart, small and beside the sentence: how it stands in each module, in the order of the table."""

from html import escape
from typing import Final

from dashboard.components.chart import alt_text
from dashboard.components.formats import share
from dashboard.components.status import bars
from dashboard.components.text import count, others, unbroken
from data.reading.classes.matrix import Matrix, MatrixModule

SHOWN: Final = ("Completed", "InProgress", "Other")
"""From the bottom up; what is left open above them was not started."""


def beside(found: Matrix) -> str:
    """A bar a module, as escaped HTML, and what it shows in words; the heads of the table have the numbers."""
    drawn = "".join(
        f'<i style="background:{escape(bars(_shares(column)))}"></i>' for column in found.modules
    )
    return (
        f'<figure class="class-chart"><div role="img" aria-label="{escape(_alt(found))}">{drawn}</div>'
        f"<figcaption>{escape(unbroken(_finding(found)))}</figcaption></figure>"
    )


def _shares(column: MatrixModule) -> dict[str, float]:
    counts = (column.completed, column.in_progress, column.other)
    return {name: many / _cells(column) for name, many in zip(SHOWN, counts, strict=True)}


def _cells(column: MatrixModule) -> int:
    return column.completed + column.in_progress + column.not_started + column.other


def _finding(found: Matrix) -> str:
    """Of what is still to come nothing is said: each module is completed least at some time."""
    begun = [one for one in found.modules if 2 * one.not_started < _cells(one)]
    if not begun:
        return "Module by module: none has been begun by half of them."
    least = min(begun, key=lambda one: one.completed / _cells(one))
    return (
        f"Of the modules that half have begun, {least.module.name} is completed least "
        f"({share(least.completed, _cells(least))})."
    )


def _alt(found: Matrix) -> str:
    many = count(len(found.students), "student", "students")
    return alt_text(
        f"Bars of {many} by status, one bar a module",
        [
            (
                column.module.name,
                f"{column.completed} completed, {column.in_progress} in progress, "
                f"{column.not_started} not started{others(column.other)}",
            )
            for column in found.modules
        ],
    )

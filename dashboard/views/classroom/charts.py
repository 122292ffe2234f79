"""The class's charts."""

from dashboard.components import address, chart
from dashboard.components.formats import share
from dashboard.components.status import OTHER, look
from dashboard.components.table import Buckets, Column, Link
from dashboard.components.text import count, others, paragraph
from data.reading.classes.matrix import Matrix, MatrixModule
from data.rules.details import type_label

COUNTS = {
    "Completed": lambda column: column.completed,
    "InProgress": lambda column: column.in_progress,
    "NotStarted": lambda column: column.not_started,
}
OTHERS = {OTHER.word: lambda column: column.other}


def modules(found: Matrix) -> None:
    """How the class stands in each module."""
    if not found.students or not found.modules:
        paragraph("No student matches these filters, so there is nothing to chart.")
        return
    figure = chart.figure(
        height=320,
        barmode="stack",
        xaxis={
            "title": "Module, in the order of the table",
            "dtick": max(1, len(found.modules) // 20),
        },
        yaxis={"title": "Students"},
    )
    places = list(range(1, len(found.modules) + 1))
    for name, counted in (COUNTS | (OTHERS if found.other else {})).items():
        figure.add_bar(
            x=places,
            y=[counted(column) for column in found.modules],
            hovertemplate=chart.hover(f"Module %{{x}}: %{{y}} {look(name).word.lower()}"),
            **chart.bucket(name),
        )
    chart.draw("modules", _finding(found), figure, _alt(found), _numbers(found))


def _finding(found: Matrix) -> str:
    slowest = min(found.modules, key=_fraction)
    return (
        f"Least completed: {slowest.module.name}, {share(slowest.completed, len(found.students))}"
    )


def _fraction(column: MatrixModule) -> float:
    cells = column.completed + column.in_progress + column.not_started + column.other
    return column.completed / cells if cells else 0.0


def _alt(found: Matrix) -> str:
    many = count(len(found.students), "student", "students")
    return chart.alt_text(
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


def _to(column: MatrixModule) -> dict[str, str]:
    """The module's page, for the class that the URL names."""
    chosen = address.filters()[0].get("class")
    of_class = {"class": str(chosen)} if chosen else {}
    return of_class | {"module": str(column.module.id)}


def _numbers(found: Matrix) -> chart.Numbers:
    return chart.Numbers(
        columns=("Module", Column("In the chart", "number"), "Type", "Students by status"),
        rows=[
            (
                Link(column.module.name, "module", _to(column)),
                str(place),
                type_label(column.module.type),
                Buckets(column.completed, column.in_progress, column.not_started, column.other),
            )
            for place, column in enumerate(found.modules, 1)
        ],
    )

"""One module in each of my classes that have it."""

from collections.abc import Sequence

from dashboard import reads
from dashboard.components.formats import share
from dashboard.components.table import Buckets, Column, Link, ShareBar, table
from dashboard.components.text import paragraph
from data.reading.modules.class_standings import ClassStanding, module_classes
from data.reading.modules.page import MOST_CLASSES, ModulePage


def draw(page: ModulePage) -> None:
    """The comparison; whatever is filtered, it is of all the classes' students."""
    classes = reads.ask(module_classes, page.module)
    paragraph(_finding(page, classes))
    table(
        key="module_classes",
        caption="Classes with this module, everybody in them",
        columns=("Class", Column("Students", "number"), "Completed", "Students by status"),
        rows=[
            (
                Link(_named(one, page), "module", _to(one, page)),
                f"{one.students:,}",
                ShareBar(one.completed / one.students, share(one.completed, one.students))
                if one.students
                else None,
                Buckets(one.completed, one.in_progress, one.not_started, one.other),
            )
            for one in classes
        ],
    )
    if len(page.options.classes) > MOST_CLASSES:
        paragraph(f"These are the first {MOST_CLASSES} classes.", quiet=True)


def _named(one: ClassStanding, page: ModulePage) -> str:
    name = page.options.classes.get(one.id, one.name)
    return f"{name} (shown)" if one.id == page.chosen.get("class") else name


def _to(one: ClassStanding, page: ModulePage) -> dict[str, str]:
    return {"class": str(one.id), "module": str(page.module.id)}


def _finding(page: ModulePage, classes: Sequence[ClassStanding]) -> str:
    there = [one for one in classes if one.students]
    if not there:
        return "Nobody is in these classes."
    mine = next((one for one in there if one.id == page.chosen.get("class")), None)
    others = [one for one in there if one is not mine]
    of_others = share(sum(one.completed for one in others), sum(one.students for one in others))
    if mine is None:
        return f"{of_others} of the students of these classes have completed it."
    here = share(mine.completed, mine.students)
    if not others:
        return f"{here} have completed it here; nobody is in the other classes."
    return f"{here} have completed it here, {of_others} in the other classes together."

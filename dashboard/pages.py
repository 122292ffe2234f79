"""The only list of pages, and of who may open them. A page is its folder in views/ and its row here."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from data.access.roles import EDITORS, STAFF
from data.access.session import Actor
from data.reading.classes.arrangement import ARRANGEMENT_KEYS
from data.reading.filters import FILTERS

CLASS: Final = "class"
STUDENT, MODULE_OF_STUDENT = "student", "module of the student"
PERIOD, FIRST_DAY, LAST_DAY = "period", "first day", "last day"
"""What goes along from page to page beside filters, by the names that all pages know it by."""

DAY: Final = "day"
CELLS: Final = "cells"
CELL: Final = "cell"
"""Of the class page: the one whose panel is open."""
FILTERED: Final = {one.key: one.key for one in FILTERS}
ROWS: Final = FILTERED | {CELLS: CELLS}
ARRANGED: Final = FILTERED | {key: key for key in (DAY, *ARRANGEMENT_KEYS)}
OF_STUDENT: Final = {"student": STUDENT, "module": MODULE_OF_STUDENT}
DAYS: Final = {"since": FIRST_DAY, "until": LAST_DAY}


class Page(NamedTuple):
    """A page: `name` is its folder in views/ and its path in the URL. Pages of one `group` fold into one entry
    of the menu that is called so; a page without one stands there by itself.

    `carries` are the parameters of its address that go along to the next page and come from the last (see
    reads/carried.py), each with the name that all pages know it by; `needs_class` that it always shows one.
    """

    name: str
    title: str
    icon: str
    roles: tuple[str, ...]
    group: str = ""
    carries: Mapping[str, str] = {}
    needs_class: bool = False


EDIT: Final = "Edit"

PAGES: Final = (
    Page("overview", "Overview", ":material/dashboard:", STAFF),
    Page(
        *("classroom", "Class", ":material/grid_on:", STAFF),
        carries=ARRANGED,
        needs_class=True,
    ),
    Page("student", "Student", ":material/person:", STAFF, carries=OF_STUDENT),
    Page(
        *("module", "Module", ":material/menu_book:", STAFF),
        carries={"class": CLASS},
        needs_class=True,
    ),
    Page(
        *("trends", "Trends", ":material/timeline:", STAFF),
        carries={"class": CLASS, "period": PERIOD} | DAYS,
    ),
    Page("history", "History", ":material/history:", STAFF, carries={"class": CLASS} | DAYS),
    Page(
        *("edit", "Edit one", ":material/edit:", EDITORS, EDIT),
        carries=OF_STUDENT | {"class": CLASS},
    ),
    Page("grid", "Edit as a table", ":material/table_edit:", EDITORS, EDIT, ROWS, needs_class=True),
    Page("bulk", "Edit many", ":material/checklist:", EDITORS, EDIT, ROWS, needs_class=True),
    Page("upload", "Import a file", ":material/upload_file:", EDITORS, EDIT),
    Page("check", "Data check", ":material/rule:", EDITORS, EDIT),
    Page("school", "School", ":material/school:", EDITORS),
    Page("help", "Help", ":material/help:", STAFF),
)


def may_open(name: str, actor: Actor) -> bool:
    """Is the page of this name for this person? Courtesy, to choose what is shown: the policies decide."""
    return any(page.name == name and actor.role in page.roles for page in PAGES)

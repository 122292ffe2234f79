"""The works W1–W10 as a person does them: roles, labels and URLs of the pages, and nothing else.

Whatever moves on a page is adapted here alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from playwright.sync_api import Page

from dashboard.views.overview.class_rows import FIRST
from tests.benchmarks.questions import Cell, Known
from tests.browsing import cell_panel, in_menu

Condition = tuple[str, str | None]
"""A CSS selector, and a text that one of its elements must hold (None: it need only be there)."""

STATUSES: Final = {
    "Completed": "Completed",
    "InProgress": "In progress",
    "NotStarted": "Not started",
}


@dataclass(frozen=True)
class Step:
    """One timed action. The clock starts at `event` in the page ("now": just before `act`)."""

    until: Sequence[Condition]
    act: Callable[[], object]
    event: str = "click"


@dataclass(frozen=True)
class Work:
    """`prepare` brings the page, opened at `path`, to where `steps` begin; both get the run's number.

    `cell` is on the page that is waited for: in every run but the cached ones it gets new values after
    `prepare`. `is_watched` says that the page it begins on shows it too, and follows such changes by itself.
    """

    title: str
    person: UUID
    path: str
    cell: Cell
    prepare: Callable[[Page, int], None]
    steps: Callable[[Page, int], dict[str, Step]]
    is_watched: bool = False
    has_warm: bool = True


def works(known: Known) -> dict[str, Work]:
    """All works, by the name of the table in OPERATING.md."""
    return {
        "W1": _open_class(known, "class page, 30 × 20", known.small, known.in_small, (30, 20)),
        "W2": _open_class(known, "cohort, 500 × 50", known.cohort, known.in_cohort, (500, 50)),
        "W3": Work(
            "change a filter on it",
            known.teacher,
            f"/classroom?class={known.cohort}",
            known.in_cohort,
            lambda page, run: None,
            lambda page, run: _choose_status(page, run, known),
            is_watched=True,
        ),
        "W4": Work(
            "save one edit until it is in the matrix",
            known.coordinator,
            f"/classroom?class={known.cohort}",
            known.in_cohort,
            lambda page, run: _type_percentage(page, run, known),
            lambda page, run: _save(page, run, known),
            has_warm=False,
        ),
        "W5": Work(
            "open one student, 50 modules",
            known.teacher,
            f"/classroom?class={known.cohort}",
            known.in_cohort,
            _go_to_cohort,
            lambda page, run: _open_student(page, known.in_cohort),
            is_watched=True,
        ),
        "W6": Work(
            "overview of all classes",
            known.coordinator,
            f"/classroom?class={known.small}",
            known.in_further,
            _go_to_cohort,
            lambda page, run: _open_overview(page, known),
        ),
        "W6A": Work(
            "the same as an administrator, of all organisations",
            known.admin,
            f"/classroom?class={known.small}",
            known.in_further,
            _go_to_cohort,
            lambda page, run: _open_overview(page, known),
        ),
        "W7": Work(
            "a module, its classes, as an administrator",
            known.admin,
            f"/module?module={known.in_small.module}",
            known.in_small,
            _go_to_students,
            lambda page, run: _open_classes(page, known),
            is_watched=True,
        ),
        "W8": _open("data check, as an administrator", known.admin, known, "Data check", CHECKED),
        "W8C": _open("data check", known.coordinator, known, "Data check", CHECKED),
        "W9": _open("history where nothing happened", known.quiet, known, "History", NOTHING),
        "W10": Work(
            "find one of everybody by the beginnings of their names, as an administrator",
            known.admin,
            "/help",
            known.in_further,
            lambda page, run: _open_search(page),
            lambda page, run: _find(page, known.in_cohort),
        ),
    }


def grid(students: int, modules: int) -> Condition:
    """A matrix of so many students (head and totals are rows too) and modules, with cells in it. Of these
    students somebody needs attention: it has the column "Why"."""
    size = f'[aria-rowcount="{students + 2}"][aria-colcount="{modules + 5}"]'
    return f"[role=grid]{size} [role=gridcell]", None


def heading(text: str) -> Condition:
    """The page's title."""
    return "h1", text


def rows(count: int) -> Condition:
    """A table with at least so many rows in its body."""
    return f"table[role=table] tbody tr:nth-child({count})", None


def _open_class(
    known: Known, title: str, class_id: UUID, cell: Cell, size: tuple[int, int]
) -> Work:
    def steps(page: Page, run: int) -> dict[str, Step]:
        mine = page.get_by_role("table", name="My classes")
        link = mine.locator(f'a[href$="classroom?class={class_id}"]')
        return {"open": Step([grid(*size), heading(known.names[class_id])], link.click)}

    return Work(title, known.teacher, "/", cell, _go_to_overview, steps)


def _go_to_overview(page: Page, run: int) -> None:
    if page.locator("h1").inner_text() != "Overview":
        in_menu(page, "Overview").click()
    page.get_by_role("table", name="My classes").wait_for()


def _open_search(page: Page) -> None:
    if page.locator(".se-box[open]").count() > 0:
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Search students").click()
    page.get_by_role("combobox", name="Students, classes and modules").wait_for()


def _find(page: Page, cell: Cell) -> dict[str, Step]:
    typed = " ".join(word[:-1] if len(word) > 3 else word for word in cell.name.split())
    box = page.get_by_role("combobox", name="Students, classes and modules")
    return {"find": Step([("[role=option]", cell.name)], lambda: box.fill(typed), "input")}


def _choose_status(page: Page, run: int, known: Known) -> dict[str, Step]:
    status = list(STATUSES)[run % len(STATUSES)]
    box = page.get_by_role("combobox", name="Status")
    until = [grid(known.students_with[status], 50)]
    return {"filter": Step(until, lambda: box.select_option(STATUSES[status]), "change")}


def percentage(run: int) -> int:
    """Another value each run."""
    return 41 + run % 50


def _of_cell(cell: Cell) -> str:
    return f'[role=gridcell][aria-label^="{cell.name}, {cell.module_name}:"]'


def _type_percentage(page: Page, run: int, known: Known) -> None:
    """From the matrix to the cell's panel to its form, as people go, with the new value typed in."""
    if cell_panel(page).count() > 0:
        cell_panel(page).get_by_role("button", name="Close").click()
        cell_panel(page).wait_for(state="detached")
    page.locator(_of_cell(known.in_cohort)).click()
    page.get_by_role("tab", name="Correct").click()
    box = page.get_by_role("textbox", name="Percentage", exact=True)
    box.fill(str(percentage(run)))
    box.press("Enter")
    page.get_by_role("cell", name=f"{percentage(run)} %").first.wait_for()


def _save(page: Page, run: int, known: Known) -> dict[str, Step]:
    stands = f'{_of_cell(known.in_cohort)}[aria-label*="{percentage(run)} %"]'
    save = page.get_by_role("button", name="Save", exact=True)
    return {"save": Step([(stands, None)], save.click)}


def _open_student(page: Page, cell: Cell) -> dict[str, Step]:
    link = page.locator(f'a[href$="student?student={cell.student}"]')
    return {"open": Step([heading(cell.name), rows(50)], link.click)}


def _go_to_cohort(page: Page, run: int) -> None:
    """By its name the cohort is everybody's first class, which is the one that the navigation opens."""
    if page.get_by_role("grid").count() == 0:
        in_menu(page, "Class").click()
    page.get_by_role("gridcell").first.wait_for()


CHECKED: Final[Condition] = "main", "Nothing is changed automatically."
NOTHING: Final[Condition] = "main", "No changes."


def _open(title: str, person: UUID, known: Known, name: str, until: Condition) -> Work:
    """A page of the menu, from the class page."""

    def steps(page: Page, run: int) -> dict[str, Step]:
        return {"open": Step([heading(name), until], in_menu(page, name).click)}

    return Work(title, person, "/classroom", known.in_cohort, _go_to_cohort, steps)


def _go_to_students(page: Page, run: int) -> None:
    page.get_by_role("link", name="Students", exact=True).click()
    page.get_by_role("table", name="Students by what they need").wait_for()


def _open_classes(page: Page, known: Known) -> dict[str, Step]:
    caption: Condition = "table[role=table] caption", "Classes with this module"
    link = page.get_by_role("link", name="Classes", exact=True)
    return {"open": Step([caption, rows(known.classes)], link.click)}


def _open_overview(page: Page, known: Known) -> dict[str, Step]:
    until = [heading("Overview"), rows(min(known.classes, FIRST))]
    return {"open": Step(until, in_menu(page, "Overview").click)}

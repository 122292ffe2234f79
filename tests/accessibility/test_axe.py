"""axe-core over every page in both themes, at desk and phone width."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from data import demo
from tests.browsing import App, Visit

PAGES = [
    "overview",
    "classroom",
    "student",
    "grid",
    "check",
    "check-kind",
    "edit",
    "bulk",
    "upload",
    "sign-in",
]

# What Streamlit draws itself and gives no setting for; each is looked at again with a new release.
STREAMLITS_OWN: set[str] = set()


def path_of(page: str, app: App) -> str:
    if page in ("student", "edit"):
        with app.owner() as owner:
            row = owner.execute(
                "select student_id, module_id from public.student_module_progress "
                "join school.class_student using (student_id) "
                "where class_id = %s and status = 'InProgress' order by 1, 2 limit 1",
                (demo.CLASS_ONE,),
            ).fetchone()
        assert row is not None
        return f"/{page}?student={row[0]}&module={row[1]}"
    alone = {"overview": "/", "sign-in": "/", "upload": "/upload", "check": "/check"}
    alone["check-kind"] = "/check?kind=score_out_of_range"
    return alone.get(page, f"/{page}?class={demo.CLASS_ONE}")


def violations(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [one for one in found if one["id"] not in STREAMLITS_OWN]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violations(
    visit: Visit, app: App, name: str, dark: bool, width: int
) -> None:
    person = None if name == "sign-in" else demo.COORDINATOR_ONE
    page = visit(person, path_of(name, app), dark=dark, width=width)
    page.wait_for_timeout(1500)
    told = [
        f"{one['id']}: {one['help']}\n  "
        + "\n  ".join(
            node["html"][:200] + " " + node["failureSummary"][:200] for node in one["nodes"][:4]
        )
        for one in violations(page)
    ]
    assert told == [], "\n".join(told)

"""The script of a component that could not be had comes as soon as it can."""

from playwright.sync_api import Route, expect

from data import demo
from tests.browsing import Visit


def test_a_script_that_was_refused_is_asked_for_again(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if len(refused) < 3:
            refused.append(route.request.url)
            route.fulfill(status=502)
        else:
            route.continue_()

    page.route("**/component.js?matrix.*", refuse)
    page.reload()
    expect(page.get_by_role("gridcell").first).to_be_visible()
    page.unroute("**/component.js?matrix.*")
    assert len(refused) == 3

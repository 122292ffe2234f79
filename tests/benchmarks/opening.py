"""W0: a class page opened by its link in a fresh browser, and again with what that kept, beside a bare page."""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final
from uuid import UUID

from playwright.sync_api import Browser

from dashboard.web import wire
from tests.benchmarks.measuring import SCREEN, STOPWATCH, chromium
from tests.benchmarks.pages import Condition, grid
from tests.benchmarks.questions import Known
from tests.benchmarks.serving import Served

NAME: Final = "W0"
RESTS_MS: Final = 500
"""Between two openings: what is still asked for when the page is painted."""
# Since the navigation began; two frames after what is waited for is there, as any work.
PAINTED: Final = """(until) => new Promise((resolve, reject) => {
    window.benchmarkStopwatch.watch(0, until, ({ ms }) => resolve(ms), reject);
})"""


def measured(ours: Served, bare: Served, known: Known, runs: int) -> dict[str, Any]:
    """Medians in milliseconds from navigation to painted, by turns and after a run to warm up the servers:
    `cold_ms` with an empty cache, `warm_ms` when opened again, the same of the bare page, and ratios."""
    page = f"{ours.url}/classroom?class={known.small}", [grid(30, 20)]
    with chromium() as browser:
        taken = [
            (_opened(browser, known.teacher, *page), _opened(browser, None, bare.url, [BARE]))
            for _ in range(1 + runs)
        ][1:]
    found: dict[str, Any] = {}
    for at, kind in enumerate(("cold", "warm")):
        mine, floor = (median(run[side][at] for run in taken) for side in (0, 1))
        found |= {f"{kind}_ms": round(mine), f"bare_{kind}_ms": round(floor)}
        found[f"{kind}_ratio"] = round(mine / floor, 2)
    return found


BARE: Final[Condition] = "main, .stMain", "Run 0."


def _opened(
    browser: Browser, person: UUID | None, url: str, until: Sequence[Condition]
) -> list[float]:
    """Twice in a context of its own."""
    context = browser.new_context(viewport=SCREEN)
    try:
        context.add_init_script(path=STOPWATCH)
        if person is not None:
            context.add_cookies([{"name": wire.PERSON, "value": str(person), "url": url}])
        taken = []
        for _ in range(2):
            page = context.new_page()
            page.goto(url, wait_until="commit")
            taken.append(float(page.evaluate(PAINTED, [list(one) for one in until])))
            page.wait_for_timeout(RESTS_MS)
            page.close()
        return taken
    finally:
        context.close()

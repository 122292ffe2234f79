"""axe-core on a page as it stands, what it finds wrong in words, and the looks that a page is tried in."""

from collections.abc import Sequence
from itertools import product
from typing import Any, Final, Literal, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.browsing import settle
from tests.profiles import chosen

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
DESK, PHONE = 1280, 390


class Look(NamedTuple):
    """How wide a page is, and its theme."""

    width: int
    scheme: Scheme


LOOKS: Final = tuple(Look(*each) for each in product((DESK, PHONE), SCHEMES))
IS_DARK = (
    """e => getComputedStyle(e).backgroundColor.match(/\\d+/g).every(one => Number(one) < 128)"""
)

# Only what is wrong is worked out and sent: of a large page the rest is a megabyte.
ASK: Final = """async ([within, options]) => {
    const only = { resultTypes: ["violations"], iframes: false, preload: false };
    const isRunning = () => document.querySelector('[data-test-script-state="running"]') !== null;
    let isDrawn = isRunning();
    const watch = new MutationObserver(() => { isDrawn = true; });
    watch.observe(document.body, { childList: true, subtree: true });
    const found = await axe.run(within ?? document, { ...only, ...options });
    watch.disconnect();
    return [
        isDrawn || isRunning(),
        found.violations.map(({ id, help, nodes }) => [
            `${id}: ${help}`, ...nodes.slice(0, 4).map((one) =>
                `${one.html.slice(0, 200)} ${one.failureSummary.slice(0, 200)}`),
        ].join("\\n  ")),
        found.passes.map((one) => one.id),
    ];
}"""


TALL: Final = 2400


def violations(page: Page, within: str | None = None, **options: Any) -> list[str]:
    """Of the page, or of what a selector finds in it; `options` are those of `axe.run`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    told, tried = _looked_at(page, within, options)
    if not told and "color-contrast" not in tried and (window := page.viewport_size):
        # Where the window's edge cuts a head that sticks, axe gives up on colours ("exceeds the grid bounds").
        page.set_viewport_size(ViewportSize(width=window["width"], height=TALL))
        told, tried = _looked_at(page, within, options)
        page.set_viewport_size(window)
    assert told or "color-contrast" in tried, "nothing was looked at"
    return list(told)


def _looked_at(
    page: Page, within: str | None, options: dict[str, Any]
) -> tuple[list[str], list[str]]:
    """What is wrong and what was tried. What is drawn meanwhile may be there twice, old and new: then again."""
    while True:
        is_drawn, told, tried = page.evaluate(ASK, [within, options])
        if not is_drawn:
            return told, tried
        settle(page)


def looks(*by_turns: int) -> Sequence[Look]:
    """These of the four by default; all by `--profile nightly`."""
    return chosen(sample=[LOOKS[turn % len(LOOKS)] for turn in by_turns], nightly=LOOKS)


def take(look: Look, page: Page) -> None:
    """The page as it is in this look: it follows the window and the system, as one opened there would."""
    page.set_viewport_size({"width": look.width, "height": 900})
    page.emulate_media(color_scheme=look.scheme)
    settle(page)
    assert page.locator(".stApp").evaluate(IS_DARK) is (look.scheme == "dark")

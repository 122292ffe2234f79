"""A page that is watched: what runs on it, asks or leads away, and which hostile texts can be read."""

from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.hostile import PAYLOADS
from tests.browsing import go_to, go_to_section, settle

# Everything on the page that a browser may fetch from, run, or follow.
LEADS_AWAY = """(home) => [...document.querySelectorAll("[href], [src], [action], [srcdoc]")]
    .map((one) => one.getAttribute("srcdoc") ?? one.href?.baseVal ?? one.href ?? one.src ?? one.action)
    .filter((to) => typeof to === "string" && to && !/^(#|data:image|blob:)/.test(to)
        // A mail to one address, and nothing more in it, is the reader's own to send.
        && !/^mailto:[^?,;\\s]+@[^?,;\\s]+$/.test(to)
        && !to.startsWith(home))"""
# What a person could read: text, names for screen readers, values, and titles.
READABLE = """() => {
    const told = [document.body.textContent];
    for (const one of document.querySelectorAll("[aria-label], [title], input, textarea, option"))
        told.push(one.getAttribute("aria-label"), one.title, one.value, one.textContent);
    return told.filter(Boolean).join("\\n");
}"""


class Watched:
    """A page of one person whose every request, script, dialog and complaint is written down."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        # Nothing is stopped on its way: that would cost the browser its cache. It finds no host but this one.
        self.home = home
        self.strangers: list[str] = []
        self.happened: list[str] = []
        self.bare: list[str] = []
        self.pairs: set[tuple[str, str]] = set()
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("console", lambda message: self._say(message.text))
        self.page.on("dialog", self._dismiss)
        self.page.on(
            "response",
            lambda one: (
                None
                if not one.url.startswith(home) or "content-security-policy" in one.headers
                else self.bare.append(one.url)
            ),
        )

    def _dismiss(self, dialog: Dialog) -> None:
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _ask(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(url)

    def _say(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.happened.append(text)

    def open(self, path: str) -> Page:
        if self.page.url.startswith(self.home):
            go_to(self.page, path, 150)
        else:
            self.page.goto(self.home + path)
            expect(self.page.locator("h1.words-h1")).to_be_visible()
        self.look(path)
        return self.page

    def go_to(self, section: str) -> None:
        go_to_section(self.page, section)
        self.look(section)

    def look(self, place: str) -> None:
        """Judge the page as it stands now."""
        settle(self.page, 100)
        if self.page.evaluate("window.__pwned") is not None:
            self.happened.append(f"a script ran on {place}")
        away = self.page.evaluate(LEADS_AWAY, self.home)
        self.happened += [f"{place} leads to {one}" for one in away]
        told = squeezed(self.page.evaluate(READABLE))
        self.pairs |= {(text, place) for text in PAYLOADS if squeezed(text) in told}

    def verdict(self) -> tuple[list[str], list[str], list[str]]:
        return self.strangers, self.happened, self.bare


def squeezed(text: str) -> str:
    return "".join(text.split())

"""What the page has the browser keep: for the connection alone, and over https only where the page is."""

import pytest
from playwright.sync_api import Browser

from dashboard.web import wire

KEEP = """async ([script, cookies]) => {
    document.cookie = "progress_demo_person=from+an+earlier+version; path=/";
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const wire = await import(address);
    wire.default({ data: [cookies, null, false, false, null], setTriggerValue() {} });
    await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
}"""

# The same page's next run, and what it writes.
AGAIN = """async ([script, cookies, anew]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const wire = await import(address);
    const written = [];
    Object.defineProperty(document, "cookie", { set(cookie) { written.push(cookie); } });
    const counts = [];
    for (const each of [cookies, cookies, anew]) {
        wire.default({ data: [each, null, false, false, null], setTriggerValue() {} });
        if (each === anew) dispatchEvent(new Event("pagehide"));
        else await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
        counts.push(written.splice(0).filter((one) => one.includes("max-age=2592000")).length);
    }
    return counts;
}"""


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cookie_goes_to_the_connection_only(chromium: Browser, scheme: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<p>A page.</p>", content_type="text/html"))
    page.goto(f"{scheme}://progress.example/classroom")
    page.evaluate(
        KEEP, [wire.SCRIPT, {wire.PERSON: "somebody", wire.LAST_VIEW: '{"type": "course"}'}]
    )
    kept = {one["name"]: one for one in context.cookies()}
    assert kept.keys() == {wire.PERSON, wire.LAST_VIEW}
    for one in kept.values():
        assert (one["path"], one["sameSite"]) == ("/_stcore/stream", "Strict")
        assert one["secure"] is (scheme == "https")
    assert kept[wire.PERSON]["value"] == "somebody"
    page.evaluate(KEEP, [wire.SCRIPT, {wire.PERSON: ""}])
    assert wire.PERSON not in {one["name"] for one in context.cookies()}
    context.close()


def test_what_is_kept_is_written_once_and_before_the_page_is_left(chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.route(
            "**/*", lambda route: route.fulfill(body="<p>A page.</p>", content_type="text/html")
        )
        page.goto("http://progress.example/classroom")
        kept, anew = (
            {wire.PERSON: "a", wire.LAST_VIEW: "{}"},
            {wire.PERSON: "b", wire.LAST_VIEW: "{}"},
        )
        assert page.evaluate(AGAIN, [wire.SCRIPT, kept, anew]) == [2, 0, 1]

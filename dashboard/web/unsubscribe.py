"""The page that a mail's link leads to: it ends the digest without signing in, and begins it again.

Opening it changes nothing, for mail programs open links by themselves; its button does, and so does a mail
program's own (RFC 8058), which sends the same.
"""

from functools import cache
from html import escape
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from data.access.errors import DataError
from data.access.session import Database
from data.digest.sending import TOKEN
from data.digest.terms import want_digest_by_link
from data.open import open_database
from data.rules.ids import as_uuid
from data.settings import read_settings

AGAIN: Final = "again"
"""In the address where somebody wants it after all."""

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Digest by mail – Progress</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }}
button {{ font: inherit; padding: 0.5rem 1rem; }}
</style>
</head>
<body>
<main>
<h1>Digest by mail</h1>
<p role="status">{sentence}</p>
{button}
</main>
</body>
</html>
"""
BUTTON: Final = '<form method="post" action="?{address}"><button>{label}</button></form>'

NOT_WHOLE: Final = "This link does not work. Open the whole link from your newest mail."
AWAY: Final = "That was not possible just now. Wait a moment and try again."


@cache
def database() -> Database:
    """Of this page alone: nobody need have opened another before. A failure is not kept."""
    return open_database(read_settings(), with_demo=False)


async def answer(request: Request) -> Response:
    """The page, before and after its button."""
    token = as_uuid(request.query_params.get(TOKEN, ""))
    wanted = AGAIN in request.query_params
    if token is None:
        return _page(NOT_WHOLE, status=404)
    end, again = f"{TOKEN}={token}", f"{TOKEN}={token}&{AGAIN}=1"
    if request.method != "POST":
        return _page("Do you want to stop getting these mails?", "Unsubscribe", end)
    try:
        is_known = await run_in_threadpool(
            lambda: want_digest_by_link(database(), token, wanted=wanted)
        )
    except DataError:
        return _page(AWAY, "Try again", again if wanted else end, status=503)
    if not is_known:
        return _page(NOT_WHOLE, status=404)
    if wanted:
        return _page("You get the digest again.", "Unsubscribe", end)
    return _page("You get no more digests.", "Send it again", again)


def _page(sentence: str, label: str = "", address: str = "", status: int = 200) -> Response:
    button = BUTTON.format(address=escape(address), label=label) if label else ""
    return HTMLResponse(
        PAGE.format(sentence=sentence, button=button),
        status,
        {"Cache-Control": "no-store"},
    )

"""The ASGI entry: Streamlit's own server behind our door, and errors that are logged, not shown."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import alert
from dashboard.pages import PAGES
from dashboard.signin import expiry, providers, school_link
from dashboard.signin.auth_routes import SignInMiddleware
from dashboard.web import front, health, live, metrics, scripts, unsubscribe, websocket
from dashboard.web.headers import SecurityHeaders, headers
from dashboard.web.limits import open_files, request_timeouts
from dashboard.web.limits.throttle import Limits
from dashboard.web.private import callbacks, page_here, runs
from dashboard.web.routes import Admission
from data.access import audit
from data.access.errors import DataError, to_operator
from data.access.log_privacy import keep_rows_out_of_logs, write_lines
from data.digest.sending import UNSUBSCRIBE
from data.settings import read_settings

LOG: Final = logging.getLogger("dashboard")
SETTINGS: Final = read_settings()
IS_JSON: Final = SETTINGS.log_format == "json"
audit.start(SETTINGS.audit_log, is_json=IS_JSON)
keep_rows_out_of_logs()
write_lines(SETTINGS.log_level, is_json=IS_JSON, page=page_here)
open_files.raise_limit()
request_timeouts.install()
websocket.install()
callbacks.run_whole()
reads.read_within(callbacks.reading)
runs.share_one_loop()
metrics.start(SETTINGS)
if providers.is_configured():
    # Imported late: it is slow, and only who signs in has a use for it.
    from dashboard.signin import client

    client.install()
SCRIPT: Final = Path(__file__).with_name("app.py")


def log_script_error(error: Exception) -> bool:
    """The person gets a number to report, the log the traceback with that number. A database that is away is no
    fault of the program: a click or a panel that met it gets the face that a page gets."""
    if isinstance(error, DataError):
        LOG.warning("the database did not answer: %s", to_operator(error))
        empty_and_error.draw_outage(error)
        return True
    reference = uuid4().hex[:8]
    LOG.error("error %s", reference, exc_info=error)
    alert(f"Something went wrong here. Nothing was saved. Report it with the number {reference}.")
    return True


async def log_route_error(_: Request, error: Exception) -> Response:
    """The same for what is no page: a file, a stream of hints."""
    reference = uuid4().hex[:8]
    LOG.error("error %s", reference, exc_info=error)
    sentence = f"Something went wrong here. Report it with the number {reference}."
    # This answer is made outside of every middleware.
    return PlainTextResponse(sentence, 500, headers(is_https=SETTINGS.is_https))


async def to_first_page(request: Request) -> Response:
    """Its name leads to it too; Streamlit knows it by none, and would say that there is no such page."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}", headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def _looking(server: object) -> AsyncIterator[None]:
    """What is looked after as long as the server runs."""
    asyncio.get_running_loop().set_exception_handler(open_files.OPEN_FILES.on_error)
    async with expiry.looking(server), live.pinging():
        yield


LIMITS: Final = Limits(per_address=SETTINGS.anonymous_per_address, in_all=SETTINGS.anonymous_in_all)
ROUTES: Final = (
    Route(health.LIVE, health.live),
    Route(health.READY, health.ready),
    Route(live.PATH, live.stream),
    Route(scripts.PATH, scripts.answer),
    Route(live.FRESH_PATH, live.freshness),
    Route(school_link.PATH, school_link.come_in),
    Route(UNSUBSCRIBE, unsubscribe.answer, methods=["GET", "POST"]),
    Route(f"/{PAGES[0].name}", to_first_page),
    *(Route(f"/{name}", front.answer) for name in ("", *(one.name for one in PAGES[1:]))),
)
app = st.App(
    SCRIPT,
    routes=ROUTES,
    middleware=[
        Middleware(SecurityHeaders, is_https=SETTINGS.is_https),
        Middleware(
            Admission,
            limits=LIMITS,
            live=live.PATH,
            paths=[one.path for one in ROUTES],
            is_https=SETTINGS.is_https or providers.is_https(),
        ),
        Middleware(SignInMiddleware),
    ],
    lifespan=_looking,
    on_script_error=log_script_error,
    exception_handlers={Exception: log_route_error},
)

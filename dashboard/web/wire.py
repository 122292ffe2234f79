"""The page's wire to the browser: cookies to keep, what it follows the changes of, whether leaving asks
first, whether a drop zone is to be made known, and what links carry along.

Drawn once a run, at the same place on every page, so that going from page to page mounts nothing anew.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from uuid import UUID

import streamlit as st

from dashboard.web import connections, scripts
from dashboard.web.private import CONNECTION, STREAM

LOG: Final = logging.getLogger("dashboard")

PERSON: Final = "progress_demo_person"
"""Which demo person was chosen last; the demo opens as anybody anyway. No secret, and no protection."""

LAST_VIEW: Final = "progress_last_view"
"""The class page's address of the last visit, but for names that were searched."""

COOKIES: Final = "wire_cookies"
WATCHED: Final = "wire_watched"
UNSAVED: Final = "wire_unsaved"
DROP_ZONE: Final = "wire_drop_zone"
WAYS: Final = "wire_ways"

SCRIPT: Final = (
    f"const PATH = {json.dumps(STREAM)}, CONNECTION = {json.dumps(CONNECTION)};\n"
    f"{Path(__file__).with_suffix('.js').read_text(encoding='utf-8')}"
)
BESIDE: Final = "\n".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in (
        "cell_steps.js",
        "same_page.js",
        "fresh.js",
        "refusals.js",
        "focus.js",
        "paper.js",
        "menu_list.js",
    )
)
"""What does its work once it is there, and hears nothing of the page."""

_mount = scripts.component("wire", f"{SCRIPT}\n{BESIDE}")


def read(name: str) -> str:
    """What the browser sent when it connected; '' where it keeps nothing."""
    return unquote(st.context.cookies.get(name) or "")


def keep(name: str, value: str) -> None:
    """Have the browser keep this; '' forgets."""
    st.session_state.setdefault(COOKIES, {})[name] = value


def watch(class_id: UUID) -> None:
    """Rerun this page when something in the class changes."""
    st.session_state[WATCHED] = f"class={class_id}"


def watch_school() -> None:
    """Rerun this page when something in the roster changes that this person manages."""
    st.session_state[WATCHED] = "school=1"


def ask_before_leaving() -> None:
    """Have the browser ask before this page is closed or loaded anew: it holds what is not saved."""
    st.session_state[UNSAVED] = True


def make_drop_zone_known() -> None:
    """Streamlit marks its file uploader's named place as mere decoration: have it be a group instead."""
    st.session_state[DROP_ZONE] = True


def lead(ways: Mapping[str, str], shown: str) -> None:
    """What the menu's pages are opened with in another tab, by the last part of their address; and what this
    page shows, as a query of its address, where that says nothing of it."""
    st.session_state[WAYS] = [dict(ways), shown]


def around(
    draw: Callable[[], object], page: str | None = None, read_at: datetime | None = None
) -> None:
    """Draw a page, and what it wants of the browser before it, where the wire always is.

    `page` is the last part of the page's own address; None where whatever is asked for is answered. What it
    follows the changes of it does since `read_at`, by the database's clock.
    """
    place = st.container()
    st.session_state[WATCHED] = None
    st.session_state[UNSAVED] = False
    st.session_state[DROP_ZONE] = False
    st.session_state[WAYS] = [{}, ""]
    try:
        draw()
    finally:
        with place:
            kept: dict[str, str] = st.session_state.get(COOKIES, {})
            wanted = [st.session_state[one] for one in (WATCHED, UNSAVED, DROP_ZONE)]
            since = read_at.isoformat() if read_at else ""
            data = [kept, *wanted, page, *st.session_state[WAYS], since, connections.PROCESS]
            _mount(
                key="wire",
                data=data,
                on_changed_change=lambda: None,
                on_scattered_change=_log_scattered,
            )


@cache  # once a process: each of its pages finds it out
def _log_scattered() -> None:
    LOG.warning(
        "requests of one browser reach several processes: the proxy has to keep each on one (OPERATING.md, "
        "Behind a proxy)"
    )

"""The class page opened without an address shows what its person saw last."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from dashboard import reads
from dashboard.components import address, current_class
from dashboard.web import wire
from data.reading.saved_views import saved_views

HERE: Final = "last_view"


def go_back() -> None:
    """Without an address: where this person was before, else their default view, else the last visit.

    Where another page has shown another class since, that class."""
    if address.parameters():
        return
    saved: dict[str, Any] | None = st.session_state.get(HERE)
    if saved is None:
        default = next((view for view in reads.ask(saved_views) if view.is_default), None)
        saved = dict(default.parameters) if default else _from_cookie()
    since = current_class.last_shown()
    is_of_it = since is None or saved.get(current_class.CLASS) == str(since)
    address.go_to(saved if is_of_it else {current_class.CLASS: str(since)})


def _from_cookie() -> dict[str, str]:
    try:
        kept = json.loads(wire.read(wire.LAST_VIEW) or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def remember() -> None:
    """What the address shows now is what comes back."""
    here = address.parameters()
    st.session_state[HERE] = here
    # A searched name is nobody's business; and who comes back wants today.
    kept = {key: value for key, value in here.items() if key not in ("name", address.DAY)}
    wire.keep(wire.LAST_VIEW, json.dumps(kept, sort_keys=True) if kept else "")

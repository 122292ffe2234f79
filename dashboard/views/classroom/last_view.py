"""The class page opened without an address shows what its person saw last."""

import json
from typing import Final, NamedTuple
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import address
from dashboard.reads import current_class
from dashboard.web import wire
from data.reading.saved_views import saved_views
from data.rules.ids import as_uuid

HERE: Final = "last_view"
PERSON: Final = "person"


class LastView(NamedTuple):
    """What this tab showed: to whom, of which class (perhaps one that no address named), and where."""

    person: UUID
    class_id: UUID | None
    address: dict[str, str]


def go_back() -> None:
    """Without an address: where this person was before, else their default view, else the last visit.

    Where another page has shown another class since, that class."""
    if address.parameters():
        return
    last: LastView | None = st.session_state.get(HERE)
    if last is None or last.person != reads.visit().actor.id:
        last = _of_another_time()
    since = current_class.last_shown()
    is_of_it = since in (None, last.class_id)
    address.go_to(last.address if is_of_it else {current_class.CLASS: str(since)})


def _of_another_time() -> LastView:
    default = next((view for view in reads.ask(saved_views) if view.is_default), None)
    saved = dict(default.parameters) if default else _from_cookie()
    return LastView(reads.visit().actor.id, as_uuid(saved.get(current_class.CLASS, "")), saved)


def _from_cookie() -> dict[str, str]:
    """What this person was shown in this browser, which may be another's too."""
    try:
        stored = json.loads(wire.read(wire.LAST_VIEW) or "{}")
    except ValueError:
        return {}
    if not isinstance(stored, dict) or stored.pop(PERSON, None) != str(reads.visit().actor.id):
        return {}
    return {str(key): str(value) for key, value in stored.items()}


def remember(class_id: UUID) -> None:
    """What the address shows now, of this class, is what comes back."""
    here, person = address.parameters(), reads.visit().actor.id
    st.session_state[HERE] = LastView(person, class_id, here)
    # A searched name is nobody's business; and who comes back wants today.
    view = {key: value for key, value in here.items() if key not in ("name", address.DAY)}
    cookie = json.dumps(view | {PERSON: str(person)}, sort_keys=True) if view else ""
    wire.keep(wire.LAST_VIEW, cookie)

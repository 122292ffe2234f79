"""The class page opened without an address shows what its person saw last."""

import json
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import address
from dashboard.reads import carried
from dashboard.web import wire
from data.reading.classes.arrangement import DENSITIES, Density
from data.reading.saved_views import saved_views

PERSON: Final = "person"
DENSITY: Final = "chosen_density"


def go_back() -> None:
    """Without an address, and with nothing that goes along: this person's default view, else the last visit."""
    if address.parameters():
        return
    default = next((view for view in reads.ask(saved_views) if view.is_default), None)
    address.go_to(dict(default.parameters) if default else _from_cookie())
    carried.take()


def _from_cookie() -> dict[str, str]:
    """What this person was shown in this browser, which may be another's too."""
    try:
        stored = json.loads(wire.read(wire.LAST_VIEW) or "{}")
    except ValueError:
        return {}
    if not isinstance(stored, dict) or stored.pop(PERSON, None) != str(reads.visit().actor.id):
        return {}
    return {str(key): str(value) for key, value in stored.items()}


def density() -> Density | None:
    """What this person chose last, in this tab or in this browser, whichever class it was of."""
    person, chosen = st.session_state.get(DENSITY, (None, None))
    if person != reads.visit().actor.id:
        chosen = _from_cookie().get(DENSITY)
    return next((one for one in DENSITIES if one == chosen), None)


def choose(chosen: Density) -> None:
    """From now on, in every class whose address says nothing else."""
    st.session_state[DENSITY] = reads.visit().actor.id, chosen


def remember() -> None:
    """What the address shows now is what comes back."""
    # A searched name is nobody's business; and who comes back wants today.
    view = {
        key: value
        for key, value in address.parameters().items()
        if key not in ("name", address.DAY)
    }
    if chosen := density():
        view[DENSITY] = chosen
    person = {PERSON: str(reads.visit().actor.id)}
    wire.keep(wire.LAST_VIEW, json.dumps(view | person, sort_keys=True) if view else "")

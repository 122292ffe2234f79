"""The class page opened without an address shows what its person saw last."""

import json
from typing import Final

from dashboard import reads
from dashboard.components import address
from dashboard.reads import carried
from dashboard.web import wire
from data.reading.saved_views import saved_views

PERSON: Final = "person"


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


def remember() -> None:
    """What the address shows now is what comes back."""
    # A searched name is nobody's business; and who comes back wants today.
    view = {
        key: value
        for key, value in address.parameters().items()
        if key not in ("name", address.DAY)
    }
    person = {PERSON: str(reads.visit().actor.id)}
    wire.keep(wire.LAST_VIEW, json.dumps(view | person, sort_keys=True) if view else "")

"""Why a sign-in led nowhere. Small, for who only asks for its name: the client itself is slow to import."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EXCHANGE: Final = "progress.exchange"
"""In the scope of a request: the Exchange in which is noted why nobody came in."""


class Trouble(StrEnum):
    """What went wrong; the sign-in page says it in a sentence."""

    AWAY = "away"
    FAILED = "failed"
    """Cancelled or refused there, or too late."""
    SETUP = "setup"
    """The service and secrets.toml do not agree: no other try helps."""
    CLOCK = "clock"
    STILL_THERE = "still_there"
    """Signed out here, and not at the service: it was away, or offers no such thing."""

    LINK = "link"
    """The link to one's own school on this computer was used already, or is too old."""


BY_SERVICE: Final = {
    "access_denied": Trouble.FAILED,
    "server_error": Trouble.AWAY,
    "temporarily_unavailable": Trouble.AWAY,
}
"""What a service itself calls a failure (RFC 6749); any other is one of the set-up."""


@dataclass
class Exchange:
    """One request on the way to a service or back from it; where it failed, why."""

    trouble: Trouble | None = None

"""What happens in this process, counted for whoever monitors it: numbers alone, of nobody."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

Event = (
    Literal["save", "conflict", "refused sign-in", "replica read"] | tuple[Literal["outage"], str]
)
"""An outage is counted by its kind, of which outage_log lists all."""

_lock: Final = threading.Lock()
_happened: Final[Counter[Event]] = Counter()
_asking = 0


def count(event: Event, times: int = 1) -> None:
    """It happened now."""
    with _lock:
        _happened[event] += times


def counted(event: Event) -> int:
    """How often it happened since this process began."""
    return _happened[event]


@contextmanager
def asking_for_a_connection() -> Iterator[None]:
    """For as long as somebody waits for one of the pool's, or for the server to open another."""
    global _asking
    with _lock:
        _asking += 1
    try:
        yield
    finally:
        with _lock:
            _asking -= 1


def waiting() -> int:
    """How many wait for a connection just now."""
    return _asking

"""The class page's table, arranged and drawn: kept whole, so that a rerun pays for neither."""

from collections.abc import Callable
from datetime import datetime

from dashboard.reads import ask_as, kept_for, visit
from data.access.session import Actor
from data.reading.classes.arrangement import Arranged, Arrangement, arrange
from data.reading.classes.matrix import Matrix
from data.reading.classes.page import class_page
from data.reading.filters import Chosen


def arranged(asked: Chosen, wanted: Arrangement, day_end: datetime | None = None) -> Arranged:
    """The table as it is shown; with `day_end` as it stood then."""
    now = visit()
    return _arranged(now.actor, now.version, asked, wanted, day_end)


@kept_for(100)
def _arranged(
    actor: Actor, version: str, asked: Chosen, wanted: Arrangement, day_end: datetime | None
) -> Arranged:
    found = ask_as(actor, version, class_page, asked, day_end)
    return arrange(found.matrix or Matrix((), ()), wanted)


def drawn(
    asked: Chosen, wanted: Arrangement, seen_by: tuple[str | int, ...], draw: Callable[[], bytes]
) -> bytes:
    """The table as the browser gets it. `draw` makes it, of nothing but what is named here: `seen_by` is what
    else it depends on, such as the viewer's zone."""
    now = visit()
    return _drawn(now.actor, now.version, asked, wanted, seen_by, draw)


@kept_for(100)
def _drawn(
    actor: Actor,  # noqa: ARG001 - part of the key, as are the next four
    version: str,  # noqa: ARG001
    asked: Chosen,  # noqa: ARG001
    wanted: Arrangement,  # noqa: ARG001
    seen_by: tuple[str | int, ...],  # noqa: ARG001
    _draw: Callable[[], bytes],  # another closure each run, of the same making: no part of the key
) -> bytes:
    return _draw()

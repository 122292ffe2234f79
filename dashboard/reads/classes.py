"""What the overview and a class show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from dashboard.reads.asking import ask, ask_as, kept_for, visit
from data import queries
from data.arrangement import Arranged, Arrangement, arrange
from data.filters import Chosen
from data.saved_views import SavedView
from data.session import Actor


def overview() -> list[queries.ClassSummary]:
    """Every class I may see."""
    return ask(queries.overview)


def options(class_id: UUID | None) -> queries.Options:
    """What the filters offer."""
    return ask(queries.options, class_id)


def class_page(asked: Chosen, day_end: datetime | None = None) -> queries.ClassPage:
    """What the class page is made of; with `day_end` as it stood then."""
    return ask(queries.class_page, dict(asked), day_end)


def arranged(asked: Chosen, wanted: Arrangement, day_end: datetime | None = None) -> Arranged:
    """The class page's table as it is shown: kept whole, so that a rerun pays for neither."""
    now = visit()
    return _arranged(now.actor, now.version, dict(asked), wanted, day_end)


@kept_for(100)
def _arranged(
    actor: Actor, version: str, asked: Chosen, wanted: Arrangement, day_end: datetime | None
) -> Arranged:
    found = ask_as(actor, version, queries.class_page, asked, day_end)
    return arrange(found.matrix or queries.Matrix((), ()), wanted)


def drawn(
    asked: Chosen, wanted: Arrangement, seen_by: tuple[str | int, ...], draw: Callable[[], bytes]
) -> bytes:
    """The class page's table as the browser gets it. `draw` makes it, of nothing but what is named here:
    `seen_by` is what else it depends on, such as the viewer's zone."""
    now = visit()
    return _drawn(now.actor, now.version, dict(asked), wanted, seen_by, draw)


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


def students_of_class(class_id: UUID) -> Sequence[queries.Student]:
    """Everybody in a class."""
    return ask(queries.students_of_class, class_id)


def saved_views() -> Sequence[SavedView]:
    """Views of the class page: mine, and those shared with my organisation."""
    return ask(queries.saved_views)

"""What the overview and a class show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from dashboard.reads.ask import ask, ask_as, kept_for, visit
from data.access.session import Actor
from data.reading.classes.arrangement import Arranged, Arrangement, arrange
from data.reading.classes.matrix import Matrix
from data.reading.classes.overview import ClassSummary, Options
from data.reading.classes.overview import options as read_options
from data.reading.classes.overview import overview as read_overview
from data.reading.classes.page import ClassPage
from data.reading.classes.page import class_page as read_class_page
from data.reading.filters import Chosen
from data.reading.students import students
from data.reading.students.students import Student
from data.writing.saved_views import SavedView
from data.writing.saved_views import saved_views as read_saved_views


def overview() -> list[ClassSummary]:
    """Every class I may see."""
    return ask(read_overview)


def options(class_id: UUID | None) -> Options:
    """What the filters offer."""
    return ask(read_options, class_id)


def class_page(asked: Chosen, day_end: datetime | None = None) -> ClassPage:
    """What the class page is made of; with `day_end` as it stood then."""
    return ask(read_class_page, dict(asked), day_end)


def arranged(asked: Chosen, wanted: Arrangement, day_end: datetime | None = None) -> Arranged:
    """The class page's table as it is shown: kept whole, so that a rerun pays for neither."""
    now = visit()
    return _arranged(now.actor, now.version, dict(asked), wanted, day_end)


@kept_for(100)
def _arranged(
    actor: Actor, version: str, asked: Chosen, wanted: Arrangement, day_end: datetime | None
) -> Arranged:
    found = ask_as(actor, version, read_class_page, asked, day_end)
    return arrange(found.matrix or Matrix((), ()), wanted)


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


def students_of_class(class_id: UUID) -> Sequence[Student]:
    """Everybody in a class."""
    return ask(students.students_of_class, class_id)


def saved_views() -> Sequence[SavedView]:
    """Views of the class page: mine, and those shared with my organisation."""
    return ask(read_saved_views)

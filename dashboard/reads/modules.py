"""What a module shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from dashboard.reads.ask import Answer, ask, kept_for, name_of, visit
from data.access.session import Actor, acting_as
from data.reading.classes.matrix import MatrixStudent
from data.reading.filters import Chosen
from data.reading.modules import sections
from data.reading.modules.assessment_results import Sittings
from data.reading.modules.catalogue import Module
from data.reading.modules.funnel import Funnel
from data.reading.modules.other_facts import Summed
from data.reading.modules.page import ClassStanding, ModulePage
from data.reading.modules.page import module_classes as read_module_classes
from data.reading.modules.page import module_page as read_module_page
from data.reading.modules.times import TimesTaken


def module_page(module_id: UUID, asked: Chosen) -> ModulePage | None:
    """What the module page is made of, or None where no class of mine has such a module."""
    return ask(read_module_page, module_id, dict(asked))


def module_classes(module: Module) -> Sequence[ClassStanding]:
    """How my classes stand in a module."""
    return ask(read_module_classes, module)


def module_funnel(page: ModulePage) -> Funnel:
    """How far the page's students come in a course."""
    return _ask_of_students(sections.module_funnel, page)


def module_sittings(page: ModulePage) -> Sittings:
    """What the details of an assessment tell."""
    return _ask_of_students(sections.module_sittings, page)


def module_recorded(page: ModulePage) -> Summed:
    """What the details of any other type tell."""
    return _ask_of_students(sections.module_recorded, page)


def module_times(page: ModulePage) -> TimesTaken:
    """How long the module took."""
    return _ask_of_students(sections.module_times, page)


def _ask_of_students(
    question: Callable[[Any, UUID, Sequence[MatrixStudent]], Answer],
    page: ModulePage,
) -> Answer:
    now = visit()
    found: Answer = _answer(
        name_of(question), now.actor, now.version, page.module.id, page.chosen, question, page
    )
    return found


@kept_for(100)
def _answer(
    name: str,  # noqa: ARG001 - part of the key, as are the version and the filters
    actor: Actor,
    version: str,  # noqa: ARG001
    module_id: UUID,
    chosen: Chosen,  # noqa: ARG001
    _question: Callable[[Any, UUID, Sequence[MatrixStudent]], Any],  # follows from its name
    _page: ModulePage,  # follows from all of these
) -> Any:
    with acting_as(actor) as connection:
        return _question(connection, module_id, _page.found.students)

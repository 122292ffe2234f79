"""What a module shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from dashboard.reads.asking import Answer, ask, kept_for, name_of, visit
from data import queries
from data.facts_summed import Summed
from data.filters import Chosen
from data.funnel import Funnel
from data.session import Actor, acting_as
from data.sittings import Sittings
from data.times_taken import TimesTaken


def module_page(module_id: UUID, asked: Chosen) -> queries.ModulePage | None:
    """What the module page is made of, or None where no class of mine has such a module."""
    return ask(queries.module_page, module_id, dict(asked))


def module_classes(module: queries.Module) -> Sequence[queries.ClassStanding]:
    """How my classes stand in a module."""
    return ask(queries.module_classes, module)


def module_funnel(page: queries.ModulePage) -> Funnel:
    """How far the page's students come in a course."""
    return _ask_of_students(queries.module_funnel, page)


def module_sittings(page: queries.ModulePage) -> Sittings:
    """What the details of an assessment tell."""
    return _ask_of_students(queries.module_sittings, page)


def module_recorded(page: queries.ModulePage) -> Summed:
    """What the details of any other type tell."""
    return _ask_of_students(queries.module_recorded, page)


def module_times(page: queries.ModulePage) -> TimesTaken:
    """How long the module took."""
    return _ask_of_students(queries.module_times, page)


def _ask_of_students(
    question: Callable[[Any, UUID, Sequence[queries.MatrixStudent]], Answer],
    page: queries.ModulePage,
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
    _question: Callable[[Any, UUID, Sequence[queries.MatrixStudent]], Any],  # follows from its name
    _page: queries.ModulePage,  # follows from all of these
) -> Any:
    with acting_as(actor) as connection:
        return _question(connection, module_id, _page.found.students)

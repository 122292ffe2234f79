"""What is asked of the students on a module's page, whom the page has read already."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dashboard.reads import Answer, kept_for, name_of, read, visit
from data.access.session import Actor
from data.reading.filters import Chosen
from data.reading.modules.page import ModulePage


def ask_of_students(question: Callable[[Any, ModulePage], Answer], page: ModulePage) -> Answer:
    """What a read of `data.reading.modules.sections` answers of the page's students."""
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
    module_id: UUID,  # noqa: ARG001
    chosen: Chosen,  # noqa: ARG001
    _question: Callable[[Any, ModulePage], Any],  # follows from its name
    _page: ModulePage,  # follows from all of these
) -> Any:
    return read(actor, lambda connection: _question(connection, _page))

"""Saving, choosing and removing named views of the class page; `data.reading.saved_views` reads them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.rules.progress import Problem
from data.tables import ME, SAVED_VIEW, STAFF

LONGEST_NAME: Final = 80

UNREADABLE: Final = Problem(None, "name", "The name holds a character that cannot be stored.")
_INSTEAD: Final = {
    "refused": refused("save views here"),
    "unreadable": UNREADABLE,
    "out_of_range": Problem(None, "too_large", "These are too many choices for one view."),
}


def save_view(
    actor: Actor,
    name: str,
    parameters: Mapping[str, str],
    *,
    is_shared: bool = False,
) -> Problem | None:
    """Save these parameters under a name; a view of mine with the same name is replaced.

    Returns what is wrong with it, if anything. An admin belongs to no organisation and shares with none.
    """
    name = " ".join(name.split())
    if not name:
        return Problem(None, "name", "Give the view a name.")
    if len(name) > LONGEST_NAME:
        return Problem(None, "name", f"The name is too long: {LONGEST_NAME} characters at most.")
    if "\x00" in name:
        return UNREADABLE
    try:
        with acting_as(actor) as connection:
            _upsert(connection, name, parameters, is_shared)
    except (DBAPIError, UnicodeEncodeError) as error:
        return explained(error, _INSTEAD)
    return None


def _upsert(
    connection: Connection,
    name: str,
    parameters: Mapping[str, str],
    is_shared: bool,
) -> None:
    my_organisation = select(STAFF.c.organisation_id).where(STAFF.c.id == ME).scalar_subquery()
    view = insert(SAVED_VIEW).values(
        organisation_id=my_organisation if is_shared else None,
        name=name,
        parameters=dict(parameters),
        is_default=False,
    )
    replaced = ("organisation_id", "parameters", "is_default")
    connection.execute(
        view.on_conflict_do_update(
            index_elements=[SAVED_VIEW.c.owner_id, SAVED_VIEW.c.name],
            set_={column: view.excluded[column] for column in replaced},
        )
    )


def make_default(actor: Actor, view_id: UUID | None) -> None:
    """This view of mine opens the class page from now on; None: no view does."""
    former = SAVED_VIEW.c.owner_id == ME, SAVED_VIEW.c.is_default
    with acting_as(actor) as connection:
        connection.execute(update(SAVED_VIEW).where(*former).values(is_default=False))
        connection.execute(update(SAVED_VIEW).where(*_mine(view_id)).values(is_default=True))


def remove_view(actor: Actor, view_id: UUID) -> bool:
    """Remove a view of mine; False where it is not mine or not there."""
    with acting_as(actor) as connection:
        return connection.execute(delete(SAVED_VIEW).where(*_mine(view_id))).rowcount == 1


def _mine(view_id: UUID | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SAVED_VIEW.c.id == view_id, SAVED_VIEW.c.owner_id == ME

"""Saving, choosing and removing named views of the class page; `data.reading.saved_views` reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.rules.progress import Problem

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
    is_default: bool = False,
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
            if is_default:
                _clear_default(connection)
            _upsert(connection, name, parameters, is_shared=is_shared, is_default=is_default)
    except (DBAPIError, UnicodeEncodeError) as error:
        return explained(error, _INSTEAD)
    return None


def _upsert(
    connection: Connection,
    name: str,
    parameters: Mapping[str, str],
    *,
    is_shared: bool,
    is_default: bool,
) -> None:
    connection.execute(
        text("""
            insert into dashboard.saved_view (organisation_id, name, parameters, is_default)
            select
                case when :is_shared then (
                    select organisation_id from roster.staff where id = (select internal.me())
                ) end,
                :name,
                cast(:parameters as jsonb),
                :is_default
            on conflict (owner_id, name) do update set
                organisation_id = excluded.organisation_id,
                parameters = excluded.parameters,
                is_default = excluded.is_default
        """),
        {
            "is_shared": is_shared,
            "name": name,
            "parameters": json.dumps(dict(parameters)),
            "is_default": is_default,
        },
    )


def _clear_default(connection: Connection) -> None:
    connection.execute(
        text("""
            update dashboard.saved_view
            set is_default = false
            where owner_id = (select internal.me()) and is_default
        """)
    )


def make_default(actor: Actor, view_id: UUID | None) -> None:
    """This view of mine opens the class page from now on; None: no view does."""
    with acting_as(actor) as connection:
        _clear_default(connection)
        connection.execute(
            text("""
                update dashboard.saved_view
                set is_default = true
                where id = :id and owner_id = (select internal.me())
            """),
            {"id": view_id},
        )


def remove_view(actor: Actor, view_id: UUID) -> bool:
    """Remove a view of mine; False where it is not mine or not there."""
    with acting_as(actor) as connection:
        removed = connection.execute(
            text(
                "delete from dashboard.saved_view where id = :id and owner_id = (select internal.me())"
            ),
            {"id": view_id},
        )
        return removed.rowcount == 1

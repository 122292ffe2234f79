"""Named views of the class page: mine, and those colleagues share. Only addresses, never rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access.errors import sqlstate
from data.access.session import Actor, acting_as
from data.rules.progress import Problem

LONGEST_NAME: Final = 80

UNREADABLE: Final = Problem(None, "name", "The name holds a character that cannot be stored.")


@dataclass(frozen=True)
class SavedView:
    """A named set of the class page's URL parameters."""

    id: UUID
    name: str
    parameters: Mapping[str, str]
    is_mine: bool
    is_shared: bool
    is_default: bool
    owner_name: str | None


def saved_views(connection: Connection) -> list[SavedView]:
    """My views, then those shared with my organisation, by name."""
    rows = connection.execute(
        text("""
            select
                saved_view.id,
                saved_view.name,
                saved_view.parameters,
                saved_view.owner_id = (select internal.me()) as is_mine,
                saved_view.organisation_id is not null as is_shared,
                saved_view.is_default and saved_view.owner_id = (select internal.me()) as is_default,
                staff.full_name as owner_name
            from dashboard.saved_view
            left join roster.staff on staff.id = saved_view.owner_id
            order by saved_view.owner_id <> (select internal.me()), saved_view.name, saved_view.id
        """)
    )
    return [
        SavedView(
            row.id,
            row.name,
            {str(key): str(value) for key, value in row.parameters.items()},
            row.is_mine,
            row.is_shared,
            row.is_default,
            row.owner_name,
        )
        for row in rows
    ]


def keep_view(
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
        return _explain(error)
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


def _explain(error: DBAPIError | UnicodeEncodeError) -> Problem:
    if isinstance(error, UnicodeEncodeError) or sqlstate(error) in ("22021", "22P05"):
        return UNREADABLE
    if sqlstate(error) == "42501":
        return Problem(None, "refused", "You may not keep views here.")
    raise error

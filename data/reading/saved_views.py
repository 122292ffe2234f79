"""Named views of the class page: mine, and those colleagues share. Only addresses, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text


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

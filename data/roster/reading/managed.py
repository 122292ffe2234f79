"""What I manage: organisations, and how much there is of everything."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Organisation:
    """A school, or a part of one that is managed by itself."""

    id: UUID
    name: str


@dataclass(frozen=True)
class ManagedSchool:
    """The organisations whose roster I change, by name, and what is in them. `roles` are those I may give."""

    organisations: tuple[Organisation, ...]
    roles: tuple[str, ...]
    manages_all: bool
    students: int
    classes: int
    staff: int
    modules: int


def managed_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """Those whose roster I change, by name."""
    rows = connection.execute(
        text("""
            select id, name
            from roster.organisation
            where id in (select internal.my_managed_organisations())
            order by lower(name), id
        """)
    )
    return tuple(Organisation(row.id, row.name) for row in rows)


def managed_school(connection: Connection) -> ManagedSchool:
    """Of whoever asks; nothing of anybody but coordinators and administrators."""
    counts = connection.execute(
        text("""
            select
                array(select internal.my_grantable_roles()) as roles,
                internal.manages_all() as manages_all,
                (select count(*) from school.student where is_active) as students,
                (select count(*) from school.class where archived_at is null) as classes,
                (select count(*) from school.staff where is_active) as staff,
                (select count(*) from roster.module where retired_at is null) as modules
        """)
    ).one()
    return ManagedSchool(
        managed_organisations(connection),
        **{**counts._mapping, "roles": tuple(counts.roles)},
    )

"""What an attachment makes, all of it its own: schemas, roles, views, and the adapter as functions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, text

from data.access.owner import run
from data.database import migrate, schema
from data.database.attaching.adapter import CONTRACT, ROLE_WORDS, Adapter, folded_word
from data.database.kinds import Kind


@dataclass(frozen=True)
class Wanted:
    """How a database is to be attached. `role_words` are the platform's own words; None is no staff."""

    adapter: Adapter
    role_words: Mapping[str, str | None] = field(default_factory=lambda: ROLE_WORDS)


GRANTS: Final = text("""
select
    datacl::text as database,
    nspacl::text as schema,
    exists (
        select
        from aclexplode(coalesce(datacl, acldefault('d', datdba)))
        where grantee = 0 and privilege_type = 'TEMPORARY'
    ) as temporary,
    array(select rolname::text from pg_roles where rolname = any (:ours)) as roles
from pg_database
cross join pg_namespace
where datname = current_database() and nspname = 'public'
""")

OUR_ROLES: Final = ("dashboard_guest", "dashboard_person")

ATTACHMENT: Final = text("""
insert into internal.attachment (adapter, grants_before) values (:name, cast(:before as jsonb))
""")
NAMED: Final = text("update internal.attachment set adapter = :name")


def make(connection: Connection, wanted: Wanted, login: str) -> None:
    """All but triggers on the platform's table; `login` is the name of the app's. Nothing of the platform's is
    altered: what is changed of the database's own rights is written down before."""
    ours = (*OUR_ROLES, login)
    was = connection.execute(GRANTS, {"ours": list(ours)}).one()
    before = {
        "database": was.database,
        "schema public": was.schema,
        "temporary": was.temporary,
        "made roles": sorted(set(ours) - set(was.roles)),
    }
    migrate.make(connection, Kind.ATTACHED)
    connection.execute(ATTACHMENT, {"name": wanted.adapter.name, "before": json.dumps(before)})
    say(connection, wanted)


def say(connection: Connection, wanted: Wanted) -> None:
    """The adapter and the roles as they are wanted now, in place of what was said before."""
    for statement in _adapter(wanted.adapter):
        run(connection, statement)
    connection.execute(NAMED, {"name": wanted.adapter.name})
    connection.execute(text("delete from internal.role_word"))
    words = [{"word": folded_word(word), "role": role} for word, role in wanted.role_words.items()]
    if words:
        connection.execute(
            text("insert into internal.role_word (word, role) values (:word, :role)"), words
        )
    schema.close(connection)


def _adapter(adapter: Adapter) -> Iterator[sql.Composed]:
    """Each section as a function whose body is a text: nothing of the platform's depends on it."""
    for relation, columns in CONTRACT.items():
        given = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in columns.items()
        )
        yield sql.SQL(
            "create or replace function internal.{}() returns table ({}) language sql stable "
            "set search_path = pg_catalog, public as {}"
        ).format(
            sql.Identifier(f"adapter_{relation}"), given, sql.Literal(adapter.select(relation))
        )

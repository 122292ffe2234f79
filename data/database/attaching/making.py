"""What an attachment makes, all of it its own: schemas, roles, views, and the adapter as functions."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, text

from data.access.owner import run
from data.database import migrate, schema
from data.database.attaching.adapter import CONTRACT, ROLE_WORDS, Adapter, folded_word
from data.database.attaching.findings import AttachFinding, consent, note
from data.database.attaching.reporting.sources import Source, told_of
from data.database.kinds import ON_THE_PLATFORMS, Kind, files, has_triggers, platform_triggers
from data.database.sql_files import statements


@dataclass(frozen=True)
class Wanted:
    """How a database is to be attached. `role_words` are the platform's own words; None is no staff."""

    adapter: Adapter
    role_words: Mapping[str, str | None] = field(default_factory=lambda: ROLE_WORDS)
    accounts_of: str | None = None
    """The issuer of the platform's own sign-in service, whose subjects are the ids of its staff."""
    triggers: bool = True
    """May triggers of ours be on the progress table? Else facts are made by reading it."""


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
SAID_ROLES: Final = text("select word, role from internal.role_word")
WITHOUT_TRIGGERS: Final = """
create table if not exists internal.without_triggers ();
alter table internal.without_triggers enable row level security;
"""
NAMED: Final = text("update internal.attachment set adapter = :name, accounts_of = :accounts_of")


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
    if not wanted.triggers:
        run(connection, WITHOUT_TRIGGERS)
    say(connection, wanted)


def kept(connection: Connection, named: Wanted, *, triggers: bool | None = None) -> Wanted:
    """As it was said before, but for what is `named` now: of the words for roles those alone are."""
    accounts_of = connection.scalar(text("select accounts_of from internal.attachment"))
    return replace(
        named,
        role_words={
            **{row.word: row.role for row in connection.execute(SAID_ROLES)},
            **named.role_words,
        },
        accounts_of=accounts_of if named.accounts_of is None else named.accounts_of,
        triggers=has_triggers(connection) if triggers is None else triggers,
    )


def options(wanted: Wanted) -> list[str]:
    """What attach was told beside the adapter, as it is written on its command line."""
    accounts = [f"--accounts-of {wanted.accounts_of}"] if wanted.accounts_of else []
    without = [] if wanted.triggers else ["--no-triggers"]
    return [*accounts, *without] + [
        f'--role "{word}={role or "nobody"}"'
        for word, role in sorted(wanted.role_words.items())
        if ROLE_WORDS.get(word, "") != role
    ]


def say(connection: Connection, wanted: Wanted) -> None:
    """The adapter and the roles as they are wanted now, in place of what was said before."""
    for statement in _adapter(wanted.adapter):
        run(connection, statement)
    connection.execute(
        NAMED, {"name": wanted.adapter.name, "accounts_of": wanted.accounts_of or None}
    )
    connection.execute(text("delete from internal.role_word"))
    words = [{"word": folded_word(word), "role": role} for word, role in wanted.role_words.items()]
    if words:
        connection.execute(
            text("insert into internal.role_word (word, role) values (:word, :role)"), words
        )
    schema.close(connection)


def script(wanted: Wanted, read: Iterable[Source]) -> Iterator[str]:
    """What attaching makes, as SQL: all but the rows it writes, and the app's login with its rights."""
    for file in files(Kind.ATTACHED):
        yield f"-- {file}"
        yield from (
            f"{statement.text};"
            for statement in statements(file)
            if not ON_THE_PLATFORMS.match(statement.text)
        )
    yield "-- the adapter"
    yield from (f"{statement.as_string()};" for statement in _adapter(wanted.adapter))
    if not wanted.triggers:
        yield WITHOUT_TRIGGERS.strip()
        return
    yield "-- on the platform's tables, one by one"
    yield from (f"{statement};" for statement in platform_triggers(Kind.ATTACHED).values())
    yield from (f"{one.said().as_string()};" for one in read if not one.is_right)


READ_LATER: Final = (
    "What the platform writes is read every few minutes: cells and counts are as of then, and its changes are "
    "not in the history, which holds what is saved here. What staff lock here the platform can change all the "
    "same."
)
"""What it means to have no triggers."""

BOUND: Final = (
    "While it is attached, the platform may alter, rename, empty and drop what it likes, but for this: "
    "PostgreSQL refuses to drop that table, its type progress_status and the eight columns that are read "
    "(student_id, module_id, status, score, progress_details, last_updated, completed_at, "
    "progress_percentage), or to give these another type. For that, detach it and attach it again: "
    "--keep-history writes down what goes."
)
"""What views of ours on the progress table keep the platform from."""


NOT_PLACED: Final = note(
    "not_placed",
    "Nothing at all is put on public.student_module_progress, nor on any other table of the platform's. "
    f"{READ_LATER} {BOUND}",
)


def made(login: str, wanted: Wanted, read: Iterable[Source]) -> Iterator[AttachFinding]:
    """What attaching makes, and where, when these are `read`."""
    yield placed(read) if wanted.triggers else NOT_PLACED
    yield note(
        "made",
        "All else is made in schemas of its own (school, roster, dashboard, internal, dashboard_migrations), "
        f"with the roles {' and '.join(OUR_ROLES)} and the app's login {login}, which may connect. There a "
        "copy of names, e-mails, numbers, roles and classes is kept, read again every few minutes. --sql FILE "
        "writes down all of it but that login.",
    )


def switched(wanted: Wanted, read: Iterable[Source], *, had: bool) -> Iterator[AttachFinding]:
    """What is put on tables of the platform's, or taken off them, to go on as it is wanted."""
    if wanted.triggers:
        if not had or not all(one.is_right for one in read):
            yield placed(read)
    elif had:
        yield consent(
            "removed",
            "The triggers on the platform's tables are removed; what they recorded stays in the history. "
            f"{READ_LATER}",
        )


def placed(read: Iterable[Source]) -> AttachFinding:
    """What is put on the progress table, and on the tables that the roster is `read` from."""
    triggers = platform_triggers(Kind.ATTACHED)
    return consent(
        "placed",
        f"{len(triggers)} triggers are placed on public.student_module_progress. They record what is written "
        "there; and where staff locked a value here, they restore it when the platform writes another, which "
        "is told that its write went through (nothing is locked until somebody does it). Where one of them "
        "fails, the platform's write goes on all the same: the history may then lack it, and a lock be passed "
        "over. Each is placed in a moment in which nobody has to wait for longer than a tenth of a second, and "
        f"tried again until it is. They are: {', '.join(triggers)}. {' '.join(told_of(read))} No other table "
        f"of the platform's is changed. {BOUND}",
    )


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

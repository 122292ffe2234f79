"""The schema: made whole in a new database, and put in force again where a file of it changed.

What a file says of tables is said once, and changed later by a numbered migration. All else (functions, views,
policies, grants, triggers) is simply edited in its file: the digest of what was last put in force is stored
beside the revision, so that an upgrade says again only what changed. It is the files' digest and not the
catalogue's, which tells neither a function's costs nor a comment, and which each release writes in its own way.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, text

from data.access.owner import run
from data.database import schema_expected
from data.database.kinds import CLOSED, LOCKING, ON_THE_PLATFORMS, Kind, files, kind_of
from data.database.sql_files import Statement, digest, statements

IN_FORCE: Final = """
create table if not exists dashboard_migrations.in_force (
    file text primary key,
    digest text not null
);
alter table dashboard_migrations.in_force enable row level security;
"""

SAID_AGAIN: Final = ("policy ", "trigger ", "function ", "view ", "grant ")
"""What `migrate` mends. Tables hold rows: their defaults, constraints and indexes it leaves alone."""

GIVEN_AWAY: Final = re.compile(
    r"grant .+ on (?!table public\.student_module_progress|(table|function|schema) auth|platform ).+ "
    r"to (?P<who>.+)"
)
"""Some hosts give rights on whatever is made, and so on whatever is restored."""

OUR_ROLES: Final = {"dashboard_person", "dashboard_guest"}

OURS_TAKEN_BACK: Final = """
revoke all on all tables in schema school, roster, dashboard, internal
from dashboard_person, dashboard_guest;
revoke all on all sequences in schema school, roster, dashboard, internal
from dashboard_person, dashboard_guest;
revoke all on all routines in schema school, roster, dashboard, internal
from dashboard_person, dashboard_guest;
revoke all on schema school, roster, dashboard, internal from dashboard_person, dashboard_guest;
"""
"""Said before all files are said again, which give back what they give: not what an older release gave."""

REMEMBER: Final = text("""
insert into dashboard_migrations.in_force (file, digest)
values (:file, :digest)
on conflict (file) do update set digest = excluded.digest
""")


STRANGERS: Final = text("""
select quote_ident(rolname)
from pg_roles
where rolname not in ('dashboard_person', 'dashboard_guest', current_user)
    and (
        rolname in ('anon', 'authenticated', 'service_role')
        or oid in (
            select grantee
            from pg_default_acl
            cross join lateral aclexplode(defaclacl)
            where defaclrole = quote_ident(current_user)::regrole
                and defaclnamespace::regnamespace::text
                    not in ('dashboard', 'dashboard_migrations', 'internal', 'roster', 'school')
        )
    )
""")
"""Roles of a host's web interface, and whoever else its owner gives rights on whatever is made anywhere."""


JUDGE: Final = text("select internal.note_wrong_doubts()")
"""Rows that stand there are judged by the data check's rules as they are now."""

FORGET: Final = (
    text("select pg_advisory_xact_lock(7205759404)"),
    text("delete from internal.class_summary"),  # what is new goes with it
)
"""What was worked out by rules as they were; nobody settles until they are in force."""


def make(connection: Connection, kind: Kind = Kind.STANDALONE) -> None:
    """All of it, in a database that has none of it; nothing on a table that is the platform's."""
    run(connection, IN_FORCE)
    for file in files(kind):
        _put(connection, file, _of_kind(file, kind))


def close(connection: Connection) -> None:
    """What is new may have been given away by the server's defaults."""
    for file in files(kind_of(connection)):
        if file in CLOSED:
            _put(connection, file, statements(file))


def put_in_force(connection: Connection) -> None:
    """Whatever is said otherwise than when last put in force; all of it, where some was lost or changed."""
    kind = kind_of(connection)
    run(connection, IN_FORCE)
    behind = files_behind(connection)
    _say_again(connection, kind, behind)
    if not (is_as_made := _is_as_made(connection, kind)):
        _say_again(connection, kind, ["schemas"])  # of a restored database the roles may be missing
        run(connection, OURS_TAKEN_BACK)
        _say_again(connection, kind, files(kind))
    if behind or not is_as_made:
        for statement in FORGET:
            connection.execute(statement)
    if "doubts" in behind:
        connection.execute(JUDGE)


def _say_again(connection: Connection, kind: Kind, behind: Collection[str]) -> None:
    for file in files(kind):
        if file in CLOSED and behind:
            _put(connection, file, statements(file))
        elif file in behind:
            said = _of_kind(file, kind)
            _put(connection, file, [one for one in said if not _is_kept(one, kind)])


def _is_kept(statement: Statement, kind: Kind) -> bool:
    """Tables are; and where a platform writes meanwhile, what would keep it waiting until all is done: that is
    said by platform_triggers.place()."""
    waits = kind is Kind.ATTACHED and LOCKING.match(statement.text) is not None
    return statement.is_made_once or waits


def _of_kind(file: str, kind: Kind) -> Iterator[Statement]:
    for statement in statements(file):
        if kind is Kind.STANDALONE or not ON_THE_PLATFORMS.match(statement.text):
            yield statement


def files_behind(connection: Connection) -> list[str]:
    """The files that say otherwise than when they were last put in force; for the owner alone."""
    known = text("select file, digest from dashboard_migrations.in_force")
    in_force = {row.file: row.digest for row in connection.execute(known)}
    return [file for file in files(kind_of(connection)) if digest(file) != in_force.get(file)]


def _is_as_made(connection: Connection, kind: Kind) -> bool:
    """Is all there that can be said again, as its file says it, and nothing given away that is closed?"""
    with connection.begin_nested() as looking:
        found = schema_expected.digests(schema_expected.definitions(connection))
        looking.rollback()  # with the settings under which it was read
    expected = schema_expected.expected(kind)
    said_here = SAID_AGAIN if kind is Kind.STANDALONE else SAID_AGAIN[2:]
    others = {"public", *OUR_ROLES, *connection.scalars(STRANGERS)}
    further = found.keys() - expected.keys()
    given = map(GIVEN_AWAY.fullmatch, further)
    return (
        not any(one.startswith("month ") for one in further)
        and not any(one and one["who"] in others for one in given)
        and all(
            found.get(name) == one for name, one in expected.items() if name.startswith(said_here)
        )
    )


def _put(connection: Connection, file: str, said: Iterable[Statement]) -> None:
    strangers = connection.scalars(STRANGERS).all()
    for statement in said:
        run(connection, *statement.said(strangers))
    connection.execute(REMEMBER, {"file": file, "digest": digest(file)})

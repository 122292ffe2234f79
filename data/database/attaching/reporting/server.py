"""The server, this database, and the user who would attach it."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from data.database.attaching.findings import AttachFinding, consent, note, stop

OLDEST: Final = 15
NEWEST: Final = 18

SCHEMAS: Final = ("school", "roster", "dashboard", "internal", "dashboard_migrations")
ROLES: Final = ("dashboard_person", "dashboard_guest")

SERVER: Final = text("""
select
    current_setting('server_version_num')::integer / 10000 as version,
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as is_read_only,
    current_setting('jit')::boolean as has_jit,
    pg_backend_pid() as process,
    quote_ident(current_database()) as database,
    has_database_privilege('public', current_database(), 'temporary') as is_temporary_public,
    pg_has_role(datdba, 'usage') as owns_database,
    datdba::regrole::text as database_owner,
    has_database_privilege(current_database(), 'create') as may_make_schemas,
    rolname::text as owner,
    rolsuper as is_superuser,
    rolsuper or rolcreaterole as may_make_roles
from pg_roles
cross join pg_database
where rolname = current_user and datname = current_database()
""")

SCHEMAS_THERE: Final = text("""
select nspname::text
from pg_namespace
where nspname = any(:names)
order by nspname
""")

ROLES_THERE: Final = text("""
select
    rolname::text as name,
    rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as is_more,
    rolcanlogin as may_log_in,
    pg_has_role(oid, 'member with admin option')
        or current_setting('server_version_num')::integer < 160000 as may_be_granted,
    array(
        select roleid::regrole::text from pg_auth_members where member = pg_roles.oid order by 1
    ) as other_roles,
    array(
        select pg_describe_object(classid, objid, objsubid)
        from pg_shdepend
        where refclassid = 'pg_authid'::regclass
            and refobjid = pg_roles.oid
            and (
                dbid = (select oid from pg_database where datname = current_database())
                or (classid = 'pg_database'::regclass
                    and objid = (select oid from pg_database where datname = current_database()))
            )
        order by 1
    ) as given
from pg_roles
where rolname = any(:names)
order by rolname
""")

SETTINGS: Final = text("""
select
    coalesce('role ' || rolname, 'every role') as who,
    split_part(configured, '=', 1) as name,
    substr(configured, strpos(configured, '=') + 1) as value
from pg_db_role_setting
left join pg_roles on pg_roles.oid = setrole
cross join lateral unnest(setconfig) as configured
where setdatabase = 0 or setdatabase = (select oid from pg_database where datname = current_database())
order by 1, 2
""")

HAS_WEB_INTERFACE: Final = text("select to_regrole('authenticator') is not null")

EVENT_TRIGGERS: Final = text("""
select evtname::text
from pg_event_trigger
where evtenabled <> 'D'
order by evtname
""")

TIMEOUTS: Final = {
    "statement_timeout",
    "lock_timeout",
    "transaction_timeout",
    "idle_in_transaction_session_timeout",
}


def of_server(connection: Connection) -> Iterator[AttachFinding]:
    """Version, encoding, rights of the user, settings; then what of ours is there already."""
    it = connection.execute(SERVER).one()
    if it.version < OLDEST:
        yield stop(
            "version", f"PostgreSQL {it.version} is too old: {OLDEST} to {NEWEST} is needed."
        )
    elif it.version > NEWEST:
        yield note("version", f"PostgreSQL {it.version} was not tried: {OLDEST} to {NEWEST} were.")
    if it.encoding != "UTF8":
        yield stop(
            "encoding",
            f"The encoding is {it.encoding}, which cannot store every name: UTF8 is needed.",
        )
    if it.is_read_only:
        yield stop(
            "read_only",
            "The database can only be read here. Have DATABASE_OWNER_URL lead to the primary.",
        )
    if not it.may_make_schemas:
        yield stop(
            "schemas",
            f"The user {it.owner} may not make schemas in {it.database}. Name one who may.",
        )
    if not it.may_make_roles:
        yield stop("roles", f"The user {it.owner} may not make roles. Name one with CREATEROLE.")
    if it.is_superuser:
        yield note(
            "superuser",
            f"The user {it.owner} is a superuser. The tables' owner is enough, with CREATEROLE.",
        )
    if it.is_temporary_public:
        yield _temporary(it.database, it.database_owner, owns=it.owns_database)
    if it.has_jit:
        yield note(
            "jit",
            "The server compiles queries (jit). The app turns that off for its own transactions.",
        )
    if _told_process(connection) != it.process:
        yield note(
            "pooler",
            "The address of DATABASE_OWNER_URL leads through a pooler. Attaching works. Where "
            "DATABASE_URL leads through one that is shared by transactions (often port 6543), pages "
            "do not hear of changes at once: name the direct address or the one for sessions.",
        )
    yield from _settings(connection)
    yield from _of_ours(connection)


def _temporary(database: str, owner: str, *, owns: bool) -> AttachFinding:
    if owns:
        return consent(
            "temporary",
            f"Attaching runs “revoke temporary on database {database} from public”: else a temporary "
            "table of the app's login could hide one of ours from a query. Detach grants it again. Until "
            "then a program of yours that makes temporary tables needs that right of its own.",
        )
    return stop(
        "temporary",
        f"Everybody may make temporary tables in {database}, so the app's login too: one could hide a table of "
        f"ours from a query, and the app does not start like that. Have the database's owner, {owner}, run: "
        f"revoke temporary on database {database} from public. Programs that make temporary tables then need "
        "that right of their own.",
    )


def _told_process(connection: Connection) -> int:
    """The server process as it was told when connecting: a pooler tells another."""
    driver = connection.connection.driver_connection
    return int(driver.info.backend_pid) if driver else 0


def _settings(connection: Connection) -> Iterator[AttachFinding]:
    found = connection.execute(SETTINGS).all()
    times = [f"{one.who} {one.name} {one.value}" for one in found if one.name in TIMEOUTS]
    if times:
        yield note(
            "timeouts",
            f"Timeouts are set: {', '.join(times)}. Attaching keeps nobody waiting for longer than a "
            "tenth of a second or so.",
        )
    exposed = [one.value for one in found if one.name == "pgrst.db_schemas"]
    ours = sorted({name.strip() for value in exposed for name in value.split(",")} & set(SCHEMAS))
    if ours:
        yield stop(
            "exposed",
            f"The platform's web interface is set to expose {', '.join(ours)} (pgrst.db_schemas), "
            "which attaching would fill. Take the name out of that list first.",
        )
    elif not exposed and connection.scalar(HAS_WEB_INTERFACE):
        yield note(
            "exposed",
            "Which schemas the platform's API exposes is not written in this database. See in its "
            f"settings (Supabase: Exposed schemas) that none of these is among them: {', '.join(SCHEMAS)}.",
        )
    if named := connection.scalars(EVENT_TRIGGERS).all():
        yield note(
            "event_triggers",
            f"Whatever is made also runs the platform's event triggers ({', '.join(named)}), as its own "
            "migrations do: on Supabase its API reads the schema again.",
        )


def _of_ours(connection: Connection) -> Iterator[AttachFinding]:
    schemas = connection.scalars(SCHEMAS_THERE, {"names": list(SCHEMAS)}).all()
    if schemas:
        yield stop(
            "schemas_there",
            f"Schemas of these names are there already: {', '.join(schemas)}. If this program made them, it "
            "is attached, or was interrupted: run python -m data check. If not, it cannot be attached "
            "before they have other names, since it makes its own of these.",
        )
        return  # what our roles may do there is ours
    for role in connection.execute(ROLES_THERE, {"names": list(ROLES)}):
        if role.is_more or role.may_log_in:
            yield stop(
                "role",
                f"The role {role.name} is there and may do more than it must, such as to log in, to "
                "bypass row level security or to make roles. It is not the one that this program "
                "makes.",
            )
        if given := [*role.other_roles, *role.given]:
            yield stop(
                "role_given",
                f"The role {role.name} is there, and somebody gave it what the app would then have: "
                f"{', '.join(given)}. Whoever gave it must take it away first.",
            )
        if not role.may_be_granted:
            yield stop(
                "role_of_another",
                f"The role {role.name} was made by somebody else, and this user may not pass it on to "
                "the app's login. Attach as the user who made it.",
            )

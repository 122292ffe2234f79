"""What the platform lets whom do with the progress table, and what of it reaches the app or what it "
"saves."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from data.database.attaching.findings import AttachFinding, consent, note
from data.database.attaching.reporting.rows import TABLE

COMMANDS: Final = {
    "*": "everything",
    "r": "reading",
    "a": "inserting",
    "w": "updating",
    "d": "deleting",
}

POLICIES: Final = text("""
select
    polname::text as name,
    polpermissive as is_permissive,
    polcmd::text as command,
    0 = any(polroles) as is_everybodys,
    array(select rolname::text from pg_roles where pg_roles.oid = any(polroles) order by 1) as roles,
    concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) as written
from pg_policy
where polrelid = to_regclass('public.student_module_progress')
order by polname
""")

TRUNCATES: Final = text("""
select case when grantee = 0 then 'everybody' else grantee::regrole::text end
from pg_class
cross join lateral aclexplode(relacl) as granted
where pg_class.oid = to_regclass('public.student_module_progress')
    and privilege_type = 'TRUNCATE' and grantee <> relowner
order by 1
""")

GIVEN_TO_EVERYBODY: Final = text("""
select rights, string_agg(name, ', ' order by name) as names
from (
    select
        relnamespace::regnamespace || '.' || quote_ident(relname) as name,
        string_agg(distinct privilege_type, ', ') as rights
    from pg_class
    cross join lateral (
        select grantee, privilege_type
        from aclexplode(relacl)
        union
        select grantee, privilege_type
        from pg_attribute
        cross join lateral aclexplode(attacl)
        where attrelid = pg_class.oid
    ) as granted
    where grantee = 0
        and relkind in ('r', 'v', 'm', 'p', 'f')
        and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
        and has_schema_privilege('public', relnamespace, 'usage')
        and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
    group by relnamespace, relname
) as given
group by rights
order by rights
""")

DEFINERS: Final = text("""
select pronamespace::regnamespace || '.' || quote_ident(proname)
from pg_proc
where prosecdef
    and prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
    and has_schema_privilege('public', pronamespace, 'usage')
    and has_function_privilege('public', pg_proc.oid, 'execute')
    and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
group by pronamespace, proname
order by 1
""")

GIVEN_BY_DEFAULT: Final = text("""
select distinct case when grantee = 0 then 'everybody' else grantee::regrole::text end
from pg_default_acl
cross join lateral aclexplode(defaclacl)
where defaclrole = quote_ident(current_user)::regrole and defaclnamespace = 0 and grantee <> defaclrole
    and not (grantee = 0 and defaclobjtype in ('f', 'T'))
order by 1
""")

TRIGGERS: Final = text("""
select
    tgname::text as name,
    proname::text as function,
    prosecdef as is_definers,
    prosrc as body,
    tgtype & 2 = 2 and tgtype & 20 > 0 and tgtype & 1 = 1 as may_change_rows
from pg_trigger
join pg_proc on pg_proc.oid = tgfoid
where tgrelid = to_regclass('public.student_module_progress') and not tgisinternal and tgenabled <> 'D'
order by tgname
""")

AUTH: Final = text("""
select
    exists (
        select from pg_proc where proname = 'uid' and pronargs = 0 and pronamespace = pg_namespace.oid
    ) as has_uid,
    has_schema_privilege('public', pg_namespace.oid, 'usage') as is_open
from (values ('auth')) as its (name)
left join pg_namespace on nspname = its.name
""")

AS_WHO: Final = re.compile(r"(?<!select )\bauth\.\w+\(", re.IGNORECASE)
OTHER_TABLES: Final = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
ASKS_AUTH: Final = re.compile(r"\bauth\s*\.\s*\w+", re.IGNORECASE)
ASKS_TABLES: Final = re.compile(r"\b(from|join|into|update|perform)\s+[\w\".]+", re.IGNORECASE)
MOST_NAMED: Final = 10


def of_access(connection: Connection) -> Iterator[AttachFinding]:
    """Policies, grants, default privileges and triggers of the platform's own."""
    yield from _of_policies(connection.execute(POLICIES).all())
    yield from _of_grants(connection)
    auth = connection.execute(AUTH).one()
    if not auth.has_uid:
        yield note(
            "authors",
            "There is no auth.uid() here: what the platform writes has no author in the history.",
        )
    for one in connection.execute(TRIGGERS):
        yield from _of_trigger(one, is_auth_open=auth.is_open)


def _of_policies(policies: Sequence[Row[Any]]) -> Iterator[AttachFinding]:
    for one in policies:
        it = f"The policy “{one.name}” of the platform ({COMMANDS[one.command]})"
        if not one.is_permissive:
            yield consent(
                "policy",
                f"{it} is restrictive, and does not bind this program: people can save here what it forbids "
                f"on the platform. A constraint or a trigger binds both. It asks: {one.written}.",
            )
        elif one.is_everybodys:
            yield note(
                "policy",
                f"{it} is for everybody{_asked(one.written)}. It is not used here, and opens nothing.",
            )
    own = [f"“{one.name}”" for one in policies if one.is_permissive and not one.is_everybodys]
    if own:
        yield note(
            "policies",
            "People here read and write through views of the table's owner, by this program's rules alone: no "
            f"policy of the platform lets them see more, nor keeps them from more. Not used: {', '.join(own)}.",
        )


def _asked(written: str) -> str:
    if OTHER_TABLES.search(written):
        return ", and asks other tables"
    if AS_WHO.search(written):
        return ", and asks for each row who it is"
    return ", and lets all rows through" if written.strip("()") == "true" else ""


def _of_grants(connection: Connection) -> Iterator[AttachFinding]:
    if who := connection.scalars(TRUNCATES).all():
        yield note(
            "truncate",
            f"As it is already: {', '.join(who)} may TRUNCATE {TABLE}, which no row level security "
            "refuses. The app's roles may not.",
        )
    for one in connection.execute(GIVEN_TO_EVERYBODY):
        yield consent(
            "given_to_everybody",
            f"Everybody has {one.rights} on {one.names}, the app's roles too: there the platform's "
            "policies alone decide what a statement that gets into the app could read or write.",
        )
    if definers := connection.scalars(DEFINERS).all():
        yield note(
            "definers",
            f"{len(definers)} functions that run with their owner's rights may be called by everybody, "
            f"the app's roles too: {_some(definers)}.",
        )
    if who := connection.scalars(GIVEN_BY_DEFAULT).all():
        yield note(
            "default_privileges",
            f"Whatever this user makes is given to {', '.join(who)} by default. Attaching takes it "
            "from what it makes.",
        )


def _of_trigger(one: Row[Any], *, is_auth_open: bool) -> Iterator[AttachFinding]:
    asks_auth = not is_auth_open and ASKS_AUTH.search(one.body)
    asked = asks_auth or ASKS_TABLES.search(one.body)
    if asked and not one.is_definers:
        yield consent(
            "trigger_as_writer",
            f"The trigger {one.name} of the platform runs as whoever writes, and asks {asked[0]}. When "
            "somebody saves here, that is the user of DATABASE_OWNER_URL, and auth.uid() is the person "
            "who saves. At the end of this report rows are changed and added as people here would, and taken "
            "back: had it refused, that would be said there.",
        )
    elif one.may_change_rows:
        yield note(
            "trigger",
            f"The trigger {one.name} of the platform may change what is saved here, or refuse it.",
        )


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

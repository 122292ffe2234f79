"""Everything that guards the rows, dropped or loosened one by one; told by the catalogue, so that nothing is
forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMAS: Final = "('dashboard', 'internal', 'roster', 'school', 'public')"
WAYS_IN: Final = ("authenticated", "anon")


@dataclass(frozen=True)
class Mutant:
    """A change for the worse. `relation` is the one it is about, None where it may be about any."""

    what: str
    statement: str
    relation: str | None = None
    is_right: bool = False  # a grant: looked for among the rights
    is_text_only: bool = False  # nobody could make use of it today: seen by its definition alone


EVERYTHING: Final = {
    "internal.my_students()": "(select id from school.student)",
    "internal.my_editable_students()": "(select id from school.student)",
    "internal.my_staffed_classes()": "(select id from school.class)",
    "internal.my_classes()": "(select id from school.class)",
    "internal.my_organisations()": "(select id from public.organisations)",
    "internal.my_role()": "'admin'::text",
}
"""What each question would answer if it asked nobody."""

LOOSER: Final = (
    (r"\band (staff|student)?\.?is_active\b", ""),
    (r"where (\w+) = \(select internal\.me\(\)\)", r"where true"),
    (r"(staff|student)\.id = (\(select internal\.me\(\)\)|me\b)", "true"),
    (r"(staff|my)\.role = '(admin|coordinator)'", "true"),
    (r"(?<!\.)\brole = 'teacher'", "role is not null"),
    (r"(student|class)\.organisation_id = my\.organisation_id", "true"),
    (r"class_teacher\.staff_id = (me|my\.id)\b", "true"),
    (r"class_student\.(class_id = class_teacher\.class_id|student_id = student\.id)", "true"),
    (r"staff\.organisation_id = organisation\.id", "true"),
    (r"> 120", "> 1e9"),
    (r"known\.ends_at > now\(\)", "true"),
    (r"and exists \(select from internal\.app_login as login [^;]*\)", ""),
    (r"(?s)return sha256\(key\.outer_pad \|\| .*?;", "return true;"),
    (r"claims ->> 'iat' !~ '[^']*'", "false"),
    (r"(?s)claims \? 'sid' and not internal\.is_session_open\(.*?\) then", "false then"),
    (r"and one\.(staff_id = person|ended_at is null|ends_at > now\(\))", ""),
    (r"after\.moment > one\.signed_in_at", "false"),
    (r"not internal\.is_signed\('sign-in ' \|\| told, key_id, signature\)", "false"),
    (r"told -> 'is_verified' is distinct from 'true'::jsonb", "false"),
    (r"cardinality\(found_ids\) is distinct from 1", "found_ids is null"),
    (r"staff\.is_active and internal\.folded", "internal.folded"),
    (r"(?s)outcome := internal\.why_over\(.*?;", "outcome := null;"),
    (r"one\.ended_at is not null or one\.staff_id <> person", "false"),
    (r"coalesce\(one\.ends_at, ends\) <= now\(\)", "false"),
    (r"after\.moment > coalesce\(one\.signed_in_at, began\)", "false"),
    (r"\band internal\.is_session_open\(one\.id, one\.staff_id\)", ""),
    (r'lower\(email collate "C"\)', "lower(email)"),
    (r"\(everywhere or id = session\)", "true"),
    (r"raise exception 'nobody has signed.*?;", "return auth.uid();"),
    (r"and \w+\.author_id = (author|\(select internal\.me\(\)\))", ""),
    (r"exists \(select from internal\.demo_marker\)", "true"),
    (r"history\.student_id in \(select internal\.my_editable_students\(\)\)", "true"),
    (r"class\.id in \(select internal\.my_staffed_classes\(\)\)", "true"),
)
"""Conditions inside functions that are left out one by one wherever they stand."""


def mutants(connection: Connection) -> Iterator[Mutant]:
    """All of them, as the owner of the tables would say them."""
    connection.execute("select set_config('search_path', '', false)")
    yield from _policies(connection)
    yield from _tables(connection)
    yield from _grants(connection)
    yield from _triggers(connection)
    yield from _functions(connection)
    yield from _views(connection)
    yield from _defaults(connection)


def conjuncts(expression: str) -> list[str]:
    """What a condition is made of, where all of it must hold."""
    inner = expression[1:-1] if _closes_at(expression, 0) == len(expression) - 1 else expression
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(inner):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and inner.startswith(" AND ", at):
            parts.append(inner[start:at])
            start = at + 5
    return [*parts, inner[start:]]


def _closes_at(expression: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(expression)):
        depth += (expression[at] == "(") - (expression[at] == ")")
        if depth == 0:
            return at
    return -1


def _policies(connection: Connection) -> Iterator[Mutant]:
    for schema, table, name, using, check in connection.execute(
        f"select schemaname, tablename, policyname, qual, with_check from pg_policies "
        f"where schemaname in {SCHEMAS}".encode()
    ):
        relation = f"{schema}.{table}"
        yield Mutant(
            f"policy {name} on {relation} dropped", f"drop policy {name} on {relation}", relation
        )
        alter = f"alter policy {name} on {relation}"
        yield Mutant(f"{alter} to public", f"{alter} to public", is_text_only=True)
        for keyword, expression in (("using", using), ("with check", check)):
            if expression is None:
                continue
            yield Mutant(f"{alter}: {keyword} true", f"{alter} {keyword} (true)", relation)
            parts = conjuncts(expression)
            for left_out in parts if len(parts) > 1 else ():
                rest = " and ".join(part for part in parts if part is not left_out)
                what = f"{alter}: {keyword} without {left_out}"
                yield Mutant(what, f"{alter} {keyword} ({rest})", relation)


def _tables(connection: Connection) -> Iterator[Mutant]:
    for (name,) in connection.execute(
        f"select oid::regclass::text from pg_class where relrowsecurity "
        f"and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ):
        yield Mutant(
            f"row level security off on {name}",
            f"alter table {name} disable row level security",
            name,
        )


def _grants(connection: Connection) -> Iterator[Mutant]:
    for kind, name, relation, privilege, part, grantee in connection.execute(
        GRANTED.encode()
    ).fetchall():
        column = f" ({part})" if part else ""
        statement = f"revoke {privilege}{column} on {kind} {name} from {grantee}"
        yield Mutant(statement, statement, relation, is_right=True)
    for relation, privilege, grantee in connection.execute(NOT_GRANTED.encode()).fetchall():
        statement = f"grant {privilege} on table {relation} to {grantee}"
        yield Mutant(statement, statement, relation, is_right=True)
    for name, grantee in connection.execute(NOT_CALLABLE.encode()).fetchall():
        statement = f"grant execute on function {name} to {grantee}"
        yield Mutant(statement, statement, is_right=True)


GRANTED: Final = f"""
select
    'table', pg_class.oid::regclass::text, pg_class.oid::regclass::text, privilege_type, part,
    grantee::regrole::text
from pg_class
cross join lateral (
    select privilege_type, grantee, null::text as part
    from aclexplode(relacl)
    union all
    select privilege_type, grantee, quote_ident(attname)
    from pg_attribute
    cross join lateral aclexplode(attacl)
    where attrelid = pg_class.oid
) as granted
where relnamespace::regnamespace::text in {SCHEMAS} and grantee <> relowner
union all
select 'function', pg_proc.oid::regprocedure::text, null, privilege_type, null, grantee::regrole::text
from pg_proc
cross join lateral aclexplode(proacl)
where pronamespace::regnamespace::text in {SCHEMAS} and grantee <> proowner
union all
select 'schema', nspname, null, privilege_type, null, grantee::regrole::text
from pg_namespace
cross join lateral aclexplode(nspacl)
where nspname in ('auth', 'dashboard', 'internal', 'roster') and grantee <> nspowner
"""

NOT_GRANTED: Final = f"""
select pg_class.oid::regclass::text, privilege, grantee
from pg_class
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as privilege
cross join unnest(array['authenticated', 'anon']) as grantee
where relkind in ('r', 'v')
    and relnamespace::regnamespace::text in {SCHEMAS}
    and not has_table_privilege(grantee, oid, privilege)
    and (grantee = 'authenticated' or privilege = 'select')
    and (relkind = 'r' or privilege <> 'truncate')
"""

NOT_CALLABLE: Final = f"""
select pg_proc.oid::regprocedure::text, grantee
from pg_proc
cross join unnest(array['authenticated']) as grantee
where pronamespace::regnamespace::text in {SCHEMAS}
    and prokind = 'f'
    and not has_function_privilege(grantee, oid, 'execute')
"""


def _triggers(connection: Connection) -> Iterator[Mutant]:
    for name, relation in connection.execute(
        f"select tgname, tgrelid::regclass::text from pg_trigger join pg_class on pg_class.oid = tgrelid "
        f"where not tgisinternal and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ).fetchall():
        yield Mutant(
            f"trigger {name} on {relation} dropped", f"drop trigger {name} on {relation}", ""
        )
        disabled = f"alter table {relation} disable trigger {name}"
        yield Mutant(disabled, disabled, "")


FUNCTIONS: Final = f"""
select
    oid::regprocedure::text, pg_get_functiondef(oid), prosrc, pg_get_function_result(oid), prosecdef,
    proretset, proconfig is not null
from pg_proc
where prokind = 'f'
    and (pronamespace::regnamespace::text in {SCHEMAS} or oid::regprocedure::text = 'auth.uid()')
order by 1
"""

NOTHING: Final = {
    "trigger": ("plpgsql", "begin return coalesce(new, old); end"),
    "void": ("sql", "select"),
}


def _functions(connection: Connection) -> Iterator[Mutant]:
    for name, definition, source, result, is_definer, is_set, has_path in connection.execute(
        FUNCTIONS.encode()
    ).fetchall():
        # What only triggers and other functions call shows in the probes.
        about = None if re.match(r"(internal\.(me|my_\w+)|auth\.uid)\(", name) else ""
        yield Mutant(f"{name} dropped", f"drop function {name} cascade", about)
        if is_definer:
            statement = f"alter function {name} security invoker"
            yield Mutant(f"{name} with the caller's rights", statement, about)
        if has_path:
            statement = f"alter function {name} reset search_path"
            yield Mutant(f"{name} with the caller's path", statement, is_text_only=True)
        for number, other in enumerate(_other_bodies(source, result, is_set)):
            language, body = other
            changed = definition.replace(source, body)
            if language:
                changed = re.sub(r"(?m)^ LANGUAGE \w+", f" LANGUAGE {language}", changed, count=1)
            yield Mutant(f"{name}, another body ({number}: {_told(source, body)})", changed, about)


def _told(source: str, body: str) -> str:
    return "looser" if len(body) > 60 else " ".join(body.split())


def _other_bodies(source: str, result: str, is_set: bool) -> Iterator[tuple[str | None, str]]:
    if result in NOTHING:
        yield NOTHING[result]
    elif result == "SETOF uuid":
        yield "sql", "select id from school.student union all select id from school.class"
        yield "sql", "select null::uuid where false"
    elif not is_set:
        yield "sql", f"select null::{result}"
        if result == "boolean":
            yield "sql", "select true"
        if result == "uuid" and "sig" in source:
            yield (
                "sql",
                (
                    "select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid"
                ),
            )
    seen = {source}
    for pattern, instead in LOOSER:
        for match in re.finditer(pattern, source):
            body = source[: match.start()] + match.expand(instead) + source[match.end() :]
            if body not in seen:
                seen.add(body)
                yield None, body


def _views(connection: Connection) -> Iterator[Mutant]:
    for name, options, definition in connection.execute(
        f"select oid::regclass::text, coalesce(array_to_string(reloptions, ', '), ''), pg_get_viewdef(oid) "
        f"from pg_class where relkind = 'v' and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ).fetchall():
        if options:
            what = f"view {name} without its barrier"
            yield Mutant(what, f"alter view {name} set (security_barrier = false)", "")
        for call, everything in EVERYTHING.items():
            for match in re.finditer(re.escape(call) + r" AS \w+", definition):
                changed = f"{definition[: match.start()]}{everything} AS all_of_it{definition[match.end() :]}"
                changed = re.sub(
                    r"\(\s*SELECT \((select id from [\w.]+)\) AS all_of_it\s*\)", r"(\1)", changed
                )
                with_options = f" with ({options})" if options else ""
                yield Mutant(
                    f"view {name} without {call}",
                    f"create or replace view {name}{with_options} as {changed}",
                    name,
                )


def _defaults(connection: Connection) -> Iterator[Mutant]:
    for relation, column in connection.execute(
        "select adrelid::regclass::text, quote_ident(attname) from pg_attrdef "
        "join pg_attribute on attrelid = adrelid and attnum = adnum "
        "where pg_get_expr(adbin, adrelid) like '%internal.me()%'"
    ).fetchall():
        statement = f"alter table {relation} alter {column} drop default"
        yield Mutant(statement, statement, "")

"""Each function dropped, with its caller's rights or path, and with another or a looser body."""

import re
from collections.abc import Iterator
from typing import Final

from tests.rls.mutant import SCHEMAS, Connection, Mutant

LOOSER: Final = (
    (r"\band (staff|student)?\.?is_active\b", ""),
    (r"where (\w+) = \(select internal\.me\(\)\)", r"where true"),
    (r"(staff|student)\.id = (\(select internal\.me\(\)\)|me\b)", "true"),
    (r"(staff|my)\.role = '(admin|coordinator|viewer)'", "true"),
    (r"my\.role in \([^)]*\)", "true"),
    (r"(?<!\.)\brole = 'teacher'", "role is not null"),
    (r"(student|class)\.organisation_id = my\.organisation_id", "true"),
    (r"(student|mine)\.id <> (me|my\.id)\b", "true"),
    (r"and student\.id <> \(select internal\.me\(\)\)", ""),
    (r"\(select internal\.is_guest\(\)\)", "true"),
    (r"cardinality\(modules\) <= 1000", "0 <= 1000"),
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
    (r"not internal\.is_signed\('sign-in ' \|\| answer, key_id, signature\)", "false"),
    (r"answer -> 'is_verified' is distinct from 'true'::jsonb", "false"),
    (r"cardinality\(found_ids\) is distinct from 1", "found_ids is null"),
    (r"staff\.is_active and internal\.folded_email", "internal.folded_email"),
    (r"(?s)outcome := internal\.why_session_ended\(.*?;", "outcome := null;"),
    (r"one\.ended_at is not null or one\.staff_id <> person", "false"),
    (r"coalesce\(one\.ends_at, ends\) <= now\(\)", "false"),
    (r"after\.moment > coalesce\(one\.signed_in_at, began\)", "false"),
    (r"\band internal\.is_session_open\(one\.id, one\.staff_id\)", ""),
    (r'lower\(email collate "C"\)', "lower(email)"),
    (r"\(everywhere or id = session\)", "true"),
    (r"raise exception 'nobody has signed.*?;", "return auth.uid();"),
    (r"and \w+\.author_id = (author|\(select internal\.me\(\)\))", ""),
    (r"exists \(select from internal\.demo_marker\)", "true"),
    (
        r"exists \(select from roster\.editable where editable\.id = history\.student_id offset 0\)",
        "true",
    ),
    (r"class\.id in \(select internal\.my_staffed_classes\(\)\)", "true"),
    (r"staff\.role in \('\w+', 'admin'\)", "true"),
    (r"(staff|my)\.organisation_id is null", "true"),
    (
        r"(student|class)\.organisation_id in \(select internal\.my_managed_organisations\(\)\)",
        "true",
    ),
    (r"(student|class)\.organisation_id in \(select mine\.id from mine\)", "true"),
    (r"(?s)and not exists \(\s+select\s+from school\.class_module.*?\n            \)\n", ""),
    (
        r"(?s)or not exists \(\s+select\s+from public\.student_module_progress.*?\n                \)\n",
        "or true",
    ),
    (
        r"roster_change\.organisation_id in \(select internal\.my_managed_organisations\(\)\)",
        "true",
    ),
    (r"and roster_change\.author_id = \(select internal\.me\(\)\)", ""),
    (r"and opened\.at >= now\(\)", ""),
    (r"and email is null", ""),
    (r"and array\[leavers_months[^\n]*", ""),
    (r"least\(moment, now\(\)\)", "moment"),
    (r"(?s)and not exists \(\s+select\s+from internal\.entries_of\(.*?\n        \)", ""),
    (r"and remaining\.(organisation_id|merged_into|id) [^\n]*", ""),
    (r"or exists \(select from (dashboard|public)\.[^\n]*\)", ""),
    (r"\w+\.id in \(select internal\.my_(staffed_)?students\(\)\)", "true"),
    (r"exists \(select from school\.student where student\.id = other\.id offset 0\)", "true"),
    (r"\(select internal\.everybody_but\(\)\)", "gen_random_uuid()"),
    (
        r"not exists \(select from internal\.my_classes\(\) as mine \(id\)[^)]*\)",
        "false",
    ),
    (r"internal\.my_role\(\) is null", "false"),
    (r"\(select internal\.my_role\(\)\) = 'admin'", "true"),
    (r"asked\.id <> me\b", "true"),
)
"""Conditions inside functions that are left out one by one wherever they stand."""

FUNCTIONS: Final = f"""
select
    oid::regprocedure::text, pg_get_functiondef(oid), coalesce(pg_get_function_sqlbody(oid), prosrc),
    pg_get_function_result(oid), prosecdef, proretset, proconfig is not null
from pg_proc
where prokind = 'f'
    and (pronamespace::regnamespace::text in {SCHEMAS} or oid::regprocedure::text = 'auth.uid()')
order by 1
"""

NOTHING: Final = {
    "trigger": ("plpgsql", "begin return coalesce(new, old); end"),
    "void": ("sql", "select"),
}


def functions(connection: Connection) -> Iterator[Mutant]:
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
            yield Mutant(f"{name} with the caller's path", statement, "")
        for number, other in enumerate(_other_bodies(source, result, is_set)):
            language, body = other
            changed = definition.replace(source, body)
            if language:
                changed = re.sub(r"(?m)^ LANGUAGE \w+", f" LANGUAGE {language}", changed, count=1)
            yield Mutant(f"{name}, another body ({number}: {_told(source, body)})", changed, about)


def _told(source: str, body: str) -> str:
    return "looser" if len(body) > 60 else " ".join(body.split())


def _other_bodies(source: str, result: str, is_set: bool) -> Iterator[tuple[str | None, str]]:
    if source.startswith("RETURN "):
        yield None, f"RETURN null::{result}"
    elif result in NOTHING:
        yield NOTHING[result]
    elif result == "SETOF uuid":
        yield "sql", "select id from school.student union all select id from school.class"
        yield "sql", "select null::uuid where false"
    elif result == "SETOF text":
        yield "sql", "select unnest(array['viewer', 'teacher', 'coordinator', 'admin'])"
        yield "sql", "select null where false"
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

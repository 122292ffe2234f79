"""Everything that guards the rows, dropped or loosened one by one; told by the catalogue, so that nothing is
forgotten."""

import re
from collections.abc import Iterator
from typing import Final

from tests.rls.mutant import SCHEMAS, Connection, Mutant
from tests.rls.mutated_functions import functions
from tests.rls.mutated_grants import grants

EVERYTHING: Final = {
    "internal.my_students()": "unnest(array(select id from school.student))",
    "internal.my_staffed_students()": "unnest(array(select id from school.student))",
    "internal.my_staffed_classes()": "unnest(array(select id from school.class))",
    "internal.my_classes()": "unnest(array(select id from school.class))",
    "internal.my_organisations()": "unnest(array(select id from public.organisations))",
    "internal.my_role()": "'admin'::text",
    "internal.everybody_but()": "'00000000-0000-4000-8000-ffffffffffff'::uuid",
    "internal.sees_everybody()": "true",
    "internal.manages_all()": "true",
}
"""What each question would answer if it asked nobody."""

ANYBODY: Final = re.compile(
    r"\(EXISTS \(\s*SELECT\s+FROM roster\.anybody\s+WHERE \(anybody\.id = \w+\.student_id\)\s+OFFSET 0\)\)"
)
"""Whether there is such a student, as it is asked for whoever sees everybody."""

EDITORS: Final = (
    r"editor\.is_active",
    r"\(editor\.role = 'coordinator'::text\)",
    r"\(id <> \( SELECT internal\.me\(\) AS me\)\)",
)
"""Conditions of the view that says whose progress is one's own to change."""


def mutants(connection: Connection) -> Iterator[Mutant]:
    """All of them, as the owner of the tables would say them."""
    connection.execute("select set_config('search_path', '', false)")
    yield from _policies(connection)
    yield from _tables(connection)
    yield from grants(connection)
    yield from _triggers(connection)
    yield from functions(connection)
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
        yield Mutant(f"{alter} to public", f"{alter} to public", "")
        for keyword, expression in (("using", using), ("with check", check)):
            if expression is None:
                continue
            yield Mutant(f"{alter}: {keyword} true", f"{alter} {keyword} (true)", relation)
            for what, changed in _for_everybody(expression):
                yield Mutant(
                    f"{alter}: {keyword} {what}", f"{alter} {keyword} ({changed})", relation
                )
            parts = conjuncts(expression)
            for left_out in parts if len(parts) > 1 else ():
                rest = " and ".join(part for part in parts if part is not left_out)
                what = f"{alter}: {keyword} without {left_out}"
                yield Mutant(what, f"{alter} {keyword} ({rest})", relation)


def _for_everybody(expression: str) -> Iterator[tuple[str, str]]:
    """Where whoever sees everybody is not made to list them: as if all did, and as if all were students."""
    call = "internal.everybody_but()"
    if call in expression:
        yield f"without {call}", expression.replace(call, EVERYTHING[call])
    if ANYBODY.search(expression):
        yield "of whoever is no student", ANYBODY.sub("true", expression)


def _tables(connection: Connection) -> Iterator[Mutant]:
    for (name,) in connection.execute(
        f"select oid::regclass::text from pg_class where relrowsecurity and not relispartition "
        f"and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ):
        yield Mutant(
            f"row level security off on {name}",
            f"alter table {name} disable row level security",
            name,
        )


def _triggers(connection: Connection) -> Iterator[Mutant]:
    for name, relation in connection.execute(
        f"select tgname, tgrelid::regclass::text from pg_trigger join pg_class on pg_class.oid = tgrelid "
        f"where not tgisinternal and not relispartition "
        f"and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ).fetchall():
        yield Mutant(
            f"trigger {name} on {relation} dropped", f"drop trigger {name} on {relation}", ""
        )
        disabled = f"alter table {relation} disable trigger {name}"
        yield Mutant(disabled, disabled, "")


VIEWED: Final = {
    "security_barrier": ("without its barrier", ""),
    "security_invoker": ("with its owner's rights", "{}"),
}
"""What keeps rows back in a view: what it is called where that is lost, and the relation that tells."""


def _views(connection: Connection) -> Iterator[Mutant]:
    for name, options, definition in connection.execute(
        f"select oid::regclass::text, coalesce(array_to_string(reloptions, ', '), ''), pg_get_viewdef(oid) "
        f"from pg_class where relkind = 'v' and relnamespace::regnamespace::text in {SCHEMAS}".encode()
    ).fetchall():
        for option, (lost, relation) in VIEWED.items():
            if option in options:
                statement = f"alter view {name} set ({option} = false)"
                yield Mutant(f"view {name} {lost}", statement, relation.format(name))
        for call, everything in EVERYTHING.items():
            for match in re.finditer(re.escape(call) + r"(?= AS \w+)", definition):
                changed = f"{definition[: match.start()]}{everything}{definition[match.end() :]}"
                with_options = f" with ({options})" if options else ""
                yield Mutant(
                    f"view {name} without {call}",
                    f"create or replace view {name}{with_options} as {changed}",
                    name,
                )
        for what, condition in (
            ("of whoever is no student", ANYBODY),
            *((f"without {one}", re.compile(one)) for one in EDITORS),
        ):
            if condition.search(definition):
                changed = condition.sub("true", definition)
                with_options = f" with ({options})" if options else ""
                yield Mutant(
                    f"view {name} {what}",
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

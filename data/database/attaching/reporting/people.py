"""Who an adapter makes of the school's rows: what each may do, who is left out, and who could make "
"themselves more."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, text

from data.database.attaching.adapter import ROLE_WORDS, UNREAD, Adapter, folded_word
from data.database.attaching.adapter_checks import GivenColumn, columns_of, plan, reading
from data.database.attaching.findings import AttachFinding, consent, note

COUNTED: Final = (
    (
        "students_left_out",
        "Students of no organisation that the adapter gives: {}. No page shows them.",
        "select count(*) from {student} as it "
        "where not exists (select from {organisation} as of_it where of_it.id = organisation_id)",
    ),
    (
        "student_numbers",
        "Student numbers that several students of one organisation have: {}. By these nobody is found.",
        "select count(*) from (select from {student} as it where number is not null "
        "group by organisation_id, number having count(*) > 1) as shared",
    ),
    (
        "student_emails",
        "E-mails that several students have: {}. By these nobody is found.",
        "select count(*) from (select from {student} as it where email is not null "
        "group by lower(email) having count(*) > 1) as shared",
    ),
    (
        "class_students_left_out",
        "{} students of classes are left out: the adapter gives no such student or class.",
        "select count(*) from {class_student} as it "
        "left join {student} as learner on learner.id = it.student_id "
        "left join {class} as its_class on its_class.id = it.class_id "
        "where learner.id is null or its_class.id is null",
    ),
    (
        "rows_of_nobody",
        "Rows of progress of nobody whom the adapter gives as a student: {}. No page shows them.",
        "select count(*) from public.student_module_progress "
        "where not exists (select from {student} as it where it.id = student_id)",
    ),
    (
        "rows_of_no_module",
        "Rows of progress of a module that the adapter does not give: {}. No page shows them.",
        "select count(*) from public.student_module_progress "
        "where not exists (select from {module} as it where it.id = module_id)",
    ),
)

OF: Final = {True: "all organisations", False: "their own organisation"}

BEHIND: Final = {
    "staff": ("role", "organisation_id", "email", "is_active"),
    "class_teacher": ("class_id", "staff_id"),
}
"""What decides who somebody is and what they see."""

SELF_WRITTEN: Final = text("""
select
    relnamespace::regnamespace || '.' || quote_ident(relname) as of_table,
    string_agg(distinct quote_ident(attname), ', ') as columns,
    string_agg(distinct case when who.oid = 0 then 'everybody' else who.name end, ', ') as who,
    string_agg(distinct '“' || polname || '”', ', ') as policies
from pg_class
join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
cross join lateral (
    select oid, rolname::text as name
    from pg_roles
    where not rolsuper and not rolbypassrls and not pg_has_role(oid, relowner, 'usage') and rolname !~ '^pg_'
    union all
    select 0, 'public'
) as who
cross join lateral (
    values
        ('w', has_column_privilege(who.name, pg_class.oid, attnum, 'update')),
        ('a', has_column_privilege(who.name, pg_class.oid, attnum, 'insert'))
) as may (command, is_granted)
left join pg_policy on polrelid = pg_class.oid
    and polpermissive
    and polcmd in (may.command, '*')
    and exists (
        select
        from unnest(polroles) as for_role
        where for_role = 0 or (who.oid <> 0 and pg_has_role(who.oid, for_role, 'usage'))
    )
where (select nspname from pg_namespace where pg_namespace.oid = relnamespace) || '.' || relname = any(:tables)
    and (
        attrelid || '.' || attnum = any(:columns)
        or (attname = any(:words) and attrelid || '.' || attnum <> all(:others))
    )
    and is_granted
    and (polname is not null or not relrowsecurity)
group by relnamespace, relname
order by 1
""")


def of_people(
    connection: Connection,
    adapter: Adapter,
    role_words: Mapping[str, str | None],
    *,
    by_account: bool = False,
) -> Iterator[AttachFinding]:
    """Roles, who is left out, and columns behind a role that people can write themselves. Staff found
    `by_account` may share an e-mail."""
    with reading(connection) as driver:
        with driver.cursor(row_factory=namedtuple_row) as cursor:
            staff = cursor.execute(adapter.select("staff").encode()).fetchall()
        yield from _of_staff(staff, {**ROLE_WORDS, **role_words}, by_account=by_account)
        for code, sentence, query in COUNTED:
            if count := _count(driver, adapter, query):
                yield note(code, sentence.format(f"{count:,}"))
    for relation, decisive in BEHIND.items():
        yield from _self_written(connection, adapter, relation, decisive)


def _count(driver: psycopg.Connection[Any], adapter: Adapter, query: str) -> int:
    sections = {
        name: sql.SQL("({})").format(sql.SQL(adapter.select(name))) for name in adapter.sections
    }
    return int(driver.execute(sql.SQL(query).format(**sections)).fetchall()[0][0])


def _of_staff(
    staff: list[Any], meanings: Mapping[str, str | None], *, by_account: bool
) -> Iterator[AttachFinding]:
    active = [(folded_word(one.role or ""), one) for one in staff if one.is_active]
    emails = Counter(_folded_email(one.email) for word, one in active if meanings.get(word))
    roles = Counter(
        (role, word, one.organisation_id is None or role == "admin")
        for word, one in active
        if (email := _folded_email(one.email))
        and (role := meanings.get(word))
        and (by_account or emails[email] == 1)
    )
    told = [
        f"{count} with the role “{word}” as {role} of {OF[is_everywhere]}"
        for (role, word, is_everywhere), count in sorted(roles.items())
        if role != "teacher" or not is_everywhere
    ]
    if told:
        yield consent(
            "roles",
            "These staff may sign in (administrators and whoever has no organisation see all of them): "
            f"{'; '.join(told)}. Viewers and teachers read; coordinators and administrators correct progress. "
            "Students have no pages here.",
        )
    else:
        yield note(
            "roles", "Nobody may sign in: the adapter gives no active staff with a known role."
        )
    if stray := sum(
        count
        for (role, _, is_everywhere), count in roles.items()
        if role == "teacher" and is_everywhere
    ):
        yield note(
            "teachers_left_out", f"{stray} teachers belong to no organisation. They are left out."
        )
    unknown = Counter(word for word, _ in active if word not in meanings)
    for word, count in sorted(unknown.items()):
        yield note("unknown_role", unknown_role(word, count))
    yield from _of_emails(emails)


def unknown_role(word: str, count: int) -> str:
    """That so many have a role of this word, which means nothing here."""
    if not word:
        return f"{count} of the staff have no role: they may not sign in."
    return (
        f"{count} of the staff have the role “{word}”, which is not known: they may not sign in. Say what it "
        f'means with --role "{word}=viewer" (or teacher, coordinator, admin).'
    )


def _folded_email(email: str | None) -> str:
    return (email or "").strip().lower()


def _of_emails(emails: Mapping[str, int]) -> Iterator[AttachFinding]:
    if shared := sorted(email for email, count in emails.items() if email and count > 1):
        yield note(
            "staff_emails",
            f"Several of the staff share one e-mail, and none of them can sign in by it: {', '.join(shared)}. "
            "By the platform's own accounts (--accounts-of) each of them can.",
        )
    if without := emails[""]:
        yield note("staff_emails", f"Staff without an e-mail, who cannot sign in: {without}.")


def _self_written(
    connection: Connection, adapter: Adapter, relation: str, decisive: tuple[str, ...]
) -> Iterator[AttachFinding]:
    given = columns_of(connection, adapter, relation)
    with reading(connection) as driver:
        tables = plan(driver, adapter.select(relation))
    asked = {
        "tables": tables,
        **_columns_behind(adapter.sections[relation], given, decisive),
    }
    for one in connection.execute(SELF_WRITTEN, asked):
        how = f" by the policy {one.policies}" if one.policies else ""
        yield consent(
            "self_written",
            f"People of the platform can make themselves more than they are: {one.who} can write "
            f"{one.columns} of {one.of_table}{how}, and from these it is read who somebody is here, what "
            "they may do and whom they see. Whoever may write a role can become an administrator here. Take "
            "that right from them first, or have the adapter read it from elsewhere; agree only if you trust "
            "everybody who signs in there.",
        )


def _columns_behind(
    section: str, given: list[GivenColumn], decisive: tuple[str, ...]
) -> dict[str, list[str]]:
    """Where a column is given as it is, that one; of an expression every column that the section names."""
    places = {one.name: f"{one.table}.{one.number}" for one in given if one.table}
    is_plain = places.keys() >= set(decisive)
    return {
        "columns": [places[name] for name in decisive if name in places],
        "words": [] if is_plain else re.findall(r"\w+", UNREAD.sub(" ", section)),
        "others": [place for name, place in places.items() if name not in decisive],
    }

"""Which rights each role has, told apart from the database and compared with what PostgreSQL says."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from tests.rls.oracle import EDITABLE, PROGRESS, RELATIONS
from tests.rls.rules import Relation

REVISION: Final = "dashboard_migrations.alembic_version"
"""What anybody who connects may read: which release the tables are at."""

CORRECTED: Final = {"status", "score", "last_updated", "completed_at", "progress_percentage"}

HIDDEN: Final = {
    "dashboard.fact": {"is_locked", "own_change", "made_of", "doubts"},
    "dashboard.history": {"before", "after", "completions"},
    "dashboard.saved_view": {"created_at"},
}
"""Columns of reachable relations that nobody reads there."""

STUDENT: Final = {"full_name", "email", "is_active", "number", "left_on", "merged_into"}
COLLEAGUE: Final = {"organisation_id", "full_name", "email", "role", "is_active"}
CLASS: Final = {"name", "school_year", "archived_at"}
MODULE: Final = {"name", "sequence", "configuration"}
PERIODS: Final = {"leavers_months", "notes_months", "history_months"}
DIGEST: Final = {"is_sent", "names_students"}
LESSON: Final = {"title", "sequence", "has_quiz"}

ADDED: Final = {
    **dict.fromkeys((PROGRESS, EDITABLE), CORRECTED | {"student_id", "module_id"}),
    "dashboard.batch": {"id", "author_id", "source", "reason", "undoes", "digest"},
    "dashboard.lock": {"student_id", "module_id", "fields", "author_id", "reason"},
    "dashboard.dismissal": {"rule", "student_id", "module_id", "values_digest", "author_id", "reason"},
    "dashboard.note": {
        *("id", "student_id", "author_id", "revises", "act", "kind", "channel", "happened_on", "text"),
    },
    "dashboard.flag_response": {
        *("id", "class_id", "student_id", "rule", "author_id", "response", "modules", "since", "note_id"),
    },
    "dashboard.class_target": {
        *("id", "class_id", "author_id", "share", "by_day", "completed", "cells"),
    },
    "dashboard.attention_change": {
        *("organisation_id", "class_id", "figure", "value", "follows", "author_id"),
    },
    "dashboard.holiday": {
        *("id", "organisation_id", "name", "first_day", "last_day", "author_id"),
    },
    "dashboard.draft": {"person_id", "class_id", "edits"},
    "dashboard.saved_view": {"organisation_id", "name", "parameters", "is_default"},
    "dashboard.roster_batch": {"id", "author_id", "source", "reason", "undoes", "digest"},
    "public.organisations": {"id", "name"},
    "public.modules": {"id", "type"} | MODULE,
    "public.lessons": {"id", "module_id"} | LESSON,
    "school.student": {"id", "organisation_id"} | STUDENT,
    "school.staff": {"id"} | COLLEAGUE,
    "school.class": {"id", "organisation_id"} | CLASS,
    "school.class_student": {"class_id", "student_id"},
    "school.class_teacher": {"class_id", "staff_id"},
    "school.class_module": {"class_id", "module_id", "position"},
    "school.retired_module": {"module_id"},
    "school.source_id": {"organisation_id", "source", "kind", "source_id", "our_id"},
    "school.roster_lock": {"organisation_id", "kind", "locked_id", "field"},
    "school.retention": {"organisation_id"} | PERIODS,
    "school.digest": {"organisation_id"} | DIGEST,
}  # fmt: skip
"""Columns that whoever adds a row may give."""

CHANGED: Final = {
    **dict.fromkeys((PROGRESS, EDITABLE), CORRECTED),
    "dashboard.lock": {"unlocked_by", "unlock_reason"},
    "dashboard.dismissal": {"values_digest", "author_id", "reason", "at"},
    "dashboard.draft": {"edits", "updated_at"},
    "dashboard.saved_view": {"organisation_id", "name", "parameters", "is_default"},
    "dashboard.holiday": {"removed_by", "removed_at"},
    "public.organisations": {"name"},
    "public.modules": MODULE,
    "public.lessons": LESSON,
    "school.student": STUDENT,
    "school.staff": COLLEAGUE,
    "school.class": CLASS,
    "school.class_module": {"position"},
    "school.source_id": {"our_id"},
    "school.retention": PERIODS,
    "school.digest": DIGEST,
}
"""Columns that whoever changes a row may change."""

COLUMN_BY_COLUMN: Final = {
    *(PROGRESS, "dashboard.batch", "public.organisations", "public.modules", "public.lessons"),
    *("school.student", "school.staff", "school.class", "school.retention"),
    *HIDDEN,
}
"""What is read column by column, so that nobody reads a column that is added later."""

BESIDE_SAVES: Final = {
    *("internal.remember_rows", "internal.record_changed", "internal.record_added"),
}
"""What saving calls as whoever saves; on a platform's table it does as its owner."""

CALLED: Final = {
    "dashboard_person": {
        "auth.uid",
        *(f"internal.my_{what}" for what in ("role", "staffed_students", "students", "classes")),
        "internal.my_staffed_classes",
        "internal.my_organisations",
        "internal.sees_guests",
        "internal.sees_everybody",
        *("internal.plain_name", "internal.patterns"),
        "internal.everybody_but",
        "internal.manages_all",
        *(
            f"internal.my_{what}"
            for what in (
                "managed_organisations",
                "managed_students",
                "managed_classes",
                "managed_modules",
            )
        ),
        "internal.my_managed_ids",
        "internal.my_grantable_roles",
        "internal.may_undo_roster",
        "dashboard.cell_with_marks",
        "dashboard.is_failed",
        "dashboard.is_other",
        "internal.class_counts",
        "dashboard.class_completed",
        "dashboard.flags",
        "dashboard.flag_modules",
        "dashboard.urgent_flags",
        "dashboard.rule_scores",
        "dashboard.flags_recorded",
        "dashboard.attention_figures",
        "dashboard.attention_preview",
        "internal.attention_figures",
        "internal.is_figure",
        "dashboard.class_rows",
        "dashboard.news",
        "dashboard.found",
        "dashboard.read_news",
        *(f"dashboard.{what}_digest" for what in ("want", "wants")),
        "dashboard.is_digest_sent",
        "dashboard.digest_names_students",
        "internal.may_mark",
        "internal.may_undo",
        "internal.me",
        "dashboard.sign_out",
        "dashboard.class_cells_as_of",
        "dashboard.module_counts",
        "internal.sums_since_settled",
        "dashboard.module_completions",
        "dashboard.completion_times",
        "dashboard.active_weeks",
        "dashboard.all_stored_data",
        "dashboard.erasure_preview",
        "dashboard.erase_student",
        "dashboard.apply_retention",
        "dashboard.history_cut",
        "dashboard.attachment",
        "dashboard.refresh_roster",
        "internal.entries_of",
        *(f"internal.due_{what}" for what in ("leavers", "notes", "history")),
        "dashboard.disclose",
        "dashboard.update_progress",
        "dashboard.add_progress",
        *BESIDE_SAVES,
        "dashboard.disclosures",
        "internal.plain",
        "internal.is_meant",
        *("internal.number_in", "internal.mark_in"),
        "internal.pass_mark",
        "internal.module_type",
        "internal.fields_locked_with",
        "internal.handed_in_at",
        "internal.has_work",
        "internal.passing_doubts",
        "internal.doubts_of_row",
        "dashboard.doubt_counts",
        "dashboard.doubtful_students",
        "internal.score_in",
    },
    "dashboard_guest": {
        "auth.uid",
        "dashboard.demo_people",
        "dashboard.attachment",
        "dashboard.refresh_roster",
        "dashboard.settle",
        "dashboard.record_flags",
        "dashboard.keep_months",
        "dashboard.sign_in",
        "dashboard.ended_sessions",
        "dashboard.want_digest_by_link",
        "dashboard.classes_changed_since",
        "dashboard.classes_locked_since",
        "dashboard.newest_change",
        "dashboard.newest_roster_change",
        "dashboard.rosters_changed_since",
    },
}
"""Functions that each role may call."""

EVERYBODYS: Final = {"public", "dashboard_migrations"}

ENTERED: Final = {
    "dashboard_person": EVERYBODYS | {"auth", "dashboard", "internal", "roster", "school"},
    "dashboard_guest": EVERYBODYS | {"auth", "dashboard"},
    "progress_app": EVERYBODYS,
}
"""Schemas in which each role may use what it has rights on; nobody makes anything in any."""


@dataclass(frozen=True)
class Rights:
    """What is written down of one kind of database."""

    relations: Mapping[str, Relation] = field(default_factory=lambda: RELATIONS)
    added: Mapping[str, set[str]] = field(default_factory=lambda: ADDED)
    changed: Mapping[str, set[str]] = field(default_factory=lambda: CHANGED)
    called: Mapping[str, set[str]] = field(default_factory=lambda: CALLED)
    entered: Mapping[str, set[str]] = field(default_factory=lambda: ENTERED)


STANDALONE: Final = Rights()

COLUMNS: Final = """
select
    nspname || '.' || relname,
    attname,
    has_column_privilege('dashboard_person', pg_class.oid, attname, 'select'),
    has_column_privilege('dashboard_person', pg_class.oid, attname, 'insert'),
    has_column_privilege('dashboard_person', pg_class.oid, attname, 'update'),
    has_column_privilege('dashboard_guest', pg_class.oid, attname, 'select,insert,update,references')
        or has_column_privilege('progress_app', pg_class.oid, attname, 'select,insert,update,references')
        or has_column_privilege('dashboard_person', pg_class.oid, attname, 'references')
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
join pg_attribute on attrelid = pg_class.oid
where nspname || '.' || relname = any (%s) and attnum > 0 and not attisdropped
"""

TABLES: Final = """
select
    nspname || '.' || relname,
    array(
        select right_ || ' by ' || role
        from unnest(array['dashboard_person', 'dashboard_guest', 'progress_app']) as role
        cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'trigger']) as right_
        where has_table_privilege(role, pg_class.oid, right_)
        order by 1
    )
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where nspname || '.' || relname = any (%s)
"""

FUNCTIONS: Final = """
select role, nspname || '.' || proname
from pg_proc
join pg_namespace on pg_namespace.oid = pronamespace
cross join unnest(array['dashboard_person', 'dashboard_guest', 'progress_app']) as role
where nspname !~ '^pg_' and nspname not in ('information_schema', 'probe')
    -- Whether it may enter the schema is asked apart.
    and has_function_privilege(role, pg_proc.oid, 'execute')
"""

SCHEMAS: Final = """
select role, nspname, has_schema_privilege(role, oid, 'create')
from pg_namespace
cross join unnest(array['dashboard_person', 'dashboard_guest', 'progress_app']) as role
where nspname !~ '^pg_' and nspname not in ('information_schema', 'probe')
    and has_schema_privilege(role, oid, 'usage, create')
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def wrong_rights(
    connection: Connection, of: Iterable[str] | None = None, rights: Rights = STANDALONE
) -> Iterator[str]:
    """Whatever somebody may do that is not written down here, and the other way round.

    With these tables and views (all, unless told otherwise), functions and schemas.
    """
    names = list(rights.relations if of is None else of)
    yield from wrong_columns(connection.execute(COLUMNS.encode(), (names,)).fetchall(), rights)
    for name, found in connection.execute(TABLES.encode(), (names,)).fetchall():
        if found != _on_the_whole_of(name, rights.relations[name]):
            yield f"{name}: {', '.join(found)}"
    called = connection.execute(FUNCTIONS.encode()).fetchall()
    yield from _otherwise("calls", rights.called, called)
    entered = connection.execute(SCHEMAS.encode()).fetchall()
    yield from _otherwise("enters", rights.entered, ((role, schema) for role, schema, _ in entered))
    yield from (f"{role} makes things in {schema}" for role, schema, creates in entered if creates)


def wrong_columns(columns: Iterable[tuple[Any, ...]], rights: Rights = STANDALONE) -> Iterator[str]:
    """Columns (rows of COLUMNS) that are read, given or changed by others than the oracle says."""
    for name, column, reads, adds, changes, else_ in columns:
        is_asked = bool(rights.relations[name].asked)
        expected = (
            is_asked and column not in HIDDEN.get(name, ()),
            column in rights.added.get(name, ()),
            column in rights.changed.get(name, ()),
        )
        by_others = else_ and name != REVISION
        if (reads, adds, changes) != expected or by_others:
            yield f"{name}.{column}"


def _on_the_whole_of(name: str, relation: Relation) -> list[str]:
    """Rights on a table that are not given column by column."""
    if name == REVISION:
        return ["select by dashboard_guest", "select by dashboard_person", "select by progress_app"]
    rights = ["delete by dashboard_person"] if relation.removing else []
    if relation.asked and name not in COLUMN_BY_COLUMN:
        rights.append("select by dashboard_person")
    return rights


def _otherwise(
    verb: str, expected: Mapping[str, set[str]], found: Iterable[tuple[str, str]]
) -> Iterator[str]:
    told = {(role, name) for role, names in expected.items() for name in names}
    yield from (f"{role} {verb} {name}, or should" for role, name in sorted(told ^ set(found)))

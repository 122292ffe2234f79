"""The database that the matrix and the mutants are tried in: the cast, and rows that stand for all others."""

from typing import Any, Final
from uuid import UUID

import psycopg

from tests.clusters import Cluster, Scratch
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLEO,
    COURSE,
    DAN,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    STRANGER,
    UNUSED,
)
from tests.rls import oracle
from tests.rls.oracle import RELATIONS
from tests.rls.spare_roster import furnish_roster
from tests.rls.staff_students import enrol

Connection = psycopg.Connection[tuple[Any, ...]]

OPEN_SESSION: Final = UNUSED
"""Of the other teacher, who signed in and has not left; any id that no other session has."""

WITHDRAWN: Final = UUID(int=DAN.int + 2000)
"""What the administrator noted on Dan: no longer."""

PROBE: Final = """
create schema probe;
grant usage on schema probe to public;

-- What becomes of each statement: the number of rows it touched before it was undone, or that it was refused.
create function probe.attempt(statements text[]) returns text[]
language plpgsql
as $$
declare
    statement text;
    touched bigint;
    outcomes text[] := '{}';
begin
    foreach statement in array statements loop
        begin
            execute statement;
            get diagnostics touched = row_count;
            raise exception using errcode = 'ZZ001', message = touched::text;
        exception
            when sqlstate 'ZZ001' then
                outcomes := outcomes || sqlerrm;
            when insufficient_privilege or object_not_in_prerequisite_state or restrict_violation
                or foreign_key_violation
            then
                outcomes := outcomes || 'refused'::text;
            when others then
                outcomes := outcomes || (sqlstate || ' ' || sqlerrm);
        end;
    end loop;
    return outcomes;
end
$$;

-- What stands in front of PostgreSQL's own for whoever has this schema first on the path: it fails.
do $do$
declare
    function text;
    operator text[];
begin
    foreach function in array array[
        'now()', 'clock_timestamp()', 'lower(text)', 'sha256(bytea)', 'to_jsonb(anyelement)',
        'pg_notify(text, text)', 'jsonb_typeof(jsonb)', 'current_setting(text, boolean)',
        'array_position(anycompatiblearray, anycompatible)', 'max(bigint)', 'bool_or(boolean)',
        'pg_current_xact_id_if_assigned()', 'jsonb_each(jsonb)', 'unnest(anyarray)', 'array_agg(text)',
        'strpos(text, text)', 'sum(integer)'
    ] loop
        execute format(
            'create function probe.%s returns %s language plpgsql as %L',
            function,
            case function when 'now()' then 'timestamptz' else 'text' end,
            'begin raise exception ''another function''; end'
        );
    end loop;
    foreach operator slice 1 in array array[
        ['=', 'uuid', 'uuid'], ['<>', 'uuid', 'uuid'], ['=', 'text', 'text'], ['=', 'name', 'name'],
        ['<>', 'text', 'text'],
        ['<>', 'jsonb', 'jsonb'], ['->', 'jsonb', 'text'], ['->>', 'jsonb', 'text'], ['#>>', 'jsonb', 'text[]'],
        ['?', 'jsonb', 'text'], ['>', 'bigint', 'bigint'], ['>', 'timestamptz', 'timestamptz'],
        ['~', 'text', 'text'], ['-', 'jsonb', 'text'], ['-', 'jsonb', 'text[]'], ['||', 'text', 'text']
    ] loop
        execute format(
            'create function probe.%I(%s, %s) returns boolean language plpgsql as %L',
            'instead of ' || operator[1], operator[2], operator[3],
            'begin raise exception ''another function''; end'
        );
        execute format(
            'create operator probe.%s (leftarg = %s, rightarg = %s, function = probe.%I)',
            operator[1], operator[2], operator[3], 'instead of ' || operator[1]
        );
    end loop;
end
$do$;
"""


NO_STUDENT: Final = """
with progress as (
    insert into public.student_module_progress (student_id, module_id, status, completed_at)
    values (%(id)s, %(module)s, 'Completed', '2026-01-01')
),
fact as (
    insert into dashboard.fact (
        student_id, module_id, status, has_problem, edited_by_staff, completion_at
    )
    values (%(id)s, %(module)s, 'Completed', false, false, '2026-01-01')
),
history as (
    insert into dashboard.history (student_id, module_id, operation, source)
    values (%(id)s, %(module)s, 'update', 'platform')
),
lock as (
    insert into dashboard.lock (id, student_id, module_id, fields, locked_values, author_id, reason)
    overriding system value
    values (-1000, %(id)s, %(module)s, '{score}', '{"score": null}', %(id)s, 'x')
),
attempt as (
    insert into dashboard.lock_attempt (lock_id, student_id, module_id, field, source)
    values (-1000, %(id)s, %(module)s, 'score', 'platform')
),
dismissal as (
    insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id)
    values ('x', %(id)s, %(module)s, repeat('0', 32), %(id)s)
),
note as (
    insert into dashboard.note (id, note_id, student_id, author_id, act, kind, text)
    values (%(id)s, %(id)s, %(id)s, %(id)s, 'written', 'note', 'x')
)
insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response)
values (gen_random_uuid(), %(class)s, %(id)s, 'x', %(id)s, 'seen')
"""
"""Rows of everything about somebody who is no student, as a platform may have them."""


def furnish(scratch: Scratch) -> None:
    """To the cast, rows of every kind that stand for the others; and the function that tries statements."""
    root = scratch.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(root) as connection:
        connection.execute(PROBE.encode())
        enrol(connection)
        connection.execute(
            "set local session_replication_role = replica"
        )  # as they are written here
        fill(connection)
        furnish_roster(connection)


def fill(connection: Connection) -> None:
    """Rows of every kind of ours but of the roster; with the triggers off."""
    connection.execute(NO_STUDENT, {"id": STRANGER, "module": COURSE, "class": CLASS_1A})
    for person, student in oracle.BATCHES.items():
        batch = oracle.batch_of(person)
        connection.execute(
            "insert into dashboard.batch (id, author_id, source, reason) values (%s, %s, 'form', 'x')",
            (batch, person),
        )
        connection.execute(
            "insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id) "
            "values (%s, %s, 'update', 'form', %s, %s)",
            (student, COURSE, person, batch),
        )
    for number, row in enumerate(RELATIONS["dashboard.lock"].rows, 1):
        connection.execute(
            "insert into dashboard.lock (id, student_id, module_id, fields, locked_values, author_id, reason) "
            "overriding system value values (%s, %s, %s, '{score}', '{\"score\": null}', %s, 'x')",
            (-number, row.student, COURSE, ADMIN),
        )
        connection.execute(
            "insert into dashboard.lock_attempt (lock_id, student_id, module_id, field, source) "
            "values (%s, %s, %s, 'score', 'platform')",
            (-number, row.student, COURSE),
        )
        connection.execute(
            "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
            "values ('x', %s, %s, repeat('0', 32), %s)",
            (row.student, COURSE, ADMIN),
        )
    for row in RELATIONS["dashboard.note"].rows:
        connection.execute(
            "insert into dashboard.note (id, note_id, student_id, author_id, act, kind, text) "
            "values (%(student)s, %(student)s, %(student)s, %(author)s, 'written', 'note', 'x')",
            {"student": row.student, "author": ADMIN},
        )
    for row in RELATIONS["dashboard.class_target"].rows:
        connection.execute(
            "insert into dashboard.class_target (id, class_id, author_id) values (gen_random_uuid(), %s, %s)",
            (row.class_, ADMIN),
        )
    for row in RELATIONS["dashboard.flag_response"].rows:
        connection.execute(
            "insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response) "
            "values (gen_random_uuid(), %s, %s, 'x', %s, 'seen')",
            (row.class_, row.student, ADMIN),
        )
    for row in RELATIONS["dashboard.attention_change"].rows:
        connection.execute(
            "insert into dashboard.attention_change (organisation_id, class_id, figure, value, author_id) "
            "values (%s, %s, 'failed_modules', 1, %s)",
            (row.organisation, row.class_, ADMIN),
        )
    for row in RELATIONS["dashboard.holiday"].rows:
        connection.execute(
            "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
            "values (%(of)s, %(of)s, 'x', '2030-01-01', '2030-01-01', %(author)s)",
            {"of": row.organisation, "author": ADMIN},
        )
    connection.execute(
        "insert into dashboard.note (id, note_id, student_id, author_id, revises, act) "
        "values (%s, %s, %s, %s, %s, 'withdrawn')",
        (WITHDRAWN, DAN, DAN, ADMIN, DAN),
    )
    for person, class_ in oracle.DRAFTS.items():
        connection.execute(
            "insert into dashboard.draft (person_id, class_id, edits) values (%s, %s, '[]')",
            (person, class_),
        )
    for row in RELATIONS["dashboard.saved_view"].rows:
        connection.execute(
            "insert into dashboard.saved_view (owner_id, organisation_id, name, parameters) "
            "values (%s, %s, 'x', '{}')",
            (row.person, row.organisation),
        )
    connection.execute("insert into internal.demo_marker default values")
    connection.execute("select internal.settle(1000000)")
    connection.execute(
        "insert into internal.news_read values (%s, now() + interval '1 day', '2026-01-01')",
        (ADMIN,),
    )
    connection.execute("select internal.record_flags('0')")
    connection.execute("insert into internal.unsettled (student_id) values (%s)", (ANN,))
    connection.execute(
        "insert into internal.digest_reader (staff_id, token, unsubscribed_at) values (%s, %s, '2026-01-01')",
        (ADMIN, UNUSED),
    )
    connection.execute(
        "insert into school.digest values (%s, true, true), (%s, true, false)", (NORTH, SOUTH)
    )
    connection.execute("insert into internal.doubt values ('not_in_class', %s, 1)", (ANN,))
    connection.execute("insert into internal.erasing values ('3')")  # of another transaction
    connection.execute(
        "insert into internal.dropped_month values ('1900-01-01', null, 1, repeat('0', 64), 0)"
    )
    connection.execute("insert into internal.dropped_trace values ('1900-01-01', %s)", (ANN,))
    connection.execute(
        "insert into dashboard.erasure (author_id, counts) values (%s, '{}')", (ADMIN,)
    )
    connection.execute(
        "insert into school.retention values "
        "(%s, 12, 12, 12, '2020-01-01'), (%s, null, null, null, null)",
        (NORTH, SOUTH),
    )
    connection.execute(
        "insert into dashboard.disclosure (person_id, role, kind, student_ids) values (%s, 'x', 'look', %s)",
        (ADMIN, [CLEO, DAN]),
    )
    connection.execute("insert into dashboard.identity values ('issuer', 'subject', %s)", (ADMIN,))
    connection.execute(
        "insert into dashboard.sessions_valid_after (staff_id) values (%s)", (ADMIN,)
    )
    connection.execute(
        "insert into dashboard.staff_session (id, staff_id, signed_in_at, ends_at) "
        "values (gen_random_uuid(), %s, now(), now()), (%s, %s, now(), now() + interval '1 hour')",
        (ADMIN, OPEN_SESSION, OTHER_TEACHER),
    )


def furnished_database(cluster: Cluster) -> Scratch:
    """A database for the matrix; the caller drops it."""
    scratch = cluster.new_database("cast")
    furnish(scratch)
    return scratch

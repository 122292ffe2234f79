"""Who can lock what, and whom it holds up."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import sqlstate
from data.access.session import acting_as
from data.database.migrate import ADVISORY_LOCK
from tests import people
from tests.clusters import Scratch
from tests.people import ADMIN, ANN, COORDINATOR, STRANGER, TEACHER

SEEN = text("select count(*) from public.student_module_progress")


def test_locks_of_ones_own_choice_hold_up_no_page(shared: Scratch) -> None:
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        with acting_as(people.actor(shared.database, ADMIN)) as theirs:
            assert theirs.scalar(SEEN) == 5
        with pytest.raises(DBAPIError) as refused, connection.begin_nested():
            connection.exec_driver_sql("lock table public.student_module_progress")
        assert sqlstate(refused.value) == "42501"


RELATIONS = text("""
select string_agg(oid::regclass::text, ',')
from pg_class
where relkind in ('r', 'v')
    and relnamespace::regnamespace::text in (
        'auth', 'dashboard', 'dashboard_migrations', 'internal', 'public', 'roster', 'school'
    )
""")

LOCK_ALL = """
do $$
declare
    relation text;
    mode text;
    taken text[] = '{}';
begin
    foreach relation in array string_to_array(current_setting('tried.relations'), ',') loop
        foreach mode in array array[
            'access share', 'row share', 'row exclusive', 'share update exclusive', 'share',
            'share row exclusive', 'exclusive', 'access exclusive'
        ] loop
            begin
                execute 'lock table ' || relation || ' in ' || mode || ' mode nowait';
                taken = taken || (mode || ' on ' || relation);
            exception when insufficient_privilege then null;
            end;
        end loop;
    end loop;
    perform set_config('tried.taken', array_to_string(taken, ','), true);
end $$
"""

LOCKED = {"dashboard.draft", "dashboard.saved_view", "dashboard.dismissal"}
"""What people remove rows of; PostgreSQL lets whoever may do that lock the whole table, in any mode."""


@pytest.mark.parametrize("person", [ADMIN, COORDINATOR, TEACHER, ANN, STRANGER])
def test_whole_tables_are_locked_where_people_remove_rows_and_nowhere_else(
    shared: Scratch, person: UUID
) -> None:
    with shared.owner() as owner:
        ((relations,),) = owner.execute(RELATIONS.text.encode()).fetchall()
    with acting_as(people.actor(shared.database, person)) as connection:
        told = text("select set_config('tried.relations', :relations, true)")
        connection.execute(told, {"relations": relations})
        connection.exec_driver_sql(LOCK_ALL)
        taken = str(connection.scalar(text("select current_setting('tried.taken')"))).split(",")
    assert "access share on roster.student" in taken  # who reads may; it holds up nobody's page
    further = [one.partition(" on ") for one in taken if not one.startswith("access share on ")]
    assert {table for _, _, table in further} == LOCKED
    assert {table for mode, _, table in further if mode == "access exclusive"} == LOCKED

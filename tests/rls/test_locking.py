"""Who can lock what, and whom it holds up."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import sqlstate
from data.access.session import acting_as
from data.database.migrate import ADVISORY_LOCK
from tests import people
from tests.clusters import Scratch
from tests.people import ADMIN, ANN, COORDINATOR, COURSE, STRANGER, TEACHER

SEEN = text("select count(*) from public.student_module_progress")


def test_locks_of_ones_own_choice_hold_up_no_page(shared: Scratch) -> None:
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        with acting_as(people.actor(shared.database, ADMIN)) as theirs:
            assert theirs.scalar(SEEN) == 5
        with pytest.raises(DBAPIError) as refused, connection.begin_nested():
            connection.exec_driver_sql("lock table public.student_module_progress")
        assert sqlstate(refused.value) == "42501"


LOCK = text("""
insert into dashboard.lock (student_id, module_id, fields, author_id, reason)
values (:student, :module, '{score}', :author, 'why')
""")


@pytest.mark.parametrize(
    ("person", "author", "answer"),
    [
        (TEACHER, TEACHER, "42501"),
        (ANN, ANN, "42501"),
        (COORDINATOR, ADMIN, "42501"),
        (COORDINATOR, COORDINATOR, "55P03"),  # the control: whoever may lock waits for the row
    ],
)
def test_who_may_not_lock_a_value_does_not_wait_for_its_row(
    shared: Scratch, person: UUID, author: UUID, answer: str
) -> None:
    cell = {"student": ANN, "module": COURSE, "author": author}
    with psycopg.connect(shared.owner_url) as owner:
        owner.execute(
            "select from public.student_module_progress "
            "where student_id = %(student)s and module_id = %(module)s for update",
            cell,
        )
        with acting_as(people.actor(shared.database, person)) as connection:
            connection.exec_driver_sql("set local lock_timeout = '20ms'")
            with pytest.raises(DBAPIError) as refused, connection.begin_nested():
                connection.execute(LOCK, cell)
        owner.rollback()
    assert sqlstate(refused.value) == answer


RELATIONS = text("""
select string_agg(oid::regclass::text, ',')
from pg_class
where relkind in ('r', 'p', 'v')
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

LOCKED = {
    *("dashboard.draft", "dashboard.saved_view", "dashboard.dismissal"),
    *(
        "school.student",
        "school.staff",
        "school.class",
        "school.class_student",
        "school.class_teacher",
    ),
    *("school.class_module", "modules", "lessons", "school.retired_module"),
    *("school.source_id", "school.roster_lock"),
}
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

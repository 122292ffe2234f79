"""No policy and no view asks a function once a row: whoever reads however much, it is asked a few times.

Counted by the server itself over thousands of rows, for each table and view and for the pages' reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, text

from data import queries
from data.queries.roster import roster
from data.session import acting_as, connect
from tests import people
from tests.clusters import Cluster, Scratch
from tests.people import ADMIN, ANN, CLASS_1A, COORDINATOR, COURSE, TEACHER
from tests.rls.oracle import RELATIONS

STUDENTS, MOST = 400, 60

CALLS = text("""
select funcname, calls
from pg_stat_xact_user_functions
where schemaname = 'internal'
    and (funcname like 'my\\_%' or funcname in ('me', 'author', 'may_undo'))
order by calls desc
""")

# 400 more students of 1A and of 1B with all modules, as if they had long been there.
FILL = """
set local session_replication_role = replica;
insert into auth.users (id) select gen_random_uuid() from generate_series(1, 800);
insert into school.student (id, organisation_id, full_name)
select id, '{north}', 'Student ' || row_number() over () from auth.users
where id not in (select id from school.student union select id from school.staff);
insert into school.class_student
select case when row_number() over () <= 400 then '{one}'::uuid else '{other}'::uuid end, id
from school.student where full_name like 'Student %';
insert into public.student_module_progress (student_id, module_id, status)
select student.id, modules.id, 'InProgress' from school.student cross join public.modules
where full_name like 'Student %';
insert into dashboard.fact (student_id, module_id, status, is_stuck, has_problem, edited_by_staff)
select student_id, module_id, status, false, false, false from public.student_module_progress
on conflict do nothing;
insert into dashboard.batch (id, author_id, source, reason)
select gen_random_uuid(), '{coordinator}', 'form', 'x' from generate_series(1, 400);
insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id, after)
select student_id, module_id, 'insert', 'form', '{coordinator}', batch.id, '{{"status": "Completed"}}'
from (select *, row_number() over () as number from public.student_module_progress) as progress
join (select id, row_number() over () as number from dashboard.batch) as batch
    on batch.number = progress.number % 400 + 1;
insert into dashboard.kept (student_id, module_id, fields, held, author_id, reason)
select student_id, module_id, '{{score}}', '{{"score": null}}', '{coordinator}', 'x'
from public.student_module_progress where module_id = '{course}';
insert into dashboard.kept_attempt (kept_id, student_id, module_id, field, source)
select id, student_id, module_id, 'score', 'platform' from dashboard.kept;
insert into dashboard.left_as_is (rule, student_id, module_id, judged, author_id)
select 'x', student_id, module_id, repeat('0', 32), '{coordinator}' from dashboard.kept;
insert into dashboard.saved_view (owner_id, organisation_id, name, parameters)
select gen_random_uuid(), '{north}', 'x', '{{}}' from generate_series(1, 400);
"""


@pytest.fixture(scope="module")
def large(cluster: Cluster) -> Iterator[Scratch]:
    """The cast among hundreds of others, in a database that counts the calls of functions."""
    scratch = cluster.new_database("cast")
    root = scratch.owner_url.replace("progress_owner@", "postgres@")
    name = scratch.owner_url.split("/")[3].split("?")[0]
    with psycopg.connect(root, autocommit=True) as connection:
        with connection.transaction():
            connection.execute(
                FILL.format(
                    north=people.NORTH, one=CLASS_1A, other=people.CLASS_1B, coordinator=COORDINATOR,
                    course=COURSE,
                ).encode()
            )  # fmt: skip
        connection.execute("analyze")
        connection.execute(f"alter database {name} set track_functions = 'all'".encode())
    yield scratch
    cluster.drop(scratch)


def calls(school: Scratch, person: UUID, read: Callable[[Connection], object]) -> tuple[int, str]:
    """How often any one question was asked, and which, for one read by this person."""
    database = connect(school.app_url, key=school.key, pool_size=1)
    with acting_as(people.actor(database, person)) as connection:
        read(connection)
        found = connection.execute(CALLS).all()
    database.engine.dispose()
    return (found[0].calls, found[0].funcname) if found else (0, "")


PEOPLE = {"teacher": TEACHER, "coordinator": COORDINATOR, "admin": ADMIN}


@pytest.mark.parametrize("role", PEOPLE)
def test_no_table_or_view_asks_once_a_row(large: Scratch, role: str) -> None:
    for name, relation in RELATIONS.items():
        if "authenticated" not in relation.asked or name.startswith("dashboard_migrations"):
            continue
        found: list[int] = []

        def read(connection: Connection, name: str = name, found: list[int] = found) -> None:
            found.append(len(connection.exec_driver_sql(f"select from {name}").all()))

        most, which = calls(large, PEOPLE[role], read)
        assert most <= MOST, f"{name}: {which} {most} times for {found[0]} rows"
        if name == "public.student_module_progress":
            assert found[0] > STUDENTS  # the control: there is something to read


READS: dict[str, Callable[[Connection], object]] = {
    "overview": queries.overview,
    "class page": lambda c: queries.class_page(c, {"class": CLASS_1A}),
    "student": lambda c: queries.student_page(c, ANN),
    "history": lambda c: queries.history(c, queries.HistoryFilter()),
    "batches": queries.batches,
    "grid": lambda c: queries.grid(c, {"class": CLASS_1A}),
    "data check": queries.counts,
    "roster": lambda c: roster(c, CLASS_1A),
}


@pytest.mark.parametrize("role", PEOPLE)
def test_no_page_asks_once_a_row(large: Scratch, role: str) -> None:
    for name, read in READS.items():
        most, which = calls(large, PEOPLE[role], read)
        assert most <= MOST, f"{name}: {which} {most} times"


def test_asking_once_a_row_would_be_seen(large: Scratch) -> None:
    """The control: a policy of the slow kind."""
    with large.owner() as owner:
        owner.execute(
            "alter policy people_see_their_students on dashboard.fact "
            "using (internal.my_role() is not null)"
        )
        try:
            most, which = calls(
                large, ADMIN, lambda c: c.exec_driver_sql("select from dashboard.fact").all()
            )
        finally:
            owner.execute(
                "alter policy people_see_their_students on dashboard.fact "
                "using (student_id in (select internal.my_students()))"
            )
    assert most > STUDENTS, which

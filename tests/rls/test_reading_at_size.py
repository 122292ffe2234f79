"""A page reads what it shows, and a save what it changes, however large the schools beside: by an index, and
nothing of theirs.

By day the large ones are so small that PostgreSQL would do without some indexes: it is told to use what there
is. By night it chooses.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, event

from data.access.session import acting_as, connect
from data.reading.classes.news import LONGEST, news
from data.reading.row_values import as_values
from data.rules.progress import Edit, Field
from data.writing.save import save
from tests import people
from tests.benchmarks import loading
from tests.benchmarks.plan import SIZES, Plan
from tests.clusters import Cluster, Scratch
from tests.people import ADMIN, ANN, COORDINATOR, COURSE, TEACHER
from tests.profiles import chosen
from tests.rls.reads import OF_QUERIES

SIZE: Final = chosen(sample=Plan(1, cohort=300, further=20), nightly=SIZES["L"])
SETTINGS: Final = chosen(sample="set enable_seqscan = off", nightly="set enable_seqscan = on")

SAVED: Final = f"""
with saved as (
    insert into dashboard.batch (id, author_id, source, reason)
    values (gen_random_uuid(), '{COORDINATOR}', 'form', 'x')
    returning id
)
insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id, after)
select '{ANN}', '{COURSE}', 'insert', 'form', '{COORDINATOR}', id, '{{"status": "Completed"}}' from saved
""".encode()

READ: Final = b"""
select
    case when relname ~ '^history_' then 'history' else relname end,
    -- To go through a month with nothing in it is as well as any way.
    sum(case when relname ~ '^history_' and seq_tup_read = 0 then 0 else seq_scan end)::integer,
    sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::integer
from pg_stat_xact_user_tables
where relname in ('student_module_progress', 'fact', 'class_student') or relname ~ '^history_'
group by 1
"""
LARGE: Final = {"student_module_progress", "fact", "history"}

BEYOND: Final = {"changed_since"}
"""Asked here for all that changed since a day before everything."""

MOST: Final = 500
"""Rows of one table that a statement may read for whom a dozen are: of each, others have thousands."""

FEW: Final = {"teacher": TEACHER, "coordinator": COORDINATOR}
"""Who is of the small school."""

LOST: Final = {
    "drop index dashboard.history_student, dashboard.history_cell": "create index history_student "
    "on dashboard.history (student_id, at, id); create index history_cell on dashboard.history "
    "(student_id, module_id, id)",
    "alter table dashboard.fact drop constraint fact_pkey; drop index dashboard.fact_of_module": "alter table "
    "dashboard.fact add primary key (student_id, module_id); create index fact_of_module on dashboard.fact "
    "(module_id, student_id)",
}
"""What is lost, and how it is put back."""


@pytest.fixture(scope="module")
def large(cluster_18: Cluster) -> Iterator[Scratch]:
    """The cast, with a few students, beside schools of thousands."""
    scratch = cluster_18.new_database("cast")
    with psycopg.connect(scratch.owner_url, autocommit=True) as owner:
        loading.load(owner, SIZE, lambda sentence: None)
        owner.execute(SAVED)
    yield scratch
    cluster_18.drop(scratch)


def read(school: Scratch, person: UUID) -> tuple[set[str], set[str]]:
    """The reads that go through a whole large table, and those that read many rows: by the server's count."""
    database = connect(school.app_url, key=school.key, pool_size=1)
    whole, many = set(), set()
    before: dict[str, tuple[int, int]] = {}
    names: list[str] = []

    def begin(connection: Connection, *_: object) -> None:
        before.update(_counts(connection))

    def end(connection: Connection, *_: object) -> None:
        for table, (scans, rows) in _counts(connection).items():
            earlier = before.get(table, (0, 0))
            if table in LARGE and scans > earlier[0]:
                whole.add(names[-1])
            if rows - earlier[1] > MOST:
                many.add(names[-1])

    event.listen(database.engine, "before_cursor_execute", begin)
    event.listen(database.engine, "after_cursor_execute", end)
    for name, one in OF_QUERIES.items():
        names.append(name)
        with acting_as(people.actor(database, person)) as connection:
            _driver(connection).execute(SETTINGS)
            one(connection)
    database.engine.dispose()
    return whole - BEYOND, many - BEYOND


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _counts(connection: Connection) -> dict[str, tuple[int, int]]:
    found = _driver(connection).execute(READ).fetchall()
    return {table: (scans, rows) for table, scans, rows in found}


@pytest.mark.parametrize("role", FEW)
def test_whoever_is_of_a_small_school_reads_nothing_of_the_large_ones(
    large: Scratch, role: str
) -> None:
    assert read(large, FEW[role]) == (set(), set())


def test_no_page_goes_through_a_whole_table_for_whom_everything_is(large: Scratch) -> None:
    assert read(large, ADMIN)[0] == set()


SCANS: Final = b"""
select sum(seq_scan + coalesce(idx_scan, 0))::integer
from pg_stat_xact_user_tables
where relname in ('student_module_progress', 'fact') or relname ~ '^history_'
"""


def test_what_is_new_everywhere_is_read_from_what_is_kept(large: Scratch) -> None:
    database = connect(large.app_url, key=large.key, pool_size=1)
    scans, modules = [], []
    for days in (LONGEST.days, 60):
        with acting_as(people.actor(database, ADMIN)) as connection:
            found = news(connection, datetime.now(UTC) - timedelta(days=days), 99)
            scans.append(_driver(connection).execute(SCANS).fetchone()[0])
        modules.append(sum(one.modules for one in found.first))
    database.engine.dispose()
    assert modules[1] > modules[0] > MOST
    assert scans[0] < 100  # of the class in which something was saved just now
    assert scans[1] > MOST  # the control: of what is older nothing is kept


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_index_would_be_seen(large: Scratch, lost: str) -> None:
    """The control."""
    with psycopg.connect(large.owner_url, autocommit=True) as owner:
        owner.execute(lost.encode())
        found = read(large, COORDINATOR)
        owner.execute(LOST[lost].encode())
    assert found != (set(), set())


STUDENTS: Final = b"""
select seq_tup_read + coalesce(idx_tup_fetch, 0)
from pg_stat_xact_user_tables
where schemaname = 'school' and relname = 'student'
"""
HELD: Final = f"""
select status, progress_percentage, score, completed_at
from dashboard.progress
where student_id = '{ANN}' and module_id = '{COURSE}'
"""


def test_a_save_lists_nobody_for_whom_everybody_is(large: Scratch) -> None:
    """What of students it reads, beside what a list of those who are theirs to change reads (the control)."""
    database = connect(large.app_url, key=large.key, pool_size=1)
    counts: list[int] = []

    def count(connection: Connection, *_: object) -> None:
        _driver(connection).execute(SETTINGS)
        counts.append(_driver(connection).execute(STUDENTS).fetchone()[0])

    actor = people.actor(database, ADMIN)
    with acting_as(actor) as connection:
        held = as_values(*connection.exec_driver_sql(HELD).one())
    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "after_cursor_execute", count)
    outcome = save(actor, [Edit(ANN, COURSE, {Field.SCORE: Decimal(41)}, held)])
    changing = counts[-1] - counts[0]
    with acting_as(actor) as connection:
        connection.exec_driver_sql("select from roster.editable")
    listing = counts[-1] - counts[-2]
    database.engine.dispose()
    assert len(outcome.saved) == 1
    assert changing < 50 < 300 < listing

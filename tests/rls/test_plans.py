"""No policy, no view and no read asks a rule once a row: whoever reads however much, it is asked a few times.

Counted by the server itself, statement by statement, for each table and view and for every read there is, among
many of everything.
"""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, event

import data.reading
import data.roster
from data.access.session import acting_as, connect
from data.reading.students.students import find_students
from tests import people
from tests.clusters import Cluster, Scratch
from tests.people import ADMIN, ANN, CLASS_1A, COORDINATOR, COURSE, TEACHER
from tests.rls.oracle import RELATIONS
from tests.rls.reads import OF_QUERIES, OTHERS, PARTS, Read, reading
from tests.rls.roster_reads import OF_ROSTER, SAVE, WRITE

MOST = 8
"""How often a statement may ask one of the rules: a few tables and views with a mention or two each."""

MOST_WHO = 20
"""How often it may ask who is there: each rule does, and each policy, to know who sees everybody."""

CALLS = b"""
select funcname, calls
from pg_stat_xact_user_functions
where schemaname = 'internal'
    and (
        funcname like 'my\\_%' or funcname like 'may\\_undo%'
        or funcname in ('me', 'author', 'is_session_open', 'manages_all', 'sees_guests', 'sees_everybody',
            'everybody_but')
    )
"""

# 100 more students of 1A and of 1B with all modules, as if they had long been there.
FILL = """
set local session_replication_role = replica;
insert into auth.users (id) select gen_random_uuid() from generate_series(1, 200);
insert into school.student (id, organisation_id, full_name, plain_name)
select id, '{north}', 'Student ' || row_number() over (), 'student' || row_number() over () from auth.users
where id not in (select id from school.student union select id from school.staff);
insert into school.class_student
select case when row_number() over () <= 100 then '{one}'::uuid else '{other}'::uuid end, id
from school.student where full_name like 'Student %';
insert into public.student_module_progress (student_id, module_id, status)
select student.id, modules.id, 'InProgress' from school.student cross join public.modules
where full_name like 'Student %';
insert into dashboard.fact (student_id, module_id, status, has_problem, edited_by_staff)
select student_id, module_id, status, false, false from public.student_module_progress
on conflict do nothing;
insert into dashboard.batch (id, author_id, source, reason)
select gen_random_uuid(), '{coordinator}', 'form', 'x' from generate_series(1, 100);
insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id, after)
select student_id, module_id, 'insert', 'form', '{coordinator}', batch.id, '{{"status": "Completed"}}'
from (select *, row_number() over () as number from public.student_module_progress) as progress
join (select id, row_number() over () as number from dashboard.batch) as batch
    on batch.number = progress.number % 100 + 1;
insert into dashboard.lock (student_id, module_id, fields, locked_values, author_id, reason)
select student_id, module_id, '{{score}}', '{{"score": null}}', '{coordinator}', 'x'
from public.student_module_progress where module_id = '{course}';
insert into dashboard.lock_attempt (lock_id, student_id, module_id, field, source)
select id, student_id, module_id, 'score', 'platform' from dashboard.lock;
insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id)
select 'x', student_id, module_id, repeat('0', 32), '{coordinator}' from dashboard.lock;
insert into public.modules (type, name, sequence)
select 'Course', 'Further ' || number, 100 + number from generate_series(1, 80) as number;
insert into public.lessons (module_id, title, sequence)
select '{course}', 'Lesson ' || number, 10 + number from generate_series(1, 80) as number;
insert into public.student_module_progress (student_id, module_id, status, completed_at)
select '{ann}', id, 'Completed', now() from public.modules where name like 'Further %';
insert into dashboard.fact (
    student_id, module_id, status, shown_score, has_problem, edited_by_staff
)
select student_id, module_id, status, 50, false, false from public.student_module_progress
where student_id = '{ann}' on conflict do nothing;
insert into dashboard.history (student_id, module_id, operation, source, author_id, batch_id, before, after)
select student_id, module_id, 'update', 'form', '{coordinator}', batch.id, '{{"status": "InProgress"}}',
    '{{"status": "Completed"}}'
from public.student_module_progress as progress
cross join (select id from dashboard.batch limit 5) as batch
where progress.student_id = '{ann}';
insert into dashboard.lock (
    student_id, module_id, fields, locked_values, author_id, reason, at, unlocked_at, unlocked_by
)
select '{ann}', '{course}', '{{score}}', '{{"score": null}}', '{coordinator}', 'x', now(), now(),
    '{coordinator}'
from generate_series(1, 80);
insert into dashboard.lock_attempt (lock_id, student_id, module_id, field, source)
select id, student_id, module_id, 'score', 'platform' from dashboard.lock
where unlocked_at is not null;
insert into dashboard.note (id, note_id, student_id, author_id, act, kind, text)
select id, id, '{ann}', '{coordinator}', 'written', 'note', 'x'
from (select gen_random_uuid() as id from generate_series(1, 80)) as note;
insert into dashboard.flag_response (id, class_id, student_id, rule, author_id, response)
select gen_random_uuid(), '{one}', student_id, 'x', '{coordinator}', 'seen' from dashboard.lock;
insert into dashboard.class_target (id, class_id, author_id)
select gen_random_uuid(), '{one}', '{coordinator}' from dashboard.lock;
insert into school.class (organisation_id, name)
select '{north}', 'Further ' || number from generate_series(1, 80) as number;
insert into school.class_student select id, '{ann}' from school.class where name like 'Further %';
insert into school.class_module select id, '{course}', 1 from school.class where name like 'Further %';
insert into school.class_module
select (select id from school.class where name = 'Further 1'), id, sequence from public.modules
where name like 'Further %';
insert into school.class_teacher select id, '{teacher}' from school.class where name like 'Further %';
insert into school.staff (id, organisation_id, full_name, email, role)
select gen_random_uuid(), '{north}', 'Further ' || number, number || '@example.org', 'teacher'
from generate_series(1, 80) as number;
insert into dashboard.history (student_id, module_id, operation, source, author_id, after)
select '{ann}', '{course}', 'insert', 'staff', id, '{{"status": "Completed"}}'
from school.staff where full_name like 'Further %';
insert into dashboard.draft (person_id, class_id, edits)
select staff.id, class.id, '[]' from school.staff cross join school.class
where staff.full_name not like 'Further %';
insert into dashboard.saved_view (owner_id, organisation_id, name, parameters)
select gen_random_uuid(), '{north}', 'x', '{{}}' from generate_series(1, 100);
insert into school.source_id select '{north}', 'office', 'student', id::text, id from school.student;
insert into school.source_id select '{north}', 'office', 'student', id::text, '{ann}' from school.class;
insert into school.roster_lock select '{north}', 'student', id, 'full_name' from school.student;
insert into school.retired_module select id from public.modules where name like 'Further %';
insert into dashboard.roster_batch (id, author_id, source, digest)
values ('{save}', '{coordinator}', 'form', repeat('0', 64));
insert into dashboard.roster_batch (id, author_id, source, digest)
select gen_random_uuid(), '{teacher}', 'form', repeat('0', 64) from generate_series(1, 100);
insert into dashboard.roster_change (relation, key, organisation_id, operation, author_id, batch_id, after)
select 'student', jsonb_build_object('id', student.id), '{north}', 'update', author_id, batch.id,
    '{{"full_name": "Another"}}'
from dashboard.roster_batch as batch
join school.student on student.id = '{ann}' or batch.id = '{save}';
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
                    course=COURSE, ann=ANN, teacher=TEACHER, save=SAVE,
                ).encode()
            )  # fmt: skip
        connection.execute("analyze")
        connection.execute(f"alter database {name} set track_functions = 'all'".encode())
    yield scratch
    cluster.drop(scratch)


def _calls(connection: Connection) -> dict[str, int]:
    """Since the server last noted them down: earlier transactions' may be among them."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return dict(driver.execute(CALLS).fetchall())


class Counted:
    """How often each question was asked: by the server's own count, statement by statement."""

    def __init__(self, school: Scratch) -> None:
        self.database = connect(school.app_url, key=school.key, pool_size=1)
        self.most: dict[str, tuple[int, str]] = {}
        self._before: dict[str, int] = {}
        event.listen(self.database.engine, "before_cursor_execute", self._begin)
        event.listen(self.database.engine, "after_cursor_execute", self._end)

    def _begin(self, connection: Connection, *_: object) -> None:
        self._before = _calls(connection)

    def _end(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        for name, calls in _calls(connection).items():
            asked = calls - self._before.get(name, 0)
            if asked > self.most.get(name, (0, ""))[0]:
                self.most[name] = asked, statement

    def read(self, person: UUID, read: Read) -> None:
        with acting_as(people.actor(self.database, person)) as connection:
            read(connection)

    @property
    def too_often(self) -> list[str]:
        return [
            f"{name} {asked} times: {' '.join(statement.split())}"
            for name, (asked, statement) in self.most.items()
            if asked > (MOST_WHO if name in ("me", "author") else MOST)
        ]


@pytest.fixture
def counted(large: Scratch) -> Iterator[Counted]:
    found = Counted(large)
    yield found
    found.database.engine.dispose()


PEOPLE = {"teacher": TEACHER, "coordinator": COORDINATOR, "admin": ADMIN}


@pytest.mark.parametrize("role", PEOPLE)
def test_no_table_or_view_asks_once_a_row(counted: Counted, role: str) -> None:
    for name, relation in RELATIONS.items():
        if "dashboard_person" in relation.asked and not name.startswith("dashboard_migrations"):
            counted.read(PEOPLE[role], partial(_all_of, name))
    assert counted.too_often == []


def _all_of(name: str, connection: Connection) -> None:
    connection.exec_driver_sql(f"select from {name}")


@pytest.mark.parametrize("role", PEOPLE)
def test_no_read_asks_once_a_row(counted: Counted, role: str) -> None:
    for read in (*OF_QUERIES.values(), *OTHERS.values(), *OF_ROSTER.values()):
        counted.read(PEOPLE[role], read)
    assert counted.too_often == []
    lists = {"my_students", "my_staffed_students"}
    # Whoever sees everybody is never made to list them.
    assert lists & counted.most.keys() == (set() if role == "admin" else lists)
    assert set(counted.most) >= {
        "me",
        "my_role",
        "my_classes",
        "my_staffed_classes",
        *(f"my_managed_{what}" for what in ("organisations", "classes", "modules")),
        "manages_all",
    }


MADE_PLAIN = b"""
select coalesce(sum(calls), 0) from pg_stat_xact_user_functions where funcname in ('plain', 'plain_name')
"""


def test_finding_somebody_makes_nobodys_name_plain(counted: Counted) -> None:
    """What was typed is, once or twice; the control finds as many by the name itself."""
    made: list[int] = []

    def read(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)

        def note() -> None:
            made.append(driver.execute(MADE_PLAIN).fetchall()[0][0])

        note()
        assert len(find_students(connection, "student", 500)) >= 200
        note()
        connection.exec_driver_sql(
            "select from roster.student where internal.is_meant(full_name, 'student')"
        )
        note()

    counted.read(ADMIN, read)
    assert made[1] - made[0] <= 3 < 200 <= made[2] - made[1]


def test_every_read_is_looked_at() -> None:
    assert set(OF_QUERIES) == reading(data.reading) - PARTS
    assert set(OF_ROSTER) == reading(data.roster) - WRITE
    assert len(OF_QUERIES) > 50


def test_there_is_something_to_read(counted: Counted) -> None:
    """The control: of whatever a read goes through there is much more than a question may be asked."""
    sizes: dict[str, int] = {}

    def count(connection: Connection) -> None:
        for name, asked in MUCH.items():
            sizes[name] = connection.exec_driver_sql(asked).scalar_one()

    counted.read(COORDINATOR, count)
    assert {name: size for name, size in sizes.items() if size < 4 * MOST_WHO} == {}


ANNS = f"from {{}} where student_id = '{ANN}'"
MUCH = {
    name: f"select count(*) {asked}"
    for name, asked in {
        "students of 1A": f"from roster.class_student where class_id = '{CLASS_1A}'",
        "classes": "from roster.class",
        "staff": "from roster.staff",
        "batches": "from dashboard.batch",
        "lessons": f"from roster.lesson where module_id = '{COURSE}'",
        "drafts": "from dashboard.draft",
        "left as they are": "from dashboard.dismissal",
        **{
            f"Ann's {name}": ANNS.format(name)
            for name in (
                *("public.student_module_progress", "dashboard.fact", "dashboard.history"),
                *("dashboard.lock", "dashboard.lock_attempt", "dashboard.note"),
                "dashboard.flag_response",
                *("roster.class_student",),
            )
        },
        **{
            name: f"from {name}"
            for name in (
                *("school.student", "school.staff", "school.class", "school.class_student"),
                "dashboard.class_target",
                *("school.class_module", "school.class_teacher", "school.source_id"),
                *("school.roster_lock", "school.retired_module", "public.modules"),
                *("dashboard.roster_batch", "dashboard.roster_change"),
            )
        },
    }.items()
}


SLOW = {
    "a policy": """
        create table dashboard.slow as select student_id from dashboard.fact;
        alter table dashboard.slow enable row level security;
        create policy slow on dashboard.slow for select to dashboard_person
        using (internal.my_role() is not null);
        grant select on dashboard.slow to dashboard_person;
    """,
    "a view": """
        create view dashboard.slow_class with (security_barrier) as
        select class_id, student_id from school.class_student
        where class_id in (select internal.my_classes());
        grant select on dashboard.slow_class to dashboard_person;
    """,
}
ASKING = {
    "a policy": "select from dashboard.slow",
    "a view": """
        select (select count(*) from dashboard.slow_class as one where one.student_id = student.id)
        from roster.student
    """,
}


@pytest.mark.parametrize("kind", SLOW)
def test_asking_once_a_row_would_be_seen(counted: Counted, large: Scratch, kind: str) -> None:
    """The control: a policy and a view of the slow kind."""
    with large.owner() as owner:
        owner.execute(SLOW[kind].encode())
    counted.read(ADMIN, lambda c: c.exec_driver_sql(ASKING[kind]))
    assert counted.too_often

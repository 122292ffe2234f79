"""Where the progress table is the platform's our rules alone decide, and nothing of its own is touched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import as_problem
from data.access.session import acting_as
from data.data_protection.erasure import erase_student
from data.database.migrate import migrate
from data.database.preflight import faults
from data.rules.progress import Edit, Field, Problem, Status, Values
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.bare_host import attached, bare, fill
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    ROLES,
    STRANGER,
    UNUSED,
    VIEWER,
)
from tests.rls.facts import Identity, in_charge, may_see
from tests.rls.reads import OF_QUERIES, OTHERS

STUDENTS = (ANN, BEN, CLEO, DAN)
EVERYBODY = (ANN, BEN, *ROLES, STRANGER)

CATALOGUE = """
select 'relation', relname, concat_ws(' ', relacl, relowner, relrowsecurity, relforcerowsecurity, reloptions)
from pg_class
where relnamespace = 'public'::regnamespace
union all
select
    'column', attrelid::regclass || '.' || attname,
    concat_ws(' ', atttypid, attnotnull, attacl, attisdropped)
from pg_attribute
join pg_class on pg_class.oid = attrelid
where relnamespace = 'public'::regnamespace
union all
select 'policy', polname, concat_ws(' ', polrelid, polroles, polqual, polwithcheck)
from pg_policy
where polrelid::regclass::text !~ '^(dashboard|internal|school|roster)'
union all
select 'constraint', conname, pg_get_constraintdef(oid)
from pg_constraint
where connamespace = 'public'::regnamespace and contype <> 't'
union all
select 'default privileges', concat(defaclrole, defaclobjtype), defaclacl::text
from pg_default_acl
union all
select 'schema', nspname, concat_ws(' ', nspowner, nspacl)
from pg_namespace
where nspname in ('public', 'auth', 'extensions')
union all
select 'trigger', tgname, pg_get_triggerdef(pg_trigger.oid)
from pg_trigger
join pg_proc on pg_proc.oid = tgfoid
where not tgisinternal and pronamespace::regnamespace::text not in ('dashboard', 'internal')
order by 1, 2, 3
"""


def asked(url: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(question.encode())
        return found.fetchall() if found.description else []


@pytest.fixture(scope="module")
def platform(cluster: Cluster) -> Iterator[Scratch]:
    """Attached, with the roster of the cast; the platform's catalogue was the same before."""
    owner, app = bare(cluster)
    before = asked(owner, CATALOGUE)
    scratch = attached(owner, app)
    assert asked(owner, CATALOGUE) == before, "Something of the platform's was altered."
    assert len(before) > 20
    cast = cluster.new_database("cast")
    fill(owner, cast.owner_url)
    cluster.drop(cast)
    yield scratch
    cluster.drop(scratch)


@contextmanager
def tried(scratch: Scratch, person: UUID) -> Iterator[Callable[..., list[Any] | None]]:
    """`ask(statement)`: what it gives first as this person, None where it is refused; nothing of it stays."""
    with acting_as(people.actor(scratch.database, person)) as connection:

        def ask(statement: str, **bound: object) -> list[Any] | None:
            try:
                with connection.begin_nested() as once:
                    found = connection.execute(text(statement), bound)
                    answer = [row[0] for row in found.all()] if found.returns_rows else []
                    once.rollback()
                    return answer
            except DBAPIError as error:
                problem = as_problem(error)
                if problem is None or problem.code != "refused":
                    raise
                return None

        yield ask
        connection.rollback()


CORRECT = """
select dashboard.update_progress(
    array[:student]::uuid[], array[:module]::uuid[], '{Completed}', '{100}', '{1}', '{2026-03-01}',
    '{t}', '{t}', '{t}', '{t}', false
)
"""
ADD = """
select dashboard.add_progress(
    array[:student]::uuid[], array[:module]::uuid[], '{InProgress}', '{1}', '{1}', '{null}'
)
"""


@pytest.mark.parametrize(
    "person", EVERYBODY, ids=lambda one: f"{ROLES.get(one, 'other')} {one.int % 100}"
)
def test_a_person_reads_and_changes_exactly_what_the_rule_allows(
    platform: Scratch, person: UUID
) -> None:
    who = Identity("", "dashboard_person", person)
    seen = {one for one in STUDENTS if may_see(who, one)}
    edited = {one for one in STUDENTS if in_charge(who, one)}
    with tried(platform, person) as ask:
        assert set(ask("select student_id from dashboard.progress") or []) == seen
        for statement in (
            "select student_id from dashboard.editable_progress",
            "select student_id from dashboard.editable_progress for update",
        ):
            assert set(ask(statement) or []) == edited, statement
        for student in STUDENTS:
            done = [1] if student in edited else []
            assert ask(CORRECT, student=student, module=COURSE) == done
            assert ask(ADD, student=student, module=UNUSED) == (done or None)
            assert ask(ADD, student=student, module=COURSE) == ([] if student in edited else None)


REFUSED = (
    "truncate public.student_module_progress",
    "select student_id from public.student_module_progress",
    "update public.student_module_progress set score = 1",
    "delete from public.student_module_progress",
    "delete from dashboard.editable_progress",
    "select temporary_password from public.students",
    f"update dashboard.editable_progress set student_id = '{DAN}' where student_id = '{ANN}'",
    "update dashboard.editable_progress set score = 1",
    f"insert into dashboard.editable_progress (student_id, module_id) values ('{ANN}', '{UNUSED}')",
)


def test_everything_else_of_the_platforms_is_refused_to_everybody(platform: Scratch) -> None:
    for person in (ADMIN, COORDINATOR, ANN):
        with tried(platform, person) as ask:
            assert [one for one in REFUSED if ask(one) is not None] == []


def test_what_is_refused_the_platforms_own_role_may(platform: Scratch) -> None:
    """The control: its grants and its policy open all of it."""
    theirs = [one for one in REFUSED if "public." in one]
    assert len(theirs) == 5
    root = platform.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(root) as connection:
        for statement in theirs:
            connection.execute("set local role pupils_of_a_host")
            connection.execute(statement.encode())
            connection.rollback()


def test_a_correction_is_saved_with_its_author_and_the_platforms_write_without(
    platform: Scratch,
) -> None:
    seen: Values = {
        Field.STATUS: Status.IN_PROGRESS,
        Field.PERCENTAGE: 40,
        Field.SCORE: None,
        Field.COMPLETED_AT: None,
    }
    edit = Edit(ANN, COURSE, {Field.PERCENTAGE: 70}, seen)
    outcome = save(people.actor(platform.database, COORDINATOR), [edit])
    assert [one.student_id for one in outcome.saved] == [ANN]
    set_back = "update public.student_module_progress set progress_percentage = 40"
    asked(platform.owner_url, f"{set_back} where student_id = '{ANN}'")
    told = "select source, author_id from dashboard.history order by id desc limit 2"
    assert asked(platform.owner_url, told) == [("platform", None), ("form", COORDINATOR)]


def test_whatever_pages_ask_is_answered(platform: Scratch) -> None:
    seen: Values = {
        Field.STATUS: Status.IN_PROGRESS,
        Field.PERCENTAGE: 10,
        Field.SCORE: None,
        Field.COMPLETED_AT: None,
    }
    edit = Edit(CLEO, COURSE, {Field.PERCENTAGE: 12}, seen)
    assert save(people.actor(platform.database, COORDINATOR), [edit]).saved
    for person in (ADMIN, COORDINATOR, VIEWER):
        for read in {**OF_QUERIES, **OTHERS}.values():
            with acting_as(people.actor(platform.database, person)) as connection:
                read(connection)


def test_who_has_progress_on_the_platform_is_erased_there_first(platform: Scratch) -> None:
    problem = erase_student(people.actor(platform.database, ADMIN), ANN, "Ann Ågren")
    assert isinstance(problem, Problem)
    assert problem.code == "platform"
    progress = f"from public.student_module_progress where student_id = '{ANN}'"
    asked(
        platform.owner_url, f"create table public.aside as select * {progress}; delete {progress}"
    )
    assert erase_student(people.actor(platform.database, ADMIN), ANN, "Ann Ågren") == problem
    left = f"update school.student set is_active = {{}}, left_on = null where id = '{ANN}'"
    asked(platform.owner_url, left.format(False))
    with acting_as(people.actor(platform.database, ADMIN)) as connection:
        erase = text("select dashboard.erase_student(:student, 'Ann Ågren')")
        assert connection.scalar(erase, {"student": ANN})["student"] == 1
        connection.rollback()
    back = "insert into public.student_module_progress table public.aside"
    asked(platform.owner_url, f"{back}; drop table public.aside; {left.format(True)}")


def test_no_error_of_ours_breaks_a_write_of_the_platform(platform: Scratch) -> None:
    theirs = f"update public.student_module_progress set score = 3 where student_id = '{BEN}' returning score"
    asked(platform.owner_url, "alter table dashboard.history rename to mislaid")
    try:
        assert asked(platform.owner_url, theirs) == [(3,)]
        with tried(platform, COORDINATOR) as ask, pytest.raises(DBAPIError, match="history"):
            ask(CORRECT, student=BEN, module=COURSE)
    finally:
        asked(platform.owner_url, "alter table dashboard.mislaid rename to history")
    said = asked(platform.owner_url, "select what, said from internal.platform_error")
    assert ("history", 'history: relation "dashboard.history" does not exist') in said
    assert asked(platform.owner_url, theirs) == [(3,)]


def test_the_platform_may_empty_its_table_and_that_is_recorded(cluster: Cluster) -> None:
    scratch = attached(*bare(cluster))
    score = "update public.student_module_progress set score = 1"
    asked(scratch.owner_url, score)
    assert asked(scratch.owner_url, "select count(*) from dashboard.fact") == [(4,)]
    asked(scratch.owner_url, "truncate public.student_module_progress")
    assert asked(scratch.owner_url, "select count(*) from dashboard.fact") == [(0,)]
    told = "select source, count(*) from dashboard.history where operation = 'delete' group by 1"
    assert asked(scratch.owner_url, told) == [("platform", 4)]
    cluster.drop(scratch)


def test_what_is_told_of_it_changes_nothing_of_the_platforms(platform: Scratch) -> None:
    """A policy of the platform's is its own affair; a right on its table is told, and who may take it away."""
    owner = platform.owner_url
    asked(
        owner,
        "create policy another on public.student_module_progress to dashboard_person using (true)",
    )
    asked(owner, "grant select (id) on public.students to dashboard_person")
    (found,) = faults(platform.app_url, platform.key)
    assert found.code == "grant"
    assert "select (id) on public.students" in found.message
    assert "Run:" not in found.message
    asked(owner, "revoke select (id) on public.students from dashboard_person")
    asked(owner, "drop policy another on public.student_module_progress")
    assert faults(platform.app_url, platform.key) == []


def test_a_trigger_that_is_lost_or_turned_off_is_missed_and_placed_again(platform: Scratch) -> None:
    table = "on public.student_module_progress"
    asked(platform.owner_url, f"drop trigger history_of_inserts {table}")
    asked(
        platform.owner_url,
        "alter table public.student_module_progress disable trigger history_of_updates",
    )
    found = faults(platform.app_url, platform.key)
    assert [one.code for one in found] == ["trigger", "trigger"]
    assert all(one.message.endswith("Run: python -m data migrate") for one in found)
    migrate(platform.owner_url, platform.app_url)
    assert faults(platform.app_url, platform.key) == []


def test_it_is_brought_over_as_any_other(platform: Scratch) -> None:
    owner = platform.owner_url
    before = asked(owner, CATALOGUE)
    asked(owner, "drop function internal.plausible(timestamptz)")
    assert [one.code for one in faults(platform.app_url, platform.key)] == ["function"]
    asked(owner, "update dashboard_migrations.in_force set digest = ''")
    migrate(owner, platform.app_url)
    assert faults(platform.app_url, platform.key) == []
    assert asked(owner, CATALOGUE) == before

"""Only a signature tells who asks: nothing that a statement sets, repeats, keeps or takes away makes another of
somebody."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from data.__main__ import data
from data.access.claims import ClaimsKey, new_key, read_key
from data.access.errors import UNSIGNED, DatabaseNotReady, sqlstate
from data.access.session import acting_as, connect
from data.database import claims_keys
from data.database.preflight import faults
from data.reading.people import actor as read_actor
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask, written_by
from tests.people import ADMIN, ANN, BEN, COORDINATOR, STRANGER, TEACHER
from tests.rls.forging import forged_claims

ME = text("select internal.me()")
SEEN = text("select count(*) from public.student_module_progress")
BE = text("select set_config('request.jwt.claims', :claims, true)")


@pytest.fixture
def school(cluster: Cluster) -> Iterator[Scratch]:
    scratch = cluster.new_database("cast")
    yield scratch
    cluster.drop(scratch)


def key_of(school: Scratch) -> ClaimsKey:
    assert school.key is not None
    return school.key


def test_forged_claims_make_nobody_of_a_teacher_and_never_an_administrator(shared: Scratch) -> None:
    for how, claims in forged_claims(key_of(shared)).items():
        with acting_as(people.actor(shared.database, TEACHER)) as connection:
            assert (connection.scalar(ME), connection.scalar(SEEN)) == (TEACHER, 3), how
            connection.execute(BE, {"claims": claims})
            assert (connection.scalar(ME), connection.scalar(SEEN)) == (None, 0), how
    # The control: with the right signature she is the administrator.
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(BE, {"claims": key_of(shared).claims(ADMIN, time.time() - 110)})
        assert (connection.scalar(ME), connection.scalar(SEEN)) == (ADMIN, 5)


def test_claims_that_change_inside_a_statement_win_nothing(shared: Scratch) -> None:
    claims = json.dumps({"sub": str(ADMIN), "role": "dashboard_person"})
    inside = "set_config('request.jwt.claims', :claims, true) is not null"
    for person, before, those in ((TEACHER, 3, {ANN, BEN}), (ANN, 2, {ANN}), (STRANGER, 0, set())):
        for place in (
            f"select student_id from public.student_module_progress where {inside}",
            f"select student_id from (select {inside} offset 0) as _, public.student_module_progress",
            f"with _ as materialized (select {inside}) "
            "select student_id from _, public.student_module_progress",
            f"select student_id from roster.student, public.student_module_progress where {inside}",
        ):
            with acting_as(people.actor(shared.database, person)) as connection:
                assert connection.scalar(SEEN) == before
                found = connection.execute(text(place), {"claims": claims}).scalars()
                assert set(found) <= those, place


def test_a_change_is_signed_by_who_made_it_or_is_not_made(school: Scratch) -> None:
    """The claims go while the rows are changed: when the history is written, nobody has signed."""
    change = text(
        "update public.student_module_progress set score = 7 where student_id = :ann "
        "and set_config('request.jwt.claims', :claims, true) is not null"
    )
    cora = people.actor(school.database, COORDINATOR)
    for claims in ("", json.dumps({"sub": str(ADMIN)}), new_key().claims(ADMIN, time.time())):
        with pytest.raises(ProgrammingError) as refused, acting_as(cora) as connection:
            connection.execute(change, {"ann": ANN, "claims": claims})
        assert sqlstate(refused.value) == "42501"
    assert ask(school, "select 1 from public.student_module_progress where score = 7") == []
    with acting_as(cora) as connection:  # the control: her own claims, told again
        own = connection.execute(text("select current_setting('request.jwt.claims')")).scalar_one()
        assert connection.execute(change, {"ann": ANN, "claims": own}).rowcount == 2
    newest = "select author_id, source from dashboard.history order by id desc limit 1"
    assert ask(school, newest) == [{"author_id": COORDINATOR, "source": "staff"}]


def test_nobody_reads_the_key_or_the_logins(shared: Scratch) -> None:
    assert ask(shared, "select 1 from internal.claims_key")  # the control
    for person in (TEACHER, ADMIN):
        for statement in (
            "select id from internal.claims_key",
            "update internal.claims_key set ends_at = now()",
            "insert into internal.app_login values ('x')",
            "delete from internal.app_login",
            "select internal.author()",
        ):
            actor = people.actor(shared.database, person)
            with pytest.raises(ProgrammingError) as refused, acting_as(actor) as connection:
                connection.execute(text(statement))
            assert sqlstate(refused.value) == "42501", statement


# --- the host platform's own requests ---


@pytest.fixture
def host(cluster: Cluster, school: Scratch) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A session of the platform's own login, with a policy of the platform's for its students."""
    login = school.owner_url.replace("progress_owner@", "platform@")
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
        root.execute("create role authenticated nologin")
        # Beside the role of its own, one of ours: it may become that, and is nobody there.
        root.execute("create role platform login noinherit in role authenticated, dashboard_person")
    with school.owner() as owner:
        owner.execute("grant usage on schema auth to authenticated")
        owner.execute("grant execute on function auth.uid() to authenticated")
        owner.execute("grant select, update on public.student_module_progress to authenticated")
        owner.execute(
            "create policy hosts_students on public.student_module_progress for all to authenticated "
            "using (student_id = (select auth.uid()))"
        )
    with closing(psycopg.connect(login, autocommit=True)) as connection:
        yield connection
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
        root.execute("drop role platform")
    with psycopg.connect(school.owner_url.replace("progress_owner@", "postgres@")) as root:
        root.execute("drop owned by authenticated")
        root.execute("drop role authenticated")


def test_the_platform_goes_on_as_before(
    school: Scratch, host: psycopg.Connection[tuple[object, ...]]
) -> None:
    with host.transaction():
        host.execute("set local role authenticated")
        host.execute(
            "select set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": str(ANN)}),)
        )
        seen = host.execute("select distinct student_id from public.student_module_progress")
        assert seen.fetchall() == [(ANN,)]
        host.execute("update public.student_module_progress set score = 3")
        with pytest.raises(InsufficientPrivilege), host.transaction():
            host.execute("select 1 from roster.student")
        host.execute("set local role dashboard_person")
        assert host.execute("select internal.me(), auth.uid()").fetchone() == (None, ANN)
        for theirs in ("public.student_module_progress", "roster.student"):
            assert host.execute(f"select 1 from {theirs}".encode()).fetchall() == []
    written_by(school, None, "update public.student_module_progress set score = 4")
    newest = "select author_id, source from dashboard.history order by id desc limit 6"
    found = [(one["author_id"], one["source"]) for one in ask(school, newest)]
    assert found[0] == (None, "platform")
    assert found[-1] == (ANN, "student")


# --- clocks ---


@pytest.mark.parametrize("seconds", [-3600, -90, 90, 3600 * 24])
def test_a_clock_that_is_wrong_is_no_outage(
    shared: Scratch, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    real = time.time
    database = shared.connect()
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    with acting_as(people.actor(database, TEACHER)) as connection:
        assert connection.scalar(ME) == TEACHER
    monkeypatch.setattr(time, "time", real)  # and is set right under way
    with acting_as(people.actor(database, TEACHER)) as connection:
        assert connection.scalar(ME) == TEACHER
    database.engine.dispose()


# --- keys ---


def who(connection: Connection) -> UUID | None:
    found: UUID | None = connection.scalar(ME)
    return found


def test_a_replaced_key_holds_for_the_overlap_and_no_longer(school: Scratch) -> None:
    old = people.actor(school.database, TEACHER)
    new = claims_keys.replace_key(school.owner_url, 10)
    database = connect(school.app_url, key=new)
    with acting_as(old) as one, acting_as(people.actor(database, TEACHER)) as other:
        assert (who(one), who(other)) == (TEACHER, TEACHER)
    ask(school, "update internal.claims_key set ends_at = now() where ends_at is not null")
    with acting_as(old) as one, acting_as(people.actor(database, TEACHER)) as other:
        assert (who(one), who(other)) == (None, TEACHER)
    newest = claims_keys.replace_key(school.owner_url, 0)
    with acting_as(people.actor(database, TEACHER)) as other:
        assert who(other) is None
    # What holds no more is forgotten.
    assert ask(school, "select id from internal.claims_key") == [{"id": newest.id}]
    database.engine.dispose()


def test_a_missing_and_a_wrong_key_are_told_in_words(shared: Scratch) -> None:
    key = key_of(shared)
    for wrong in (None, new_key(), ClaimsKey(key.id, bytes(32))):
        assert [one.message for one in faults(shared.app_url, wrong)] == [UNSIGNED]
        database = connect(shared.app_url, key=wrong)
        actor = people.actor(database, TEACHER)
        with pytest.raises(DatabaseNotReady, match="does not accept"), acting_as(actor) as one:
            read_actor(one, database)
        database.engine.dispose()
    assert faults(shared.app_url, key) == []  # the control
    with acting_as(people.actor(shared.database, STRANGER)) as connection:
        assert read_actor(connection, shared.database) is None


def test_the_commands_print_the_key_once_and_replace_it(cluster: Cluster) -> None:
    cluster.drop(cluster.new_database())
    owner, app = cluster.empty_database()
    env = {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "DATABASE_CLAIMS_KEY": None}

    def run(*command: str, **more: str) -> str:
        result = CliRunner().invoke(data, command, env=env | more)
        return result.output

    def printed(output: str) -> ClaimsKey:
        return read_key(output.split("DATABASE_CLAIMS_KEY=")[1].split()[0])

    first = printed(run("migrate"))
    assert first == claims_keys.present_key(owner)
    assert "DATABASE_CLAIMS_KEY" not in run("migrate")
    second = printed(run("rekey", "--overlap", "0"))
    assert second == claims_keys.present_key(owner) != first
    del env["DATABASE_OWNER_URL"]
    for key, words in ((first, "does not accept"), (second, "No problems")):
        assert words in run("check", DATABASE_CLAIMS_KEY=key.written)
    for hidden in (repr(second), str(second)):
        assert second.secret.hex() not in hidden


def test_a_key_is_read_whole_or_refused_without_being_told() -> None:
    key = new_key()
    assert read_key(f" {key.written}\n") == key
    for written in ("", "x", key.written[:-1], key.written + "0", key.written.upper() + "é"):
        with pytest.raises(ValueError, match="not a claims key"):
            read_key(written)


def test_nothing_of_ours_asks_the_settings_who_it_is(shared: Scratch) -> None:
    asking = """
        select oid::regprocedure::text as what
        from pg_proc
        where pronamespace::regnamespace::text in ('internal', 'dashboard', 'roster', 'shared')
            and prosrc like '%%auth.uid()%%' and proname <> 'platform_author'
        union all
        select schemaname || '.' || policyname
        from pg_policies
        where concat(qual, with_check) like '%%auth.uid()%%'
        union all
        select oid::regclass::text
        from pg_class
        where relkind = 'v' and pg_get_viewdef(oid) like '%%auth.uid()%%'
            and relnamespace::regnamespace::text in ('internal', 'dashboard', 'roster', 'shared')
        union all
        select adrelid::regclass::text
        from pg_attrdef
        where pg_get_expr(adbin, adrelid) like '%%auth.uid()%%'
    """.replace("%%", "%")
    assert ask(shared, asking) == []
    asked = "select 1 from pg_policies where concat(qual, with_check) like '%internal.me()%'"
    assert len(ask(shared, asked)) > 5  # the control

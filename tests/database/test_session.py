"""One transaction, one person: nobody's is refused, and nothing of a person stays behind."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError as DivisionByZero
from sqlalchemy.exc import DBAPIError, ProgrammingError

from data.access import session
from data.access.errors import (
    AWAY_SENTENCE,
    SLOW_SENTENCE,
    DatabaseAway,
    DatabaseNotReady,
    MissingIdentity,
    sqlstate,
)
from data.access.session import Actor, Database, acting_as, acting_as_nobody, connect
from data.reading.history.changes import changes
from data.rules.progress import EMPTY_ROW, Edit
from data.writing.save import save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import SC, P, ask
from tests.people import ADMIN, ANN, COORDINATOR, COURSE, TEACHER

Act = Callable[[UUID], Actor]
COUNT = text("select count(*) from public.student_module_progress")
WHO = text("select auth.uid(), current_user::text, pg_backend_pid()")


@pytest.fixture
def narrow(school: Scratch) -> Iterator[Database]:
    """The school through a pool of one connection."""
    database = school.connect(pool_size=1)
    yield database
    database.engine.dispose()


# --- for nobody ---


@pytest.mark.parametrize("options", [{}, {"isolation_level": "AUTOCOMMIT"}])
def test_a_transaction_for_nobody_is_refused(
    school: Scratch, act: Act, options: dict[str, str]
) -> None:
    engine = school.database.engine.execution_options(**options)
    with engine.connect() as connection, pytest.raises(MissingIdentity):
        connection.execute(text("select 1"))
    with pytest.raises(MissingIdentity), engine.begin():
        pass
    with acting_as(act(TEACHER)) as connection:  # the control
        assert connection.scalar(COUNT) == 3


def test_the_login_reads_nothing_before_it_acts_as_somebody(school: Scratch) -> None:
    with psycopg.connect(school.app_url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select 1 from public.student_module_progress")
        connection.rollback()
        connection.execute("set role dashboard_person")  # signed in, and nobody
        assert connection.execute("select 1 from public.student_module_progress").fetchall() == []


# --- nothing stays behind ---


def commit(actor: Actor) -> int:
    with acting_as(actor) as connection:
        assert connection.execute(COUNT).scalar_one() > 0
        pid: int = connection.execute(WHO).one()[2]
    return pid


def roll_back(actor: Actor) -> int:
    with acting_as(actor) as connection:
        pid: int = connection.execute(WHO).one()[2]
        transaction = connection.get_transaction()
        assert transaction is not None
        transaction.rollback()
    return pid


def fail_in_python(actor: Actor) -> int:
    pid = 0
    with suppress(KeyError), acting_as(actor) as connection:
        pid = connection.execute(WHO).one()[2]
        raise KeyError
    return pid


def fail_in_sql(actor: Actor) -> int:
    pid = 0
    with suppress(DivisionByZero), acting_as(actor) as connection:
        pid = connection.execute(WHO).one()[2]
        connection.execute(text("select 1 / 0"))
    return pid


@pytest.mark.parametrize("ending", [commit, roll_back, fail_in_python, fail_in_sql])
def test_who_it_was_is_forgotten_however_a_transaction_ends(
    narrow: Database, ending: Callable[[Actor], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CLEAN", "select 1")  # by the transaction's end alone
    pid = ending(people.actor(narrow, ADMIN))
    raw = narrow.engine.raw_connection()  # past the engine's own event, which would overwrite it
    cursor = raw.cursor()
    cursor.execute(
        "select current_user::text, current_setting('request.jwt.claims', true), pg_backend_pid()"
    )
    assert cursor.fetchone() == ("progress_app", "", pid)
    raw.close()
    with acting_as_nobody(narrow) as connection:
        assert tuple(connection.execute(WHO).one()) == (
            None,
            "dashboard_guest",
            pid,
        )  # the same connection
    with pytest.raises(ProgrammingError) as refused, acting_as_nobody(narrow) as connection:
        connection.execute(COUNT)
    assert sqlstate(refused.value) == "42501"
    with acting_as(people.actor(narrow, people.STRANGER)) as connection:
        assert connection.scalar(COUNT) == 0


HOSTS_OWN = """
create or replace function auth.uid() returns uuid
language sql stable
set search_path = ''
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
    )::uuid
$$
"""
"""As a host platform defines it: the older setting first."""


def asked_of_the_session(narrow: Database, question: str) -> object:
    """The answer to a question of the session itself, past the engine's own event, and for good."""
    raw = narrow.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(question)
    (found,) = cursor.fetchone() or (None,)
    raw.commit()
    raw.close()
    return found


OLDER = ["request.jwt.claim", *(f"request.jwt.claim.{what}" for what in ("sub", "role", "email"))]


@pytest.mark.usefixtures("altered")
def test_older_settings_that_a_session_has_left_name_nobody(
    narrow: Database, school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with school.owner() as owner:
        owner.execute(HOSTS_OWN)
        owner.execute("grant usage on schema auth to progress_app")
        owner.execute("grant execute on function auth.uid() to progress_app")
    monkeypatch.setattr(session, "CLEAN", "select 1")  # by what each transaction tells alone
    for setting in OLDER:
        asked_of_the_session(narrow, f"select set_config('{setting}', '{ADMIN}', false)")
    assert asked_of_the_session(narrow, "select auth.uid()") == ADMIN  # the control
    with acting_as(people.actor(narrow, TEACHER)) as connection:
        assert connection.scalar(text("select auth.uid()")) == TEACHER
        for setting in OLDER:
            assert connection.scalar(text("select current_setting(:it)"), {"it": setting}) == ""
    with acting_as_nobody(narrow) as connection:
        assert connection.scalar(text("select auth.uid()")) is None


def test_questions_are_not_compiled_and_the_session_stays_as_it_was(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CLEAN", "select 1")
    asked_of_the_session(narrow, "select set_config('jit', 'on', false)")
    for person in (TEACHER, None):
        one = acting_as(people.actor(narrow, person)) if person else acting_as_nobody(narrow)
        with one as connection:
            assert connection.scalar(text("show jit")) == "off"
        assert asked_of_the_session(narrow, "show jit") == "on"


def test_what_was_written_before_an_error_is_not_kept(school: Scratch, act: Act) -> None:
    change = text("update public.student_module_progress set score = 1")
    with suppress(KeyError), acting_as(act(ADMIN)) as connection:
        assert connection.execute(change).rowcount == 5
        raise KeyError
    assert ask(school, "select 1 from public.student_module_progress where score = 1") == []
    with acting_as(act(ADMIN)) as connection:
        connection.execute(change)
    assert len(ask(school, "select 1 from public.student_module_progress where score = 1")) == 5


def test_many_people_on_few_connections_are_never_taken_for_each_other(school: Scratch) -> None:
    everybody = [*people.ROLES, ANN, people.BEN, people.STRANGER]
    wrong: list[object] = []

    def work(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(40):
            person = rng.choice(everybody)
            try:
                with acting_as(people.actor(school.database, person)) as connection:
                    uid, role, _pid = connection.execute(WHO).one()
                    if (uid, role) != (person, "dashboard_person"):
                        wrong.append((uid, role, person))
                    if rng.random() < 0.2:
                        connection.execute(text("select 1 / 0"))
                    if rng.random() < 0.2:
                        raise KeyError
            except (KeyError, DivisionByZero):
                continue

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(work, range(12)))
    assert wrong == []


def test_times_are_utc_and_settings_are_the_transactions_own(narrow: Database) -> None:
    shown = text("select current_setting('timezone'), current_setting('statement_timeout')")
    with acting_as(people.actor(narrow, TEACHER)) as connection:
        assert tuple(connection.execute(shown).one()) == ("UTC", "30s")
        connection.execute(text("select set_config('timezone', 'Asia/Tokyo', true)"))
    with acting_as(people.actor(narrow, TEACHER)) as connection:
        assert tuple(connection.execute(shown).one()) == ("UTC", "30s")


# --- when the database is not as it should be ---


def kill(cluster: Cluster, pid: int) -> None:
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(%s, 5000)", (pid,))


def test_a_connection_killed_under_way_is_told_in_words_and_the_next_works(
    cluster: Cluster, narrow: Database
) -> None:
    teacher = people.actor(narrow, TEACHER)

    def die() -> None:
        with acting_as(teacher) as connection:
            kill(cluster, connection.execute(WHO).one()[2])
            connection.execute(COUNT)

    with pytest.raises(DatabaseAway) as away:
        die()
    assert str(away.value) == AWAY_SENTENCE
    assert commit(teacher)


def test_a_connection_killed_while_idle_costs_nobody_an_error(
    cluster: Cluster, narrow: Database
) -> None:
    teacher = people.actor(narrow, TEACHER)
    before = commit(teacher)
    kill(cluster, before)
    assert commit(teacher) != before


def test_a_save_whose_connection_is_killed_saves_nothing_and_says_so(
    cluster: Cluster, school: Scratch, narrow: Database
) -> None:
    wish = Edit(ANN, people.PROJECT, {SC: 5}, EMPTY_ROW)
    outcome: list[object] = []

    def saving() -> None:
        try:
            outcome.append(save(people.actor(narrow, COORDINATOR), [wish]))
        except DatabaseAway as away:
            outcome.append(str(away))

    waiting = "select pid from pg_locks where not granted"
    with school.owner() as theirs:
        theirs.execute("begin")
        theirs.execute("lock table public.student_module_progress")
        ours = threading.Thread(target=saving)
        ours.start()
        while not (found := ask(school, waiting)):
            assert ours.is_alive()
        kill(cluster, found[0]["pid"])
        ours.join(20)
    assert outcome == [AWAY_SENTENCE]
    assert ask(school, "select 1 from dashboard.batch") == []


def test_a_statement_that_takes_too_long_is_told_in_words(
    act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "STATEMENT_TIMEOUT", "50ms")
    with pytest.raises(DatabaseAway) as slow, acting_as(act(TEACHER)) as connection:
        connection.execute(text("select pg_sleep(5)"))
    assert str(slow.value) == SLOW_SENTENCE
    monkeypatch.undo()  # a busy machine may need longer for what comes next
    assert commit(act(TEACHER))


def test_too_many_at_once_are_told_in_words(
    narrow: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = people.actor(narrow, TEACHER)
    monkeypatch.setattr(narrow.engine.pool, "_timeout", 0.05)
    with acting_as(teacher), acting_as(teacher), pytest.raises(DatabaseAway) as away:
        commit(teacher)
    assert str(away.value) == SLOW_SENTENCE
    assert commit(teacher)


def test_a_database_that_is_not_there_is_away() -> None:
    for url in ("postgresql://u@/db?host=/nowhere", "postgresql://u@127.0.0.1:1/db"):
        with pytest.raises(DatabaseAway) as away:
            commit(people.actor(connect(url), TEACHER))
        assert str(away.value) == AWAY_SENTENCE


@pytest.mark.usefixtures("altered")
def test_an_older_schema_is_not_ready(school: Scratch, act: Act) -> None:
    ask(school, "drop view dashboard.change")
    ask(school, "alter table dashboard.batch rename column reason to why")
    migrate = pytest.raises(DatabaseNotReady, match="python -m data migrate")
    with migrate, acting_as(act(TEACHER)) as connection:
        changes(connection, ANN)
    with pytest.raises(DatabaseNotReady, match="python -m data migrate"):
        save(act(COORDINATOR), [Edit(ANN, COURSE, {P: 1}, EMPTY_ROW)])
    assert commit(act(TEACHER))


def test_a_database_that_was_never_migrated_is_not_ready(cluster: Cluster) -> None:
    cluster.drop(cluster.new_database())  # its roles are there
    _, app_url = cluster.empty_database()
    database = connect(app_url)
    with pytest.raises(DatabaseNotReady):
        commit(people.actor(database, TEACHER))
    database.engine.dispose()


def test_a_mistake_of_the_program_is_no_outage(act: Act) -> None:
    for statement in ("select 1 / 0", "selec"):
        with pytest.raises(DBAPIError), acting_as(act(TEACHER)) as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("hostile", ["\x00", "\ud800"])
def test_text_that_no_database_takes_is_no_outage(act: Act, hostile: str) -> None:
    refused = pytest.raises((DBAPIError, UnicodeEncodeError), match=r"NUL|surrogates")
    with refused, acting_as(act(TEACHER)) as connection:
        connection.execute(text("select :it"), {"it": hostile})
    assert commit(act(TEACHER))


def test_an_actor_is_who_it_is_wherever_its_database(school: Scratch) -> None:
    one = Actor(ANN, "Ann", "student", database=school.database)
    other = Actor(ANN, "Ann", "student", database=Database(school.database.engine))
    assert one == other
    assert hash(one) == hash(other)
    assert "engine" not in repr(one).lower()
    roles = [people.actor(school.database, person) for person in (TEACHER, COORDINATOR, ADMIN, ANN)]
    assert [actor.may_edit for actor in roles] == [False, True, True, False]

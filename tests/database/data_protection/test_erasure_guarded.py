"""Nothing but the erasure rewrites a history, whoever tries and whatever they say before."""

import threading
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from data.access.errors import sqlstate
from data.access.session import Actor, acting_as
from data.data_protection.erasure import Extent, erase_student
from data.rules.progress import EMPTY_ROW, Edit, Field
from data.writing.disclosures import disclosed
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.data_protection.stored import traces
from tests.database.data_protection.test_erasure import NAME, WORDS
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, ANN, COORDINATOR, COURSE, NORTH


@pytest.fixture
def ada(school: Scratch) -> Actor:
    return people.actor(school.database, ADMIN)


REWRITES = (
    "delete from dashboard.history",
    "update dashboard.history set source = 'x'",
    "delete from dashboard.note",
    "delete from dashboard.flag_response",
    "update dashboard.flag_response set rule = 'x'",
    "delete from dashboard.class_target",
    "update dashboard.class_target set share = 1",
    "delete from dashboard.attention_change",
    "update dashboard.attention_change set value = 1",
    "delete from dashboard.holiday",
    "delete from dashboard.roster_change",
    "update dashboard.batch set reason = 'x'",
    "delete from dashboard.erasure",
    "delete from dashboard.disclosure",
    "update dashboard.disclosure set student_ids = '{}'",
)
ERASED = f"select dashboard.erase_student('{ANN}', '{NAME}')"
IMITATIONS = (
    "select 1",
    "select set_config('dashboard.erasing', 'true', true)",
    "insert into internal.erasing values (pg_current_xact_id())",
    f"select internal.erase(array['{ANN}']::uuid[])",
    f"select dashboard.erasure_preview('{ANN}')",
    ERASED,
    f"select internal.retain('{NORTH}', now())",
    f"select dashboard.apply_retention('{NORTH}', now(), '{{1,1,3}}', 'North School')",
)


@pytest.mark.parametrize("person", [ADMIN, COORDINATOR, people.TEACHER, None])
@pytest.mark.parametrize("before", IMITATIONS)
def test_no_person_and_no_login_rewrites_a_history_whatever_they_say_before(
    school: Scratch, person: UUID | None, before: str
) -> None:
    """An administrator erases, or applies a period, and has not thereby rewritten anything else in the same
    transaction."""
    ask(school, "insert into school.retention values (%s, 1, 1, 3)", NORTH)
    with acting_as(people.actor(school.database, person or ADMIN)) as connection:
        if person is None:
            connection.exec_driver_sql("reset role")
        for rewrite in REWRITES:
            with connection.begin_nested() as attempt:
                try:
                    connection.exec_driver_sql(before)
                except DBAPIError:
                    attempt.rollback()
            with pytest.raises(DBAPIError) as refused, connection.begin_nested():
                connection.exec_driver_sql(rewrite)
            assert sqlstate(refused.value) == "42501"


@pytest.mark.parametrize("rewrite", [*REWRITES, "truncate dashboard.history"])
def test_the_owners_plain_statements_stay_refused(school: Scratch, rewrite: str) -> None:
    with school.owner() as owner:
        owner.execute(
            "insert into internal.erasing values (pg_current_xact_id())"
        )  # of another time
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(rewrite.encode())


def test_while_one_is_erased_nobody_else_may_rewrite(school: Scratch, ada: Actor) -> None:
    with acting_as(ada) as connection:
        connection.exec_driver_sql(ERASED)
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only")
        with school.owner() as owner, refused:
            owner.execute("delete from dashboard.history")
        assert not connection.exec_driver_sql(
            "select 1 from dashboard.history where student_id = %s", (ANN,)
        ).all()
    assert not ask(school, "select 1 from internal.erasing")


def test_what_is_being_written_meanwhile_goes_too(school: Scratch, ada: Actor) -> None:
    """A save that is not over is waited for; one that comes later finds nobody."""
    cora = people.actor(school.database, COORDINATOR)
    done: list[Extent | object] = []
    erasing = threading.Thread(target=lambda: done.append(erase_student(ada, ANN, NAME)))
    with acting_as(cora) as connection:
        connection.exec_driver_sql(
            "insert into public.student_module_progress (student_id, module_id, status) "
            "values (%s, %s, 'InProgress')",
            (ANN, people.UNUSED),
        )
        connection.exec_driver_sql(
            "insert into dashboard.note (id, student_id, act, kind, text) "
            "values (%s, %s, 'written', 'note', 'x')",
            (uuid4(), ANN),
        )
        disclosed(connection, "look", [ANN])
        erasing.start()
        erasing.join(0.3)
        assert erasing.is_alive()
    erasing.join(20)
    assert isinstance(done[0], Extent)
    assert traces(school, WORDS[:2] + WORDS[3:]) == {word: set() for word in WORDS[:2] + WORDS[3:]}
    outcome = save(cora, [Edit(ANN, COURSE, {Field.SCORE: 9}, EMPTY_ROW)], None)
    assert not outcome.saved
    assert not ask(school, "select 1 from dashboard.history where student_id = %s", ANN)

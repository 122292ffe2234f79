"""Two administrators who switch each other off at once: one of them remains."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.session import acting_as
from tests import people
from tests.clusters import Scratch
from tests.people import ADMIN, EVERYWHERE

OFF = text("update school.staff set is_active = false where id = :other")
ADMINS = "select count(*) from school.staff where role = 'admin' and is_active"


@pytest.fixture
def two(school: Scratch) -> Scratch:
    with school.owner() as owner:
        owner.execute("update school.staff set role = 'admin' where id = %s", (EVERYWHERE,))
    return school


def test_of_two_who_switch_each_other_off_one_remains(two: Scratch) -> None:
    def second() -> None:
        with acting_as(people.actor(two.database, EVERYWHERE)) as connection:
            connection.execute(OFF, {"other": ADMIN})

    with ThreadPoolExecutor(1) as threads:
        with acting_as(people.actor(two.database, ADMIN)) as connection:
            connection.execute(OFF, {"other": EVERYWHERE})
            waits = threads.submit(second)  # for the first, which is not over
            _await_waiting(two)
        with pytest.raises(DBAPIError, match="last administrator"):
            waits.result(20)
    with two.owner() as owner:
        assert owner.execute(ADMINS).fetchall() == [(1,)]


def _await_waiting(school: Scratch) -> None:
    with school.owner() as owner:
        while not owner.execute("select from pg_locks where not granted").fetchall():
            pass


def test_in_a_transaction_of_an_older_moment_nobody_is_switched_off(two: Scratch) -> None:
    """It would not see what another did meanwhile."""
    with psycopg.connect(two.owner_url) as owner:
        owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="see each other"):
            owner.execute("update school.staff set is_active = false where id = %s", (ADMIN,))
        owner.rollback()

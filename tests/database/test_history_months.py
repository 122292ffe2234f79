"""The history by months: made ahead, nothing lost where one is missing, and each guarded when it is named."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text

from data.access.session import acting_as_nobody
from data.database.doctor import examine
from data.database.migrate import migrate
from data.database.preflight import faults
from data.reading.live.questions import MONTHS
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask, platform
from tests.people import ANN, BEN, COURSE

pytestmark = pytest.mark.usefixtures("altered")

NO_MONTH = "internal.history_of_no_month"
PAST = "internal.history_2019_05"
WRITE = """
insert into dashboard.history (at, student_id, module_id, operation, source, after)
values (%s, %s, %s, 'insert', 'student', '{"status": "Completed"}')
"""
REFUSED = psycopg.errors.InsufficientPrivilege


def months(school: Scratch) -> set[str]:
    found = ask(school, "select month::text as it from internal.history_months()")
    return {one["it"] for one in found}


def month(school: Scratch, ahead: int = 0) -> str:
    (found,) = ask(
        school,
        "select 'internal.history_' || to_char("
        "now() at time zone 'UTC' + make_interval(months => %s), 'YYYY_MM') as it",
        ahead,
    )
    return str(found["it"])


def entries(school: Scratch, of: str = "dashboard.history") -> list[tuple[object, ...]]:
    """Whole, with the table that each is in."""
    found = ask(school, f"select tableoid::regclass::text as month, t.* from {of} as t order by id")
    return [tuple(one.values()) for one in found]


def lose(school: Scratch, *lost: str) -> None:
    for one in lost:
        ask(school, f"drop table {one}")


def kept(school: Scratch) -> int:
    """As the app asks for them, for nobody."""
    with acting_as_nobody(school.database) as connection:
        return int(connection.execute(MONTHS).scalar_one())


def test_what_is_written_finds_its_month_and_some_are_made_ahead(school: Scratch) -> None:
    assert {NO_MONTH, *(month(school, ahead) for ahead in range(3))} <= months(school)
    platform(school, ANN, COURSE, "score = 12")
    assert entries(school)[-1][0] == month(school)


def test_where_a_month_is_missing_nothing_is_lost_and_it_is_made_later(school: Scratch) -> None:
    platform(school, ANN, COURSE, "score = 12")
    lose(school, *(months(school) - {NO_MONTH}))
    platform(school, ANN, COURSE, "score = 13")
    ask(school, WRITE, "2019-05-31 23:59:59.999999+00", ANN, COURSE)
    ask(school, WRITE, "2019-06-01 00:00+00", BEN, COURSE)
    before = entries(school)
    assert {one[0] for one in before} == {NO_MONTH}
    assert kept(school) >= 5
    after = entries(school)
    assert [one[1:] for one in after] == [one[1:] for one in before]
    assert [one[0] for one in after] == [month(school), PAST, "internal.history_2019_06"]
    assert entries(school, NO_MONTH) == []
    assert kept(school) == 0
    with pytest.raises(REFUSED, match="append-only"):  # nothing of what let them move is left
        ask(school, "delete from dashboard.history")


def test_who_writes_while_a_month_is_made_is_recorded_in_it(school: Scratch) -> None:
    lose(school, *(months(school) - {NO_MONTH}))
    platform(school, ANN, COURSE, "score = 12")  # is to be moved
    with psycopg.connect(school.owner_url) as owner, ThreadPoolExecutor(1) as platforms:
        owner.execute("select internal.keep_months()")
        writing = platforms.submit(platform, school, BEN, COURSE, "score = 12")
        while (
            not ask(school, "select 1 as it from pg_locks where not granted") and not writing.done()
        ):
            time.sleep(0.02)
        owner.commit()
        writing.result()
    assert [one[0] for one in entries(school)] == [month(school)] * 2


@pytest.mark.parametrize(
    "at", ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01", "2999-01-01"]
)
def test_of_a_clock_that_was_wrong_no_month_is_made(school: Scratch, at: str) -> None:
    ask(school, WRITE, at, ANN, COURSE)
    ask(school, WRITE, "2019-05-05", BEN, COURSE)
    known = months(school)
    assert kept(school) == 1
    assert kept(school) == 0
    assert months(school) == known | {PAST}
    assert [one[0] for one in entries(school)][-2:] == [NO_MONTH, PAST]
    migrate(school.owner_url, school.app_url)
    assert months(school) == known | {PAST}


def test_many_that_found_no_month_wait_for_migrate(school: Scratch) -> None:
    ask(
        school,
        "insert into dashboard.history (at, student_id, module_id, operation, source) "
        "select '2019-05-05', %s, %s, 'update', 'platform' from generate_series(1, 20001)",
        *(ANN, COURSE),
    )
    assert kept(school) == 0
    migrate(school.owner_url, school.app_url)
    assert len(entries(school, PAST)) == 20001
    assert entries(school, NO_MONTH) == []


@pytest.mark.parametrize("reading", ["dashboard.history", NO_MONTH])
def test_nobody_waits_for_a_month_that_cannot_be_made_yet(school: Scratch, reading: str) -> None:
    lost = month(school, 2)
    lose(school, lost)
    with psycopg.connect(school.owner_url) as reader:
        reader.execute(f"select from {reading}".encode())
        assert kept(school) == 0
        assert lost not in months(school)
        platform(school, ANN, COURSE, "score = 12")
    assert kept(school) >= 1
    assert lost in months(school)


def test_only_one_makes_months(school: Scratch) -> None:
    lose(school, month(school, 2))
    with school.owner() as owner, owner.transaction():
        owner.execute("select pg_advisory_xact_lock(7205759407)")
        assert kept(school) == 0
    assert kept(school) >= 1


def test_of_a_database_that_can_only_be_read_nothing_is_asked(school: Scratch) -> None:
    lose(school, month(school, 2))
    with acting_as_nobody(school.database) as connection:
        connection.exec_driver_sql("set transaction read only")
        assert connection.execute(MONTHS).scalar_one() == 0
    assert kept(school) >= 1


@pytest.mark.parametrize(
    "writing",
    [
        "update {} set source = 'x'",
        "delete from {}",
        "truncate {}",
        "insert into {} (id, at, student_id, module_id, operation, source) "
        "values (1, '2019-05-06', gen_random_uuid(), gen_random_uuid(), 'delete', 'platform')",
    ],
)
def test_a_month_is_not_written_past_the_history(school: Scratch, writing: str) -> None:
    platform(school, ANN, COURSE, "score = 12")
    ask(school, WRITE, "2019-05-05", ANN, COURSE)
    before = entries(school)
    for one in (month(school), NO_MONTH):
        with pytest.raises(REFUSED, match=r"append-only|through the history"):
            ask(school, writing.format(one))
    assert entries(school) == before
    ask(school, f"alter table {NO_MONTH} disable trigger user")
    ask(school, writing.format(NO_MONTH))  # the control
    assert entries(school) != before


def test_people_have_no_right_on_a_month(school: Scratch) -> None:
    found = ask(
        school,
        "select month::text as month, role, privilege "
        "from internal.history_months(), unnest(array['dashboard_person', 'dashboard_guest']) as role, "
        "unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'trigger']) as privilege "
        "where has_table_privilege(role, month, privilege) "
        "or privilege !~ 'delete|trun|trig' and has_any_column_privilege(role, month, privilege)",
    )
    assert found == []
    control = (
        "select has_any_column_privilege('dashboard_person', 'dashboard.history', 'select') as it"
    )
    assert ask(school, control) == [{"it": True}]


def test_what_a_server_gives_away_is_not_given_of_a_month(school: Scratch) -> None:
    ask(school, "alter default privileges in schema internal grant all on tables to public")
    ask(school, WRITE, "2019-05-05", ANN, COURSE)
    assert kept(school) == 1
    given = (
        "select count(*) as it from pg_class, aclexplode(relacl) where pg_class.oid = %s::regclass"
    )
    assert ask(school, f"{given} and grantee <> relowner", PAST) == [{"it": 0}]
    ask(school, "create table internal.control ()")
    assert ask(school, f"{given} and grantee <> relowner", "internal.control") != [{"it": 0}]


LOOSENED = (
    "drop trigger history_is_append_only on {}",
    "alter table {} disable trigger history_is_append_only",
    "alter table {} disable row level security",
    "drop trigger history_is_append_only on {0}; create trigger history_is_append_only "
    "before delete on {0} for each statement execute function internal.refuse_rewriting()",
)


@pytest.mark.parametrize("loosened", LOOSENED)
def test_a_month_without_its_guard_is_found_and_mended(school: Scratch, loosened: str) -> None:
    assert faults(school.app_url, school.key) == []
    one = month(school, 1)
    ask(school, loosened.format(one))
    (found,) = faults(school.app_url, school.key)
    assert found.code == "month"
    assert one in found.message
    assert "python -m data migrate" in found.message
    migrate(school.owner_url, school.app_url)
    assert faults(school.app_url, school.key) == []
    with pytest.raises(REFUSED):
        ask(school, f"truncate {one}")


def test_who_is_given_a_right_on_a_month_is_found(school: Scratch) -> None:
    one = month(school, 1)
    ask(school, f"grant select on {one} to dashboard_person")
    assert [found.code for found in faults(school.app_url, school.key)] == ["grant"]
    migrate(school.owner_url, school.app_url)
    assert faults(school.app_url, school.key) == []


def test_the_check_tells_where_no_month_is_made_ahead(school: Scratch) -> None:
    def told() -> list[str]:
        return [one.code for one in examine(school.app_url, school.owner_url, school.key).faults]

    assert told() == []
    lose(school, *(month(school, ahead) for ahead in (1, 2, 3)))
    assert told() == ["months"]
    migrate(school.owner_url, school.app_url)
    assert told() == []


def test_what_is_written_meanwhile_is_all_there(school: Scratch) -> None:
    """Months are made and taken, empty ones, while somebody writes."""
    lost = [month(school, ahead) for ahead in (1, 2)]
    ended = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with school.owner() as owner:
            while not ended.is_set():
                owner.execute(
                    "update public.student_module_progress set score = %s "
                    "where student_id = %s and module_id = %s",
                    (written % 90 + 1, ANN, COURSE),
                )
                written += 1

    before = len(entries(school))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            lose(school, *lost)
            while kept(school) == 0:
                assert writer.is_alive()
    finally:
        ended.set()
        writer.join()
    assert written > 0
    with acting_as_nobody(school.database) as connection:
        assert connection.scalar(text("select dashboard.newest_change()"))
    assert len(entries(school)) - before == written

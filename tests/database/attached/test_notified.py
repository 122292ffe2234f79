"""Tables that the roster is read from tell that they changed, and are in the way of nothing there."""

from sqlalchemy import text

from data.access.owner import as_owner
from data.access.session import Database, acting_as_nobody
from data.database.attaching.adapter import read
from data.database.attaching.checkup import examined
from data.database.attaching.making import Wanted, placed
from data.database.attaching.reporting.sources import sources
from data.database.attaching.steps import attach
from tests.database.attached.attaching import asked, attached, nobody_told
from tests.database.attached.host import Host

REFRESH = "select internal.refresh_roster()"
MARKS = "select count(*) from internal.roster_mark"
NAMED = "update public.students set full_name = %s"
READ = "select count(*) > 0 from school.student where full_name = %s"
AGO = "update internal.attachment set refreshed_at = now() - interval '61 seconds'"
TELLING = """
select tgrelid::regclass::text from pg_trigger where tgname = 'progress_roster_changed' order by 1
"""


def is_read(database: Database) -> bool:
    """Does the app find that it is time to read the roster?"""
    with acting_as_nobody(database) as connection:
        return bool(connection.scalar(text("select dashboard.refresh_roster()")))


def test_what_the_platform_writes_is_read_a_minute_later(host: Host) -> None:
    database = attached(host)
    asked(host, REFRESH)
    asked(host, AGO)
    assert not is_read(database)
    for name in ("One", "Other"):
        asked(host, NAMED, name)
    assert asked(host, MARKS) == [(1,)]
    assert is_read(database)
    assert asked(host, READ, "Other") == [(True,)]
    assert asked(host, MARKS) == [(0,)]
    asked(host, NAMED, "Third")
    assert not is_read(database)  # no minute has passed
    database.engine.dispose()


def test_a_reading_leaves_the_mark_of_whoever_has_not_ended(platform: Host) -> None:
    database = attached(platform)
    for level, meanwhile in (("read committed", "select 1"), ("repeatable read", REFRESH)):
        asked(platform, NAMED, "Before")
        with platform.owner() as writer:
            with writer.transaction():
                writer.execute(f"set transaction isolation level {level}".encode())
                writer.execute(b"select count(*) from public.students")
                asked(platform, meanwhile)
                writer.execute(NAMED.encode(), (level,))
                assert asked(platform, REFRESH) == [(True,)]
            assert asked(platform, MARKS) == [(1,)]
        asked(platform, AGO)
        assert is_read(database)
        assert asked(platform, READ, level) == [(True,)]
    assert asked(platform, "select said from internal.platform_error") == []
    database.engine.dispose()


def test_an_error_of_ours_is_forgiven(platform: Host) -> None:
    attached(platform).engine.dispose()
    asked(platform, "drop table internal.roster_mark")
    asked(platform, NAMED, "All the same")
    counted = "select count(distinct full_name) from public.students"
    assert asked(platform, counted) == [(1,)]
    assert asked(platform, "select what from internal.platform_error") == [("roster",)]


def test_its_tables_may_go_and_attach_puts_a_lost_trigger_back(platform: Host) -> None:
    attached(platform).engine.dispose()
    before = asked(platform, TELLING)
    assert ("students",) in before or ("public.students",) in before
    for statement in (
        "truncate public.lessons",
        "alter table public.lessons rename to units",
        "create table public.lessons (like public.units)",
        "drop table public.units",
    ):
        asked(platform, statement)
    assert asked(platform, MARKS) == [(1,)]
    with as_owner(platform.owner_url) as connection:
        (mute,) = [one for one in examined(connection) if one.code == "sources"]
    assert "public.lessons" in mute.sentence
    assert mute.severity == "note"
    assert "Run: python -m data attach --adapter institutions" in mute.sentence
    wanted = Wanted(read("institutions"))
    attach(platform.owner_url, platform.app_url, wanted, nobody_told)
    assert asked(platform, TELLING) == before


def test_a_table_of_somebody_else_is_left_out_and_named(platform: Host) -> None:
    with as_owner(platform.owner_url) as connection:
        said = placed(sources(connection, read("institutions"))).sentence
    assert "Changes in auth.users wait for the next reading" in said
    assert "public.products, public.profiles" in said
    attached(platform).engine.dispose()
    assert not [one for (one,) in asked(platform, TELLING) if "users" in one]

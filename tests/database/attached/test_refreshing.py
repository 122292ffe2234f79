"""The roster is copied: it follows the platform, and is in the way of nothing there."""

import threading
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text

from data.access.session import acting_as_nobody
from data.database.attaching.detach import detach
from data.readiness import CHECKS, READ_AGAIN, Readiness
from data.reading.live import Listener
from data.settings import read_settings
from tests.database.attached.attaching import asked, attached, nobody_told
from tests.database.attached.host import (
    CLIENT,
    MODULE,
    STAFF,
    STUDENT,
    Host,
    id_of,
    upsert_as_student,
)
from tests.machine import until

REFRESH = "select internal.refresh_roster()"
ANYBODY = "select count(*) from school.student where is_active"


def test_people_come_change_and_leave(platform: Host) -> None:
    attached(platform).engine.dispose()
    one, other = id_of(STUDENT, 7), id_of(STUDENT, 8)
    told = "select full_name, is_active, left_on = current_date from school.student where id = %s"
    asked(platform, "update public.students set full_name = 'New Name' where id = %s", one)
    asked(platform, "update public.students set is_active = false where id = %s", other)
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, told, one) == [("New Name", True, None)]
    assert asked(platform, told, other)[0][1:] == (False, True)
    assert asked(platform, "select from school.class_student where student_id = %s", other) == []
    changed = "select author_id, before from dashboard.roster_change where operation = 'update'"
    ((author, before),) = asked(platform, f"{changed} and key ->> 'id' = %s", str(one))
    assert (author, list(before)) == (None, ["full_name"])

    asked(platform, "update public.students set is_active = true where id = %s", other)
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, told, other)[0][1:] == (True, None)
    changes = asked(platform, "select count(*) from dashboard.roster_change")
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, "select count(*) from dashboard.roster_change") == changes


def test_who_is_no_staff_any_more_is_switched_off_and_a_word_decides_who_is(platform: Host) -> None:
    attached(platform).engine.dispose()
    told = "select role, is_active from school.staff where id = %s"
    boss = id_of(STAFF, 1)
    assert asked(platform, told, boss) == [("admin", True)]
    set_to = "update public.profiles set role = 'Client_Staff ', client_id = %s where id = %s"
    asked(platform, set_to, id_of(CLIENT, 1), boss)
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, told, boss) == [("viewer", True)]
    asked(platform, "update internal.role_word set role = 'teacher' where word = 'client staff'")
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, told, boss) == [("teacher", True)]
    asked(platform, "update public.profiles set role = 'Wizard' where id = %s", boss)
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, told, boss)[0][1] is False
    counted = "select not_taken from internal.attachment"
    assert asked(platform, counted)[0][0]["staff with a role nobody set: wizard"] == 1


def test_two_of_one_address_are_nobody_and_whoever_cannot_be_placed_is_counted(
    platform: Host,
) -> None:
    attached(platform).engine.dispose()
    (not_taken,) = asked(platform, "select not_taken from internal.attachment")[0]
    assert not_taken["staff with the e-mail of another"] == 2
    assert not_taken["student without an organisation"] == 3
    addresses = "select count(*), count(distinct lower(email)) from school.staff where is_active"
    ((staff, distinct),) = asked(platform, addresses)
    assert staff == distinct > 5
    assert asked(platform, "select count(*) from school.staff where id = %s", id_of(STAFF, 99)) == [
        (0,)
    ]


def test_the_platform_alters_empties_and_drops_its_own_tables(platform: Host) -> None:
    """Nothing of ours is in the way; what cannot be read any more stays as it was read last."""
    attached(platform).engine.dispose()
    before = asked(platform, ANYBODY)
    asked(platform, "alter table public.students alter column full_name type varchar(200)")
    asked(platform, "truncate public.lessons")
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, "select count(*) from school.lesson") == [(0,)]
    asked(platform, "alter table public.clients rename column name to title")
    asked(platform, "update public.students set full_name = 'Not Read'")
    assert asked(platform, REFRESH) == [(False,)]
    asked(platform, "drop table public.lessons")
    assert asked(platform, REFRESH) == [(False,)]
    ((failed, error),) = asked(
        platform, "select refresh_failed_at > refreshed_at, refresh_error from internal.attachment"
    )
    assert failed
    assert "does not exist" in error
    assert asked(platform, "select count(*) from school.student where full_name = 'Not Read'") == [
        (0,)
    ]
    assert asked(platform, ANYBODY) == before
    asked(platform, "alter table public.clients rename column title to name")
    asked(
        platform,
        "create table public.lessons (id uuid, module_id uuid, title text, sequence int, has_quiz bool)",
    )
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, "select refresh_error from internal.attachment") == [(None,)]
    asked(platform, "truncate public.student_module_progress")
    assert asked(platform, "select count(*) from dashboard.fact") == [(0,)]


def test_classes_and_who_is_in_them_follow(classes_host: Host) -> None:
    attached(classes_host).engine.dispose()
    ((gone, other),) = asked(
        classes_host, "select min(id::text)::uuid, max(id::text)::uuid from school.class"
    )
    for table in ("class_students", "class_teachers"):
        asked(classes_host, f"delete from public.{table} where class_id = %s", gone)
    asked(classes_host, "delete from public.classes where id = %s", gone)
    asked(classes_host, "update public.classes set name = 'Another' where id = %s", other)
    assert asked(classes_host, REFRESH) == [(True,)]
    assert asked(classes_host, "select from school.class where id = %s", gone) == []
    assert asked(classes_host, "select name from school.class where id = %s", other) == [
        ("Another",)
    ]
    assert asked(classes_host, "select count(*) > 0 from school.class_teacher") == [(True,)]


def test_the_app_refreshes_where_the_last_time_is_long_enough_ago(platform: Host) -> None:
    database = attached(platform)
    refresh = text("select dashboard.refresh_roster()")

    def refreshed() -> bool:
        with acting_as_nobody(database) as connection:
            return bool(connection.scalar(refresh))

    assert not refreshed()
    asked(platform, "update internal.attachment set refreshed_at = now() - interval '1 hour'")
    asked(
        platform,
        "update public.students set full_name = 'By the app' where id = %s",
        id_of(STUDENT, 7),
    )
    assert refreshed()
    assert not refreshed()
    assert asked(
        platform, "select full_name from school.student where id = %s", id_of(STUDENT, 7)
    ) == [("By the app",)]
    database.engine.dispose()


def test_whoever_listens_for_changes_has_the_roster_refreshed(platform: Host) -> None:
    database = attached(platform)
    asked(platform, "update internal.attachment set refreshed_at = now() - interval '1 hour'")
    is_asked = threading.Event()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "dashboard.refresh_roster()" in statement:
            is_asked.set()

    event.listen(database.engine, "after_cursor_execute", note)
    with Listener(database).subscription(lambda changed: None):
        assert is_asked.wait(60)
    database.engine.dispose()
    # The listener's transaction may be ending just now: this one waits for the same row.
    fresh = "update internal.attachment set refresh_every = refresh_every returning refreshed_at > made_at"
    assert asked(platform, fresh) == [(True,)]


def test_what_a_session_says_that_is_no_id_keeps_nothing_from_being_read(platform: Host) -> None:
    attached(platform).engine.dispose()
    asked(
        platform, "update public.students set full_name = 'Otherwise' where client_id is not null"
    )
    with platform.owner() as owner:
        owner.execute("set dashboard.roster_batch = 'none'")
        assert owner.execute("select internal.refresh_roster()").fetchone() == (True,)
    changed = (
        "select count(*) > 5 from dashboard.roster_change where after ->> 'full_name' = 'Otherwise'"
    )
    assert asked(platform, changed) == [(True,)]


TABLE = "public.student_module_progress"
FREE = (
    f"alter table {TABLE} add column theirs integer default 1",
    f"alter table {TABLE} alter column theirs type text",
    f"alter table {TABLE} rename column completed_videos to seen_videos",
    f"alter table {TABLE} drop column seen_videos",
    f"alter table {TABLE} add constraint small check (score < 1000) not valid",
    f"alter table {TABLE} alter column score set default 0",
    f"create index on {TABLE} (module_id)",
    "alter type public.progress_status add value 'Suspended'",
    "alter table public.students rename to pupils",
    "alter table public.pupils rename column full_name to name",
    "truncate public.client_product_assignments",
    "drop table public.lessons, public.student_product_assignments, public.module_product_assignments",
    f"truncate {TABLE}",
)
BOUND = (
    f"alter table {TABLE} alter column progress_percentage type smallint",
    f"alter table {TABLE} drop column score",
)
"""What the platform may do at any time, and what it may do when it is detached."""


def test_only_the_columns_that_are_read_are_bound_until_it_is_detached(platform: Host) -> None:
    attached(platform).engine.dispose()
    for statement in FREE:
        asked(platform, statement)
        with psycopg.connect(platform.platform_url, autocommit=True) as writer:
            upsert_as_student(writer, id_of(STUDENT, 7), id_of(MODULE, 1), "InProgress", 12)
    assert asked(platform, "select status::text, percentage from dashboard.fact") == [
        ("InProgress", 12)
    ]
    assert asked(platform, "select said from internal.platform_error") == []
    for statement in BOUND:
        with pytest.raises(psycopg.Error, match=r"depend|used by a view"):
            asked(platform, statement)
    detach(platform.owner_url, nobody_told)
    for statement in BOUND:
        asked(platform, statement)


def test_a_probe_tells_of_a_roster_that_is_old_and_has_it_read_again_before(
    platform: Host,
) -> None:
    database = attached(platform)
    assert database.key is not None
    database.engine.dispose()
    urls = {"DATABASE_URL": platform.app_url, "DATABASE_CLAIMS_KEY": database.key.written}
    readiness = Readiness(read_settings(urls))
    told = "select refreshed_at > now() - interval '1 minute' from internal.attachment"

    def age(minutes: int) -> None:
        set_to = "refreshed_at = now() - make_interval(mins => %s), refresh_failed_at = null"
        asked(platform, f"update internal.attachment set {set_to}", minutes)
        readiness._read_at = -READ_AGAIN

    age(20)
    assert readiness.checks()["roster"] == "ok"
    assert asked(platform, told) == [(False,)]
    age(40)
    assert readiness.checks()["roster"] == "ok"
    until(lambda: asked(platform, told) == [(True,)])
    age(70)
    assert readiness.checks() == dict.fromkeys(CHECKS, "ok") | {"roster": "old"}
    until(lambda: readiness.checks()["roster"] == "ok")
    assert asked(platform, told) == [(True,)]

"""A host that agrees to no triggers: nothing is put on its tables, and facts are made by reading them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from data.access.session import Actor, Database, acting_as
from data.database.attaching.detach import detach
from data.database.claims_keys import present_key
from data.database.migrate import migrate
from data.database.preflight import faults
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, Values
from data.writing.locks import lock
from data.writing.outcome import Outcome
from data.writing.save import save
from data.writing.undo import undo_edits
from tests.database.attached.attaching import CATALOGUE, asked, attached, nobody_told
from tests.database.attached.cast import cast_host, furnished
from tests.database.attached.host import MODULE, STAFF, STUDENT, Host, Hosts, id_of
from tests.database.attached.rights_oracle import ATTACHED
from tests.database.attached.test_steps import FACTS as TYPED
from tests.database.attached.test_steps import OF_NO_FACT
from tests.rls import matrix

REFRESH = "select internal.refresh_roster()"
FACTS = f"select fact::text from ({TYPED}) as fact"
OURS = ("role", "member", "database")
ONE, MADE = (id_of(STUDENT, 7), id_of(MODULE, 1)), (id_of(STUDENT, 7), id_of(MODULE, 6))
FURTHER = "'{last_updated, completed_videos, video_completion_count, course_completed_at}'::text[]"
"""What is another time, and what only the platform has: triggers tell that too, of a row that is made here."""
RECORDED = {
    "history": "select student_id, module_id, operation, source, author_id, "
    f"before - {FURTHER}, after - {FURTHER} from dashboard.history where batch_id is not null order by id",
    "facts": "select student_id, module_id, cell, edited_by_staff, is_locked, completion_at::date::text, "
    "last_activity::text, unexplained_change::text, own_change::text from dashboard.fact "
    "where student_id = %s order by 2",
    "locks": "select fields, locked_values, unlocked_at is null, batch_id is null from dashboard.lock "
    "order by id",
}
THERE = (
    "insert into public.student_module_progress (student_id, module_id, status, progress_details) "
    """values (%s, %s, 'NotStarted', '{"score": 12, "submitted_at": "2026-03-01T08:00:00Z"}')"""
)
STARTED: dict[Field, Any] = {Field.STATUS: Status.IN_PROGRESS, Field.PERCENTAGE: 40}


def admin(database: Database) -> Actor:
    return Actor(id_of(STAFF, 1), "", "admin", database=database)


def values(host: Host, cell: tuple[UUID, UUID]) -> Values:
    found = asked(
        host,
        "select status::text, progress_percentage, score, null::date "
        "from public.student_module_progress where student_id = %s and module_id = %s",
        *cell,
    )
    return (
        dict(zip(Field, (Status(found[0][0]), *found[0][1:]), strict=True)) if found else EMPTY_ROW
    )


def edited(host: Host, actor: Actor, cell: tuple[UUID, UUID], changes: Values) -> Outcome:
    return save(actor, [Edit(*cell, changes, values(host, cell))])


def test_nothing_at_all_is_put_on_the_hosts_tables(host: Host) -> None:
    before = asked(host, CATALOGUE)
    attached(host, triggers=False).engine.dispose()
    migrate(host.owner_url, host.app_url)
    assert faults(host.app_url, present_key(host.owner_url)) == []
    during = set(asked(host, CATALOGUE)) - set(before)
    assert [one for one in during if one[0] not in OURS] == []
    detach(host.owner_url, nobody_told)
    assert asked(host, CATALOGUE) == before


def saved_in(host: Host, *, triggers: bool) -> dict[str, list[tuple[Any, ...]]]:
    """A row is changed, locked, changed again and put back, and one is made: what is recorded of that."""
    asked(host, THERE, *ONE)
    database = attached(host, triggers=triggers)
    asked(
        host,
        "delete from public.student_module_progress where student_id = %s and module_id = %s",
        *MADE,
    )
    asked(host, REFRESH)
    actor = admin(database)
    first = edited(host, actor, ONE, STARTED)
    assert edited(host, actor, MADE, STARTED).saved
    assert lock(actor, *ONE, [Field.STATUS], "stays", values(host, ONE)) is None
    assert edited(host, actor, ONE, {Field.PERCENTAGE: 60}).saved
    assert first.batch_id is not None
    with acting_as(actor) as connection:
        undone = undo_edits(connection, first.batch_id)
    assert save(actor, undone.edits, source="undo", undoes=first.batch_id).conflicts
    database.engine.dispose()
    assert asked(host, "select from internal.platform_error") == []
    return {
        name: asked(host, question, *([ONE[0]] if "%s" in question else []))
        for name, question in RECORDED.items()
    }


def test_what_is_saved_here_is_recorded_as_triggers_record_it(
    servers: Callable[[str, str], Hosts], cluster: str
) -> None:
    server = servers("institutions", cluster)
    hosts = {triggers: server.new() for triggers in (True, False)}
    found = {triggers: saved_in(host, triggers=triggers) for triggers, host in hosts.items()}
    assert found[False] == found[True]
    assert len(found[True]["history"]) == 3
    assert len(found[True]["locks"]) == 2
    for host in hosts.values():
        server.drop(host)


WRITTEN = (
    "update public.student_module_progress set status = 'Completed', progress_percentage = 100 "
    "where student_id = %s and module_id = %s",
    "update public.student_module_progress set progress_details = "
    """'{"score": 12, "lesson_quiz_results": {"a": {"attempts": 3, "passed": false}}}' """
    "where module_id = %s",
    "delete from public.student_module_progress where module_id = %s",
)


def test_facts_follow_the_platform_exactly_with_each_pass(platform: Host) -> None:
    database = attached(platform, triggers=False)
    before = asked(platform, FACTS)
    asked(platform, WRITTEN[0], *ONE)
    asked(platform, WRITTEN[1], id_of(MODULE, 3))
    asked(platform, WRITTEN[2], id_of(MODULE, 2))
    asked(
        platform,
        "insert into public.student_module_progress (student_id, module_id, status) "
        "select id, %s, 'InProgress' from public.students on conflict do nothing",
        id_of(MODULE, 6),
    )
    assert asked(platform, FACTS) == before
    assert asked(platform, REFRESH) == [(True,)]
    after = asked(platform, FACTS)
    assert len(set(after) - set(before)) > 50
    assert asked(platform, OF_NO_FACT) == [(0,)]
    asked(platform, "delete from dashboard.fact")
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, FACTS) == after
    made = "select xmin::text, ctid from dashboard.fact"
    kept = asked(platform, made)
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, made) == kept
    asked(platform, "truncate public.student_module_progress")
    assert asked(platform, REFRESH) == [(True,)]
    assert asked(platform, "select count(*) from dashboard.fact") == [(0,)]
    assert asked(platform, "select count(*) from dashboard.history") == [(0,)]
    database.engine.dispose()


WRITE = (
    "insert into public.student_module_progress "
    "(student_id, module_id, status, progress_percentage, last_updated) values (%s, %s, %s, %s, %s) "
    "on conflict (student_id, module_id) do update set status = excluded.status, "
    "progress_percentage = excluded.progress_percentage, last_updated = excluded.last_updated"
)
CAME_FURTHER = """
select case when progressed_at > now() - interval '1 hour' then 'now' else progressed_at::date::text end
from dashboard.fact
where student_id = %s and module_id = %s
"""


def test_who_came_further_did_so_now_where_the_platform_does_not_say_when(platform: Host) -> None:
    database = attached(platform, triggers=False)
    platform.spoil("alter table public.student_module_progress disable trigger bump_last_updated")
    for status, percentage, at, further in (
        ("NotStarted", 0, "2026-01-01", None),
        ("InProgress", 40, "2026-02-01", "2026-02-01"),
        ("InProgress", 50, "2026-02-01", "now"),
        ("InProgress", 30, "2026-03-01", "now"),
    ):
        asked(platform, WRITE, *ONE, status, percentage, at)
        assert asked(platform, REFRESH) == [(True,)]
        assert asked(platform, CAME_FURTHER, *ONE) == [(further,)], percentage
    database.engine.dispose()


def test_whom_nobody_saw_is_not_taken_for_whoever_was_there_before(platform: Host) -> None:
    """Somebody saved it here, and then the platform wrote it, of which no history tells."""
    database = attached(platform, triggers=False)
    actor = admin(database)
    seen = values(platform, ONE)
    assert edited(platform, actor, ONE, STARTED).saved
    late = Edit(*ONE, {Field.STATUS: Status.COMPLETED}, seen)
    (conflict,) = save(actor, [late]).conflicts
    assert conflict.changed_by is not None
    asked(
        platform,
        "update public.student_module_progress set status = 'NotStarted' where student_id = %s",
        ONE[0],
    )
    (conflict,) = save(
        actor, [Edit(*ONE, {Field.STATUS: Status.COMPLETED}, {**seen, **STARTED})]
    ).conflicts
    assert conflict.changed_by is None
    database.engine.dispose()


def test_everybody_may_what_the_oracle_says(
    servers: Callable[[str, str], Hosts], cluster: str
) -> None:
    """A sample: the two views of progress, their facts, and what saves pass by."""
    server = servers("institutions", cluster)
    host = cast_host(server)
    school = furnished(host, triggers=False)
    assert school.key is not None
    names = (
        *(
            "dashboard.progress",
            "dashboard.editable_progress",
            "dashboard.fact",
        ),
        *("internal.changed_row", "internal.added_row", "public.student_module_progress"),
    )
    with psycopg.connect(school.app_url, autocommit=True) as connection:
        asked_of = matrix.cells(connection, names, ATTACHED)
        found = list(matrix.tried(connection, asked_of, school.key))
    wrong = [(one.who.label, one.statement, one.found) for one in found if not one.is_as_expected]
    assert wrong == []
    assert {one.action for one in found if one.succeeds} >= {"select", "update"}
    school.database.engine.dispose()
    server.drop(host)

"""Attaching holds nobody up, and leaves nothing behind when it is undone."""

import json
import threading
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.session import acting_as_nobody
from data.database.attaching.adapter import read
from data.database.attaching.detach import detach, write_history
from data.database.attaching.making import Wanted
from data.database.attaching.steps import attach
from data.database.briefly import briefly
from data.database.claims_keys import present_key
from data.database.migrate import migrate
from data.database.preflight import faults
from tests.database.attached.attaching import CATALOGUE, asked, attached, nobody_told
from tests.database.attached.host import MODULE, STUDENT, Host, id_of, upsert_as_student
from tests.database.attached.test_notified import TELLING

FACTS = """
select student_id, module_id, status::text, percentage, shown_score, score_source, last_activity,
    attempts, has_problem, last_change, doubts
from dashboard.fact
order by 1, 2
"""

OF_NO_FACT = """
select count(*)
from public.student_module_progress as progress
full join dashboard.fact using (student_id, module_id)
where (fact.status, fact.percentage) is distinct from (progress.status, progress.progress_percentage)
"""
"""Rows whose facts are missing or otherwise, and facts of nothing."""


def test_what_was_made_goes_again_and_the_platform_is_as_it_was(host: Host) -> None:
    before = asked(host, CATALOGUE)
    database = attached(host)
    assert faults(host.app_url, present_key(host.owner_url)) == []
    assert asked(host, "select step, known_since > made_at from internal.attachment") == [
        ("ready", True)
    ]
    database.engine.dispose()
    during = asked(host, CATALOGUE)
    ours = {what for what, name, _ in set(during) - set(before)}
    assert ours <= {"trigger", "role", "member", "database", "relation"}
    detach(host.owner_url, nobody_told)
    assert asked(host, CATALOGUE) == before
    with pytest.raises(DataError, match="not attached"):
        detach(host.owner_url, nobody_told)


def test_sessions_of_a_login_that_went_and_came_again_are_replaced(platform: Host) -> None:
    database = attached(platform)
    with acting_as_nobody(database) as connection:
        before = connection.scalar(text("select pg_backend_pid()"))
    detach(platform.owner_url, nobody_told)
    attached(platform).engine.dispose()
    with acting_as_nobody(database) as connection:
        assert connection.scalar(text("select pg_backend_pid()")) != before
    database.engine.dispose()


def test_rows_from_before_have_the_facts_that_their_triggers_make(host: Host) -> None:
    attached(host).engine.dispose()
    made = asked(host, FACTS)
    assert len(made) == asked(host, "select count(*) from public.student_module_progress")[0][0] > 5
    asked(host, "update public.student_module_progress set score = score")
    assert asked(host, FACTS) == made
    assert asked(host, "select count(*) from internal.platform_error") == [(0,)]


OLDER = """
create table internal.plain (like dashboard.history including all excluding indexes);
insert into internal.plain (
    id, at, student_id, module_id, operation, source, author_id, batch_id, before, after
) overriding system value
select id, at, student_id, module_id, operation, source, author_id, batch_id, before, after
from dashboard.history;
drop table dashboard.history cascade;
drop table internal.dropped_month, internal.dropped_trace;
drop function internal.guard_month(regclass), internal.make_month(date), internal.history_months();
drop function internal.keep_months(timestamptz, integer), dashboard.keep_months();
alter table internal.plain rename to history;
alter table internal.history set schema dashboard;
alter table dashboard.history add constraint history_pkey primary key (id), enable row level security,
    add constraint history_batch_id_fkey foreign key (batch_id) references dashboard.batch (id);
create index history_cell on dashboard.history (student_id, module_id, id);
create index history_losses on dashboard.history (student_id, module_id, at) where completions < 0;
create index history_at on dashboard.history (at, id);
create index history_module on dashboard.history (module_id, id);
create index history_source on dashboard.history (source, id);
create index history_author on dashboard.history (author_id, id)
where source not in ('student', 'platform');
create index history_by_staff on dashboard.history (student_id, module_id, id)
where source not in ('student', 'platform');
create index history_batch_student on dashboard.history (batch_id, student_id) where batch_id is not null;
alter table internal.attachment drop column accounts_of;
drop table internal.stale_fact, internal.roster_mark;
drop function internal.mark_roster() cascade;
drop function internal.staff_of_account(text, text);
drop function internal.platform_author() cascade;
drop table dashboard.flag_response, dashboard.class_target,
    dashboard.attention_change, dashboard.holiday;
drop table internal.flag_record, internal.flags_recorded;
drop function internal.is_figure(text, integer), internal.attention_figures(), internal.attempts_in(jsonb);
drop table internal.standing, internal.unsettled, internal.class_day cascade;
drop table internal.class_score, internal.student_part, internal.class_news, internal.class_summary cascade;
drop table internal.worked_week cascade;
drop function internal.note_worked_weeks() cascade;
drop table internal.news_read, internal.digest_reader, school.digest;
drop index dashboard.fact_of_module;
drop function internal.may_mark(jsonb, jsonb);
drop table internal.doubt;
drop view dashboard.class_cell;
alter table dashboard.fact
    drop column progressed_at, drop column slipped_at, drop column doubts cascade, drop column attempts,
    drop column cell, add column is_stuck boolean not null default true;
drop function internal.cell_of(public.progress_status, smallint, numeric, boolean, boolean);
create function internal.cell_of(public.progress_status, smallint, numeric, boolean, boolean, boolean)
returns text language sql immutable return case when $4 then 'Ns' else 'N' end;
alter table dashboard.fact add column cell text not null generated always as (
    internal.cell_of(status, percentage, shown_score, is_stuck, edited_by_staff, has_problem)
) stored;
alter table school.student drop column plain_name cascade, drop column plain_email cascade;
alter table school.student drop column found_by cascade;
alter table school.class drop column found_by cascade;
drop function internal.plain_name(text), internal.patterns(text), internal.keep_plain() cascade;
grant select on school.source_id to dashboard_person;
grant execute on function internal.refresh_roster() to dashboard_guest;
update dashboard_migrations.in_force set digest = '';
update dashboard_migrations.alembic_version set version_num = '0037_other_statuses';
"""
"""As the first trial version that could attach left it, and what a release gave that gives it no more."""


def test_an_older_attachment_is_brought_to_a_newer_release(platform: Host) -> None:
    attached(platform).engine.dispose()
    before = asked(platform, FACTS)
    asked(
        platform, "update internal.role_word set role = 'coordinator' where word = 'client staff'"
    )
    asked(platform, OLDER)
    asked(platform, "drop trigger history_of_updates on public.student_module_progress")
    key = present_key(platform.owner_url)
    assert [one.code for one in faults(platform.app_url, key)] == ["revision"]
    migrate(platform.owner_url, platform.app_url)
    assert faults(platform.app_url, key) == []
    assert asked(platform, FACTS) == before
    assert asked(platform, "select role from internal.role_word where word = 'client staff'") == [
        ("coordinator",)
    ]
    assert asked(platform, "select step, accounts_of from internal.attachment") == [("ready", None)]
    assert asked(platform, "select internal.refresh_roster()") == [(True,)]
    assert asked(platform, TELLING) == []  # nobody agreed to it
    detach(platform.owner_url, nobody_told)


def test_nobody_who_writes_waits_for_the_triggers(platform: Host) -> None:
    """A transaction stays open on the table: others go on writing, and it is attached when that ends."""
    roster_is_there = threading.Event()

    def told(what: str, done: int, of: int) -> None:
        if (what, done) == ("roster", 1):
            roster_is_there.set()

    attaching = threading.Thread(target=lambda: attached(platform, told).engine.dispose())
    with (
        psycopg.connect(platform.platform_url) as slow,
        psycopg.connect(platform.platform_url, autocommit=True) as writer,
    ):
        slow.execute("select 1")  # what comes now is of this transaction
        upsert_as_student(slow, id_of(STUDENT, 7), id_of(MODULE, 5), "InProgress", 1)
        attaching.start()
        assert roster_is_there.wait(60)
        for percentage in range(50):
            upsert_as_student(writer, id_of(STUDENT, 8), id_of(MODULE, 5), "InProgress", percentage)
        slow.commit()
        attaching.join(60)
    assert not attaching.is_alive()
    assert asked(platform, OF_NO_FACT) == [(0,)]


def test_what_is_written_meanwhile_is_not_lost(platform: Host) -> None:
    """The platform writes and removes rows until all is done."""
    is_done = threading.Event()
    written: list[int] = []

    def write() -> None:
        with (
            psycopg.connect(platform.platform_url, autocommit=True) as writer,
            platform.owner() as owner,
        ):
            while not is_done.is_set():
                number = len(written)
                upsert_as_student(
                    writer,
                    id_of(STUDENT, 1 + number % 60),
                    id_of(MODULE, 5),
                    "InProgress",
                    number % 100,
                )
                gone = "delete from public.student_module_progress where student_id = %s and module_id = %s"
                owner.execute(gone, (id_of(STUDENT, 1 + number * 7 % 60), id_of(MODULE, 5)))
                written.append(number)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        attached(platform).engine.dispose()
    finally:
        is_done.set()
        writing.join(60)
    assert written
    assert asked(platform, OF_NO_FACT) == [(0,)]
    assert asked(platform, "select count(*) from internal.platform_error") == [(0,)]


def test_the_history_is_written_down_before_it_goes(platform: Host, tmp_path: Path) -> None:
    attached(platform).engine.dispose()
    odd = '{"said": "a \\"quoted\\", \\\\ line\\nand another"}'
    asked(
        platform,
        "update public.student_module_progress set progress_details = %s where student_id = %s",
        odd,
        id_of(STUDENT, 7),
    )
    told = "select student_id::text, after from dashboard.history order by id"
    changes = asked(platform, told)
    assert write_history(platform.owner_url, tmp_path / "history") == len(changes) > 1
    lines = [json.loads(line) for line in (tmp_path / "history").read_text().splitlines()]
    assert [(one["student_id"], one["after"]) for one in lines] == changes
    with pytest.raises(FileExistsError):
        write_history(platform.owner_url, tmp_path / "history")


def test_what_the_platform_built_on_ours_keeps_all_of_it(platform: Host) -> None:
    attached(platform).engine.dispose()
    asked(platform, "create view public.theirs as select student_id from dashboard.fact")
    with pytest.raises(DataError, match="view theirs"):
        detach(platform.owner_url, nobody_told)
    assert asked(platform, "select count(*) > 100 from public.theirs") == [(True,)]
    asked(platform, "drop view public.theirs")
    detach(platform.owner_url, nobody_told)


def test_a_database_of_our_own_and_two_at_once_are_refused(platform: Host) -> None:
    wanted = Wanted(read(platform.adapter))

    def again(what: str, done: int, of: int) -> None:
        with pytest.raises(DataError, match="just now"):
            attach(platform.owner_url, platform.app_url, wanted, nobody_told)

    attach(platform.owner_url, platform.app_url, wanted, again)
    asked(platform, "drop table internal.attachment")
    with pytest.raises(DataError, match="nothing to attach"):
        attach(platform.owner_url, platform.app_url, wanted, nobody_told)


def test_nothing_for_which_somebody_may_wait_is_compiled(platform: Host) -> None:
    """That alone takes longer than anybody may wait, so that it would never be done."""
    compiling = f"{platform.owner_url}&options=-cjit%3Don"
    with engine_for_once(compiling) as engine:
        with engine.connect() as connection:
            assert connection.scalar(text("select current_setting('jit')")) == "on"
        assert briefly(engine, sql.SQL("select current_setting('jit')")) == "off"

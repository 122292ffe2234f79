"""`python -m data check` on a school's own database finds what is wrong, and leaves alone what is not ours."""

import json
import re
import time
from pathlib import Path

import pytest

from data.database import doctor
from data.database.attaching.checkup import examined
from data.database.claims_keys import present_key
from data.database.kinds import Kind
from data.database.preflight import Fault, drift_faults
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import Host
from tests.database.command_line import refused, run
from tests.database.refusing_server import refusal, refusing

TABLE = "public.student_module_progress"
TOUCHES = re.compile(
    r"\b(drop|revoke|alter|grant|rename|delete from|insert into|update \S+ set|truncate table)\b.*"
    r"\b(public\.|auth\.|extensions|students|profiles|lessons|anon|authenticated|authenticator|service_role)",
    re.IGNORECASE,
)
"""A statement that is to be run on something of the host's."""

WRONG = [
    (
        "alter table profiles drop column full_name cascade",
        "adapter",
        "profiles.full_name does not exist",
    ),
    (
        "alter table students alter full_name type bytea using null",
        "adapter",
        "The section student",
    ),
    ("drop function internal.adapter_lesson()", "adapter", "lacks lesson"),
    ("drop schema auth cascade", "adapter", "reads a table that is not there"),
    (
        "update internal.attachment set refresh_error = 'it is gone', refresh_failed_at = now()",
        "refresh",
        "(it is gone)",
    ),
    (
        "insert into internal.platform_error (what, said) values ('a', 'b')",
        "platform_error",
        "1 error of this",
    ),
    (
        f"alter table {TABLE} disable trigger user; delete from {TABLE} where (student_id, module_id) in "
        f"(select student_id, module_id from {TABLE} limit 2)",
        "facts",
        "counted and gone there: 2",
    ),
    (
        "delete from dashboard.fact where (student_id, module_id) in "
        "(select student_id, module_id from dashboard.fact limit 3)",
        "facts",
        "Not counted here: 3 rows",
    ),
    (
        "update dashboard.fact set status = 'Paused', percentage = 1 where (student_id, module_id) in "
        "(select student_id, module_id from dashboard.fact limit 4)",
        "facts",
        "otherwise than they are: 4",
    ),
    (
        f"drop trigger history_of_inserts on {TABLE}",
        "trigger",
        "is missing. Run: python -m data migrate",
    ),
    (f"alter table {TABLE} disable trigger history_of_updates", "trigger", "history_of_updates"),
    (f"alter table {TABLE} disable trigger all", "trigger", "Triggers are switched off: "),
    ("update school.staff set is_active = false", "nobody", "Nobody may sign in"),
    (
        f"alter table {TABLE} drop constraint student_module_progress_pkey",
        "key",
        "no key of student_id",
    ),
    (f"create rule quiet as on delete to {TABLE} do instead nothing", "rules", "quiet"),
    (f"alter table {TABLE} drop column progress_details cascade", "column", "progress_details"),
    (f"alter table {TABLE} rename to mislaid", "table", "There is no table"),
    (
        f"alter table {TABLE} owner to postgres; "
        f"revoke all on {TABLE} from host_owner, anon, authenticated, service_role",
        "rights",
        "This user may not",
    ),
    ("grant select (id) on students to dashboard_person", "grant", "ask whoever gave it"),
    (
        "grant all on all tables in schema public to dashboard_guest",
        "grant",
        "the platform's: delete on ",
    ),
    (
        "grant select on profiles to progress_app with grant option",
        "grant",
        "select on public.profiles",
    ),
    ("update internal.attachment set step = 'filled'", "unfinished", "the roster is copied"),
]
"""A spoilt host, the finding that there must be, and some of its words."""

THEIRS = [
    f"create policy another on {TABLE} using (true)",
    f"create policy fewer on {TABLE} as restrictive using (false)",
    f"alter table {TABLE} disable row level security",
    f"create trigger zzz before update on {TABLE} for each row "
    "execute function suppress_redundant_updates_trigger()",
    "create table newer (id int); grant all on newer to public",
    "truncate lessons cascade",
    "grant truncate on students to anon, authenticated",
    f"create index on {TABLE} (module_id)",
]
"""What is the platform's own affair."""


@pytest.fixture(scope="module")
def ready(shared_platform: Host) -> Host:
    attached(shared_platform).engine.dispose()
    return shared_platform


def found(host: Host, statements: str = "") -> tuple[list[Fault], list[Fault]]:
    """Faults and notes in a transaction in which this is otherwise, as the owner and as the app's login."""
    with host.otherwise(statements) as connection:
        told = list(examined(connection))
        connection.exec_driver_sql("set local session authorization progress_app")
        faults = drift_faults(connection)
    faults += [Fault(one.code, one.sentence) for one in told if one.severity == "stop"]
    return faults, [Fault(one.code, one.sentence) for one in told if one.severity != "stop"]


def test_each_thing_that_is_wrong_is_found_and_no_cure_touches_what_is_the_platforms(
    ready: Host,
) -> None:
    for statements, code, words in WRONG:
        faults, notes = found(ready, statements)
        assert any(one.code == code and words in one.message for one in faults), (
            statements,
            faults,
        )
        for one in [*faults, *notes]:
            assert not TOUCHES.search(one.message), one.message
            assert one.message.endswith((".", "?")) or "Run: " in one.message
    assert found(ready)[0] == []


MANY = [
    (f"alter table {TABLE} disable trigger all", "and 9 more. Run: python -m data migrate"),
    (
        "grant all on all tables in schema public to dashboard_guest",
        "more. This program neither gives",
    ),
    (
        "grant all on all tables in schema dashboard to service_role",
        "more. Run: python -m data migrate",
    ),
    (
        "revoke all on all tables in schema roster from dashboard_person",
        "lacks rights that this program",
    ),
    ("drop schema roster cascade", "are missing: "),
]
"""What somebody does once, to many things."""


def test_what_was_done_once_is_told_once(ready: Host) -> None:
    for statements, words in MANY:
        faults, _ = found(ready, statements)
        sorts = [one.code for one in faults]
        assert words in "".join(one.message for one in faults), (statements, faults)
        assert all(sorts.count(one) <= 2 for one in sorts), (statements, faults)


def test_what_would_touch_it_would_be_seen() -> None:
    """The control."""
    for cure in (
        f"Run: drop trigger a on {TABLE}",
        "Run: revoke select on public.students from dashboard_person",
        "Run: delete from public.students",
        f"Run: alter table {TABLE} enable row level security",
    ):
        assert TOUCHES.search(cure)
    assert not TOUCHES.search("Run: grant select on table dashboard.fact to dashboard_person")


def test_what_is_the_platforms_own_affair_is_no_fault(ready: Host) -> None:
    for statements in THEIRS:
        assert found(ready, statements)[0] == [], statements


def test_what_is_worth_knowing_is_told_apart(ready: Host) -> None:
    assert [one.code for one in found(ready)[1]] == [
        *("attached", "index", "unknown_role", "unknown_role", "left_out")
    ]
    _, notes = found(ready, f"create index on {TABLE} (module_id)")
    assert "index" not in [one.code for one in notes]
    given = "create role metabase; grant select on dashboard.history, dashboard.note to metabase"
    assert (
        "role metabase was given rights on 2 tables of this program's, such as dashboard.history: only"
        in (found(ready, given)[1][-1].message)
    )
    aged = "update internal.attachment set refreshed_at = now() - interval '3 days'"
    assert "names were read 3 days ago" in found(ready, aged)[1][0].message


def test_roles_that_were_said_are_in_the_command_that_is_to_be_run_again(ready: Host) -> None:
    said = "update internal.role_word set role = 'coordinator' where word = 'client staff'"
    begun = "update internal.attachment set step = 'made', accounts_of = 'https://it.example'"
    (fault,) = found(ready, f"{said}; {begun}")[0][-1:]
    assert fault.message.endswith(
        "Run: python -m data attach --adapter institutions --accounts-of https://it.example "
        '--role "client staff=coordinator"'
    )


def test_whoever_runs_it_reads_first_what_it_is_and_then_what_is_wrong(platform: Host) -> None:
    urls = {"DATABASE_URL": platform.app_url, "DATABASE_OWNER_URL": platform.owner_url}
    foreign = run("check", **urls)
    assert "attach --adapter" in foreign.output
    assert refused(run("migrate", **urls), "attach --adapter", "Nothing was changed")
    attached(platform).engine.dispose()
    healthy = run("check", **urls)
    assert healthy.exit_code == 0
    assert healthy.stdout.startswith(
        "This database is attached by the adapter institutions: names were read"
    )
    assert "This is worth knowing:\n- No index" in healthy.stdout
    key = present_key(platform.owner_url)
    assert key
    alone = run("check", DATABASE_URL=platform.app_url, DATABASE_CLAIMS_KEY=key.written)
    assert alone.stdout == (
        "No problems found in the set-up. Set DATABASE_OWNER_URL to check the rows, the adapter and the roster "
        "too.\n"
    )
    platform.spoil(
        "delete from dashboard.fact; update internal.attachment set refresh_error = 'gone'"
    )
    platform.spoil("update internal.attachment set refresh_failed_at = now()")
    told = run("check", "--json", **urls)
    assert told.exit_code == 1
    assert [one["code"] for one in json.loads(told.stdout) if "severity" not in one] == [
        "refresh",
        "facts",
    ]
    platform.spoil("update internal.attachment set refresh_error = null")
    assert run("attach", "--adapter", "institutions", **urls).exit_code == 0
    assert run("check", **urls).exit_code == 0, "Attaching again counts what was missing."
    migrated = run("migrate", **urls)
    assert "It is attached to a platform's tables, of which nothing was changed." in migrated.stdout
    platform.spoil(
        f"update internal.attachment set step = 'filled'; drop trigger history_of_inserts on {TABLE}"
    )
    (line,) = run("check", **urls).stdout.splitlines()
    assert line.startswith("Attaching was begun and not finished")


def test_a_login_that_a_restore_lost_is_told_with_its_cure(platform: Host) -> None:
    attached(platform).engine.dispose()
    gone = platform.app_url.replace("progress_app@", "nobody_there@")
    told = run("check", DATABASE_URL=gone, DATABASE_OWNER_URL=platform.owner_url)
    assert told.exit_code == 1
    assert "There is no login nobody_there on this server" in told.stdout
    assert "Run: python -m data migrate" in told.stdout
    with refusing(refusal("28P01", "nein")) as port:
        lost = f"postgresql://progress_app:lost@127.0.0.1:{port}/{platform.app_url.split('/')[3].split('?')[0]}"
        told = run("check", DATABASE_URL=lost, DATABASE_OWNER_URL=platform.owner_url)
    assert told.exit_code == 1
    assert "python -m data migrate sets that of the app's login again" in told.stdout


def test_a_clock_that_is_wrong_is_told(ready: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    key = present_key(ready.owner_url)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 600)
    (fault,) = doctor.examine(ready.app_url, None, key).faults
    assert (fault.code, "10 minutes behind" in fault.message) == ("clock", True)
    monkeypatch.undo()
    assert doctor.examine(ready.app_url, None, key) == doctor.Checkup([], [], Kind.ATTACHED)


def test_the_history_is_written_down_before_it_goes(platform: Host, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": platform.app_url, "DATABASE_OWNER_URL": platform.owner_url}
    file = tmp_path / "history.jsonl"
    assert refused(run("detach", "--yes", "--keep-history", str(file), **urls), "not attached")
    assert not file.exists()
    attached(platform).engine.dispose()
    asked(platform, f"update {TABLE} set score = 1 where score is distinct from 1")
    count = asked(platform, "select count(*) from dashboard.history")[0][0]
    assert count > 10
    (tmp_path / "there").write_text("mine")
    taken = run("detach", "--yes", "--keep-history", str(tmp_path / "there"), **urls)
    assert refused(taken, "File exists", "Nothing was changed")
    assert asked(platform, "select count(*) from dashboard.history") == [(count,)]
    result = run("detach", "--yes", "--keep-history", str(file), **urls)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{count:,} changes are written to {file}.\n")
    assert file.stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == count
    assert {one["operation"] for one in lines} == {"update"}

"""`python -m data …` over a school's own database: exit codes, and words instead of tracebacks."""

import json
from pathlib import Path

import psycopg
import pytest

from data.__main__ import data
from data.database.migrate import head
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.command_line import at, refused, run, start


def signing(school: Scratch) -> dict[str, str | None]:
    """As the app's login alone, with its key."""
    assert school.key is not None
    return {"DATABASE_URL": school.app_url, "DATABASE_CLAIMS_KEY": school.key.written}


def test_url_prints_what_psql_takes(school: Scratch) -> None:
    for arguments, user in (["url"], "progress_app"), (["url", "--owner"], "progress_owner"):
        printed = run(*arguments, **at(school)).stdout.strip()
        with psycopg.connect(printed) as connection:
            assert connection.execute("select current_user").fetchone() == (user,)
    written = "postgresql+psycopg2://u%40x:p%2Fw@h:1/d?sslmode=require"
    assert run("url", DATABASE_URL=written).stdout == (
        "postgresql://u%40x:p%2Fw@h:1/d?sslmode=require\n"
    )


def test_without_an_owner_what_needs_one_is_refused(school: Scratch) -> None:
    for command in (["url", "--owner"], ["migrate"], ["demo"]):
        result = run(*command, DATABASE_URL=school.app_url)
        assert refused(result, "DATABASE_OWNER_URL is not set")


def test_check_says_nothing_is_wrong(school: Scratch) -> None:
    result = run("check", **signing(school))
    assert (result.exit_code, result.stdout) == (
        0,
        "No problems found in the set-up. Set DATABASE_OWNER_URL to check the rows too.\n",
    )
    assert run("check", **at(school)).stdout == "No problems found.\n"
    result = run("check", "--json", **signing(school))
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_check_counts_rows_that_cannot_be_right_and_names_nobody_unasked(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute(
            "update public.student_module_progress set completed_at = 'infinity', score = 177 "
            "where student_id = %s and module_id = %s",
            (people.BEN, people.COURSE),
        )
    result = run("check", **at(school))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("Impossible score: 1 row. ")
    assert str(people.BEN) in result.stdout
    assert "Ben" not in result.stdout
    assert "177" not in result.stdout
    assert "Ben O'Neill, Fractions: " in run("check", "--names", **at(school)).stdout
    told = json.loads(run("check", "--json", **at(school)).stdout)
    assert [(one["rule"], one["count"]) for one in told] == [
        ("score_out_of_range", 1),
        ("completed_date_unreadable", 1),
    ]
    assert told[0]["examples"] == [{"student": str(people.BEN), "module": str(people.COURSE)}]
    named = json.loads(run("check", "--json", "--names", **at(school)).stdout)
    assert named[0]["examples"][0]["student_name"] == "Ben O'Neill"


@pytest.mark.usefixtures("altered")
def test_check_tells_what_is_wrong_and_exits_1(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute("alter table dashboard.fact disable row level security")
    result = run("check", "--json", **signing(school))
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(one["code"], "dashboard.fact" in one["message"]) for one in found] == [
        ("rls_off", True)
    ]
    told = run("check", DATABASE_URL=school.app_url)
    assert (told.exit_code, told.stdout) == (1, found[0]["message"] + "\n")


@pytest.mark.usefixtures("altered")
def test_check_lets_a_school_report_with_a_role_of_its_own(school: Scratch) -> None:
    root = school.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute("create role reporting")
        try:
            connection.execute("grant select on public.student_module_progress to reporting")
            policy = "create policy reports on public.student_module_progress for select to {} using (true)"
            connection.execute(policy.format("reporting").encode())
            result = run("check", **at(school))
            assert (result.exit_code, result.stdout) == (0, "No problems found.\n")
            # The control: the same policy, for everybody.
            connection.execute("alter policy reports on public.student_module_progress to public")
            result = run("check", **at(school))
            assert result.exit_code == 1
            assert result.stdout.startswith(
                "The policy reports on public.student_module_progress is not this program's and lets people see"
            )
            told = json.loads(run("check", "--json", **at(school)).stdout)
            assert [one["code"] for one in told] == ["policy"]
        finally:
            connection.execute("drop owned by reporting")
            connection.execute("drop role reporting")


def test_it_runs_as_a_module(school: Scratch) -> None:
    program = start("check", "--json", **signing(school))
    assert (*program.communicate(), program.returncode) == ("[]\n", "", 0)


def test_migrate_brings_an_empty_database_to_the_head_and_says_so(cluster: Cluster) -> None:
    cluster.drop(cluster.new_database())
    owner, app = cluster.empty_database()
    urls: dict[str, str | None] = {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner}
    before = run("check", **urls)
    assert before.exit_code == 1
    assert "python -m data migrate" in before.stdout
    assert refused(run("demo", **urls), "python -m data migrate")
    for _ in range(2):
        result = run("migrate", **urls)
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (
            0,
            f"The database is at {head()}.",
        )
    assert run("check", **urls).exit_code == 0


def test_migrate_refuses_a_foreign_table_in_words(cluster: Cluster) -> None:
    owner, app = cluster.empty_database()
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("create table public.student_module_progress ()")
    result = run("migrate", DATABASE_URL=app, DATABASE_OWNER_URL=owner)
    assert refused(result, "already has a student_module_progress table", "Nothing was changed")


def test_demo_refuses_a_database_that_holds_anything(school: Scratch) -> None:
    count = "select count(*) from auth.users"
    with school.owner() as connection:
        before = connection.execute(count.encode()).fetchone()
        assert refused(run("demo", **at(school)), "nothing was changed")
        assert connection.execute(count.encode()).fetchone() == before


@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["migrate"], ["demo"]])
def test_a_database_that_is_not_there_is_told_in_words(command: list[str]) -> None:
    away = "postgresql://u:hunter2@/db?host=/nowhere"
    result = run(*command, DATABASE_URL=away, DATABASE_OWNER_URL=away)
    assert refused(result)
    assert "hunter2" not in result.output


def test_bad_settings_are_refused_by_name_before_anything_is_done(tmp_path: Path) -> None:
    for command in ("check", "url", "migrate", "demo", "serve"):
        assert refused(run(command, DATABASE_URL="mysql://x"), "DATABASE_URL must begin with")
    assert refused(run("--data-dir", "~nobody-has-this/x", "url"), "~nobody-has-this")


def test_serve_is_for_the_embedded_database_only(school: Scratch) -> None:
    assert refused(run("serve", **at(school)), "DATABASE_URL is set")


@pytest.mark.parametrize("command", [["url"], ["check"], ["demo"], ["digest", "--stdout"]])
def test_an_embedded_database_that_does_not_run_tells_how_to_start_it(
    tmp_path: Path, command: list[str]
) -> None:
    at_home = {"PROGRESS_URL": "http://127.0.0.1:8501"}
    by_variable = run(*command, PROGRESS_DATA_DIR=str(tmp_path), **at_home)
    assert refused(by_variable, "python -m data serve")
    by_option = run("--data-dir", str(tmp_path / "x y"), *command, **at_home)
    assert refused(by_option, "python -m data serve")


def test_every_command_is_explained() -> None:
    told = run("--help").stdout
    for name, command in data.commands.items():
        assert name in told
        assert (command.help or "").strip().endswith(".")

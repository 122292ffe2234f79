"""`python -m data attach` and `detach`, as whoever installs it runs them."""

import json
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from data.database.attaching.adapter import ROLE_WORDS
from tests.database.attached.attaching import CATALOGUE, asked
from tests.database.attached.host import Host
from tests.database.attached.test_adapters import OPTIONAL
from tests.database.command_line import refused, run


def at(host: Host) -> dict[str, str | None]:
    return {"DATABASE_URL": host.app_url, "DATABASE_OWNER_URL": host.owner_url}


def test_a_dry_run_reports_proves_writes_its_sql_and_leaves_nothing(
    host: Host, tmp_path: Path
) -> None:
    before = asked(host, CATALOGUE)
    file = tmp_path / "attach.sql"
    result = run("attach", "--adapter", host.adapter, "--dry-run", "--sql", str(file), **at(host))
    assert result.exit_code == 0, result.output
    for heading in (
        "This needs your agreement:",
        "This is worth knowing:",
        "This was tried as some people of each role, and taken back.",
        "Nothing keeps this database from being attached.",
        "python -m data detach",
    ):
        assert heading in result.stdout
    assert "allowed" in result.stdout
    said = file.read_text(encoding="utf-8")
    for statement in (
        "create schema dashboard",
        "internal.adapter_student()",
        "history_of_inserts",
    ):
        assert statement in said
    assert asked(host, CATALOGUE) == before


def test_the_report_is_there_for_programs(platform: Host) -> None:
    result = run("attach", "--adapter", "institutions", "--dry-run", "--json", **at(platform))
    told = json.loads(result.stdout)
    assert {one["severity"] for one in told} == {"consent", "note", "proved"}
    assert all({"code", "severity", "sentence"} == set(one) for one in told)


def test_attached_checked_and_detached_without_a_trace(host: Host) -> None:
    before = asked(host, CATALOGUE)
    result = run("attach", "--adapter", host.adapter, "--yes", **at(host))
    assert result.exit_code == 0, result.output
    key = result.stdout.rpartition("DATABASE_CLAIMS_KEY=")[2].strip()
    for done in (
        "The roster is copied.",
        "The triggers are done.",
        "The rows from before are counted.",
    ):
        assert done in result.stderr
    checked = run("check", DATABASE_CLAIMS_KEY=key, **at(host))
    assert checked.exit_code == 0, checked.output
    again = run("attach", "--adapter", host.adapter, **at(host))
    assert again.exit_code == 0, again.output
    tried = run("attach", "--adapter", host.adapter, "--dry-run", **at(host))
    assert refused(tried, "attached already")
    assert "Aborted" in run("detach", **at(host)).stderr
    result = run("detach", "--yes", **at(host))
    assert result.exit_code == 0, result.output
    assert asked(host, CATALOGUE) == before
    assert refused(run("detach", "--yes", **at(host)), "not attached")


def test_nothing_is_done_without_agreement_nor_where_something_stops_it(platform: Host) -> None:
    before = asked(platform, CATALOGUE)
    assert "--yes" in run("attach", "--adapter", "institutions", **at(platform)).stderr
    result = run("attach", "--adapter", "classes", "--yes", **at(platform))
    assert result.exit_code == 1
    assert "This keeps it from being attached:" in result.stdout
    assert result.stdout.startswith("It cannot be attached as it is, for ")
    assert "Nothing was changed" in result.stderr
    assert asked(platform, CATALOGUE) == before
    assert refused(
        run("attach", "--adapter", "nowhere", **at(platform)), "There is no adapter nowhere"
    )
    assert refused(run("attach", "--adapter", "classes"), "DATABASE_OWNER_URL")
    assert run("attach", "--adapter", "classes", "--role", "Staff", **at(platform)).exit_code == 2


def test_what_was_said_once_stays_until_something_else_is_said(platform: Host) -> None:
    def again(*said: str) -> tuple[str, str | None, str | None]:
        result = run("attach", "--adapter", "institutions", "--yes", *said, **at(platform))
        assert result.exit_code == 0, result.output
        words = dict(asked(platform, "select word, role from internal.role_word"))
        assert set(ROLE_WORDS) <= set(words)
        accounts = asked(platform, "select accounts_of from internal.attachment")[0][0]
        return result.stderr, words.get("client staff"), accounts

    first = again("--role", "Client Staff=coordinator", "--accounts-of", "https://it.example")
    assert first[1:] == ("coordinator", "https://it.example")
    told, *kept = again()
    assert kept == ["coordinator", "https://it.example"]
    assert (
        'As before, or as said now: --accounts-of https://it.example --role "client staff=coordinator"'
        in told
    )
    assert again("--role", "Mentor=teacher")[1:] == ("coordinator", "https://it.example")
    assert asked(platform, "select role from internal.role_word where word = 'mentor'") == [
        ("teacher",)
    ]
    assert again("--role", "client_staff=nobody", "--accounts-of", "")[1:] == (None, None)
    assert asked(platform, "select role from internal.role_word where word = 'mentor'") == [
        ("teacher",)
    ]


OTHERS: Final = {
    "authenticator": "If it is the platform's, name a login that is not there yet.",
    "service_role": "may not log in",
    "host_owner": "not the user of DATABASE_OWNER_URL",
}
"""Users of the platform, and why none of them is the app's login."""


@pytest.mark.parametrize("name", OTHERS)
def test_a_user_of_the_platforms_does_not_become_the_apps_login(platform: Host, name: str) -> None:
    """Its password and settings would be changed, and the platform locked out."""
    settings = (
        "select rolname, rolpassword, setconfig "
        "from pg_authid left join pg_db_role_setting on setrole = pg_authid.oid order by 1"
    )
    with platform.root() as root:
        before = root.execute(settings).fetchall()
        theirs = {
            **at(platform),
            "DATABASE_URL": platform.app_url.replace("progress_app", f"{name}:mine"),
        }
        result = run("attach", "--adapter", "institutions", "--yes", **theirs)
        assert OTHERS[name] in result.stdout
        assert "Nothing was changed" in result.stderr
        assert root.execute(settings).fetchall() == before


@pytest.mark.parametrize("shut", ["schema", "trigger"])
def test_what_an_event_trigger_refuses_is_said_in_its_words(host: Host, shut: str) -> None:
    host.spoil(
        "create function public.shut() returns event_trigger language plpgsql as "
        "$$ begin raise exception 'only by the pipeline'; end $$; create event trigger shut "
        f"on ddl_command_start when tag in ('CREATE {shut.upper()}') execute function public.shut()"
    )
    before = asked(host, CATALOGUE)
    result = run("attach", "--adapter", host.adapter, "--yes", **at(host))
    assert (
        "refused a step: only by the pipeline (PL/pgSQL function shut() line 1)." in result.stdout
    )
    assert "Nothing was changed" in result.stderr
    assert asked(host, CATALOGUE) == before


def test_settings_of_the_platforms_own_change_nothing(platform: Host) -> None:
    odd = (
        "-c timezone=Asia/Kathmandu -c datestyle=German -c intervalstyle=sql_standard "
        "-c standard_conforming_strings=off -c quote_all_identifiers=on"
    )
    there = {name: f"{url}&options={quote(odd)}" for name, url in at(platform).items()}
    for command in (
        ["attach", "--adapter", "institutions", "--yes"],
        ["check"],
        ["detach", "--yes"],
    ):
        result = run(*command, **there)
        assert result.exit_code == 0, result.output


def test_a_platform_that_lacks_what_not_all_have_is_attached(platform: Host) -> None:
    platform.spoil(OPTIONAL)
    before = asked(platform, CATALOGUE)
    result = run("attach", "--adapter", platform.adapter, "--yes", **at(platform))
    assert result.exit_code == 0, result.output
    assert (
        "Read without what the platform does not have: public.students.student_id" in result.stdout
    )
    assert asked(platform, "select count(*) > 5 from school.class_student") == [(True,)]
    assert run("detach", "--yes", **at(platform)).exit_code == 0
    assert asked(platform, CATALOGUE) == before

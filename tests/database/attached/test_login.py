"""Whatever a start refuses is told before anything is made: attached, and unable to start, is nothing."""

import json
from typing import Final

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from data.database import app_login
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.proof import build
from data.database.attaching.reporting import login as reporting_login
from data.database.attaching.reporting.login import by_address_of, of_login, would_not_start
from tests.database.attached.attaching import CATALOGUE, asked
from tests.database.attached.host import Host
from tests.database.attached.test_attach_command import at
from tests.database.command_line import run

LOGIN: Final = "progress_app"

UNFIT: Final = [
    (f"alter role {LOGIN} superuser", "superuser"),
    (f"alter role {LOGIN} bypassrls", "bypassrls"),
    (f"alter role {LOGIN} createrole", "roles"),
    (f"grant authenticated to {LOGIN}", "others"),
    ("grant authenticated to dashboard_person", "others"),
    (f"alter table public.lessons owner to {LOGIN}", "owner"),
    (f"revoke dashboard_person from {LOGIN}", "membership"),
    (f"alter role {LOGIN} set statement_timeout = 1", "setting"),
    (f"grant select on public.students to {LOGIN}", "grant"),
    ("grant select (id) on public.students to dashboard_person", "grant"),
    (f"create schema its; grant temporary on database %I to {LOGIN}", "temporary"),
    ("alter table dashboard.history disable row level security", "rls_off"),
    ("drop policy people_see_their_drafts on dashboard.draft", "policy"),
]
"""What somebody makes of the login or of our roles, and what each start then says."""


def spoil(connection: Connection, statements: str) -> None:
    """As the superuser, whose the transaction is."""
    database = str(connection.exec_driver_sql("select current_database()").scalar_one())
    connection.exec_driver_sql("reset role")
    connection.exec_driver_sql(statements.replace("%I", database))
    connection.exec_driver_sql("set local role host_owner")


def test_whatever_a_start_refuses_is_told_before_anything_is_kept(shared_platform: Host) -> None:
    login = make_url(shared_platform.app_url)
    with shared_platform.otherwise() as connection:
        build(connection, LOGIN, Wanted(read("institutions")))
        app_login.admit(connection, login)
        assert list(would_not_start(connection, login)) == []
        for statements, code in UNFIT:
            with connection.begin_nested() as once:
                spoil(connection, statements)
                found = list(would_not_start(connection, login))
                once.rollback()
            assert {one.severity for one in found} == {"stop"}, statements
            assert code in [one.code for one in found], (statements, found)


@pytest.mark.parametrize(
    ("role", "code", "said"),
    [
        (f"create role {LOGIN} nologin", "login", "stop: The role progress_app may not log in."),
        (
            f"create role {LOGIN} login",
            "login_there",
            "consent: The login progress_app is there already",
        ),
        (
            f"create role {LOGIN} login; alter role {LOGIN} set work_mem = 64",
            "setting",
            "Run: alter role progress_app reset work_mem",
        ),
        ("", "login_there", ""),
    ],
)
def test_a_login_that_is_there_already_is_told(
    shared_platform: Host, role: str, code: str, said: str
) -> None:
    owner, login = make_url(shared_platform.owner_url), make_url(shared_platform.app_url)
    with shared_platform.otherwise(role) as connection:
        found = list(of_login(connection, owner, login))
    told = "".join(f"{one.severity}: {one.sentence}" for one in found if one.code == code)
    assert said in told if said else told == ""


def test_nobodys_password_is_changed(
    shared_platform: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user could be the platform's own."""
    monkeypatch.setattr(reporting_login, "is_refused", lambda login: True)
    owner, login = make_url(shared_platform.owner_url), make_url(shared_platform.app_url)
    with shared_platform.otherwise(f"create role {LOGIN} login") as connection:
        found = {one.code: one for one in of_login(connection, owner, login)}
    assert found["login"].severity == "stop"
    assert "it is not changed" in found["login"].sentence


def test_two_addresses_must_lead_to_one_database(platform: Host) -> None:
    owner = make_url(platform.owner_url)
    with platform.otherwise() as connection:
        for wrong, severity in (
            (make_url(platform.app_url).set(database="postgres"), "stop"),
            (make_url(platform.app_url).set(database="nowhere"), "note"),
        ):
            found = {one.code: one.severity for one in of_login(connection, owner, wrong)}
            assert found == {"address": severity}
        assert list(of_login(connection, owner, make_url(platform.app_url))) == []
        (found_itself,) = of_login(connection, owner, owner)
        assert (found_itself.code, found_itself.severity) == ("login", "stop")


def test_where_another_owns_the_database_it_is_attached_once_that_one_agrees(
    platform: Host,
) -> None:
    database = str(make_url(platform.owner_url).database)
    platform.spoil(
        f"alter database {database} owner to postgres; grant create on database {database} to host_owner"
    )
    before = asked(platform, CATALOGUE)
    result = run("attach", "--adapter", "institutions", "--yes", "--json", **at(platform))
    assert result.exit_code == 1
    assert result.stderr == "Error: It is not attached. Nothing was changed.\n"
    (stop,) = [one for one in json.loads(result.stdout) if one["severity"] == "stop"]
    assert stop["code"] == "temporary"
    assert asked(platform, CATALOGUE) == before
    platform.spoil(stop["sentence"].partition("run: ")[2].partition(".")[0])
    agreed = asked(platform, CATALOGUE)
    result = run("attach", "--adapter", "institutions", "--yes", **at(platform))
    assert result.exit_code == 0, result.output
    assert run("check", **at(platform)).exit_code == 0
    platform.spoil(f"grant authenticated to {LOGIN}")
    again = run("attach", "--adapter", "institutions", **at(platform))
    assert again.exit_code == 1
    assert "the app would not start yet" in again.stderr
    assert "may act as authenticated" in again.stderr
    assert run("check", **at(platform)).exit_code == 1
    assert run("detach", "--yes", **at(platform)).exit_code == 0
    assert asked(platform, CATALOGUE) == agreed


@pytest.mark.parametrize(
    ("owner", "login", "tried"),
    [
        ("postgres:o@db.it.supabase.co", "dash.it:p@eu.pooler.supabase.com:6543", "postgres.it"),
        (
            "postgres.it:o@eu.pooler.supabase.com",
            "dash.it:p@eu.pooler.supabase.com:6543",
            "postgres.it",
        ),
        ("postgres.it:o@eu.pooler.supabase.com", "dash:p@db.it.supabase.co", "postgres"),
    ],
)
def test_an_address_is_tried_by_the_owners_name_there(owner: str, login: str, tried: str) -> None:
    found = by_address_of(make_url(f"postgresql://{login}/x"), make_url(f"postgresql://{owner}/x"))
    assert (found.username, found.password, found.port) == (
        tried,
        "o",
        make_url(f"a://{login}").port,
    )

"""Each way in which no connection can be had has its own cause and cure, for whoever runs the dashboard."""

import psycopg
import pytest
from click.testing import CliRunner

import dashboard.__main__ as dashboard_command
from data.access import session, unreachable
from data.access.errors import (
    AWAY_SENTENCE,
    DatabaseAway,
    DatabaseNotReady,
    DataError,
    to_operator,
)
from data.access.outage_words import OUTAGES
from data.database.preflight import faults
from data.reading.live.bell import Bell
from tests.browsing import free_port
from tests.clusters import Cluster
from tests.database.command_line import refused, run
from tests.database.refusing_server import refusal, refusing

SECRET = "hunter2"


def outage(url: str) -> DataError:
    """What a start is told."""
    with pytest.raises(DataError) as told:
        faults(url, None)
    assert SECRET not in to_operator(told.value)
    assert "\n" not in to_operator(told.value)
    return told.value


def at(port: int, parameters: str = "") -> str:
    return f"postgresql://app:{SECRET}@127.0.0.1:{port}/progress{parameters}"


def test_a_wrong_name_of_the_database_or_the_user_is_told(cluster: Cluster) -> None:
    there = cluster.url("postgres", "postgres")
    told = to_operator(outage(there.replace("/postgres?", "/nothing?")))
    assert told.startswith("The server has no database of the name in the URL.")
    assert 'database "nothing" does not exist' in told
    told = to_operator(outage(there.replace("postgres@", "nobody@")))
    assert told.startswith("The server does not let this user in")
    assert 'role "nobody" does not exist' in told


@pytest.mark.parametrize(
    ("state", "kind", "cause"),
    [
        (
            "28P01",
            DatabaseNotReady,
            "The server refuses the user's password, or does not know the user",
        ),
        ("42501", DatabaseNotReady, "The user may not connect to this database"),
        ("3D000", DatabaseAway, "The server has no database of the name in the URL."),
        ("28000", DatabaseAway, "The server does not let this user in"),
        ("53300", DatabaseAway, "The server has no connection left:"),
        ("57P03", DatabaseAway, "The server is starting, stopping or recovering."),
        ("XX000", DatabaseAway, "The database cannot be reached."),
    ],
)
def test_a_refusal_is_understood_in_any_language(
    state: str, kind: type[DataError], cause: str
) -> None:
    with refusing(refusal(state, f"accès refusé à « app » ({state})")) as port:
        told = outage(at(port))
    assert type(told) is kind
    assert to_operator(told).startswith(cause)
    assert "accès refusé à « app »" in to_operator(told)
    assert told.state == state
    if kind is DatabaseAway:  # to people at a page
        assert str(told) == OUTAGES.get(state, (AWAY_SENTENCE,))[0]


def test_a_port_where_nothing_listens_is_told() -> None:
    for url in (at(free_port()), "postgresql://app@/progress?host=/nowhere"):
        assert to_operator(outage(url)).startswith("Nothing listens at the host and port")


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "a" * 64])
def test_a_host_that_nobody_knows_is_told(host: str) -> None:
    told = to_operator(outage(f"postgresql://app:{SECRET}@{host}/progress"))
    assert told.startswith("The host in the URL is not known here.")


def test_a_host_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*_: object, **__: object) -> None:
        raise psycopg.errors.ConnectionTimeout("connection timeout expired")

    monkeypatch.setattr(unreachable.PatientConnection, "connect", wait)
    assert to_operator(outage(at(5432))).startswith("The host in the URL does not answer.")


def test_tls_that_is_not_there_or_cannot_be_verified_is_told() -> None:
    with refusing(refusal("28000", "non")) as port:
        told = to_operator(outage(at(port, "?sslmode=require")))
    assert told.startswith("The URL asks for TLS (sslmode), which the server does not offer.")
    with refusing(b"", to_encryption=b"S") as port:
        told = to_operator(outage(at(port, "?sslmode=verify-full&sslrootcert=/nowhere")))
    assert told.startswith("The server's TLS certificate could not be verified")
    no_tls = 'no pg_hba.conf entry for host "::1", user "a", database "b", no encryption'
    with refusing(refusal("28000", no_tls)) as port:
        told = to_operator(outage(at(port)))
    assert told.startswith("The server lets this user in with TLS only.")


def test_what_was_refused_with_tls_is_told_and_not_that_libpq_tried_without() -> None:
    tried = 'connection to server at "h", port 1 failed: FATAL:  '
    reason = f'{tried}password refused\n{tried}no pg_hba.conf entry for host "h", no encryption'
    assert unreachable.Unreachable(reason, "28P01").why.startswith("The server refuses the user's")


def test_a_password_that_is_missing_and_what_is_no_postgresql_are_told() -> None:
    wanted = b"R\0\0\0\x08\0\0\0\x03"  # in clear
    with refusing(wanted) as port:
        told = to_operator(outage(f"postgresql://app@127.0.0.1:{port}/progress"))
    assert told.startswith("The server asks for a password, and the URL has none.")
    with refusing(b"HTTP/1.1 400 Bad Request\r\n\r\n", to_encryption=b"H") as port:
        assert "is no PostgreSQL" in to_operator(outage(at(port)))


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (
            "password authentication failed",
            "The server refuses the user's password, or does not know the user",
        ),
        ("no such database: nothing", "The server has no database"),
        ('permission denied for database "progress"', "The user may not connect"),
        ("no more connections allowed (max_client_conn)", "The server has no connection left:"),
        ("pgbouncer cannot connect to server", "A pooler answers"),
        ("server login has been failing, cached error: x (server_login_retry)", "A pooler answers"),
        ("query_wait_timeout", "A pooler answers"),
        ("unsupported startup parameter: options", "The pooler does not take an option"),
        ("SSL required", "The server lets this user in with TLS only."),
    ],
)
def test_a_pooler_that_says_all_under_one_code_is_understood(words: str, cause: str) -> None:
    with refusing(refusal("08P01", words)) as port:
        assert to_operator(outage(at(port))).startswith(cause)


def test_a_quiet_connection_that_is_forgotten_on_the_way_is_found_out_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both those that ask, and the one that only listens; and whoever runs the dashboard may say otherwise."""
    asked: list[dict[str, str]] = []

    def connect(*_: object, **options: str) -> None:
        asked.append(options)
        raise psycopg.OperationalError("refused")

    monkeypatch.setattr(unreachable.PatientConnection, "connect", connect)
    url = at(5432, "?keepalives_idle=7")
    outage(url)
    Bell(session.connect(url)).wait(0)
    assert len(asked) == 2
    for options in asked:
        assert options["keepalives_idle"] == "7"
        wanted = unreachable.CONNECTING | {"keepalives_idle": "7"}
        assert {name: options[name] for name in wanted} == wanted


def test_of_several_servers_the_one_that_was_reached_last_is_asked_first(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose machine is gone would cost each new connection its whole time."""
    asked: list[tuple[str, ...]] = []
    connect = unreachable.PatientConnection.connect

    def note(*_: object, **options: str) -> unreachable.PatientConnection:
        asked.append((options["host"], options["port"], options["connect_timeout"]))
        return connect(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(unreachable.PatientConnection, "connect", note)
    named = {"host": f"/nowhere,{cluster.socket}", "port": "7,5432"}
    for _ in range(2):
        unreachable.connected(**named, user="postgres", dbname="postgres").close()
    kind = {"user": "postgres", "dbname": "postgres", "target_session_attrs": "primary"}
    unreachable.connected(**named, **kind).close()
    first, then, other = asked
    assert first == other  # a standby was reached for whoever asked for one
    assert first == (*named.values(), "3")
    assert then == (f"{cluster.socket},/nowhere", "5432,7", "3")


@pytest.mark.parametrize(
    "option", ["sslmoed=require", "sslmode=yes", "connect_timeout=soon", "service=none"]
)
def test_an_option_that_cannot_be_is_told(option: str) -> None:
    said = to_operator(outage(at(free_port(), f"?{option}")))
    assert said.startswith("The URL has an option that is not known, or a value")
    assert option.partition("=")[0] in said


def test_a_name_is_not_taken_for_a_cause() -> None:
    with refusing(refusal("3D000", 'la base "timed out" n\'existe pas')) as port:
        assert to_operator(outage(at(port))).startswith("The server has no database")


def test_a_command_tells_the_cause_and_not_the_password() -> None:
    port = free_port()
    for command in (["check"], ["migrate"]):
        result = run(*command, DATABASE_URL=at(port), DATABASE_OWNER_URL=at(port))
        assert refused(result, "Nothing listens at the host and port", str(port))
        assert SECRET not in result.output


def test_the_start_of_the_dashboard_tells_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **named: object) -> bool:
        raise DatabaseAway(AWAY_SENTENCE, "The server has no connection left.")

    monkeypatch.setattr(dashboard_command, "_open", fail)
    result = CliRunner().invoke(dashboard_command.main, ["--port", str(free_port())])
    assert result.exit_code == 1
    assert result.stderr == "Error: The server has no connection left.\n"

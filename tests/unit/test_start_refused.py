"""`python -m dashboard` where nobody could come in, or anybody: it does not start, and says why."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboard.__main__ import main
from dashboard.signin import providers
from tests.browsing import free_port

URL = "postgresql://u:p@127.0.0.1:1/nowhere"
ACCOUNTS = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "progress",
    "client_secret": "any",
    "server_metadata_url": "https://sso.example.org/.well-known/openid-configuration",
}


@pytest.mark.parametrize(
    ("host", "environ", "auth", "named", "options"),
    [
        ("0.0.0.0", {}, None, "The page is served on 0.0.0.0", []),
        ("127.0.0.1", {"DATABASE_URL": URL}, None, "no sign-in is configured", []),
        ("127.0.0.1", {"DATABASE_URL": URL}, {"cookie_secret": "x"}, "redirect_uri", []),
        ("127.0.0.1", {"PROGRESS_SESSION_HOURS": "for ever"}, None, "PROGRESS_SESSION_HOURS", []),
        ("0.0.0.0", {}, None, "With --school it opens only on 127.0.0.1", ["--school"]),
        ("127.0.0.1", {"DATABASE_URL": URL}, None, "but DATABASE_URL is set", ["--school"]),
        ("127.0.0.1", {}, ACCOUNTS, "accounts are configured in secrets.toml", ["--school"]),
    ],
)
def test_a_start_that_cannot_be_right_is_refused_before_anything_is_opened(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    host: str,
    environ: dict[str, str],
    auth: dict[str, str] | None,
    named: str,
    options: list[str],
) -> None:
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(tmp_path / "data"))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(providers, "is_configured", lambda: auth is not None)
    monkeypatch.setattr(providers, "section", lambda: auth or {})
    done = CliRunner().invoke(
        main, ["--no-browser", "--host", host, "--port", str(free_port()), *options]
    )
    assert done.exit_code == 1
    assert named in done.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("setting", ["--port", "PROGRESS_METRICS"])
def test_a_port_that_is_taken_is_told_with_what_chooses_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str
) -> None:
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": str(free_port()), "PROGRESS_METRICS": str(free_port())} | {setting: port}
        monkeypatch.setenv("PROGRESS_METRICS", ports["PROGRESS_METRICS"])
        done = CliRunner().invoke(main, ["--no-browser", "--port", ports["--port"]])
    assert done.exit_code == 1
    assert f"Port {port} on 127.0.0.1 cannot be used (Address already in use)" in done.output
    assert f"Choose another with {setting}." in done.output
    assert not (tmp_path / "data").exists()


def test_the_metrics_have_a_port_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(tmp_path / "data"))
    port = str(free_port())
    monkeypatch.setenv("PROGRESS_METRICS", port)
    done = CliRunner().invoke(main, ["--no-browser", "--port", port])
    assert done.exit_code == 1
    assert (
        f"Port {port} is the dashboard's own. Choose another with PROGRESS_METRICS." in done.output
    )
    assert not (tmp_path / "data").exists()

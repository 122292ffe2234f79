"""The running server: its headers on every kind of answer, what it refuses, and no page in their way."""

import base64
import hashlib
import http.client
import os
import re
import socket
import subprocess
import sys
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
import streamlit
from playwright.sync_api import expect
from uvicorn.config import HTTP_PROTOCOLS
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from dashboard.pages import PAGES
from dashboard.web import headers as ours
from data import demo
from data.digest.sending import UNSUBSCRIBE
from tests.browsing import ROOT, App, Visit, free_port, settle

PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
(INLINE,) = re.findall("<script>(.*?)</script>", PAGE, re.DOTALL)
EARLY = (ROOT / "dashboard" / "web" / "early_keys.js").read_text("utf-8")
OURS = f"window.__streamlit = {{ BACKEND_BASE_URL: location.origin }};\n{EARLY}"
DIGESTS = " ".join(
    f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
    for one in (OURS, INLINE)
)

# Written out: what is left out of the program must be missed here.
EXPECTED = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: {DIGESTS}",
            "script-src-attr 'none'",
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def ask(app: App, path: str, method: str = "GET") -> HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=30)
    connection.request(method, path)
    return connection.getresponse()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/classroom", 200),
        ("/media/nothing.csv", 403),
        ("/live", 403),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/script-health-check", 404),
        ("/_stcore/upload_file/a/b", 403),
        ("/component/a/b", 404),
        ("/..%2f..%2fetc/passwd", 404),
        ("/static/..%2findex.html", 404),
        ("/healthz", 200),
        ("/readyz", 200),
        (f"{UNSUBSCRIBE}?t={UUID(int=1)}", 200),
    ],
)
def test_every_kind_of_answer_carries_every_header(app: App, path: str, status: int) -> None:
    answer = ask(app, path)
    assert answer.status == status
    for name, value in EXPECTED.items():
        assert answer.headers.get_all(name) == [value], path
    assert "Strict-Transport-Security" not in answer.headers  # this one is served by http


def test_every_page_answers_and_what_is_none_says_so(app: App) -> None:
    for page in PAGES:
        for path in (f"/{page.name}", f"/{page.name}/", f"/{page.name}?class={UUID(int=1)}"):
            with urllib.request.urlopen(app.url + path, timeout=30) as answer:
                assert (answer.status, b"<div id" in answer.read()) == (200, True), path
    for path in (
        *("/metrics", "/ready", "/health", "/wp-login.php", "/foo/bar", "/index.html", "/.env"),
        *("/classroom/x", "/CLASSROOM", "//classroom", "/static/", "/static/js/x.js", "/static"),
        *("/media/", "/_stcore", "/_stcore/health/", "/healthz/x", "/auth", "/auth/login/x"),
        *("/robots.txt", "/class room", "/%00", "/classroom%0a", "/oauth2callback/x"),
    ):
        answer = ask(app, path.replace(" ", "%20"))
        told = answer.read()
        assert (answer.status, b'href="/"' in told, b"<div id" in told) == (404, True, False), path


def test_every_file_that_a_page_names_is_there(app: App) -> None:
    page = ask(app, "/classroom").read().decode()
    # What it says of Streamlit to programs is closed.
    waiting = set(re.findall(r'(?:src|href)="\.(/(?!_stcore/agent)[^"]+)"', page))
    assert len(waiting) > 10
    for path in waiting:
        assert ask(app, path).status == 200, path


def test_what_pages_load_is_there(app: App, visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE)
    loaded: dict[str, int] = {}
    page.on("response", lambda one: loaded.update({urlsplit(one.url).path: one.status}))
    for name in ("classroom", "trends", "upload", "help"):
        page.goto(f"{app.url}/{name}")
        expect(page.locator("h1.words-h1")).to_be_visible(timeout=60_000)
        settle(page)
    assert {path: status for path, status in loaded.items() if status >= 400} == {}
    assert sum(path.startswith("/static/js/") for path in loaded) > 20


def test_a_link_of_no_mail_unsubscribes_nobody_and_opens_no_page(app: App) -> None:
    opened = ask(app, f"{UNSUBSCRIBE}?t={uuid4()}")
    assert "Do you want to stop getting these mails?" in opened.read().decode()
    pressed = ask(app, f"{UNSUBSCRIBE}?t={uuid4()}", "POST")
    assert (pressed.status, "This link does not work." in pressed.read().decode()) == (
        404,
        True,
    )
    assert ask(app, UNSUBSCRIBE, "DELETE").status == 405


def test_the_pages_scripts_carry_the_headers_too(app: App) -> None:
    page = ask(app, "/").read().decode()
    script = page.split('src="./static/js/')[1].split('"')[0]
    answer = ask(app, f"/static/js/{script}")
    assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer.headers["Content-Security-Policy"] == EXPECTED["Content-Security-Policy"]


def test_the_upgrade_of_a_connection_carries_them_and_another_origin_is_refused(app: App) -> None:
    address = f"{app.url.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(address, origin=Origin(app.url), open_timeout=30) as opened:
        assert opened.response is not None
        assert opened.response.headers["X-Content-Type-Options"] == "nosniff"
    for origin in ("https://evil.example", "http://localhost:1"):
        with pytest.raises(InvalidStatus) as refused:
            connect(address, origin=Origin(origin), open_timeout=30)
        assert refused.value.response.status_code == 403
        assert refused.value.response.headers["Referrer-Policy"] == "same-origin"


def test_a_name_of_a_stranger_that_leads_here_opens_no_demo(app: App) -> None:
    address = urlsplit(app.url)
    opened = socket.create_connection((address.hostname or "", address.port or 0))
    with opened, pytest.raises(InvalidStatus) as refused:
        connect(
            "ws://evil.example/_stcore/stream", sock=opened, origin=Origin("http://evil.example")
        )
    assert refused.value.response.status_code == 421


def test_accounts_over_the_demo_do_not_start_and_the_conflict_is_named(
    app: App, tmp_path: Path
) -> None:
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.touch(0o600)
    secrets.write_text(
        f"""[auth]
        redirect_uri = "http://localhost/oauth2callback"
        cookie_secret = "{"x" * 32}"
        client_id = "a"
        client_secret = "b"
        server_metadata_url = "http://localhost/.well-known/openid-configuration"
        """
    )
    port, folder = str(free_port()), str(app.data_dir)
    command = [
        sys.executable,
        "-m",
        "dashboard",
        "--no-browser",
        "--port",
        port,
        "--data-dir",
        folder,
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "but this database holds the demo with its invented people" in done.stderr
    assert ask(app, "/_stcore/health").status == 200  # nothing happened to the demo that is served


def test_no_other_site_may_steer_the_pages(app: App) -> None:
    assert b'"allowedOrigins":[]' in ask(app, "/_stcore/host-config").read().replace(b" ", b"")


def test_https_is_insisted_on_only_where_the_school_says_so() -> None:
    assert "Strict-Transport-Security" not in ours.headers(is_https=False)
    assert ours.headers(is_https=True)["Strict-Transport-Security"] == "max-age=31536000"


def test_the_running_server_waits_for_nobody_for_ever() -> None:
    import dashboard.server  # noqa: F401 - late, as below: it makes the app

    assert HTTP_PROTOCOLS["auto"] == "dashboard.web.limits.request_timeouts:Patient"

"""Who is refused while still sending is told so; behind a proxy too, where each request ends its connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from socket import create_connection

import pytest

from dashboard.web.limits import unread_rest
from tests.unit.test_connections import serving

UPLOAD = "/_stcore/upload_file/session/1"
LARGE = bytes(8 * 1024**2)


@contextmanager
def asking(host: str) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(host, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def status(host: str, path: str, body: bytes, **headers: str) -> int:
    with asking(host) as connection:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with serving() as started:
        yield started


@pytest.mark.parametrize(
    ("path", "expected"), [(UPLOAD, 403), ("/media/1", 403), ("/_stcore/metrics", 404)]
)
@pytest.mark.parametrize("connection", ["close", "Keep-Alive"])
def test_who_is_refused_while_sending_hears_it(
    host: str, path: str, expected: int, connection: str
) -> None:
    for _ in range(3):
        assert status(host, path, LARGE, Connection=connection) == expected


def test_a_proxy_that_speaks_the_older_protocol_hears_it_too(host: str) -> None:
    name, port = host.split(":")
    with create_connection((name, int(port)), 20) as proxy:
        head = f"POST {UPLOAD} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {len(LARGE)}\r\n\r\n"
        proxy.sendall(head.encode() + LARGE)
        assert proxy.makefile("rb").readline().split()[1] == b"403"


def test_who_asks_first_or_sends_too_much_or_nothing_is_not_waited_for(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_rest, "MOST", 1000)
    name, port = host.split(":")
    for more, sent in (("Expect: 100-continue\r\n", b""), ("", bytes(2000))):
        with create_connection((name, int(port)), 3) as proxy:
            head = f"POST {UPLOAD} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 9999\r\n{more}\r\n"
            proxy.sendall(head.encode() + sent)
            assert proxy.makefile("rb").readline().split()[1] == b"403"


def test_who_sends_no_further_is_answered_in_the_end(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_rest, "PATIENCE", 0.1)
    name, port = host.split(":")
    with create_connection((name, int(port)), 3) as proxy:
        head = f"POST {UPLOAD} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 9999\r\n\r\n"
        proxy.sendall(head.encode() + b"begun")
        assert proxy.makefile("rb").readline().split()[1] == b"403"

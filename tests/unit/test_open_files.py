"""What is told of open files before they run out, and how often."""

import asyncio
import errno
import logging
import resource
from pathlib import Path

import pytest

from dashboard.web.limits import open_files
from dashboard.web.limits.open_files import RESERVE, OpenFiles

LIMIT = 1024
MOST = LIMIT - RESERVE


@pytest.fixture
def told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (LIMIT, LIMIT))
    return caplog


def are_open(monkeypatch: pytest.MonkeyPatch, folder: Path, files: int) -> None:
    folder.mkdir()
    for number in range(files):
        (folder / str(number)).touch()
    monkeypatch.setattr(open_files, "OPEN", folder)


def test_that_they_run_out_is_told_once_until_there_are_fewer_again(
    told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = OpenFiles()
    near = MOST * 9 // 10
    for number in (20, near - 1):
        assert files.has_room(number)
    assert told.messages == []
    for number in (near, near + 1, near - 1, MOST - 1, MOST * 8 // 10 + 1, near):
        assert files.has_room(number)
    assert told.messages == [f"{near} of 1024 files that may be are open. {open_files.CURE}."]
    are_open(monkeypatch, tmp_path / "many", near)
    assert files.has_room(7)  # one that was closed, and is open again
    assert files.has_room(near)
    assert len(told.messages) == 1
    are_open(monkeypatch, tmp_path / "few", MOST // 2)
    assert files.has_room(7)
    assert files.has_room(near)
    assert len(told.messages) == 2


def test_the_last_are_kept_and_that_nobody_comes_in_is_told_once_a_minute(
    told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = OpenFiles()
    assert files.has_room(MOST - 1)
    told.clear()
    assert not any(files.has_room(number) for number in (MOST, MOST + 1, LIMIT - 1))
    assert [one.levelno for one in told.records] == [logging.ERROR]
    monkeypatch.setattr(open_files, "A_MINUTE", 0.0)
    assert not files.has_room(MOST)
    assert len(told.messages) == 2


def test_the_loop_tells_once_of_connections_that_it_cannot_take_and_of_other_errors_each_time(
    told: pytest.LogCaptureFixture,
) -> None:
    files, loop = OpenFiles(), asyncio.new_event_loop()
    loop.set_exception_handler(files.on_error)
    full = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(errno.EMFILE, ""),
    }
    for _ in range(2000):
        loop.call_exception_handler(full)
    assert len(told.messages) == 1
    for _ in range(2):
        loop.call_exception_handler({"message": "another", "exception": OSError(errno.EIO, "")})
    assert told.messages[1:] == ["another", "another"]
    loop.close()


def test_as_many_may_be_open_as_the_system_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: set_to.append((what, limits)))
    open_files.raise_limit()
    assert set_to == [(resource.RLIMIT_NOFILE, (4096, 4096))]

    def refuse(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    open_files.raise_limit()

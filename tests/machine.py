"""What a machine has, and how busy it is. Without a program its tests are skipped; under CI=true they fail."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

T = TypeVar("T")

ROOM = (
    6_000_000_000  # bytes, for three workers: two servers with a demo each, and the dashboards' own
)
MUST_RUN_ALL = os.environ.get("CI") == "true"


def need(path: Path, what: str) -> None:
    """Skip where a program is not on the machine; under CI=true that is a failure."""
    if not path.exists():
        go_without(f"{what} is not on this machine ({path} is missing)")


def go_without(sentence: str) -> NoReturn:
    """Skip, or under CI=true fail, and say what is missing."""
    if MUST_RUN_ALL:
        pytest.fail(sentence)
    pytest.skip(sentence)


def scratch_folder() -> Path:
    """Where servers of tests keep their data: in memory where that has room, which makes a database in a tenth
    of the time, and which any user can pass through; else on the disk."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return memory if is_roomy else Path("/tmp")


def slower() -> float:
    """How many times longer things may take just now, when processes wait for cores."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what is about to happen, so long at most, and longer where processes wait for cores."""
    deadline = time.monotonic() + seconds * slower()
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def children(process: int) -> list[int]:
    """The processes that this one started and that have not ended; Linux alone tells."""
    told = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(one) for one in told.split()]


def ran(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the loop of a browser may run in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()

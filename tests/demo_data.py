"""The demo's data folder, made once in a run and copied for each server: much quicker than loading it again."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.database import embedded
from data.database.embedded import place
from data.open import start_embedded
from data.settings import read_settings
from tests.machine import scratch_folder

RUN = "TESTS_RUN"


def pytest_configure(config: pytest.Config) -> None:
    """A folder for all workers of this run, which the server's user can pass through."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="progress-run-", dir=scratch_folder()))
        folder.chmod(0o755)
        os.environ[RUN] = str(folder)
        # What one of its many processes compiled, the others read.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN))


@contextmanager
def demo_folder() -> Iterator[Path]:
    """A data folder of one's own with the demo; no server runs yet, and at the end none may be in use."""
    with _run_folder() as run:
        made = _made_once(run)
        folder = Path(tempfile.mkdtemp(prefix="demo-", dir=run))
        folder.chmod(0o755)
        subprocess.run(["cp", "-a", "--reflink=auto", made, folder], check=True)
        yield folder / made.name
        _await_end(folder / made.name / place.CLUSTER / "postmaster.pid")
        shutil.rmtree(folder)


@contextmanager
def _run_folder() -> Iterator[Path]:
    """This run's folder; one for the moment where no test runs, but the pictures are taken."""
    if RUN in os.environ:
        yield Path(os.environ[RUN])
        return
    with tempfile.TemporaryDirectory(prefix="progress-run-", dir=scratch_folder()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _made_once(run: Path) -> Path:
    made = run / "made"
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not made.exists():
            draft = run / "draft"
            draft.mkdir(mode=0o755)
            settings = read_settings({"PROGRESS_DATA_DIR": str(draft / "data")})
            embedded.stop(start_embedded(settings))
            draft.rename(made)
    return made / "data"


def _await_end(pid: Path) -> None:
    deadline = time.monotonic() + 30
    while pid.exists() and time.monotonic() < deadline:
        time.sleep(0.05)

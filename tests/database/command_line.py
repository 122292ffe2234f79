"""`python -m data` run over a test's database, and what it says."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from click.testing import CliRunner, Result

from data.__main__ import data
from data.settings import SETTINGS
from tests.clusters import Scratch

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str | None) -> Result:
    """With the settings given and no others; what is logged of it goes nowhere, unless a test wants it."""
    # It borrows this process's environment and streams, and two at once would not give them back.
    assert threading.current_thread() is threading.main_thread(), "several at once: start()"
    clean: dict[str, str | None] = dict.fromkeys(SETTINGS)
    clean["PROGRESS_AUDIT_LOG"] = os.devnull
    return CliRunner().invoke(data, arguments, env=clean | environment)


def start(*arguments: str, **environment: str | None) -> subprocess.Popen[str]:
    """The same as a program of its own, of which several may run at once."""
    theirs = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    given = {name: value for name, value in environment.items() if value is not None}
    return subprocess.Popen(
        [sys.executable, "-m", "data", *arguments],
        cwd=ROOT,
        env=theirs | {"PROGRESS_AUDIT_LOG": os.devnull} | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def at(school: Scratch) -> dict[str, str | None]:
    return {"DATABASE_URL": school.app_url, "DATABASE_OWNER_URL": school.owner_url}


def refused(result: Result, *words: str) -> bool:
    """Exit code 1, a sentence, and no traceback."""
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    for word in words:
        assert word in result.stderr
    return True

"""What a machine has, and how busy it is. Without a program its tests are skipped; under CI=true they fail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

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


def slower() -> float:
    """How many times longer things may take just now, when processes wait for cores."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

"""What a machine has: a test whose program is missing says so and is skipped; under CI=true it fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

MUST_RUN_ALL = os.environ.get("CI") == "true"


def need(path: Path, what: str) -> None:
    """Skip where a program is not on the machine; under CI=true that is a failure."""
    if path.exists():
        return
    sentence = f"{what} is not on this machine ({path} is missing)"
    if MUST_RUN_ALL:
        pytest.fail(sentence)
    pytest.skip(sentence)

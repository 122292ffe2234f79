"""Lint, format and types are clean."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.profiles import chosen

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        # By night the tests' own types too, which are half of the work.
        ["mypy", "--cache-dir=/dev/null", *chosen(sample=["dashboard", "data"], nightly=[])],
    ],
    ids=["lint", "format", "types"],
)
def test_the_code_is_clean(command: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr

"""`python -m data` run over a test's database, and what it says."""

import os

from click.testing import CliRunner, Result

from data.__main__ import data
from data.settings import SETTINGS
from tests.clusters import Scratch


def run(*arguments: str, **environment: str | None) -> Result:
    """With the settings given and no others; what is logged of it goes nowhere, unless a test wants it."""
    clean: dict[str, str | None] = dict.fromkeys(SETTINGS)
    clean["PROGRESS_AUDIT_LOG"] = os.devnull
    return CliRunner().invoke(data, arguments, env=clean | environment)


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

"""The dashboard with accounts, on a database of the school's own, as it runs beside a secrets.toml."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browsing import ROOT, wait_until_up
from tests.clusters import Cluster, Scratch

SECRET = "a secret that is long enough for a test and known to nobody else"
"""It signs the cookies of all these."""

CONTACT = "Mr Field in room 12"


@dataclass(frozen=True)
class App:
    """The running dashboard."""

    url: str
    school: Scratch
    log: Path

    def say(self, statement: str) -> None:
        with self.school.owner() as connection:
            connection.execute(statement.encode())


@contextmanager
def serving_accounts(
    cluster: Cluster, folder: Path, port: int, services: Mapping[str, Mapping[str, Any]]
) -> Iterator[App]:
    """The dashboard on this port of localhost, with these services by the names of their sections."""
    school, log, url = cluster.new_database("cast"), folder / "log", f"http://localhost:{port}"
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    write_secrets(folder / ".streamlit" / "secrets.toml", url, services)
    assert school.key is not None
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "DATABASE_URL": school.app_url, "DATABASE_CLAIMS_KEY": school.key.written,
        "PROGRESS_CONTACT": CONTACT, "AUTHLIB_INSECURE_TRANSPORT": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        wait_until_up(url, process, log)
        yield App(url, school, log)
    finally:
        process.terminate()
        process.wait(30)
        cluster.drop(school)


def write_secrets(file: Path, url: str, services: Mapping[str, Mapping[str, Any]]) -> None:
    """A secrets.toml for its owner alone. A JSON string is one of TOML too."""
    auth = {"redirect_uri": f"{url}/oauth2callback", "cookie_secret": SECRET}
    lines = ["[auth]", *(f"{name} = {json.dumps(one)}" for name, one in auth.items())]
    for name, service in services.items():
        lines.append(f"[auth.{name}]")
        lines += [f"{key} = {_written(one)}" for key, one in service.items()]
    file.touch(0o600)
    file.write_text("\n".join(lines), encoding="utf-8")


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)

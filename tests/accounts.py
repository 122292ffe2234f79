"""The dashboard with accounts, as it runs beside a secrets.toml, and a sign-in service for it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from oidc_provider_mock import User, run_server_in_thread
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard.web.private import USER_COOKIE
from tests.browsing import ROOT, free_port, wait_until_up
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


@dataclass
class Service:
    """The school's sign-in service, which knows these people and may be down."""

    people: Sequence[str]
    port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)

    def up(self) -> None:
        users = [
            User(sub=one, claims={"email": f"{one}@example.org", "email_verified": True})
            for one in self.people
        ]
        self._running.enter_context(run_server_in_thread(self.port, user_claims=users))

    def down(self) -> None:
        self._running.close()

    @property
    def section(self) -> dict[str, Any]:
        """It, as secrets.toml names it."""
        return {
            "label": "School account", "client_id": "progress", "client_secret": "any",
            "server_metadata_url": f"http://localhost:{self.port}/.well-known/openid-configuration",
            "client_kwargs": {"scope": "openid email", "code_challenge_method": "S256"},
        }  # fmt: skip


def signed(url: str, service: Service, who: str) -> str:
    """The cookie of the dashboard at `url` that the way through its service `school` ends in."""
    claims = {
        "iss": f"http://localhost:{service.port}", "sub": who, "email": f"{who}@example.org",
        "email_verified": True, "iat": time.time(), "nonce": uuid4().hex,
        "provider": "school", "origin": url, "is_logged_in": True,
    }  # fmt: skip
    return create_signed_value(SECRET, USER_COOKIE, json.dumps(claims)).decode()


@contextmanager
def serving_accounts(
    cluster: Cluster, folder: Path, port: int, services: Mapping[str, Mapping[str, Any]]
) -> Iterator[App]:
    """The dashboard over the cast, on this port of localhost, with these services by their sections' names."""
    school = cluster.new_database("cast")
    assert school.key is not None
    database = {"DATABASE_URL": school.app_url, "DATABASE_CLAIMS_KEY": school.key.written}
    try:
        with serving_over(database, folder, port, services) as url:
            yield App(url, school, folder / "log")
    finally:
        cluster.drop(school)


@contextmanager
def serving_over(
    database: Mapping[str, str],
    folder: Path,
    port: int,
    services: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """The same over the database that these settings name; its address."""
    log, url = folder / "log", f"http://localhost:{port}"
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    write_secrets(folder / ".streamlit" / "secrets.toml", url, services)
    environment = os.environ | database | {
        "PYTHONPATH": str(ROOT), "PROGRESS_CONTACT": CONTACT, "AUTHLIB_INSECURE_TRANSPORT": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        wait_until_up(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(30)


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

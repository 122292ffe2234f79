"""Several processes of the dashboard on one database, behind nginx with our file for it and over TLS."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.accounts import Service, write_secrets
from tests.browsing import ROOT, free_port, wait_until_up
from tests.clusters import Cluster, Scratch
from tests.machine import need, until

NGINX: Final = Path("/usr/sbin/nginx")
CONFIGURATION: Final = ROOT / ".github" / "deploy" / "nginx.conf"

# What stands around it in Debian's own; everything that it writes goes to a folder of this test.
AROUND: Final = """
{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/progress.conf;
}}
"""


@dataclass
class One:
    """A process of the dashboard, at a port and in a folder of its own, with its environment."""

    port: int
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def replace(self, tree: Path) -> None:
        """Have it end, and the program of this tree start in its place."""
        self.process.terminate()
        self.process.wait(60)
        self.process = _started(self.port, self.folder, self.environment, tree)
        wait_until_up(f"http://127.0.0.1:{self.port}", self.process, self.log)


@dataclass
class Installation:
    """Processes behind nginx, at one address."""

    url: str
    plain_url: str
    school: Scratch
    processes: list[One]


def certificate(folder: Path) -> None:
    """For localhost, signed by itself."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
               "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
               "-keyout", "key.pem", "-out", "chain.pem"]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def configuration(
    folder: Path, ports: tuple[int, int], servers: Sequence[int], *, is_sticky: bool = True
) -> str:
    """The file with what whoever installs it changes; `ports` for https and http. Without stickiness it takes
    the processes in turn."""
    written = CONFIGURATION.read_text(encoding="utf-8")
    changes = {
        "progress.school.example;": "localhost;",
        "listen 443": f"listen 127.0.0.1:{ports[0]}",
        "listen 80": f"listen 127.0.0.1:{ports[1]}",
        "/etc/letsencrypt/live/progress.school.example/fullchain.pem": f"{folder}/chain.pem",
        "/etc/letsencrypt/live/progress.school.example/privkey.pem": f"{folder}/key.pem",
    }
    if len(servers) > 2:
        changes["# And so on, as many as there are: "] = ""
    for number, port in enumerate(servers, 8501):
        changes[f"server 127.0.0.1:{number} "] = f"server 127.0.0.1:{port} "
    if not is_sticky:
        changes["hash $progress_browser consistent;"] = "zone progress 64k;"
    for before, after in changes.items():
        assert before in written, before
        written = written.replace(before, after)
    return written


def tried(folder: Path, written: str) -> subprocess.CompletedProcess[str]:
    """What nginx says of a configuration."""
    return subprocess.run(
        _prepared(folder, written, "-t"), capture_output=True, text=True, check=False
    )


def _prepared(folder: Path, written: str, *options: str) -> list[str]:
    need(NGINX, "nginx")
    (folder / "progress.conf").write_text(written, encoding="utf-8")
    # Started by root, its workers would be somebody who cannot pass through a folder of pytest's.
    user = "user root;" if os.geteuid() == 0 else ""
    around = AROUND.format(folder=folder, user=user)
    (folder / "nginx.conf").write_text(around, encoding="utf-8")
    return [str(NGINX), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.log", *options]


@contextmanager
def installed(
    cluster: Cluster,
    folder: Path,
    service: Service,
    count: int = 2,
    *,
    tree: Path = ROOT,
    is_sticky: bool = True,
) -> Iterator[Installation]:
    """Some processes of this tree's program over the cast, behind nginx."""
    need(NGINX, "nginx")
    certificate(folder)
    https, http = free_port(), free_port()
    url = f"https://localhost:{https}"
    school = cluster.new_database("cast")
    try:
        with ExitStack() as running:
            processes = [
                running.enter_context(_serving(folder / name, school, url, service, tree))
                for name in "abc"[:count]
            ]
            written = configuration(
                folder, (https, http), [one.port for one in processes], is_sticky=is_sticky
            )
            for one in processes:
                wait_until_up(f"http://127.0.0.1:{one.port}", one.process, one.log)
            with subprocess.Popen(_prepared(folder, written)) as nginx:
                running.callback(nginx.wait)
                running.callback(nginx.terminate)
                until((folder / "nginx.pid").exists)
                yield Installation(url, f"http://localhost:{http}", school, processes)
                nginx.terminate()
    finally:
        cluster.drop(school)


@contextmanager
def _serving(
    folder: Path, school: Scratch, url: str, service: Service, tree: Path
) -> Iterator[One]:
    assert school.key is not None
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    write_secrets(folder / ".streamlit" / "secrets.toml", url, {"school": service.section})
    environment = os.environ | {
        "DATABASE_URL": school.app_url, "DATABASE_CLAIMS_KEY": school.key.written,
        "PROGRESS_HTTPS": "1", "AUTHLIB_INSECURE_TRANSPORT": "1",
    }  # fmt: skip
    port = free_port()
    one = One(port, folder, environment, _started(port, folder, environment, tree))
    try:
        yield one
    finally:
        one.process.terminate()
        one.process.wait(30)


def _started(
    port: int, folder: Path, environment: dict[str, str], tree: Path
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port)]
    ours = environment | {"PYTHONPATH": str(tree)}
    with (folder / "log").open("ab") as output:
        return subprocess.Popen(command, cwd=folder, env=ours, stdout=output, stderr=output)


def came_in(one: One) -> int:
    """How many pages of this process somebody came in on."""
    return len(re.findall(r"progress\.audit came in", one.said()))

"""The processes under measurement: started here, ended here, and what the kernel says of them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from data.database import embedded
from tests.browsing import ROOT, free_port, wait_until_up

TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")
TRIVIAL: Final = Path(__file__).with_name("trivial.py")


@dataclass(frozen=True)
class Served:
    """A running server process."""

    url: str
    pid: int

    def cpu_ms(self) -> float:
        """CPU milliseconds so far, user and system, of this process alone; in steps of a tick (10 ms)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_MS

    def rss_mb(self) -> float:
        """Resident memory in megabytes (10⁶ bytes)."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def dashboard(data_dir: Path) -> Iterator[Served]:
    """The product as its users run it, over this data folder."""
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port),
               "--data-dir", str(data_dir)]  # fmt: skip
    with _running(command, port) as served:
        yield served


@contextmanager
def trivial() -> Iterator[Served]:
    """The floor's app, with the product's own .streamlit/config.toml (found in the working folder)."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(TRIVIAL), "--server.port", str(port),
               "--server.fileWatcherType", "none"]  # fmt: skip
    with _running(command, port) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[Served]:
    theirs = ("PROGRESS_DATA_DIR", "DATABASE_URL", "DATABASE_OWNER_URL")
    environment = {key: value for key, value in os.environ.items() if key not in theirs}
    with tempfile.TemporaryDirectory(prefix="progress-benchmark-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_up(url, process, log)
            yield Served(url, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def owner(data_dir: Path) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection as the owner of the tables, past every policy, in autocommit."""
    server = embedded.running(data_dir)
    if server is None:
        raise RuntimeError(f"No database runs over {data_dir}.")
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        yield connection

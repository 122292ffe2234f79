"""The dashboard ends when it is asked to, and its database before it: in a container nothing outlives it."""

import subprocess
import sys
from pathlib import Path

from tests.browsing import ROOT, free_port, wait_until_up
from tests.database.embedded.starting import processes
from tests.demo_data import demo_folder


def is_shut_down(data: Path) -> bool:
    said = (data / "postgres.log").read_text(encoding="utf-8")
    return "database system is shut down" in said.rpartition("starting PostgreSQL")[2]


def test_its_database_is_shut_down_before_it_has_ended(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with demo_folder() as data, log.open("wb") as output:
        command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port),
                   "--data-dir", str(data)]  # fmt: skip
        with subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as dashboard:
            wait_until_up(f"http://127.0.0.1:{port}", dashboard, log)
            assert processes(data)  # the control
            assert not is_shut_down(data)
            dashboard.terminate()
            assert dashboard.wait(30) == 0
            assert not processes(data)
        assert is_shut_down(data)

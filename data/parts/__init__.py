"""What the program is made of: every installed package, its licence, and what it needs (CycloneDX 1.6)."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from data.parts.inside import brought_along
from data.parts.licences import as_choice, licence_of, names_of
from data.parts.packages import Package, Pins, by_name, needs, pins, wanted
from data.parts.texts import written

NAME: Final = "progress-dashboard"


def bill_of_materials() -> dict[str, Any]:
    """A CycloneDX 1.6 document over the packages of this Python, by name.

    The same packages make the same document, but for its number and its moment.
    """
    packages = by_name()
    pinned, direct = pins(), wanted()
    needed = {packages[name].reference: names for name, names in needs(packages, direct).items()}
    needed[NAME] = {one for one in direct if one in packages}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": _about(),
        "components": [_component(one, pinned) for one in packages.values()],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(packages[name].reference for name in names)}
            for ref, names in sorted(needed.items())
        ],
    }


def licences(bill: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names of the packages under each licence, '' where a package tells none."""
    found: dict[str, list[str]] = {}
    for one in bill["components"]:
        found.setdefault(names_of(one.get("licenses", ())), []).append(one["name"])
    return dict(sorted(found.items()))


def licence_texts() -> str:
    """The text of every package's licence, by name."""
    return "\n".join(written(by_name()))


def _about() -> dict[str, Any]:
    this = {"type": "application", "name": NAME}
    return {
        "timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tools": {"components": [this]},
        "component": this | {"bom-ref": NAME},
        "properties": [
            {"name": f"{NAME}:python", "value": platform.python_version()},
            {"name": f"{NAME}:system", "value": f"{platform.system()} {platform.machine()}"},
        ],
    }


def _component(one: Package, pinned: Pins) -> dict[str, Any]:
    licence = licence_of(one)
    more = {
        "description": one.said.get("summary", ""),
        "licenses": as_choice(licence) if licence else [],
        "externalReferences": list(_accepted(one.reference, pinned.get(one.reference, ()))),
        "components": brought_along(one),
    }
    return {
        "type": "library",
        "bom-ref": one.reference,
        "name": one.name,
        "version": one.version,
        "purl": one.reference,
    } | {key: value for key, value in more.items() if value}


def _accepted(ref: str, digests: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Which file of the package it was cannot be told afterwards: it was one of those that pip accepts."""
    hashes = [{"alg": "SHA-256", "content": one} for one in digests]
    if hashes:
        comment = "The files that requirements.txt accepts, one for each system and Python"
        yield {"type": "distribution", "url": ref, "comment": comment, "hashes": hashes}

"""What packages bring within them: libraries in other languages, and PostgreSQL itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from packaging.utils import canonicalize_name

from data.parts.licences import as_choice, as_spdx, names_of
from data.parts.packages import Package

_LISTS: Final = re.compile(r"\.dist-info/sboms/[^/]+\.json$")
_SERVERS: Final = re.compile(r"/pginstall\d*/include/pg_config\.h$")
_VERSION: Final = re.compile(r'^#define PG_VERSION "([\d.]+)"', re.MULTILINE)


def brought_along(one: Package) -> list[dict[str, Any]]:
    """As components: what the package's own lists name (PEP 770), and the servers in it."""
    found = {
        (part["name"], part.get("version", ""), part.get("purl", "")): part
        for part in (*_listed(one), *_servers(one))
        if not _is_itself(part, one)
    }
    return [
        {"bom-ref": f"{one.reference}/{key[2] or '@'.join(key[:2])}"} | found[key]
        for key in sorted(found)
    ]


def _is_itself(part: Mapping[str, Any], one: Package) -> bool:
    """Lists begin with the package that they are of, by one spelling or another."""
    same = canonicalize_name(part["name"]) == canonicalize_name(one.name)
    return same and part.get("version") == one.version


def _listed(one: Package) -> Iterator[dict[str, Any]]:
    for file in one.files(_LISTS).values():
        bill = json.loads(file.read_text(encoding="utf-8"))
        if bill.get("bomFormat") == "CycloneDX":
            yield from map(_part, bill.get("components", ()))


def _part(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is told, what every version of CycloneDX writes alike."""
    licence = as_spdx(names_of(told.get("licenses", ())))
    kept = {key: told[key] for key in ("type", "name", "version", "purl") if told.get(key)}
    return kept | ({"licenses": as_choice(licence)} if licence else {})


def _servers(one: Package) -> Iterator[dict[str, Any]]:
    for file in one.files(_SERVERS).values():
        version = _VERSION.search(file.read_text(encoding="utf-8"))
        if version:
            yield {
                "type": "application",
                "name": "postgresql",
                "version": version[1],
                "purl": f"pkg:generic/postgresql@{version[1]}",
                "licenses": as_choice("PostgreSQL"),
            }

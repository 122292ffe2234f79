"""What a list of packages leaves out: the parts that they carry inside, and the texts of their licences.

`.requirements/sbom` runs it with the Python that is described, so it needs the standard library only.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

LISTS = re.compile(r"\.dist-info/sboms/[^/]+\.json$")
SERVERS = re.compile(r"/pginstall\d*/include/pg_config\.h$")
VERSION = re.compile(r'^#define PG_VERSION "([\d.]+)"', re.MULTILINE)
LICENCES = re.compile(
    r"\.dist-info/licenses/|(^|/)(licen[cs]e|copying|copyright|notice|authors|ofl)[^/]*$|licen[cs]e$",
    re.IGNORECASE,
)
PROGRAMS = {".py", ".pyc", ".pyi", ".js", ".json", ".html", ".h"}
COPIED = ("type", "name", "version", "purl", "licenses")
RULE = "=" * 80


def completed(bill: Mapping[str, Any], packages: Iterable[Distribution]) -> dict[str, Any]:
    """The CycloneDX list, each package with what its own lists name (PEP 770) and the servers in it."""
    installed = {plain(one.name): one for one in packages}
    return {**bill, "components": [_with_inside(one, installed) for one in bill["components"]]}


def licence_texts(packages: Iterable[Distribution]) -> str:
    """Every package, its fonts and servers included, with each text once; it says where there is none."""
    parts = []
    for one in sorted(packages, key=lambda one: plain(one.name)):
        parts.append(f"{RULE}\n{one.name} {one.version}\n{RULE}\n")
        texts = _texts(one)
        parts += [f"--- {place}\n\n{text}\n" for text, place in texts.items()]
        if not texts:
            parts.append(f"It brings no text; it calls its licence: {_licence(one)}.\n")
    return "\n".join(parts)


def plain(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _with_inside(
    component: dict[str, Any], installed: Mapping[str, Distribution]
) -> dict[str, Any]:
    package = installed.get(plain(component["name"]))
    if package is None:
        return component
    parts = {
        f"{component['bom-ref']}/{one.get('purl') or one['name']}": one
        for one in (*_listed(package), *_servers(package))
        if plain(one["name"]) != plain(package.name) or one.get("version") != package.version
    }
    inside = [{"bom-ref": ref} | one for ref, one in sorted(parts.items())]
    return {**component, "components": inside} if inside else component


def _listed(package: Distribution) -> Iterator[dict[str, Any]]:
    for file in _files(package, LISTS).values():
        bill = json.loads(file.read_text(encoding="utf-8"))
        if bill.get("bomFormat") == "CycloneDX":
            for told in bill.get("components", ()):
                yield {key: told[key] for key in COPIED if told.get(key)}


def _servers(package: Distribution) -> Iterator[dict[str, Any]]:
    for file in _files(package, SERVERS).values():
        version = VERSION.search(file.read_text(encoding="utf-8"))
        if version:
            yield {
                "type": "application",
                "name": "postgresql",
                "version": version[1],
                "purl": f"pkg:generic/postgresql@{version[1]}",
                "licenses": [{"license": {"id": "PostgreSQL"}}],
            }


def _texts(package: Distribution) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, file in _files(package, LICENCES).items():
        if file.suffix not in PROGRAMS and file.is_file():
            found.setdefault(file.read_text(encoding="utf-8", errors="replace").strip(), place)
    return found


def _licence(package: Distribution) -> str:
    said = package.metadata
    classified = [
        one.rpartition(" :: ")[2]
        for one in said.get_all("Classifier") or ()
        if one.startswith("License")
    ]
    return (
        said.get("License-Expression") or said.get("License") or ", ".join(classified) or "nothing"
    )


def _files(package: Distribution, place: re.Pattern[str]) -> dict[str, Path]:
    """Those of its files whose place in it matches, by that place."""
    lines = (package.read_text("RECORD") or "").splitlines()
    found = sorted(one for line in lines if place.search(one := line.rsplit(",", 2)[0]))
    return {one: Path(str(package.locate_file(one))) for one in found}


def main(bill: str, folder: str) -> None:
    """Write parts.json and licences.txt into the folder."""
    packages = [*{plain(one.name): one for one in reversed([*distributions()])}.values()]
    told = completed(json.loads(Path(bill).read_text(encoding="utf-8")), packages)
    text = json.dumps(told, indent=1)
    (Path(folder) / "parts.json").write_text(text, encoding="utf-8")
    (Path(folder) / "licences.txt").write_text(licence_texts(packages), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The packages of this Python: what they are called, which needs which, which files of them are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[2]
WANTED: Final = ROOT / ".requirements" / "run.in"
COMPILED: Final = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")

Pins = Mapping[str, tuple[str, ...]]
"""The SHA-256 of each file that is accepted, by the package's reference."""

_PIN: Final = re.compile(
    r"^([\w.-]+)(?:\[.*\])?==([^\s;]+).*((?:\n    --hash=sha256:\w+.*)+)", re.MULTILINE
)


@dataclass(frozen=True)
class Package:
    """An installed package, and what it says of itself (each field once: reading is slow)."""

    said: Mapping[str, Any]
    installed: Distribution

    @property
    def name(self) -> str:
        """As it writes itself."""
        return str(self.said["name"])

    @property
    def version(self) -> str:
        return str(self.said["version"])

    @property
    def reference(self) -> str:
        """The package URL, which is what other documents call it too."""
        return _purl(self.name, self.version)

    def files(self, place: re.Pattern[str]) -> dict[str, Path]:
        """Those of its files whose place in it matches, by that place."""
        lines = (self.installed.read_text("RECORD") or "").splitlines()
        found = sorted(one for line in lines if place.search(one := line.rsplit(",", 2)[0]))
        return {one: Path(str(self.installed.locate_file(one))) for one in found}


def by_name() -> dict[str, Package]:
    """Every installed package by its one spelling, in that order."""
    packages = [Package(one.metadata.json, one) for one in distributions()]
    found = {canonicalize_name(one.name): one for one in reversed(packages)}  # the first counts
    return {name: found[name] for name in sorted(found)}


def wanted() -> dict[str, Requirement]:
    """What the list of direct requirements asks for, by its one spelling."""
    lines = WANTED.read_text(encoding="utf-8").splitlines()
    asked = [Requirement(words) for line in lines if (words := line.partition("#")[0].strip())]
    return {canonicalize_name(one.name): one for one in asked}


def pins() -> Pins:
    """What the compiled requirements accept."""
    found = [
        match
        for file in COMPILED
        if file.exists()
        for match in _PIN.finditer(file.read_text(encoding="utf-8"))
    ]
    return {
        _purl(one[1], one[2]): tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", one[3]))
        for one in found
    }


def needs(
    packages: Mapping[str, Package], direct: Mapping[str, Requirement]
) -> dict[str, set[str]]:
    """Which installed package needs which others, with the extras that somebody asks of it."""
    extras = {name: {"", *(direct[name].extras if name in direct else ())} for name in packages}
    found: dict[str, set[str]] = {name: set() for name in packages}
    open_ = [*packages]
    while open_:
        name = open_.pop()
        for one in _asked(packages[name].said.get("requires_dist", ()), extras[name]):
            other = canonicalize_name(one.name)
            if other not in packages:
                continue
            found[name].add(other)
            if not one.extras <= extras[other]:
                extras[other] |= one.extras
                open_.append(other)
    return found


def _asked(lines: Iterable[str], extras: Iterable[str]) -> Iterable[Requirement]:
    for one in map(Requirement, lines):
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
            yield one


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"

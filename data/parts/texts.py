"""The texts of the licences that packages bring, their fonts' among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from data.parts.licences import licence_of
from data.parts.packages import Package

_PLACES: Final = re.compile(
    r"\.dist-info/licenses/|(^|/)(licen[cs]e|copying|copyright|notice|authors|ofl)[^/]*$|licen[cs]e$",
    re.IGNORECASE,
)
_PROGRAMS: Final = {".py", ".pyc", ".pyi", ".js", ".json", ".html", ".h"}
_RULE: Final = "=" * 80


def written(packages: Mapping[str, Package]) -> Iterator[str]:
    """The parts of one file: every package with its licence and the texts of it."""
    brought = {name: texts_of(one) for name, one in packages.items()}
    under = {name: licence_of(one) for name, one in packages.items()}
    for name, one in packages.items():
        head = f"{one.name} {one.version}\n{under[name] or 'It tells no licence.'}"
        yield f"{_RULE}\n{head}\n{_RULE}\n"
        for path, text in brought[name].items():
            yield f"--- {path}\n\n{text}\n"
        if not brought[name]:
            same = [other for other in brought if brought[other] and under[other] == under[name]]
            where = f": read that of {same[0]}, which is under the same" if same else ""
            yield f"It brings no text of its licence{where}.\n"


def texts_of(one: Package) -> dict[str, str]:
    """By the file that holds it, each text once."""
    found: dict[str, str] = {}
    for place, file in one.files(_PLACES).items():
        if file.suffix not in _PROGRAMS and file.is_file():
            found.setdefault(file.read_text(encoding="utf-8", errors="replace").strip(), place)
    return {place: text for text, place in found.items()}

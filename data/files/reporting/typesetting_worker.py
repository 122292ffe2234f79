"""A program of its own that sets reports: a line of JSON in, a PDF out, again and again.

What has been set stays in typst's memory, and a large class takes much of it: here it goes when this program
ends, and a cancelled report ends at once. `data.files.sandbox` runs it; it imports nothing of ours.
"""

import importlib.util
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import typst

FONTS: Final = (
    "fontpkg_noto_sans",  # Latin, Greek, Cyrillic, Devanagari
    "justmytype_intl_rtl",  # Arabic, Hebrew
    "fontpkg_noto_sans_thai",
    "noto_cjk_sans_otc",  # Chinese, Japanese, Korean
)
"""The packages that bring fonts. A script more is a row here and its family in report.typ."""

TEMPLATE: Final = Path(__file__).with_name("report.typ").read_bytes()
ONE_TEXT: Final = """
#set document(title: "One text")
#set text(font: (FAMILIES,))
#json(bytes(sys.inputs.report))
"""
STANDARD: Final = "ua-1"
REPLACEMENT: Final = "\ufffd"
MOST_TOLD: Final = 12

_LACKING: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


def font_folders() -> list[Path]:
    """Where the packages' fonts are. Raises ModuleNotFoundError, naming the package that is not there."""
    folders = []
    for package in FONTS:
        found = importlib.util.find_spec(package)
        if found is None or not found.submodule_search_locations:
            raise ModuleNotFoundError(package)
        folders.append(Path(found.submodule_search_locations[0]))
    return folders


class Typesetter:
    """One compiler for all reports, and what is known of characters that its fonts lack."""

    def __init__(self) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
        )
        self._compiler = typst.Compiler(font_paths=fonts)
        families = ", ".join(f'"{family}"' for family in fonts.families())
        self._one_text = ONE_TEXT.replace("FAMILIES", families).encode()
        self._prints: dict[str, bool] = {}

    def typeset(self, document: dict[str, Any]) -> tuple[bytes, list[str]]:
        """The PDF, and the characters in it that had to be replaced."""
        lacking: set[str] = set()
        named = self._named_by
        for suspects in (named, named, named, self._unprintable_alone, _all_but_ascii):
            try:
                return self._compile(_without(document, lacking)), sorted(lacking)
            except typst.TypstError as error:
                lacking |= suspects(document, error)
        # Whatever it was: nobody goes without a report for a letter.
        return self._compile(_without(document, lacking)), sorted(lacking)

    def _named_by(self, _: dict[str, Any], error: typst.TypstError) -> set[str]:
        """The characters that the failure itself is about, all at once: mostly enough."""
        return {one for text in _failures(error) for one in self._unprintable(text)}

    def _unprintable_alone(self, document: dict[str, Any], error: typst.TypstError) -> set[str]:
        """The characters that cannot be printed, each tried: some failures name none."""
        return {one for one in _all_but_ascii(document, error) if not self._can_print(one)}

    def _compile(self, document: dict[str, Any]) -> bytes:
        return self._pdf(TEMPLATE, json.dumps(document))

    def _pdf(self, source: bytes, report: str) -> bytes:
        made = self._compiler.compile(
            source, format="pdf", sys_inputs={"report": report}, pdf_standards=STANDARD
        )
        if not isinstance(made, bytes):
            raise TypeError(type(made))
        return made

    def _unprintable(self, text: str) -> set[str]:
        """Of a text that failed as a whole: the characters that fail alone; else its marks, else all of it."""
        special = {one for one in text if ord(one) > 0x7E or ord(one) < 0x20}
        alone = {one for one in special if not self._can_print(one)}
        marks = {one for one in special if unicodedata.combining(one)}
        return alone or marks or special

    def _can_print(self, one: str) -> bool:
        if one not in self._prints:
            try:
                self._pdf(self._one_text, json.dumps(f"x{one}"))
            except typst.TypstError:
                self._prints[one] = False
            else:
                self._prints[one] = True
        return self._prints[one]


def _all_but_ascii(document: dict[str, Any], _: typst.TypstError) -> set[str]:
    return {one for text in _texts(document) for one in text if not " " <= one <= "~"}


def _failures(error: typst.TypstError) -> Iterator[str]:
    """The texts that a failure is about."""
    for found in _LACKING.finditer(f"{error.message}\n{error.diagnostic}"):
        yield _ESCAPED.sub(_unescaped, found.group(1))


def _unescaped(found: re.Match[str]) -> str:
    code, letter = found.groups()
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t"}.get(letter, letter)


def _without(document: dict[str, Any], lacking: set[str]) -> dict[str, Any]:
    """The document without these characters, and each student's note of what was replaced."""
    if not lacking and not any(REPLACEMENT in text for text in _texts(document)):
        return document
    table = {ord(one): REPLACEMENT for one in lacking}
    replaced: dict[str, Any] = _walked(document, lambda text: text.translate(table))
    for student, before in zip(replaced["students"], document["students"], strict=True):
        student["replaced"] = _note(before, lacking)
    return replaced


def _note(student: dict[str, Any], lacking: set[str]) -> str | None:
    """'2 characters could not be printed and are shown as �: U+1F600.'"""
    texts = {key: value for key, value in student.items() if key != "short_name"}
    found = [one for text in _texts(texts) for one in text if one in lacking or one == REPLACEMENT]
    if not found:
        return None
    codes = sorted({one for one in found if one != REPLACEMENT})
    shown = ", ".join(f"U+{ord(one):04X}" for one in codes[:MOST_TOLD])
    more = f" and {len(codes) - MOST_TOLD} more" if len(codes) > MOST_TOLD else ""
    count = "1 character" if len(found) == 1 else f"{len(found)} characters"
    which = f": {shown}{more}" if shown else ""
    are = "is" if len(found) == 1 else "are"
    return f"{count} could not be printed and {are} shown as {REPLACEMENT}{which}."


def _walked(part: Any, change: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, list):
        return [_walked(one, change) for one in part]
    if isinstance(part, dict):
        return {key: _walked(one, change) for key, one in part.items()}
    return part


def _texts(part: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | dict):
        for one in part.values() if isinstance(part, dict) else part:
            yield from _texts(one)


def main() -> None:
    """Each line of standard input is a document; the answer is a line of JSON, and as many bytes as it says."""
    typesetter = Typesetter()
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        pdf, lacking = typesetter.typeset(json.loads(line))
        head = {"length": len(pdf), "lacking": [f"U+{ord(one):04X}" for one in lacking]}
        out.write(json.dumps(head).encode() + b"\n" + pdf)
        out.flush()


if __name__ == "__main__":
    main()

"""What a spreadsheet's file is, before it is opened: refused where it is none, is locked, or would burst."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import Final

from data.files.importing.sheet import UnreadableFile

MOST_UNPACKED: Final = 200 * 1024 * 1024
BROKEN: Final = (
    "The spreadsheet cannot be read: it is damaged, or something is far outside the table. "
    "Copy the table alone into a new one, save that as XLSX, and choose it."
)
TOO_BIG: Final = (
    "The spreadsheet is too big once it is unpacked. Keep only the table in it, or save it as CSV."
)
PASSWORD: Final = "The file has a password. Save it without one, and try again."  # noqa: S105
_OTHER: Final = "This file is not a table. Choose a CSV, XLSX, XLS or ODS file."
_NUMBERS: Final = (
    "This is a document of Apple Numbers. Export it there as Excel, and choose that file."
)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How XLSX and ODS begin, and how XLS does."""

_SPANS: Final = re.compile(rb'number-(?:rows|columns)-spanned="(?!1")')
_BOOKS: Final = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
# Something that a person sees in a spreadsheet, or does not, and that its reader leaves out.
_TELLING: Final = re.compile(
    rb'hidden="(?:1|true)"| width="0"|<(?:\w+:)?f[ />]|t="e"|visibility="(?:collapse|filter)"|formula='
    rb'|percentage|numFmtId="(?:9|10)"|formatCode="[^"]*%'
)
_TABLE: Final = re.compile(r"\.(csv|tsv|txt|xlsx?|xlsm|ods)\Z", re.IGNORECASE)
_TOLD_IN: Final = re.compile(r"content\.xml|xl/styles\.xml|xl/worksheets/.*\.xml")
_LONGEST_MARK: Final = 200
# Names of streams, as Microsoft's older files hold them.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHER_PROGRAMS: Final = tuple(
    name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document", "__substg1.0")
)


def check_package(content: bytes) -> bool:
    """Raise UnreadableFile where it is no spreadsheet; else, is there more to tell than its reader does?"""
    if not content.startswith(ZIP):
        _check_streams(content)
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return _check_parts(parts)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        # NotImplementedError, a RuntimeError: packed in some other way.
        raise UnreadableFile(BROKEN) from None


def _check_streams(content: bytes) -> None:
    """An XLSX with a password is a file like XLS, with the book encrypted in it."""
    if _ENCRYPTED in content:
        raise UnreadableFile(PASSWORD)
    if any(name in content for name in _OTHER_PROGRAMS):
        raise UnreadableFile(_OTHER)


def _check_parts(parts: zipfile.ZipFile) -> bool:
    names = set(parts.namelist())
    if any(part.flag_bits & 1 for part in parts.infolist()) or _is_encrypted(parts, names):
        raise UnreadableFile(PASSWORD)
    if not names & _BOOKS:
        raise UnreadableFile(_what_else(names))
    has_marks = _unpack(parts)
    if "content.xml" in names and _SPANS.search(parts.read("content.xml")):
        raise UnreadableFile(
            "The spreadsheet has merged cells. Divide them again, or save it as XLSX."
        )
    return has_marks and "xl/workbook.bin" not in names


def _what_else(names: Collection[str]) -> str:
    if any(name.endswith(".iwa") for name in names):
        return _NUMBERS
    packed = sorted(name for name in names if _TABLE.search(name))
    return f"This is a ZIP. Unpack it, and choose “{packed[0]}” in it." if packed else _OTHER


def _is_encrypted(parts: zipfile.ZipFile, names: Collection[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in b"".join(_chunks(parts, manifest, 2**20))


def _unpack(parts: zipfile.ZipFile) -> bool:
    """Count what it comes to, for the sizes a file declares can lie; and look whether more is told."""
    unpacked, has_marks = 0, False
    for name in parts.namelist():
        end = b""
        for chunk in _chunks(parts, name, None):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED:
                raise UnreadableFile(TOO_BIG)
            if not has_marks and _TOLD_IN.fullmatch(name):
                has_marks = _TELLING.search(end + chunk) is not None
                end = chunk[-_LONGEST_MARK:]
    return has_marks


def _chunks(parts: zipfile.ZipFile, name: str, most: int | None) -> Iterator[bytes]:
    with parts.open(name) as opened:
        if most is not None:
            yield opened.read(most)
            return
        while chunk := opened.read(1024 * 1024):
            yield chunk

"""Spreadsheets: XLSX, XLS and ODS."""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from data.files import sandbox
from data.files.importing.sheet import (
    HEADINGS_WITHIN,
    MOST_LINES,
    Cell,
    Sheet,
    UnreadableFile,
    as_sheet,
)

MOST_UNPACKED: Final = 200 * 1024 * 1024
SECONDS: Final = 90
_BROKEN: Final = (
    "The spreadsheet cannot be read: it is damaged, or something is far outside the table. "
    "Copy the table alone into a new one, save that as XLSX, and choose it."
)
_TOO_BIG: Final = (
    "The spreadsheet is too big once it is unpacked. Keep only the table in it, or save it as CSV."
)
_REFUSED: Final = {
    "password": "The spreadsheet has a password. Save it without one, and try again.",
    "big": _TOO_BIG,
}
_READER: Final = Path(__file__).with_name("workbook_worker.py")
# As little as any honest file needs.
_MEMORY: Final = 2 * 1024**3
_PROCESSOR_SECONDS: Final = 60
_SPANS: Final = re.compile(rb'number-(?:rows|columns)-spanned="(?!1")')

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How XLSX and ODS begin, and how XLS does."""


def read_workbook(name: str, content: bytes, wanted: str | None) -> Sheet:
    """The wanted worksheet, or the first. Raises UnreadableFile."""
    if content.startswith(ZIP):
        _check_parts(content)
    read = _read_apart(content, wanted)
    if "chosen" not in read:
        names = ", ".join(f"“{one}”" for one in read["names"])
        raise UnreadableFile(
            f"There is no worksheet “{wanted}”. There are: {names}." if names else _BROKEN
        )
    rows = [[_cell(cell) for cell in row] for row in read["rows"]]
    further = tuple(one for one in read["names"] if one != read["chosen"])
    words = f"The worksheet “{read['chosen']}” was read." if further else ""
    return as_sheet(
        name,
        enumerate(rows, 1),
        further=further,
        assumed=(words,) if words else (),
        typed=True,
    )


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to more than it should: counted, for the sizes a file declares can lie."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
            if not names & {"xl/workbook.xml", "content.xml"}:
                raise UnreadableFile(
                    "This file is not a table. Choose a CSV, XLSX, XLS or ODS file."
                )
            for part in parts.infolist():
                with parts.open(part) as opened:
                    while chunk := opened.read(1024 * 1024):
                        unpacked += len(chunk)
                        if unpacked > MOST_UNPACKED:
                            raise UnreadableFile(_TOO_BIG)
            if "content.xml" in names and _SPANS.search(parts.read("content.xml")):
                raise UnreadableFile(
                    "The spreadsheet has merged cells. Divide them again, or save it as XLSX."
                )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        # RuntimeError: a part with a password; NotImplementedError: packed in some other way.
        raise UnreadableFile(_BROKEN) from None


def _read_apart(content: bytes, wanted: str | None) -> dict[str, Any]:
    most = str(MOST_LINES + HEADINGS_WITHIN + 2)
    if wanted and ("\x00" in wanted or wanted.encode("utf-8", "ignore").decode() != wanted):
        raise UnreadableFile("There is no worksheet of that name.")
    try:
        done = subprocess.run(  # noqa: S603
            sandbox.command(
                _READER, most, wanted or "", memory=_MEMORY, seconds=_PROCESSOR_SECONDS
            ),
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=sandbox.environment(),
        )
        read: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        raise UnreadableFile(_BROKEN) from None
    if read.get("refused") in _REFUSED:
        raise UnreadableFile(_REFUSED[read["refused"]])
    if "names" not in read:
        raise UnreadableFile(_BROKEN)
    return read


def _cell(written: Any) -> Cell:
    if isinstance(written, dict):
        if "day" in written:
            return date.fromisoformat(written["day"])
        moment = datetime.fromisoformat(written["moment"])
        return moment if moment.time() != datetime.min.time() else moment.date()
    if isinstance(written, float):
        if not math.isfinite(written):
            return str(written)
        return int(written) if written.is_integer() and abs(written) < 1e15 else written
    cell: Cell = written
    return cell

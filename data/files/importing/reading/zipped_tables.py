"""The CSV tables in a ZIP, as OneRoster and School Data Sync pack them."""

import csv
import io
import zipfile
import zlib
from collections.abc import Collection, Mapping
from typing import Final

from data.files.importing.reading.encodings import decode
from data.files.importing.sheet import UnreadableFile

Record = Mapping[str, str]

BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, csv.Error)
"""What is raised of one that is damaged, has a password, or is packed in a way that cannot be read here."""


def tables_in(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of each table by its name in small letters, also in a folder, however it is written."""
    files = {part: part.rpartition("/")[2].casefold() for part in parts.namelist()}
    return {
        file.removesuffix(".csv"): part
        for part, file in files.items()
        if file.endswith(".csv") and not part.startswith("__MACOSX/")
    }


def read_records(
    parts: zipfile.ZipFile, part: str, most: int, wanted: Collection[str] | None = None
) -> list[Record]:
    """A table's lines by their headings in small letters: of the columns that are wanted, or of all.

    Raises UnreadableFile where it is larger than `most` bytes, and one of BROKEN.
    """
    with parts.open(part) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise UnreadableFile(f"{part} is larger than {most // 1024**2} MB. Divide the export.")
    lines = csv.reader(io.StringIO(decode(content).text, newline=""))
    headings = [one.strip().casefold() for one in next(lines, [])]
    places = [(at, one) for at, one in enumerate(headings) if wanted is None or one in wanted]
    return [
        {heading: line[at] for at, heading in places if at < len(line)}
        for line in lines
        if any(line)
    ]

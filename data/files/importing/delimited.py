"""Text with separators: CSV in whatever encoding and with whatever separator, and what was pasted."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from data.files.exporting.delimited import SIGNS
from data.files.importing.heading_line import as_sheet
from data.files.importing.headings import recognise
from data.files.importing.sheet import HEADINGS_WITHIN, MOST_LINES, Sheet, UnreadableFile

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LONGEST_SAMPLE: Final = 64 * 1024

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# What no text holds, but every picture and program does.
_JUNK: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_NOT_TEXT: Final = "This file is not a table. Save it as CSV or XLSX, and choose it again."
# Our own exports put an apostrophe before what a spreadsheet would take for a formula.
_GUARDED: Final = re.compile(rf"\A'(?=[^\w]*[{SIGNS}\t\r\n])")


def read_delimited(name: str, content: bytes) -> Sheet:
    """A CSV file. Raises UnreadableFile."""
    text, encoding = _decode(content)
    return read_text(name, text, (f"The text is {encoding}.",))


def read_text(name: str, text: str, assumed: tuple[str, ...] = ()) -> Sheet:
    """Text with separators. Raises UnreadableFile."""
    if _JUNK.search(text):
        raise UnreadableFile(_NOT_TEXT)
    if text.lstrip()[:1] == "<":
        raise UnreadableFile(
            "This is a web page and not a table. Open it in a spreadsheet, save it as XLSX, and choose that."
        )
    text, separator, first = _separator(text)
    words = f"Columns are separated by {SEPARATORS[separator]}s."
    return as_sheet(name, _records(text, separator, first), assumed=(*assumed, words))


def _decode(content: bytes) -> tuple[str, str]:
    for mark, codec, called in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(codec), called
            except UnicodeDecodeError:
                raise UnreadableFile(
                    f"The file says that it is {called}, but is not. Save it as CSV UTF-8."
                ) from None
    if b"\x00" in content:
        raise UnreadableFile(_NOT_TEXT)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "taken for Windows-1252 (Western European)"
    except UnicodeDecodeError:
        raise UnreadableFile(_NOT_TEXT) from None


def _separator(text: str) -> tuple[str, str, int]:
    """The rest of the text, its separator, and the number of its first line."""
    told = re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE)
    if told:
        return text[told.end() :], told[1], 2
    return text, max(SEPARATORS, key=lambda one: _fitness(text[:LONGEST_SAMPLE], one)), 1


def _fitness(sample: str, separator: str) -> tuple[int, float, int]:
    """Headings recognised, then the share of lines with as many columns as most, then how many columns."""
    # Not strict: a sample may end within quotation marks.
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    records = []
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append(record)
            if len(records) == HEADINGS_WITHIN:
                break
    except csv.Error:
        return 0, 0.0, 0
    if not records:
        return 0, 0.0, 0
    recognised = max(len(set(recognise(record).guesses) - {None}) for record in records)
    columns, lines = Counter(map(len, records)).most_common(1)[0]
    return recognised, lines / len(records) if columns > 1 else 0.0, columns


def _records(text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins in: a quoted text may go on for several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first
    count = 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error:
            raise UnreadableFile(
                f"Line {line} cannot be read: a quotation mark is not closed, or text follows a closed one. "
                "Correct that line, or save the file as XLSX."
            ) from None
        if record is None:
            return
        yield line, [_GUARDED.sub("", cell) for cell in record]
        count += any(record)
        if count > MOST_LINES + HEADINGS_WITHIN + 1:
            return  # too many: as_sheet() says so
        line = first + reader.line_num

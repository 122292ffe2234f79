"""Text with separators: CSV in whatever encoding and with whatever separator, and what was pasted."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from data.files.exporting.delimited import SIGNS
from data.files.importing.columns.headings import recognise
from data.files.importing.reading.encodings import NOT_TEXT, Known, decode
from data.files.importing.reading.heading_line import as_sheet
from data.files.importing.sheet import HEADINGS_WITHIN, MOST_LINES, Sheet, UnreadableFile

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LONGEST_SAMPLE: Final = 64 * 1024

# What no text holds, but every picture and program does.
_JUNK: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_OTHER_FORMATS: Final = ("%PDF-", "{\\rtf", "SQLite format", "{", "[{")
# Our own exports put an apostrophe before what a spreadsheet would take for a formula.
_GUARDED: Final = re.compile(rf"\A'(?=[^\w]*[{SIGNS}\t\r\n])")


def read_delimited(
    name: str, content: bytes, encoding: str | None = None, known: Known = tuple
) -> Sheet:
    """A CSV file, in this encoding or the likeliest. Raises UnreadableFile."""
    found = decode(content, encoding, known)
    sheet = read_text(name, found.text, (found.sentence,))
    return replace(sheet, encoding=found.encoding) if found.is_guessed or encoding else sheet


def read_text(name: str, text: str, assumed: tuple[str, ...] = ()) -> Sheet:
    """Text with separators. Raises UnreadableFile."""
    lines, words = separated(text, recognised)
    return as_sheet(name, lines, assumed=(*assumed, words))


def separated(
    text: str, recognised: Callable[[Sequence[str]], int]
) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """Its lines, numbered, and a sentence on what separates their cells; `recognised` counts known headings.

    Lines beyond the most that are taken are left out, but one. Raises UnreadableFile, also while they are read.
    """
    if _JUNK.search(text) or text.startswith(_OTHER_FORMATS):
        raise UnreadableFile(NOT_TEXT)
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise UnreadableFile(
            "This is a spreadsheet in the XML of Excel 2003. Open it, save it as XLSX, and choose that."
        )
    if text.lstrip()[:1] == "<":
        raise UnreadableFile(
            "This is a web page and not a table. Open it in a spreadsheet, save it as XLSX, and choose that."
        )
    text, separator, first = separator_of(text, recognised)
    return _records(text, separator, first), f"Columns are separated by {SEPARATORS[separator]}s."


def recognised(headings: Sequence[str]) -> int:
    """How many of these headings a table of progress may have."""
    return len(set(recognise(headings).guesses) - {None})


def separator_of(text: str, recognised: Callable[[Sequence[str]], int]) -> tuple[str, str, int]:
    """The rest of the text, its separator, and the number of its first line."""
    declared = re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE)
    if declared:
        return text[declared.end() :], declared[1], 2
    sample = text[:LONGEST_SAMPLE]
    return text, max(SEPARATORS, key=lambda one: _fitness(sample, one, recognised)), 1


def _fitness(
    sample: str, separator: str, recognised: Callable[[Sequence[str]], int]
) -> tuple[int, float, int]:
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
    columns, lines = Counter(map(len, records)).most_common(1)[0]
    most = max(map(recognised, records))
    return most, lines / len(records) if columns > 1 else 0.0, columns


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

"""Where each cell of a table is in its text, so that some can be written anew and all else stays as it is."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from data.files.importing.reading.delimited import recognised, separator_of
from data.files.importing.reading.encodings import Known, decode
from data.files.importing.sheet import UnreadableFile

Span = tuple[int, int]
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_CANNOT: Final = (
    "This file cannot be written back as it is. Export it from Canvas again, and choose that file."
)


@dataclass(frozen=True)
class Spans:
    """A file's whole text, its encoding and separator, and of each line that begins a record its cells."""

    text: str
    encoding: str
    separator: str
    lines: Mapping[int, tuple[Span, ...]]

    def cell(self, span: Span) -> str:
        """What the cell says."""
        return _unquoted(self.text[slice(*span)])

    def with_cells(self, changed: Mapping[tuple[int, int], str]) -> bytes:
        """The file with these cells, by line and place, written anew; every other byte is as it was."""
        parts, end = [], 0
        for (line, place), written in sorted(changed.items()):
            start, stop = self.lines[line][place]
            parts += [self.text[end:start], self._quoted(written)]
            end = stop
        return "".join([*parts, self.text[end:]]).encode(self.encoding)

    def _quoted(self, written: str) -> str:
        return f'"{written}"' if self.separator in written else written


def read_spans(content: bytes, known: Known) -> Spans:
    """Find every cell of a file with separators. Raises UnreadableFile."""
    found = decode(content, None, known)
    text, encoding = _whole(content, found.text, found.encoding)
    rest, separator, first = separator_of(found.text, recognised)
    start = text.index(found.text) + len(found.text) - len(rest)
    lines = dict(_records(text, start, text.index(found.text) + len(found.text), separator, first))
    return Spans(text, encoding, separator, lines)


def _whole(content: bytes, text: str, encoding: str) -> tuple[str, str]:
    """The text with its byte order mark, and the encoding that makes the same bytes of it."""
    for one in ("utf-16-le", "utf-16-be") if encoding == "utf-16" else (encoding,):
        whole = content.decode(one, "replace")
        if text in whole and whole.encode(one, "replace") == content:
            return whole, one
    raise UnreadableFile(_CANNOT)


def _records(
    text: str, start: int, end: int, separator: str, first: int
) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """Each record with the line it begins in, as whoever reads the table counts them."""
    reader = csv.reader(io.StringIO(text[start:end], newline=""), delimiter=separator, strict=True)
    cell = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(separator)}\r\n]*')
    line, at = first, start
    for record in _strictly(reader):
        spans, at = _record(text, at, end, cell, separator)
        said = [_unquoted(text[slice(*span)]) for span in spans]
        if said != (record or [""]):
            raise UnreadableFile(_CANNOT)
        yield line, tuple(spans)
        line = first + reader.line_num


def _strictly(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        raise UnreadableFile(_CANNOT) from None


def _record(
    text: str, at: int, end: int, cell: re.Pattern[str], separator: str
) -> tuple[list[Span], int]:
    """Its cells, and where the next record begins."""
    spans = []
    while (found := cell.match(text, at, end)) is not None:
        spans.append(found.span())
        at = found.end()
        if text[at : at + 1] != separator or at >= end:
            break
        at += 1
    over = _LINE_END.match(text, at, end)
    return spans, over.end() if over else at


def _unquoted(written: str) -> str:
    return written[1:-1].replace('""', '"') if written[:1] == '"' else written

"""From a file, or from what was pasted, to people and classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from data.files.importing.reading.encodings import Known
from data.files.importing.sheet import LARGEST_FILE, UnreadableFile
from data.roster.files.given import Given
from data.roster.files.reading.headings import Column
from data.roster.files.reading.plain_list import Complete, read_list
from data.roster.files.reading.tables import Tables, read_pasted_tables, read_tables

TOO_BIG: Final = "The file is larger than 20 MB. Keep only the lists in it, or divide it."
EMPTY: Final = "The file is empty. Choose one with headings and a line per person."


@dataclass(frozen=True)
class ReadAs:
    """What a person says of a list: what columns mean (by heading), its encoding, which class and school year
    the lines are of that do not say it, and of what it is the whole."""

    columns: Mapping[str, Column | None] = field(default_factory=dict)
    encoding: str | None = None
    class_name: str | None = None
    year: str | None = None
    complete: Complete = "nothing"


AS_IT_IS: Final = ReadAs()


def read_roster(
    content: bytes,
    read_as: ReadAs = AS_IT_IS,
    *,
    known_classes: Collection[str] = (),
    known: Known = tuple,
) -> Given:
    """Everybody in a CSV, XLSX, XLS or ODS file. Raises UnreadableFile, in words.

    What it is is seen in the content. `known` texts, such as names, help to find the encoding of a CSV.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_BIG)
    if not content.strip():
        raise UnreadableFile(EMPTY)
    return _list(
        read_tables(content, read_as.columns, read_as.encoding, known), read_as, known_classes
    )


def read_pasted(
    text: str, read_as: ReadAs = AS_IT_IS, *, known_classes: Collection[str] = ()
) -> Given:
    """Everybody in a list that was pasted, headings first. Raises UnreadableFile, in words."""
    if len(text) > LARGEST_FILE:
        raise UnreadableFile(TOO_BIG.replace("file", "text"))
    if not text.strip():
        raise UnreadableFile("Nothing was pasted. Copy the list with its headings.")
    return _list(read_pasted_tables(text, read_as.columns), read_as, known_classes)


def _list(tables: Tables, read_as: ReadAs, known_classes: Collection[str]) -> Given:
    return read_list(
        tables,
        class_name=read_as.class_name,
        year=read_as.year,
        complete=read_as.complete,
        known_classes=known_classes,
    )

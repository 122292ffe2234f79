"""From a file, or from what was pasted, to people and classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from data.files.importing.reading.workbook_package import ZIP
from data.files.importing.sheet import LARGEST_FILE, UnreadableFile
from data.roster.files.given import Given
from data.roster.files.present import Present
from data.roster.files.reading.headings import Column
from data.roster.files.reading.package import read_package
from data.roster.files.reading.plain_list import Complete, read_list
from data.roster.files.reading.systems import read_system
from data.roster.files.reading.tables import Tables, read_pasted_tables, read_tables

TOO_BIG: Final = "The file is larger than 20 MB. Keep only the lists in it, or divide it."
EMPTY: Final = "The file is empty. Choose one with headings and a line per person."


@dataclass(frozen=True)
class ReadAs:
    """What a person says of a list: what columns mean (by heading), its encoding, which class and school year
    the lines are of that do not say it, and of what it is the whole; and which school of a package is meant."""

    columns: Mapping[str, Column | None] = field(default_factory=dict)
    encoding: str | None = None
    class_name: str | None = None
    year: str | None = None
    complete: Complete = "nothing"
    school: str | None = None


AS_IT_IS: Final = ReadAs()


def read_roster(content: bytes, present: Present, read_as: ReadAs = AS_IT_IS) -> Given:
    """Everybody in a CSV, XLSX, XLS or ODS file, or in a package of another system.

    What it is is seen in the content; who and what is `present` helps to read it. Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_BIG)
    if not content.strip():
        raise UnreadableFile(EMPTY)
    if content.startswith(ZIP) and (package := read_package(content)) is not None:
        return read_system(package, present.name, read_as.school, present.now.date())
    tables = read_tables(content, read_as.columns, read_as.encoding, present.texts)
    return _list(tables, present, read_as)


def read_pasted(text: str, present: Present, read_as: ReadAs = AS_IT_IS) -> Given:
    """Everybody in a list that was pasted, headings first. Raises UnreadableFile, in words."""
    if len(text) > LARGEST_FILE:
        raise UnreadableFile(TOO_BIG.replace("file", "text"))
    if not text.strip():
        raise UnreadableFile("Nothing was pasted. Copy the list with its headings.")
    return _list(read_pasted_tables(text, read_as.columns), present, read_as)


def _list(tables: Tables, present: Present, read_as: ReadAs) -> Given:
    return read_list(
        tables,
        class_name=read_as.class_name,
        year=read_as.year,
        complete=read_as.complete,
        known_classes=[one.name for one in present.classes.values()],
    )

"""A list of people as tables: only columns that are known are taken from the file, whatever else it holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from data.files.importing.folding import visible
from data.files.importing.reading.delimited import separated
from data.files.importing.reading.encodings import Known, decode
from data.files.importing.reading.workbook import read_worksheets
from data.files.importing.reading.workbook_package import OLE, ZIP
from data.files.importing.sheet import (
    HEADINGS_WITHIN,
    MOST_COLUMNS,
    MOST_LINES,
    Cell,
    Uncomputed,
    UnreadableFile,
    as_text,
    is_blank,
)
from data.i18n.formats import quoted
from data.roster.files.reading.headings import (
    PEOPLE,
    Column,
    is_private,
    meaning,
    places,
    recognised,
)

MOST_SHOWN: Final = 8

Row = tuple[int, Mapping[Column, str]]


class UnknownHeadings(UnreadableFile):
    """No heading of a person is known; `headings` are those that a person may explain."""

    def __init__(self, message: str, headings: Sequence[str]) -> None:
        super().__init__(message)
        self.headings = tuple(headings)


@dataclass(frozen=True)
class Table:
    """One list: its worksheet's name, what its columns are called, and the lines below, by meaning.

    `unused` and `private` are headings of columns that were not taken; `uncomputed` lines with a formula that
    has no stored result, `hidden` those that the spreadsheet hides.
    """

    name: str
    headings: Mapping[Column, str]
    rows: tuple[Row, ...]
    unused: tuple[str, ...]
    private: tuple[str, ...]
    hidden: int = 0
    uncomputed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tables:
    """All lists of a file. `assumed` says how its text was read; `empty` names worksheets without a list."""

    tables: tuple[Table, ...]
    assumed: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


Chosen = Mapping[str, Column | None]


def read_tables(
    content: bytes, chosen: Chosen, encoding: str | None = None, known: Known = tuple
) -> Tables:
    """The lists of a CSV, XLSX, XLS or ODS file. Raises UnreadableFile, in words."""
    if content.startswith((ZIP, OLE)):
        return _of_worksheets(content, chosen)
    text = decode(content, encoding, known)
    return _of_text(text.text, chosen, (text.sentence,))


def read_pasted_tables(text: str, chosen: Chosen) -> Tables:
    """A list that was pasted. Raises UnreadableFile, in words."""
    return _of_text(text.removeprefix("\ufeff"), chosen, ())


def _of_text(text: str, chosen: Chosen, assumed: tuple[str, ...]) -> Tables:
    lines, words = separated(text, recognised)
    return Tables((_table("", lines, chosen, frozenset()),), (*assumed, words))


def _of_worksheets(content: bytes, chosen: Chosen) -> Tables:
    """Every worksheet that has a list; where none has, what is wrong with the first."""
    found: list[Table] = []
    empty: list[str] = []
    first: UnreadableFile | None = None
    for sheet in read_worksheets(content):
        try:
            found.append(_table(sheet.name, enumerate(sheet.rows, 1), chosen, sheet.hidden))
        except UnreadableFile as refusal:
            first = first or refusal
            empty.append(sheet.name)
    if not found:
        raise first or UnreadableFile("There is nothing in this file.")
    return Tables(tuple(found), (), tuple(empty))


def _table(
    name: str, lines: Iterable[tuple[int, Sequence[Cell]]], chosen: Chosen, hidden: frozenset[int]
) -> Table:
    written = [(line, cells) for line, cells in lines if not all(map(is_blank, cells))]
    if not written:
        raise UnreadableFile("There is nothing in this list. Choose one with headings and people.")
    if len(written) > MOST_LINES + 1:
        raise UnreadableFile(f"The list has more than {MOST_LINES:,} lines. Divide it.")
    at = _heading_place(written, chosen)
    headings = [visible(as_text(cell)) for cell in written[at][1]][:MOST_COLUMNS]
    found, doubtful = places(headings, chosen)
    if doubtful:
        raise UnknownHeadings(" ".join([*doubtful, "Say which one is meant."]), headings)
    below = [one for one in written[at + 1 :] if not _repeats(one[1], headings)]
    if not below:
        raise UnreadableFile(f"There is nobody below the headings in line {written[at][0]}.")
    used = set(found.values())
    others = [one for place, one in enumerate(headings) if one and place not in used]
    return Table(
        name,
        {meant: headings[place] for meant, place in found.items()},
        tuple(_rows(below, found)),
        tuple(one for one in others if not is_private(one)),
        tuple(one for one in others if is_private(one)),
        sum(line in hidden for line, _ in below),
        tuple(line for line, cells in below if any(isinstance(one, Uncomputed) for one in cells)),
    )


def _heading_place(lines: Sequence[tuple[int, Sequence[Cell]]], chosen: Chosen) -> int:
    """Which line names the columns of people."""
    for at, (_, cells) in enumerate(lines[:HEADINGS_WITHIN]):
        headings = [visible(as_text(cell)) for cell in cells]
        said = {chosen.get(one, meaning(one)) for one in headings}
        if said & PEOPLE and not any("@" in one for one in headings):
            return at
    headings = [visible(as_text(cell)) for cell in lines[0][1]]
    raise UnknownHeadings(
        f"No heading of line {lines[0][0]} names people: {_listed(headings)}. Call the columns Name (or First "
        "name and Last name), E-mail, School number and Class, or say what they mean.",
        [one for one in headings if one],
    )


def _listed(headings: Sequence[str]) -> str:
    shown = ", ".join(quoted(one[:40] for one in headings[:MOST_SHOWN] if one))
    return f"{shown} …" if len(headings) > MOST_SHOWN else shown


def _repeats(cells: Sequence[Cell], headings: Sequence[str]) -> bool:
    """The headings once more, as above every page."""
    return [visible(as_text(cell)) for cell in cells[: len(headings)]] == headings


def _rows(
    lines: Sequence[tuple[int, Sequence[Cell]]], found: Mapping[Column, int]
) -> Iterator[Row]:
    """What is known of each line; a column of 1, 2, 3 … counts the lines and is no number of the school's."""
    taken = [
        (line, {meant: _cell(cells, place) for meant, place in found.items()})
        for line, cells in lines
    ]
    numbers = [row.get(Column.NUMBER, "") for _, row in taken]
    is_counting = len(numbers) > 1 and numbers == [str(at) for at in range(1, len(numbers) + 1)]
    for line, row in taken:
        if is_counting:
            row.pop(Column.NUMBER, None)
        if any(row.values()):
            yield line, row


def _cell(cells: Sequence[Cell], place: int) -> str:
    return visible(as_text(cells[place])) if place < len(cells) else ""

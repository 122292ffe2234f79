"""The values of one line: what changes, what is wrong, and how it was reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from data.files.importing.headings import STUDENT_NAMED_BY, Columns, Meaning
from data.files.importing.match_people import cell
from data.files.importing.points import percent_of, points_note
from data.files.importing.sheet import Cell, Row, Sheet, Uncomputed, as_text
from data.files.importing.values import (
    FIELDS,
    Reader,
    UnclearError,
    digits,
    is_number,
    says_the_same,
    settled_reader,
)
from data.files.importing.verdicts import LineProblem
from data.rules.progress import HIGHEST, Field, Value, Values, check, differs


@dataclass
class Read:
    """What one line was read as: what changes, what it says, what is wrong, and how values were reckoned."""

    changes: dict[Field, Value] = field(default_factory=dict)
    said: dict[Field, object] = field(default_factory=dict)
    problems: list[LineProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class LineValues:
    """Reads the values of one table's lines; `now` is the database's clock, `zone` where its days are."""

    def __init__(self, columns: Columns, reader: Reader, now: datetime, zone: tzinfo) -> None:
        self._columns, self._places = columns, columns.places
        self._meanings = [one for one in FIELDS if one in self._places]
        self._reader, self._now, self._zone = reader, now, zone

    def is_filled(self, row: Row) -> bool:
        """Does it hold any value?"""
        return any(cell(row, self._places, one) is not None for one in self._meanings)

    def words(self, row: Row) -> str:
        """A line's values as the file has them: "Score 84"."""
        return ", ".join(
            f"{self.heading(row, one)} {_cut(written)}"
            for one in self._meanings
            if (written := cell(row, self._places, one)) is not None
        )

    def read(self, row: Row, seen: Values) -> Read:
        """What a line says, and what of it is not stored yet."""
        read = Read()
        typed: dict[Field, object] = {}
        for meaning in self._meanings:
            written = cell(row, self._places, meaning)
            if written is None:
                continue
            name = FIELDS[meaning]
            try:
                normal = self._normal(row, meaning, written, read)
            except UnclearError as unclear:
                # What is stored may itself be such a value: written back, it changes nothing.
                read.said[name] = written
                if not says_the_same(written, written, seen[name], self._zone):
                    read.problems.append(self._bad(row, meaning, written, str(unclear)))
                continue
            read.said[name] = normal
            if not self._is_stored(row, meaning, written, normal, seen[name]):
                typed[name] = normal
        values, refused = check(typed, self._now, self._zone)
        read.said.update(values)
        for one in refused:
            meaning = MEANINGS[one.field or Field.STATUS]
            written = cell(row, self._places, meaning)
            read.problems.append(self._bad(row, meaning, written, one.message))
        read.changes = {
            name: value for name, value in values.items() if differs(value, seen[name])
        }  # fmt: skip
        return read

    def _normal(self, row: Row, meaning: Meaning, written: Cell, read: Read) -> object:
        """What check() is to read: points as percent of all there are. Raises UnclearError, in words."""
        if isinstance(written, Uncomputed):
            raise UnclearError(
                "This formula has no stored result. Open the file in a spreadsheet, save it there, and "
                "choose it again."
            )
        name, most = FIELDS[meaning], row.most.get(meaning)
        if most is None:
            return self._reader.normal(name, written)
        points = digits(written) if is_number(written) else self._reader.normal(name, written)
        percent = None if points is None else percent_of(name, points, most)
        if percent is None:
            return points
        if most != HIGHEST:
            read.notes.append(points_note(points, most, percent))
        return f"{percent:f}"

    def _is_stored(
        self, row: Row, meaning: Meaning, written: Cell, normal: object, stored: Value
    ) -> bool:
        """Does the cell say what is stored? Of points only their percent can."""
        of_points = meaning in row.most
        return not of_points and says_the_same(written, normal, stored, self._zone)

    def _bad(self, row: Row, meaning: Meaning, written: Cell, message: str) -> LineProblem:
        most = row.most.get(meaning)
        of = f" of {most:f}" if most is not None and most != HIGHEST else ""
        return LineProblem(self.heading(row, meaning), f"“{_cut(written)}”{of}: {message}")

    def heading(self, row: Row, meaning: Meaning) -> str:
        """What the column of a meaning is called in the table."""
        place = self._places.get(meaning)
        if row.column and meaning not in STUDENT_NAMED_BY:
            return row.column
        return meaning.value if place is None else self._columns.headings[place]


def _cut(written: Cell) -> str:
    text = " ".join(as_text(written).split())
    return text if len(text) <= 40 else text[:39] + "…"


MEANINGS: Final = {name: meaning for meaning, name in FIELDS.items()}


def reader_of(
    sheet: Sheet,
    places: Mapping[Meaning, int],
    day_first: bool | None,
    percent_cells: bool | None,
) -> Reader:
    return settled_reader(columns_of(sheet, places), sheet.typed, day_first, percent_cells)


def columns_of(sheet: Sheet, places: Mapping[Meaning, int]) -> dict[Field, list[Cell]]:
    return {
        name: [cell(row, places, meaning) for row in sheet.rows]
        for meaning, name in FIELDS.items()
        if meaning in places
    }

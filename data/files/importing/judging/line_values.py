"""The values of one line: what changes, what is wrong, and how it was reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from data.files.importing.cells.answers import Answers
from data.files.importing.cells.numbers import fraction, is_bare_number, plain, readings
from data.files.importing.cells.questions import UnclearError
from data.files.importing.cells.values import FieldColumn, LeftAsItIs, settled_reader
from data.files.importing.cells.written_back import says_the_same
from data.files.importing.cells.zones import zone_in
from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.titles import number
from data.files.importing.judging.understood import Understood
from data.files.importing.judging.verdicts import LineProblem
from data.files.importing.meanings import FIELDS, STUDENT_NAMED_BY, Meaning
from data.files.importing.sheet import Cell, Row, Sheet, Uncomputed, as_text, is_blank
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

    def __init__(
        self, sheet: Sheet, columns: Columns, answers: Answers, now: datetime, zone: tzinfo
    ) -> None:
        self._columns, self._places = columns, columns.places
        self._meanings = [one for one in FIELDS if one in self._places]
        days = self._places.get(Meaning.COMPLETED)
        heading_zone = None if days is None else zone_in(columns.headings[days])
        self._now, self._zone = now, heading_zone or zone
        self._reader = settled_reader(_columns(sheet, columns), answers, now, self._zone)
        self.understood = Understood(
            self._reader, heading_zone if str(heading_zone) != str(zone) else None
        )

    def is_filled(self, row: Row) -> bool:
        """Does it hold any value?"""
        return any(_cell(row, self._places, one) is not None for one in self._meanings)

    def words(self, row: Row) -> str:
        """A line's values as the file has them: "Score 84"."""
        return ", ".join(
            f"{self.heading(row, one)} {_cut(written)}"
            for one in self._meanings
            if (written := _cell(row, self._places, one)) is not None
        )

    def read(self, row: Row, seen: Values, shown: Values) -> Read:
        """What a line says, and what of it is not stored yet; `shown` is what pages show of that."""
        read = Read()
        typed: dict[Field, object] = {}
        for meaning in self._meanings:
            written, name = _cell(row, self._places, meaning), FIELDS[meaning]
            self.understood.count_blank(name, written)
            try:
                normal = self._normal(row, meaning, written, read)
            except LeftAsItIs:
                continue
            except UnclearError as unclear:
                # What is stored may itself be such a value: written back, it changes nothing.
                read.said[name] = written
                if not says_the_same(written, written, shown[name], self._zone):
                    self.understood.ask(unclear.question)
                    read.problems.append(self._bad(row, meaning, written, str(unclear)))
                continue
            is_same = says_the_same(written, normal, shown[name], self._zone)
            read.said[name] = shown[name] if is_same else normal
            if not is_same:
                typed[name] = normal
        values, refused = check(typed, self._now, self._zone)
        read.said.update(values)
        for one in refused:
            name = one.field or Field.STATUS
            written = _cell(row, self._places, MEANINGS[name])
            message = f"{_read_as(written, typed[name])}{one.message}"
            read.problems.append(self._bad(row, MEANINGS[name], written, message))
        read.changes = {
            name: value for name, value in values.items() if differs(value, seen[name])
        }  # fmt: skip
        return read

    def _normal(self, row: Row, meaning: Meaning, written: Cell, read: Read) -> object:
        """What check() is to read: points as percent of all there are. Raises as the reader does."""
        if isinstance(written, Uncomputed):
            raise UnclearError(
                "This formula has no stored result. Open the file in a spreadsheet, save it there, and "
                "choose it again."
            )
        if isinstance(written, date) and meaning in _NUMBERS:
            raise UnclearError("A spreadsheet made a day of this. Write it with %, or as text.")
        most = self._most(row, meaning)
        if most is None and self._needs_most(meaning) and is_bare_number(written):
            raise UnclearError(
                f"Out of how many is that? Write it into “{self.heading(row, Meaning.POSSIBLE)}”, or choose "
                "“Not used” for that column."
            )
        normal = self._reader.normal(FIELDS[meaning], written, row.column, most)
        is_fraction = meaning in _NUMBERS and fraction(as_text(written)) is not None
        if normal is not None and is_fraction:
            read.notes.append(f"{_cut(written)} is {normal} percent.")
        elif most not in {None, HIGHEST} and normal is not None and "%" not in as_text(written):
            read.notes.append(f"{_cut(written)} of {most:f} points are {normal} percent.")
        return normal

    def _needs_most(self, meaning: Meaning) -> bool:
        """Does a column say of how many points each line's score is?"""
        return meaning is Meaning.SCORE and Meaning.POSSIBLE in self._places

    def _most(self, row: Row, meaning: Meaning) -> Decimal | None:
        """Of how many points a value is, where its column or its line says that."""
        if self._needs_most(meaning):
            return number(as_text(_cell(row, self._places, Meaning.POSSIBLE)))
        return row.most.get(meaning)

    def _bad(self, row: Row, meaning: Meaning, written: Cell, message: str) -> LineProblem:
        most = self._most(row, meaning)
        of = f" of {plain(most)}" if most is not None and most != HIGHEST else ""
        return LineProblem(self.heading(row, meaning), f"“{_cut(written)}”{of}: {message}")

    def heading(self, row: Row, meaning: Meaning) -> str:
        """What the column of a meaning is called in the table."""
        place = self._places.get(meaning)
        if row.column and meaning not in STUDENT_NAMED_BY:
            return row.column
        return meaning.value if place is None else self._columns.headings[place]


def _cell(row: Row, places: Mapping[Meaning, int], meaning: Meaning) -> Cell:
    """The row's cell of a meaning; None where it says nothing, or the table has none."""
    place = places.get(meaning)
    cell = None if place is None else row.at(place)
    return None if is_blank(cell) else cell


def _cut(written: Cell) -> str:
    text = " ".join(as_text(written).split())
    return text if len(text) <= 40 else text[:39] + "…"


def _read_as(written: Cell, normal: object) -> str:
    """A number that was written otherwise: "1,000", or 21 of 20 points."""
    is_other = isinstance(normal, str) and bool(readings(normal)) and normal not in as_text(written)
    return f"It is {normal}. " if is_other and len(str(normal)) < 20 else ""


_NUMBERS: Final = frozenset({Meaning.PERCENTAGE, Meaning.SCORE})
MEANINGS: Final = {name: meaning for meaning, name in FIELDS.items()}


def _columns(sheet: Sheet, columns: Columns) -> Mapping[Field, FieldColumn]:
    """The cells of each field; of a gradebook those of each module's column apart."""
    found = {}
    for meaning, name in FIELDS.items():
        if meaning not in columns.places:
            continue
        parts: dict[str, list[Cell]] = {}
        is_of_line = meaning is Meaning.SCORE and Meaning.POSSIBLE in columns.places
        for row in sheet.rows:
            part = parts.setdefault(row.column, [])
            if meaning not in row.most and not is_of_line:
                part.append(_cell(row, columns.places, meaning))
        cells = [_cell(row, columns.places, meaning) for row in sheet.rows]
        found[name] = FieldColumn(columns.headings[columns.places[meaning]], cells, parts)
    return found

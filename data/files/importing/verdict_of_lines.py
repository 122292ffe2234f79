"""A verdict on every line, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from data.files.importing.dates import is_ambiguous
from data.files.importing.headings import Columns, Meaning
from data.files.importing.match_people import Resolver, Unresolved, cell
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.sheet import Cell, Row, Sheet, as_text
from data.files.importing.values import (
    FIELDS,
    Reader,
    UnclearError,
    is_number,
    says_the_same,
    settled_reader,
)
from data.files.importing.verdicts import CurrentRow, Judgement, Line, LineProblem, Verdict
from data.rules.details import is_scored
from data.rules.progress import Edit, Field, Key, Settled, Value, Values, check, differs, settle

STEPS: Final = 50


def judge(
    sheet: Sheet,
    columns: Columns,
    roster: Roster,
    current: Mapping[Key, CurrentRow],
    now: datetime,
    zone: tzinfo = UTC,
    *,
    day_first: bool | None = None,
    percent_cells: bool | None = None,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Judgement:
    """Judge every line; raises nothing, whatever the file holds.

    `current` has the rows of `concerned()`; one that is not in it is a module the student does not have.
    `now` is the database's clock; dates without a time are days in `zone`. `day_first` settles 3/4/2026
    where the column does not, `percent_cells` whether a spreadsheet's 0.85 is 85 %. `progress` hears about
    fifty fractions, 0 to 1.
    """
    reader = _reader(sheet, columns.places, day_first, percent_cells)
    judged = _Judge(columns, roster, current, now, zone, reader)
    lines = []
    step = max(1, len(sheet.rows) // STEPS)
    for number, row in enumerate(sheet.rows):
        if number % step == 0:
            progress(number / len(sheet.rows))
        lines.append(judged.line(row))
    progress(1.0)
    return Judgement(tuple(lines))


class _Judge:
    """What is the same for all lines of a table, and the lines that were there before."""

    def __init__(
        self,
        columns: Columns,
        roster: Roster,
        current: Mapping[Key, CurrentRow],
        now: datetime,
        zone: tzinfo,
        reader: Reader,
    ) -> None:
        self._columns, self._places = columns, columns.places
        self._resolver = Resolver(columns, roster)
        self._current, self._now, self._zone = current, now, zone
        self._earlier: dict[Key, int] = {}
        self._meanings = [one for one in FIELDS if one in self._places]
        self._reader = reader
        self._unfit = tuple(LineProblem(None, message) for message in columns.problems)

    def line(self, row: Row) -> Line:
        shape = self._unfit or self._too_long(row)
        if shape:
            return Line(row.line, Verdict.PROBLEM, problems=shape)
        student, module = self._resolver.student(row), self._resolver.module(row)
        if isinstance(student, Unresolved) or isinstance(module, Unresolved):
            return self._unresolved(row, student, module)
        key = student.id, module.id
        first = self._earlier.setdefault(key, row.line)
        if first != row.line:
            message = f"This student and module are in line {first} already. Leave one of them out."
            problem = LineProblem(None, message)
            return Line(row.line, Verdict.DUPLICATE, student, module, problems=(problem,))
        holds = self._current.get(key, CurrentRow())
        if not holds.eligible:
            message = (
                f"“{module.name}” is in none of the classes of {student.name}. Leave the line out."
            )
            problem = LineProblem(self._heading(Meaning.MODULE), message)
            return Line(row.line, Verdict.PROBLEM, student, module, problems=(problem,))
        return self._wish(row, student, module, holds.values)

    def _too_long(self, row: Row) -> tuple[LineProblem, ...]:
        headings = len(self._columns.headings)
        if len(row.cells) <= headings:
            return ()
        message = (
            f"The line has {len(row.cells)} cells and the headings are {headings}. "
            "Put text that holds a separator into quotation marks, or empty the cells too many."
        )
        return (LineProblem(None, message),)

    def _unresolved(
        self, row: Row, student: KnownStudent | Unresolved, module: KnownModule | Unresolved
    ) -> Line:
        failed = [one for one in (student, module) if isinstance(one, Unresolved)]
        problems = tuple(LineProblem(self._heading(one.meaning), one.message) for one in failed)
        if any(not one.is_unknown for one in failed):
            verdict = Verdict.PROBLEM
        elif isinstance(student, Unresolved):
            verdict = Verdict.UNKNOWN_STUDENT
        else:
            verdict = Verdict.UNKNOWN_MODULE
        return Line(
            row.line,
            verdict,
            None if isinstance(student, Unresolved) else student,
            None if isinstance(module, Unresolved) else module,
            problems=problems,
        )

    def _wish(self, row: Row, student: KnownStudent, module: KnownModule, seen: Values) -> Line:
        changes, problems = self._changes(row, seen)
        settled = Settled()
        if changes and not problems:
            settled = settle(changes, seen, is_scored(module.type), self._now)
            for one in settled.problems:
                place = _MEANINGS[one.field] if one.field else None
                problems.append(LineProblem(place and self._heading(place), one.message))
        if problems:
            return Line(row.line, Verdict.PROBLEM, student, module, problems=tuple(problems))
        if not settled.values:
            return Line(row.line, Verdict.NO_CHANGE, student, module)
        edit = Edit(student.id, module.id, changes, seen)
        return Line(row.line, Verdict.CHANGE, student, module, edit, settled)

    def _changes(self, row: Row, seen: Values) -> tuple[dict[Field, Value], list[LineProblem]]:
        typed: dict[Field, object] = {}
        problems: list[LineProblem] = []
        for meaning in self._meanings:
            written = cell(row, self._places, meaning)
            if written is None:
                continue
            name = FIELDS[meaning]
            try:
                normal = self._reader.normal(name, written)
            except UnclearError as unclear:
                # What is stored may itself be such a value: written back, it changes nothing.
                if not says_the_same(written, written, seen[name], self._zone):
                    problems.append(self._bad(meaning, written, str(unclear)))
                continue
            if not says_the_same(written, normal, seen[name], self._zone):
                typed[name] = normal
        values, refused = check(typed, self._now, self._zone)
        for one in refused:
            meaning = _MEANINGS[one.field or Field.STATUS]
            problems.append(self._bad(meaning, cell(row, self._places, meaning), one.message))
        changes = {name: value for name, value in values.items() if differs(value, seen[name])}
        return changes, problems

    def _bad(self, meaning: Meaning, written: Cell, message: str) -> LineProblem:
        text = " ".join(as_text(written).split())
        cut = text if len(text) <= 40 else text[:39] + "…"
        return LineProblem(self._heading(meaning), f"“{cut}”: {message}")

    def _heading(self, meaning: Meaning) -> str:
        place = self._places.get(meaning)
        return meaning.value if place is None else self._columns.headings[place]


_MEANINGS: Final = {name: meaning for meaning, name in FIELDS.items()}


def _reader(
    sheet: Sheet,
    places: Mapping[Meaning, int],
    day_first: bool | None,
    percent_cells: bool | None,
) -> Reader:
    return settled_reader(_columns(sheet, places), sheet.typed, day_first, percent_cells)


def _columns(sheet: Sheet, places: Mapping[Meaning, int]) -> dict[Field, list[Cell]]:
    return {
        name: [cell(row, places, meaning) for row in sheet.rows]
        for meaning, name in FIELDS.items()
        if meaning in places
    }


@dataclass(frozen=True)
class Questions:
    """What only a person can say of a whole table: what `judge()` takes by these names."""

    day_first: bool = False
    percent_cells: bool = False


def questions(sheet: Sheet, columns: Columns) -> Questions:
    """Which of them this table leaves open."""
    cells = _columns(sheet, columns.places)
    reader = settled_reader(cells, sheet.typed, None, None)
    dates = (one for one in cells.get(Field.COMPLETED_AT, ()) if isinstance(one, str))
    return Questions(
        reader.day_first is None and any(map(is_ambiguous, dates)),
        any(0 < one <= 1 for name in reader.shares for one in cells[name] if is_number(one)),
    )

"""The gradebook file that Canvas gave, with what differs here filled in.

Canvas takes an empty cell for "no grade" and clears what is there: every other cell stays as it came.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from data.files.elsewhere.scores import Scores, unmistakable
from data.files.elsewhere.spans import Spans, read_spans
from data.files.importing.cells.numbers import plain, read_number
from data.files.importing.cells.status_words import says_no_value
from data.files.importing.columns.gradebook_lines import lines_above
from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.folding import fold, visible
from data.files.importing.judging.match_people import Resolver, Unresolved
from data.files.importing.reading.file import read_file
from data.files.importing.reading.workbook_package import OLE, ZIP
from data.files.importing.roster import KnownStudent, Roster
from data.files.importing.sheet import Row, Sheet, UnreadableFile, as_text
from data.i18n.formats import count, few
from data.rules.progress import HIGHEST, Key

MOST_TOLD: Final = 8
_NOT_CANVAS: Final = "This is no gradebook of Canvas. Choose the CSV that Canvas exports, as it is."
_SAME: Final = Decimal("0.005")
"""Canvas writes two decimals."""
_DECIMAL: Final = re.compile(r"\d([.,])\d+\s*\Z")
_EXCUSED: Final = "ex"
_ASSIGNMENT: Final = re.compile(r".+\(\d+\)\s*", re.DOTALL)


@dataclass(frozen=True)
class HandedBack:
    """The file, how many cells of it are filled, and what could not be matched, in sentences."""

    content: bytes
    filled: int
    notes: tuple[str, ...]


def hand_back(
    name: str,
    content: bytes,
    roster: Roster,
    scores: Scores,
    changed: Collection[Key] | None = None,
) -> HandedBack:
    """Fill in what differs from `scores`; of these cells alone, where `changed` names some.

    Raises UnreadableFile where it is not Canvas's own CSV.
    """
    if content.startswith((ZIP, OLE)):
        raise UnreadableFile(_NOT_CANVAS)
    sheet = read_file(name, content, known=roster.texts)
    columns = recognise_table(sheet, roster)
    _refuse_others(sheet)
    return _Filling(sheet, columns, roster, read_spans(content, roster.texts), scores).fill(changed)


def _refuse_others(sheet: Sheet) -> None:
    names = {fold(one) for one in sheet.headings}
    has_name = names & {"student", "lastname firstname"}
    if not has_name or not {"id", "section"} <= names or not _works(sheet):
        raise UnreadableFile(_NOT_CANVAS)


def _works(sheet: Sheet) -> list[int]:
    """The columns of assignments: only these does Canvas write with a number in brackets."""
    return [at for at, one in enumerate(sheet.headings) if _ASSIGNMENT.fullmatch(one)]


class _Filling:
    """One file, and what is known here."""

    def __init__(
        self, sheet: Sheet, columns: Columns, roster: Roster, spans: Spans, scores: Scores
    ) -> None:
        self._sheet, self._columns, self._roster = sheet, columns, roster
        self._spans, self._scores = spans, scores
        self._works = _works(sheet)
        above = {row.line for row in lines_above(sheet, columns, roster)}
        self._rows = [row for row in sheet.rows if row.line not in above]
        self._mark = _decimal_mark(sheet, self._works, spans.separator)
        self._excused, self._words = 0, 0

    def fill(self, changed: Collection[Key] | None) -> HandedBack:
        """The cells that differ here, and what could not be matched."""
        modules, unknown = self._modules()
        students, strangers = self._students()
        ours = {
            (one.id, module): score
            for one in self._scores.students for module, score in one.scores.items()
            if changed is None or (one.id, module) in changed
        }  # fmt: skip
        cells = {}
        for row in self._rows:
            if (student := students.get(row.line)) is None:
                continue
            for at, (module, most) in modules.items():
                points = self._points(row, at, ours.get((student.id, module)), most)
                if points is not None:
                    cells[row.line, at] = points
        missing = self._missing(ours, {one.id for one in students.values()}, modules)
        notes = (*strangers, *unknown, *missing, *self._left())
        return HandedBack(self._spans.with_cells(cells), len(cells), notes)

    def _points(self, row: Row, at: int, score: Decimal | None, most: Decimal) -> str | None:
        """What to write; None where there is nothing to say, or the file says as much."""
        if score is None:
            return None
        written = visible(as_text(row.at(at)))
        points = score * most / HIGHEST
        if fold(written) == _EXCUSED:
            self._excused += 1
            return None
        if written and not says_no_value(written):
            there = read_number(written, self._mark)
            if there is None:
                self._words += 1
                return None
            if abs(there.value - points) <= _SAME:
                return None
        return f"{unmistakable(Decimal(plain(points))):f}".replace(".", self._mark)

    def _modules(self) -> tuple[dict[int, tuple[UUID, Decimal]], list[str]]:
        """Whose score each column is, and of how many points; and which cannot be filled."""
        found = {at: one for at, one in self._columns.modules.items() if at in self._works}
        times = Counter(one.module for one in found.values())
        modules, notes = {}, []
        for at in self._works:
            one, called = found.get(at), self._columns.called(at)
            if one is None or one.module is None:
                notes.append(f"{called} names no module of this class and stays as it is.")
            elif times[one.module] > 1:
                notes.append(
                    f"{called} is one of several columns for {one.module.name} and stays as it is."
                )
            elif one.most is None:
                notes.append(f"{called} stays as it is: the file does not say of how many points.")
            else:
                modules[at] = one.module.id, one.most
        return modules, notes

    def _students(self) -> tuple[dict[int, KnownStudent], list[str]]:
        """Who each line is; and the lines that cannot be filled."""
        resolver = Resolver(self._columns, self._roster)
        resolver.settle_names(self._rows)
        found, notes = {}, []
        for row in self._rows:
            student = resolver.student(row)
            if len(self._spans.lines[row.line]) <= max(self._works):
                notes.append(f"Line {row.line} stays as it is: it is shorter than the headings.")
            elif isinstance(student, Unresolved):
                if row.line not in self._columns.left_out:
                    notes.append(f"Line {row.line} stays as it is. {student.message}")
            else:
                found[row.line] = student
        times = Counter(one.id for one in found.values())
        twice = [line for line, one in found.items() if times[one.id] > 1]
        notes += [
            f"Line {line} stays as it is: {found[line].name} is in several lines." for line in twice
        ]
        more = len(notes) - MOST_TOLD
        told = [*notes[:MOST_TOLD], f"{more} more lines stay as they are."] if more > 1 else notes
        return {line: one for line, one in found.items() if line not in twice}, told

    def _missing(
        self,
        ours: Mapping[Key, Decimal],
        students: Collection[UUID],
        modules: Mapping[int, tuple[UUID, Decimal]],
    ) -> Iterator[str]:
        """Whose and which scores have no place in the file."""
        people = {student for student, _ in ours}
        works = {module for _, module in ours}
        there = {module for module, _ in modules.values()}
        without = [one.name for one in self._scores.students if one.id in people - set(students)]
        other = [one.name for one in self._scores.modules if one.id in works - there]
        if without:
            yield f"Students with scores here that the file has no line for: {few(without)}."
        if other:
            yield f"Modules with scores here that the file has no column for: {few(other)}."

    def _left(self) -> Iterator[str]:
        for cells, what in ((self._excused, "excused there"), (self._words, "words there")):
            if cells:
                yield f"{count(cells, 'cell is', 'cells are')} {what} and left so."


def _decimal_mark(sheet: Sheet, works: Sequence[int], separator: str) -> str:
    """As the file's own numbers have it; where none tells, as goes with its separator."""
    for row in sheet.rows:
        for at in works:
            if found := _DECIMAL.search(as_text(row.at(at))):
                return found[1]
    return "," if separator == ";" else "."

"""A verdict on every line, before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from data.files.importing.cells.answers import Answers
from data.files.importing.columns.mapping import Columns
from data.files.importing.judging.duplicates import Said, without_duplicates
from data.files.importing.judging.line_values import MEANINGS, LineValues
from data.files.importing.judging.match_people import Resolver, Unresolved
from data.files.importing.judging.unpivot import unpivot
from data.files.importing.judging.verdicts import CurrentRow, Judgement, Line, LineProblem, Verdict
from data.files.importing.meanings import Meaning
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.sheet import Row, Sheet
from data.i18n.formats import count
from data.rules.details import is_scored
from data.rules.progress import Edit, Field, Key, Settled, settle

STEPS: Final = 50
NO_ANSWERS: Final = Answers()
_TURNED: Final = "Names are read with the surname first: nobody is called so the other way round."


def judge(
    sheet: Sheet,
    columns: Columns,
    roster: Roster,
    current: Mapping[Key, CurrentRow],
    now: datetime,
    zone: tzinfo = UTC,
    *,
    answers: Answers = NO_ANSWERS,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Judgement:
    """Judge every line; raises nothing, whatever the file holds.

    `current` has the rows of `concerned()`; one that is not in it is a module the student does not have.
    `now` is the database's clock; dates without a time are days in `zone`, unless the heading says another.
    `answers` is what a person said of the whole table. `progress` hears about fifty fractions, 0 to 1.
    """
    unfit = tuple(LineProblem(None, message) for message in columns.problems)
    sheet, columns = unpivot(sheet, columns)
    values = LineValues(sheet, columns, answers, now, zone)
    judged = _Judge(columns, Resolver(columns, roster), current, now, values, unfit)
    judged.resolver.settle_names(sheet.rows)
    lines = []
    step = max(1, len(sheet.rows) // STEPS)
    for number, row in enumerate(sheet.rows):
        if number % step == 0:
            progress(number / len(sheet.rows))
        lines.append(judged.line(row))
    progress(1.0)
    settled = without_duplicates(lines, judged.said)
    notes = [_TURNED] if judged.resolver.are_surnames_first else []
    return Judgement(settled, values.understood.questions, (*notes, *values.understood.notes))


def concerned(sheet: Sheet, columns: Columns, roster: Roster) -> tuple[Key, ...]:
    """The student and module of every line that names both, none twice: whose current values judge() needs."""
    sheet, columns = unpivot(sheet, columns)
    resolver = Resolver(columns, roster, suggestions_left=0)
    resolver.settle_names(sheet.rows)
    keys: dict[Key, None] = {}
    for row in sheet.rows:
        student, module = resolver.student(row), resolver.module(row)
        if not isinstance(student, Unresolved) and not isinstance(module, Unresolved):
            keys[student.id, module.id] = None
    return tuple(keys)


class _Judge:
    """What is the same for all lines of a table, and what each line said of its student and module."""

    def __init__(
        self,
        columns: Columns,
        resolver: Resolver,
        current: Mapping[Key, CurrentRow],
        now: datetime,
        values: LineValues,
        unfit: tuple[LineProblem, ...],
    ) -> None:
        self._columns, self._values, self._unfit = columns, values, unfit
        self.resolver = resolver
        self._current, self._now = current, now
        self.said: list[Said | None] = []

    def line(self, row: Row) -> Line:
        self.said.append(None)
        return replace(self._line(row), column=row.column)

    def _line(self, row: Row) -> Line:
        shape = self._unfit or self._too_long(row)
        if shape:
            return Line(row.line, Verdict.PROBLEM, problems=shape)
        student, module = self.resolver.student(row), self.resolver.module(row)
        if isinstance(student, Unresolved) or isinstance(module, Unresolved):
            return self._unresolved(row, student, module)
        current = self._current.get((student.id, module.id), CurrentRow())
        if not current.eligible:
            return self._not_eligible(row, student, module)
        return self._wish(row, student, module, current)

    def _not_eligible(self, row: Row, student: KnownStudent, module: KnownModule) -> Line:
        """An empty cell of a gradebook says nothing of a module that the student does not have."""
        if row.column and not self._values.is_filled(row):
            return Line(row.line, Verdict.NO_CHANGE, student, module)
        message = (
            f"“{module.name}” is in none of the classes of {student.name}. Leave the line out, or give a "
            "class the module first."
        )
        problem = LineProblem(self._values.heading(row, Meaning.MODULE), message)
        return Line(row.line, Verdict.PROBLEM, student, module, problems=(problem,))

    def _too_long(self, row: Row) -> tuple[LineProblem, ...]:
        headings = len(self._columns.headings)
        beyond = row.beyond or max(0, len(row.cells) - headings)
        if not beyond:
            return ()
        message = (
            f"The line has {count(beyond, 'cell', 'cells')} more than there are headings. "
            "Put text that holds a separator into quotation marks, or empty the cells too many."
        )
        return (LineProblem(None, message),)

    def _unresolved(
        self, row: Row, student: KnownStudent | Unresolved, module: KnownModule | Unresolved
    ) -> Line:
        failed = [one for one in (student, module) if isinstance(one, Unresolved)]
        problems = tuple(
            LineProblem(self._values.heading(row, one.meaning), one.message) for one in failed
        )
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

    def _wish(
        self, row: Row, student: KnownStudent, module: KnownModule, current: CurrentRow
    ) -> Line:
        seen, shown = current.values, dict(current.values)
        if self._columns.are_shown_scores and shown[Field.SCORE] is None:
            shown[Field.SCORE] = current.score_in_details
        read = self._values.read(row, seen, shown)
        self.said[-1] = Said(read.said, self._values.words(row))
        problems = list(read.problems)
        settled = Settled()
        if read.changes and not problems:
            settled = settle(read.changes, seen, is_scored(module.type), self._now)
            for one in settled.problems:
                place = MEANINGS[one.field] if one.field else None
                problems.append(
                    LineProblem(place and self._values.heading(row, place), one.message)
                )
        if problems:
            return Line(row.line, Verdict.PROBLEM, student, module, problems=tuple(problems))
        if not settled.values:
            return Line(row.line, Verdict.NO_CHANGE, student, module)
        edit = Edit(student.id, module.id, read.changes, seen)
        notes = tuple(read.notes)
        return Line(row.line, Verdict.CHANGE, student, module, edit, settled, notes=notes)

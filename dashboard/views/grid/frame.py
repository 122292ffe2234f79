"""The rows that are edited as a table, frozen while something is typed that is not saved.

The table in the browser tells edits by their position. So the rows stay as they are, in their order, until
everything typed is saved or discarded; what is typed is kept here by student and module, as text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from dashboard.views.grid.cell_texts import seen_text, value_text
from data.reading.classes.grid import GridRow
from data.reading.drafts import Draft, Unread
from data.reading.filters import Chosen
from data.rules.progress import Edit, Field, Key, Problem, Value, check, differs
from data.writing.save import leads_to

FIELDS: Final = {name.label: name for name in Field}
"""The editable columns by their headings."""

ROWS_A_PAGE: Final = 1_000
"""The whole of a large class in one module, and no more than a browser and each keystroke can bear."""

UNREADABLE: Final = Problem(
    Field.COMPLETED_AT,
    "unreadable",
    "The stored date cannot be read. To replace it, choose another status or give a date.",
)


class CellProblem(NamedTuple):
    """What was typed into a row and cannot be saved, and why."""

    row: GridRow
    typed: str
    problem: Problem


@dataclass(frozen=True)
class Judged:
    """What is typed, read: `edits` are all that could be read, `unread` is what could not, `ready` the edits
    of rows without a problem."""

    edits: tuple[Edit, ...] = ()
    ready: tuple[Edit, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def changes(self) -> int:
        return sum(len(edit.changes) for edit in self.edits)

    @property
    def students(self) -> int:
        return len({edit.student_id for edit in self.edits})


@dataclass(frozen=True)
class RowsPage:
    """Which of all the rows are shown: `number` counts from 0, `total` is the rows of all pages."""

    number: int = 0
    total: int = 0

    @property
    def last(self) -> int:
        return max(0, (self.total - 1) // ROWS_A_PAGE)

    @property
    def first_row(self) -> int:
        return self.number * ROWS_A_PAGE

    @property
    def sentence(self) -> str:
        """'Rows 1 to 1,000 of 25,000.'"""
        until = min(self.total, self.first_row + ROWS_A_PAGE)
        return f"Rows {self.first_row + 1:,} to {until:,} of {self.total:,}."


def on_page(
    rows: Sequence[GridRow], asked: int, also: Collection[Key] = ()
) -> tuple[Sequence[GridRow], RowsPage]:
    """The rows of a page, the last where there are not so many, and these `also` wherever they stand."""
    page = RowsPage(total=len(rows))
    page = RowsPage(min(max(asked, 0), page.last), len(rows))
    if not page.last:
        return rows, page
    within = range(page.first_row, page.first_row + ROWS_A_PAGE)
    wanted = set(also)
    shown = [row for at, row in enumerate(rows) if at in within or (wanted and row.key in wanted)]
    return shown, page


@dataclass
class Frame:
    """The rows of one opening of the table: those of a page, and all in which something is typed. `token` is
    in its widget's key: another opening has another.

    `students` are the rows' names, told apart where several have the same: of one opening they stay the same,
    as the rows do. `typed` holds the text of each cell that is not as it was seen; `begun_with` what it held
    when the widget was made, which tells its edits from then on.
    """

    chosen: Chosen
    rows: Sequence[GridRow]
    zone: tzinfo
    typed: dict[tuple[Key, Field], str] = field(default_factory=dict)
    begun_with: Mapping[tuple[Key, Field], str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: uuid4().hex[:8])
    is_drawn: bool = False
    page: RowsPage = field(default_factory=lambda: RowsPage())
    students: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def widget(self) -> str:
        """The widget's key."""
        return f"grid_{self.token}"

    @property
    def keys(self) -> Collection[Key]:
        """The rows in which something is typed."""
        return {key for key, _ in self.typed}

    def text(self, row: GridRow, name: Field) -> str:
        """What a cell holds: what was typed, or what was seen."""
        return self.typed.get((row.key, name), seen_text(row, name, self.zone))

    def column(self, name: Field) -> list[str]:
        """A column as the widget begins with it."""
        return [
            self.begun_with.get((row.key, name), seen_text(row, name, self.zone))
            for row in self.rows
        ]

    def take(self, edited: Mapping[int, Mapping[str, object]]) -> None:
        """Take over what the widget tells: cells by position and heading, all since it was made."""
        self.typed = dict(self.begun_with)
        for position, cells in edited.items():
            # A browser may tell anything; a place that was never drawn is nobody's cell.
            if position not in range(len(self.rows)):
                continue
            row = self.rows[position]
            for heading, value in cells.items():
                name = FIELDS.get(heading)
                if name is None:
                    continue
                text = "" if value is None else str(value)
                if text == seen_text(row, name, self.zone):
                    self.typed.pop((row.key, name), None)
                else:
                    self.typed[row.key, name] = text

    def renewed(self, rows: Iterable[GridRow], chosen: Chosen, forget: Collection[Key]) -> Frame:
        """Another opening over these rows: what is typed stays, with the values that were seen then."""
        typed = {cell: text for cell, text in self.typed.items() if cell[0] not in forget}
        kept = {row.key: row for row in self.rows if row.key in {key for key, _ in typed}}
        shown = [kept.get(row.key, row) for row in rows]
        return Frame(chosen, shown, self.zone, typed, dict(typed), page=self.page)


def opened(
    rows: Iterable[GridRow], chosen: Chosen, zone: tzinfo, draft: Draft, page: RowsPage
) -> Frame:
    """An opening in which what was set aside earlier is typed already, what was refused too."""
    rows = list(rows)
    here = {row.key for row in rows}
    pending = {(one.student_id, one.module_id): one.seen for one in draft.unread + draft.edits}
    seen = [replace(row, values=pending[row.key]) if row.key in pending else row for row in rows]
    typed = {
        ((edit.student_id, edit.module_id), name): value_text(name, value, zone)
        for edit in draft.edits
        for name, value in edit.changes.items()
    }
    for one in draft.unread:
        typed |= {((one.student_id, one.module_id), name): text for name, text in one.typed.items()}
    typed = {cell: text for cell, text in typed.items() if cell[0] in here}
    return Frame(chosen, seen, zone, typed, dict(typed), page=page)


def judge(frame: Frame, now: datetime) -> Judged:
    """Read everything that is typed. A value put back to what was seen is no change."""
    edits: list[Edit] = []
    ready: list[Edit] = []
    problems: list[CellProblem] = []
    unread: list[Unread] = []
    for key, row in _typed_rows(frame):
        values, wrong = _read(frame, row, now)
        if refused := _refused(frame, key, values, wrong):
            unread.append(Unread(*key, refused, row.values))
        edit = Edit(*key, values, row.values)
        if values:
            edits.append(edit)
            wrong += leads_to(edit, "grid", row.module_type, now).problems
        if values and not wrong:
            ready.append(edit)
        problems += [CellProblem(row, _typed(frame, row, each), each) for each in wrong]
    return Judged(tuple(edits), tuple(ready), tuple(problems), tuple(unread))


def _typed_rows(frame: Frame) -> Iterator[tuple[Key, GridRow]]:
    """Those in which something is typed, in the table's order."""
    keys = frame.keys
    for row in frame.rows if keys else ():
        if row.key in keys:
            yield row.key, row


def _refused(
    frame: Frame, key: Key, values: Collection[Field], wrong: Iterable[Problem]
) -> dict[Field, str]:
    fields = {problem.field for problem in wrong}
    return {
        name: frame.typed[key, name]
        for name in Field
        if (key, name) in frame.typed and name in fields and name not in values
    }


def _read(frame: Frame, row: GridRow, now: datetime) -> tuple[dict[Field, Value], list[Problem]]:
    typed = {name: frame.typed[row.key, name] for name in Field if (row.key, name) in frame.typed}
    values, problems = check(typed, now, frame.zone)
    changed = {name: value for name, value in values.items() if differs(value, row.values[name])}
    cleared = values.get(Field.COMPLETED_AT, now) is None
    if row.unreadable_date and cleared and Field.STATUS not in changed:
        problems.append(UNREADABLE)
    return changed, problems


def _typed(frame: Frame, row: GridRow, problem: Problem) -> str:
    return "" if problem.field is None else frame.text(row, problem.field)

"""The tables of classes that a person has open, and what is typed in them: set aside at every change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import product
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.selection import Block
from dashboard.components.text import count
from dashboard.views.grid import filters, pages
from dashboard.views.grid import frame as grid_frame
from dashboard.views.grid.frame import Frame, Judged, judge, on_page
from data.access.errors import DataError
from data.reading import drafts
from data.reading.classes.grid import GridRow, grid_rows
from data.reading.classes.page import class_page
from data.reading.drafts import Draft
from data.reading.filters import Chosen
from data.rules.progress import Edit, Key, Problem, differs
from data.writing.drafts import save_draft
from data.writing.save import Outcome, leads_to

GRIDS: Final = "grids"

AWAY: Final = Problem(
    None,
    "away",
    "Your draft could not be stored yet. It is only on this page: do not close it.",
)


@dataclass
class Grid:
    """The table of one class as one person has it open.

    `set_aside` is what the draft holds, `problem` why it holds no more; `restored` says that it was opened with
    changes of an earlier time.
    """

    class_id: UUID
    frame: Frame
    set_aside: Draft = field(default_factory=Draft)
    problem: Problem | None = None
    restored: str | None = None
    is_discarding: bool = False


def current(chosen: Chosen) -> Grid:
    """The table of the chosen class: opened anew with other filters or rows, but never while something is
    typed in it."""
    grids: dict[tuple[UUID, UUID], Grid] = st.session_state.setdefault(GRIDS, {})
    key = reads.visit().actor.id, chosen["class"]
    grid = grids.get(key)
    if grid is None:
        grid = grids[key] = _open(chosen)
    frame = grid.frame
    if frame.is_drawn and frame.widget not in st.session_state:
        # The page was left, and its widget forgotten: another one begins with what was typed, meanwhile
        # perhaps also in the panel of a cell.
        grid.frame = frame.renewed(frame.rows, frame.chosen, ())
        if grid.problem is None and not _is_stored(grid):
            grid = grids[key] = _open(chosen)
    take(grid)
    if not grid.frame.typed:
        _refresh(grid, chosen)
    return grid


def _is_stored(grid: Grid) -> bool:
    """Whether the draft holds just what is typed here."""
    stored = reads.ask(drafts.draft, grid.class_id)
    return _same(stored.edits, grid.set_aside.edits) and stored.unread == grid.set_aside.unread


def _open(chosen: Chosen) -> Grid:
    kept = reads.ask(drafts.draft, chosen["class"])
    keys = [(one.student_id, one.module_id) for one in kept.edits + kept.unread]
    rows, page = on_page(_rows(chosen, keys), pages.asked(), keys)
    frame = grid_frame.opened(rows, chosen, zone(), kept, page)
    return Grid(chosen["class"], frame, kept, kept.problem, _restored(kept, len(frame.typed)))


def _rows(chosen: Chosen, also: Collection[Key] = ()) -> Sequence[GridRow]:
    """Those that fit the filters, and these `also`; or the cells selected in the class, in that order."""
    block: Block | None = chosen.get(filters.BLOCK)
    if block is None:
        return _of_students(chosen, also)
    keys = list(dict.fromkeys([*product(block.students, block.modules), *also]))
    # Of one module, for a class has too many rows; those of the others are asked for by their keys.
    one = {"class": chosen["class"], "module": block.modules[0]}
    found = {row.key: row for row in reads.ask(grid_rows, one, sorted(keys))}
    return [found[key] for key in keys if key in found]


def _of_students(chosen: Chosen, also: Collection[Key]) -> Sequence[GridRow]:
    of_rows = {key: value for key, value in chosen.items() if key not in filters.OF_STUDENTS}
    found = reads.ask(grid_rows, of_rows, sorted(also))
    if of_rows == chosen:
        return found
    table = reads.ask(class_page, chosen).matrix
    whose = {student.id for student in table.students} if table else set()
    return [row for row in found if row.student_id in whose or row.key in also]


def _restored(kept: Draft, changes: int) -> str | None:
    if not changes or kept.updated_at is None:
        return None
    unsaved = count(changes, "unsaved change", "unsaved changes")
    return f"Your draft from {_when(kept.updated_at)} is open again: {unsaved}."


def _when(moment: datetime) -> str:
    """'10:12' today, else with the day."""
    here, now = zone(), reads.visit().now
    written = minute(moment, here)
    is_today = moment.astimezone(here).date() == now.astimezone(here).date()
    return written.rpartition(" ")[2] if is_today else written


def _refresh(grid: Grid, chosen: Chosen) -> None:
    rows, page = on_page(_rows(chosen), pages.asked())
    frame = grid.frame
    is_same = dict(chosen) == dict(frame.chosen) and page == frame.page
    if not is_same or list(rows) != list(frame.rows):
        grid.frame = Frame(chosen, rows, zone(), page=page)


def take(grid: Grid) -> None:
    """Take over what the widget tells, and set it aside."""
    widget: Any = st.session_state.get(grid.frame.widget)
    if widget is None:
        return
    grid.frame.take(widget["edited_rows"])
    _set_aside(grid)


def _set_aside(grid: Grid) -> Judged:
    visit = reads.visit()
    judged = judge(grid.frame, visit.now)
    is_same = _same(judged.edits, grid.set_aside.edits) and judged.unread == grid.set_aside.unread
    if is_same:
        return judged
    try:
        grid.problem = save_draft(
            visit.actor, grid.class_id, judged.edits, judged.unread, replacing=_keys(grid.set_aside)
        )
    except DataError:
        grid.problem = AWAY
        return judged
    grid.set_aside = Draft(judged.edits, unread=judged.unread)
    return judged


def _keys(draft: Draft) -> set[Key]:
    return {(one.student_id, one.module_id) for one in draft.unread + draft.edits}


def _same(one: Collection[Edit], other: Collection[Edit]) -> bool:
    # A date of today is read as the very moment: only what was typed counts.
    def comparable(edits: Collection[Edit]) -> set[tuple[object, ...]]:
        return {
            (
                edit.student_id,
                edit.module_id,
                *sorted((k, _day(v)) for k, v in edit.changes.items()),
            )
            for edit in edits
        }

    return comparable(one) == comparable(other)


def _day(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def forget(grid: Grid, keys: Collection[Key]) -> None:
    """These rows are saved or given up: what is typed elsewhere stays, over rows read anew."""
    reads.forget()
    frame = grid.frame
    remaining = [key for key in frame.keys if key not in keys]
    rows, _ = on_page(_rows(frame.chosen, remaining), frame.page.number, remaining)
    grid.frame = frame.renewed(
        rows, frame.chosen, set(frame.keys) - {row.key for row in rows} | set(keys)
    )
    grid.is_discarding, grid.restored = False, None
    _set_aside(grid)


def settle(grid: Grid, outcome: Outcome) -> None:
    """After a save: what was saved, stood so already, or was left to others is pending no more."""
    done = {(one.student_id, one.module_id) for one in outcome.saved}
    done |= {(edit.student_id, edit.module_id) for edit in outcome.unchanged}
    reads.forget()
    now = reads.visit().now
    ready = {(edit.student_id, edit.module_id): edit for edit in judge(grid.frame, now).ready}
    waiting = [key for key in ready if key not in done]
    for row in _rows(grid.frame.chosen, waiting):
        if row.key in waiting and _was_left(ready[row.key], row, now):
            done.add(row.key)
    forget(grid, done)


def _was_left(edit: Edit, row: GridRow, now: datetime) -> bool:
    """Was it changed by others, and could have been saved over theirs? Then the person left it to them."""
    moved = any(differs(row.values[name], edit.seen[name]) for name in edit.changes)
    return (
        moved
        and not leads_to(replace(edit, seen=row.values), "grid", row.module_type, now).problems
    )

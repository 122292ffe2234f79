"""The class matrix: students by modules as a real table, in the browser (`st.components.v2`).

Presentational: it draws what it is handed and reports what a person did. It is mounted without a
shadow root: `@page` rules work, and the panel of a cell can tell whether the focus is in it. All class
names begin with `mx-` or `look-`, so that nothing else on the page is touched.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard.components import browser
from dashboard.web import scripts
from data.reading.classes.arrangement import DENSITIES, SORTS, Density
from data.rules.details import is_scored

EventKind = Literal["open", "sort", "block", "density", "set"]


@dataclass(frozen=True)
class ModuleColumn:
    """A column: its buckets are counted over the students shown. Pinned ones come first. A score never
    looks like the pass mark that it is not."""

    id: str
    name: str
    type: str
    completed: int
    in_progress: int
    not_started: int
    pinned: bool = False
    pass_mark: float = 60
    other: int = 0


@dataclass(frozen=True)
class StudentRow:
    """A row. `cells` holds one cell a module, in module order, joined by ";".

    A cell is a status letter, a percentage, "/" and a score, and marks, each but the first
    optional: "C100/85.5fe", "I40", "N"; "X{Paused}40" is in a status of the platform's own. An empty one
    means: not in this module. `last_activity` is formatted text. `why` has the reasons for attention, the
    gravest first, joined by " · ". A heading is drawn where `group` changes. `beside` tells the student from
    another of the same name.
    """

    id: str
    name: str
    cells: str
    completed: int
    in_progress: int
    not_started: int
    last_activity: str | None
    why: str | None = None
    group: str | None = None
    beside: str | None = None
    other: int = 0


@dataclass(frozen=True)
class MatrixEvent:
    """What a person did. Which fields are set depends on `kind`:

    "open": student and module. "sort": by. "density": by, one of DENSITIES.
    "block": students and modules; both empty when the selection was cleared.
    "set": students, modules, and texts: what was typed or pasted, one for all or a line a student.
    """

    kind: EventKind
    student: str | None = None
    module: str | None = None
    by: str | None = None
    students: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()


Ids = tuple[Collection[str], Collection[str]]

_HERE = Path(__file__).parent
_SCRIPTS = (
    "figures", "model", "averages", "tip", "symbols", "heads", "cells", "measure", "place", "flash", "grid",
    "picking", "unsaved", "entry", "clipboard", "keys", "list", "print", "shown", "main",
)  # fmt: skip
_STYLES = ("matrix", "grid", "heads", "entry", "print")
_mount = browser.component(
    "matrix", _HERE, *(f"{name}.js" for name in _SCRIPTS), *(f"{name}.css" for name in _STYLES)
)
_mount_renewal = scripts.component("matrix_renewal", (_HERE / "renewal.js").read_text("utf-8"))


def drawn(
    *,
    key: str,
    label: str,
    modules: Sequence[ModuleColumn],
    students: Sequence[StudentRow],
    sort: str | None,
    density: Density,
    can_edit: bool,
    module_href: str,
    read_only_note: str | None,
    cleared: int,
    stuck_after: int | None = None,
    outlined: str | None = None,
) -> bytes:
    """The matrix as the browser gets it: JSON, worth keeping where it is large and asked for again.

    `sort` names the order that `students` are in: one of SORTS or "module:<id>", with "-" in front
    for descending. Raise `cleared` by one to drop the block selection, as after a bulk edit. A module's id is
    put behind `module_href`. The legend says after how many attempts somebody is stuck. Cells of the status
    with the letter `outlined` stand out, the others recede.
    """
    options = {
        "key": key,
        "label": label,
        "sort": sort,
        "density": density,
        "canEdit": can_edit,
        "moduleHref": module_href,
        "note": read_only_note,
        "cleared": cleared,
        "stuckAfter": stuck_after,
        "outlined": outlined,
    }
    data = [options, [_module_row(each) for each in modules], [_student_row(s) for s in students]]
    return json.dumps(data, separators=(",", ":")).encode()


def show(
    key: str, data: bytes, ids: Callable[[], Ids], on_event: Callable[[MatrixEvent], None]
) -> None:
    """Mount what `drawn` made. `on_event` is told what a person did before the rerun that it leads to.

    `ids` tells the ids of the modules and students that were drawn, asked for only where there is an event.
    """

    def heard() -> None:
        # A callback and not the return value: a rerun that overtakes this one would lose what was done.
        value = st.session_state.get(key, {}).get("event")
        event = None if value is None else _event(value, *ids())
        if event is not None:
            on_event(event)

    _mount(key=key, data=data, on_event_change=heard)


def renew_cell(student: str, module: str, cell: str, why: str | None, token: str) -> None:
    """Have the matrix on the page show a cell's new text, and count it, until the page is drawn anew; `why` is
    why the student needs attention now.

    For a fragment, which cannot draw outside itself. Another `token` is another renewal.
    """
    _mount_renewal(key="matrix_renewal", data=[token, student, module, cell, why])


def _module_row(module: ModuleColumn) -> list[object]:
    counts = [module.completed, module.in_progress, module.not_started]
    flags = [int(module.pinned), int(is_scored(module.type))]
    return [module.id, module.name, module.type, *counts, *flags, module.pass_mark, module.other]


def _student_row(student: StudentRow) -> list[object]:
    counts = [student.completed, student.in_progress, student.not_started]
    row: list[object] = [student.id, student.name, student.cells, *counts, student.last_activity]
    row += [student.why, student.group, student.beside, student.other or None]
    while row[-1] is None:
        row.pop()
    return row


def _event(
    value: object, modules: Collection[str], students: Collection[str]
) -> MatrixEvent | None:
    """The browser's word, taken only where it speaks of rows and columns that were drawn."""
    if not isinstance(value, Mapping):
        return None
    kind, by = value.get("kind"), value.get("by")
    student = _known([value.get("student")], students)
    module = _known([value.get("module")], modules)
    if kind == "open" and student and module:
        return MatrixEvent("open", student=student[0], module=module[0])
    if kind == "sort" and isinstance(by, str) and _sortable(by, modules):
        return MatrixEvent("sort", by=by)
    if kind == "density" and by in DENSITIES:
        return MatrixEvent("density", by=by)
    if kind == "block":
        picked = _known(value.get("students"), students), _known(value.get("modules"), modules)
        return MatrixEvent("block", students=picked[0], modules=picked[1])
    if kind == "set":
        return _set(value, modules, students)
    return None


def _set(
    value: Mapping[object, object], modules: Collection[str], students: Collection[str]
) -> MatrixEvent | None:
    """What is for a row or a column that is not drawn any more would be put elsewhere: then nothing is."""
    rows, columns, texts = (value.get(name) for name in ("students", "modules", "texts"))
    meant = _known(rows, students), _known(columns, modules)
    if [*meant[0]] != rows or [*meant[1]] != columns or not isinstance(texts, list):
        return None
    lines = tuple(
        tuple(one for one in line if isinstance(one, str))
        for line in texts
        if isinstance(line, list)
    )
    shape = len(lines), *{len(line) for line in lines}
    if not all(meant) or shape not in {(1, 1), (len(meant[0]), len(meant[1]))}:
        return None
    return MatrixEvent("set", students=meant[0], modules=meant[1], texts=lines)


def _sortable(by: str, modules: Collection[str]) -> bool:
    what = by.removeprefix("-")
    if what.startswith("module:"):
        return what.removeprefix("module:") in modules
    return what in SORTS


def _known(ids: object, known: Collection[str]) -> tuple[str, ...]:
    if not isinstance(ids, list):
        return ()
    return tuple(each for each in ids if isinstance(each, str) and each in known)

"""What is typed over a cell, beside the row it is of: the edit it means, what that leads to, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.editing.change_table import shown
from dashboard.reads import fresh
from data.access.errors import OWN_PROGRESS
from data.reading.students.students import StudentModule, student_modules
from data.rules.cell import parse_cell
from data.rules.details import is_scored
from data.rules.ids import as_uuid
from data.rules.progress import (
    Edit,
    Field,
    Key,
    Problem,
    Settled,
    Values,
    check,
    differs,
    settle,
    typed_cell,
)

KINDS: Final = ("ask", "save", "drop", "undo")

LONGEST: Final = 80
"""Characters that a cell takes."""

TELLS_SCORES_TO: Final = 9999
"""Beyond these a cell does not tell its score (internal.cell_of)."""


@dataclass(frozen=True)
class Typed:
    """One thing that a person did: "ask" what a text would do, "save" it, "drop" what was refused, or "undo"
    the batch that the text names. `seen` is the cell as it was shown, `attempt` how often this was sent."""

    token: UUID
    attempt: int
    kind: str
    student: UUID
    module: UUID
    seen: str
    text: str

    @property
    def key(self) -> Key:
        return self.student, self.module


def read(sent: object) -> Typed | None:
    """The browser's word; None where it is none."""
    if not isinstance(sent, list) or len(sent) != 7:
        return None
    token, attempt, kind, student, module, seen, text = sent
    ids = [as_uuid(one) for one in (token, student, module) if isinstance(one, str)]
    known = [one for one in ids if one is not None]
    texts = [one[:LONGEST] for one in (seen, text) if isinstance(one, str)]
    if kind not in KINDS or not isinstance(attempt, int) or len(known) + len(texts) != 5:
        return None
    return Typed(known[0], attempt, kind, known[1], known[2], *texts)


@dataclass(frozen=True)
class Judged:
    """A row, and what a text would make of it. `unread` is what of it cannot be read."""

    row: StudentModule
    edit: Edit
    unread: Mapping[Field, str]
    problems: tuple[Problem, ...]
    settled: Settled


def judge(one: Typed, class_id: UUID) -> Judged | None:
    """The same as saving would; None where there is no such cell that this person may see."""
    rows = fresh.ask(student_modules, one.student, one.module, details_of=(), class_id=class_id)
    if not rows:
        return None
    visit, scored = reads.visit(), is_scored(rows[0].module.type)
    seen = _seen(rows[0], one.seen)
    typed = typed_cell(one.text, scored, seen[Field.STATUS])
    values, problems = check({} if typed.problem else typed.fields, visit.now, zone())
    problems = [typed.problem] if typed.problem else problems
    if one.student == visit.actor.id:
        problems = [OWN_PROGRESS]
    settled = Settled() if problems else settle(values, seen, scored, visit.now)
    unread = {name: text for name, text in typed.fields.items() if name not in values}
    every = (*problems, *settled.problems)
    return Judged(rows[0], Edit(*one.key, values, seen), unread, every, settled)


def _seen(row: StudentModule, cell: str) -> Values:
    """What somebody saw who saw this cell; of what a cell does not tell, what the row holds now."""
    told, now = parse_cell(cell), row.values
    is_told = row.shown_score is not None and abs(row.shown_score) <= TELLS_SCORES_TO
    moved = differs(told.score, row.shown_score if is_told else None)
    return {
        **now,
        Field.STATUS: told.status,
        Field.PERCENTAGE: told.percentage,
        Field.SCORE: told.score if moved else now[Field.SCORE],
    }


def told(values: Mapping[Field, Any]) -> str:
    """'In progress, 40 %, score 55'."""
    parts = [
        f"{'score ' if name is Field.SCORE else ''}{shown(name, values[name], zone())}"
        for name in (Field.STATUS, Field.PERCENTAGE, Field.SCORE)
        if values.get(name) is not None
    ]
    return ", ".join(parts) or "without a figure"

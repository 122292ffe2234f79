"""What is typed into a cell of the matrix: judged, saved and answered beside the cell, under a page that stays.

The browser sends what has no answer yet until it has one. A token is its batch's id, so that nothing is written
twice. What cannot be saved is kept in the draft of the class.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import day, zone
from dashboard.editing import locks, outcome, saved_notice
from dashboard.reads import fresh
from dashboard.views.classroom.entry.typed import Judged, Typed, judge, read, told
from dashboard.web import scripts
from data.access.errors import DataError
from data.reading import drafts
from data.reading.attention import flags_of
from data.reading.drafts import Unread
from data.reading.students.cell import cell_text
from data.rules.attention import short
from data.rules.cell import parse_cell
from data.rules.ids import as_uuid
from data.rules.progress import Edit, Key, Problem, cell_typed
from data.writing.drafts import save_draft
from data.writing.save import Conflict, Outcome, save
from data.writing.undo import undo_edits

KEY: Final = "cell_entry"
ANSWERS: Final = "cell_entry_answers"
EDITS: Final = "cell_entry_edits"

SO_ALREADY: Final = "It is so already: nothing to save."
LOCKED: Final = "It is locked: the locked values change with it."
UNREADABLE: Final = "What this cell holds cannot be read. Open it (Enter) and correct it there."
GONE: Final = "This cell no longer exists. Nothing was saved."

_mount = scripts.component("cell_entry", Path(__file__).with_name("wire.js").read_text("utf-8"))


@dataclass(frozen=True)
class Answer:
    """What became of it: "asked", "saved", "same", "refused", "conflict", "away", "undone" or "dropped". `cell`
    and `why` are what the matrix shows now, None where that is as before; `batch` can be undone."""

    state: str
    words: str = ""
    cell: str | None = None
    why: str | None = None
    batch: UUID | None = None


@st.fragment
def draw(class_id: UUID) -> None:
    """The wire between this class's matrix and what is saved: what is answered, and what the draft holds."""
    _hear(class_id)
    answered = [
        [str(token), attempt, one.state, one.words, one.cell, one.why, one.batch and str(one.batch)]
        for token, (attempt, one) in _answers().items()
    ]
    # Another person at the same browser is not asked to save what was left here.
    data = [str(reads.visit().actor.id), str(class_id), answered, _drafted(class_id)]
    _mount(key=KEY, data=data, on_typed_change=lambda: _hear(class_id))


def _sent() -> list[object]:
    return st.session_state.get(KEY, {}).get("typed") or []


def _answers() -> dict[UUID, tuple[int, Answer]]:
    found: dict[UUID, tuple[int, Answer]] = st.session_state.setdefault(ANSWERS, {})
    return found


def _drafted(class_id: UUID) -> list[list[str]]:
    """The cells that something typed is kept of, with it."""
    draft = reads.ask(drafts.draft, class_id)
    changes = {(one.student_id, one.module_id): one.changes for one in draft.edits}
    unread = {(one.student_id, one.module_id): one.typed for one in draft.unread}
    return [
        [*map(str, key), cell_typed(changes.get(key, {}), unread.get(key, {}))]
        for key in dict.fromkeys([*changes, *unread])
    ]


def _hear(class_id: UUID) -> None:
    """Answer what is not answered yet. Also as a callback, which runs even where another page is opened
    meanwhile; but whatever looks into the session's state may end that where another run is asked for, which
    then goes on."""
    answers, edits = _answers(), st.session_state.setdefault(EDITS, {})
    sent = [one for one in map(read, _sent()) if one is not None]
    for token in answers.keys() - {one.token for one in sent}:
        del answers[token]
    for one in sent:
        before = answers.get(one.token)
        if before and (before[1].state != "away" or before[0] >= one.attempt):
            continue
        try:
            answers[one.token] = one.attempt, _DO[one.kind](one, class_id)
            reads.forget()
        except DataError as error:
            answers[one.token] = one.attempt, Answer("away", f"Not saved yet: {error}")
            continue
        edits.pop(one.token, None)


def _ask(one: Typed, class_id: UUID) -> Answer:
    found = _readable(one, class_id)
    if isinstance(found, Answer):
        return found
    if found.problems:
        return Answer("asked", _sentences(found.problems))
    if not found.settled.values:
        return Answer("asked", SO_ALREADY)
    locked = [LOCKED] if "k" in parse_cell(one.seen).marks else []
    becomes = f"Becomes {told(found.settled.values)}."
    return Answer("asked", " ".join([becomes, *found.settled.consequences, *locked]))


def _save(one: Typed, class_id: UUID) -> Answer:
    found = _readable(one, class_id)
    if isinstance(found, Answer):
        return found
    if found.problems:
        return _refused(found, found.problems, class_id)
    # A second call after a lost answer has to be of the same edit, to be told what the first did.
    edit = st.session_state.setdefault(EDITS, {}).setdefault(one.token, found.edit)
    result = save(reads.visit().actor, [edit], source="grid", batch_id=one.token)
    if result.conflicts:
        return _conflict(one, found, result.conflicts[0], class_id)
    if wrong := _wrong(result):
        return _refused(found, wrong, class_id)
    _drop_draft(one.key, class_id)
    now = _shown(one, class_id)
    if not result.saved:
        return Answer("same", SO_ALREADY, *now)
    also = locks.followed(result)
    saved_notice.offer(result, also)
    words = outcome.saved_words(result, zone(), found.row.score_in_details)
    return Answer("saved", f"{words} {also}".rstrip(), *now, result.batch_id)


def _drop(one: Typed, class_id: UUID) -> Answer:
    _drop_draft(one.key, class_id)
    return Answer("dropped", "", *_shown(one, class_id))


def _undo(one: Typed, class_id: UUID) -> Answer:
    batch = as_uuid(one.text)
    undoing = fresh.ask(undo_edits, batch, [one.key]) if batch else None
    if undoing is None or not undoing.edits:
        return Answer("same", "There is nothing to undo here.", *_shown(one, class_id))
    actor = reads.visit().actor
    result = save(actor, undoing.edits, source="undo", undoes=batch, batch_id=one.token)
    now = _shown(one, class_id)
    if result.conflicts:
        return Answer("same", f"Not undone: {_changed(result.conflicts[0])}", *now)
    if wrong := _wrong(result):
        return Answer("same", f"Not undone: {_sentences(wrong)}", *now)
    saved_notice.withdraw()
    words = outcome.saved_words(result, zone(), None)
    return Answer("undone", words.replace("Saved", "Undone", 1), *now)


_DO: Final[Mapping[str, Callable[[Typed, UUID], Answer]]] = {
    "ask": _ask,
    "save": _save,
    "drop": _drop,
    "undo": _undo,
}


def _readable(one: Typed, class_id: UUID) -> Judged | Answer:
    if parse_cell(one.seen).status is None:
        return Answer("refused", UNREADABLE)
    return judge(one, class_id) or Answer("refused", GONE)


def _wrong(result: Outcome) -> list[Problem]:
    return [*result.problems, *(each for refusal in result.refusals for each in refusal.problems)]


def _sentences(problems: Iterable[Problem]) -> str:
    return " ".join(each.message for each in problems)


def _refused(found: Judged, problems: Iterable[Problem], class_id: UUID) -> Answer:
    return Answer("refused", f"Not saved: {_sentences(problems)}{_keep(found, class_id)}")


def _conflict(one: Typed, found: Judged, conflict: Conflict, class_id: UUID) -> Answer:
    words = f"Not saved: {_changed(conflict)} It is now {told(conflict.current)}."
    return Answer("conflict", words + _keep(found, class_id), *_shown(one, class_id))


def _changed(conflict: Conflict) -> str:
    when = f" on {day(conflict.changed_at, zone())}" if conflict.changed_at else ""
    return f"{conflict.changed_by or 'somebody'} changed this{when}."


def _keep(found: Judged, class_id: UUID) -> str:
    """Keep it in the draft; '' or why that did not work."""
    edit: Edit = found.edit
    key = edit.student_id, edit.module_id
    edits = [edit] if edit.changes else []
    unread = [Unread(*key, found.unread, edit.seen)] if found.unread else []
    problem = save_draft(reads.visit().actor, class_id, edits, unread, replacing=[key])
    return f" {problem.message}" if problem else ""


def _drop_draft(key: Key, class_id: UUID) -> None:
    draft = fresh.ask(drafts.draft, class_id)
    kept = {(one.student_id, one.module_id) for one in draft.edits}
    if key in kept | {(one.student_id, one.module_id) for one in draft.unread}:
        save_draft(reads.visit().actor, class_id, [], [], replacing=[key])


def _shown(one: Typed, class_id: UUID) -> tuple[str, str | None]:
    """What the matrix shows of it now: the cell, and why the student needs attention."""
    cell = fresh.ask(cell_text, one.student, one.module, class_id)
    return cell or "", short(fresh.ask(flags_of, one.student, [class_id]).flags) or None

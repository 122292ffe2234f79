"""Undoing what was saved together, and restoring one cell: both through the preview."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute
from dashboard.components.table import table
from dashboard.components.text import alert, count, heading, paragraph
from dashboard.editing import preview, saved_notice
from dashboard.editing.change_table import GONE_MODULE, GONE_STUDENT, Choosing, shown
from dashboard.editing.preview import Proposal
from dashboard.reads import fresh, namesakes
from data.reading.classes.matrix import sort_key
from data.reading.eligibility import module_types
from data.reading.history.cell import CellValue, history_of_cell
from data.reading.history.changes import SOURCES, Change
from data.reading.history.saves import SavedBatch
from data.rules.progress import Edit, Field, Key
from data.writing.save import LONGEST_REASON
from data.writing.undo import Undoing, restore_edit, undo_edits

UNDOING: Final = "undoing"
UNDONE: Final = "Undo: "
LEFT_OUT: Final = "left_out"
"""What is left out of an undo, by the save's id: a set of students' modules."""
Names = Mapping[Key, tuple[str, str]]


def names_of(changes: Sequence[Change]) -> Names:
    """Each changed row's student and module, in the order of the names."""
    found = {
        (one.student_id, one.module_id): (
            one.student_name or GONE_STUDENT,
            one.module_name or GONE_MODULE,
        )
        for one in changes
    }
    # Few names, each in many rows.
    places = {name: sort_key(name) for both in found.values() for name in both}
    ordered = sorted(
        found.items(),
        key=lambda item: (*(places[name] for name in item[1]), item[1], str(item[0])),
    )
    return dict(ordered)


def in_order(changes: Sequence[Change], names: Names) -> Sequence[Change]:
    """Changes of a save by student and module, not as the database happened to write them."""
    places = {key: place for place, key in enumerate(names)}
    return sorted(changes, key=lambda one: places[one.student_id, one.module_id])


def draw_undo(batch: SavedBatch, names: Names) -> bool:
    """What can be undone and the way to it, or the preview that it led to. True while that is open."""
    name = f"undo_{batch.id}"
    if preview.is_open(name):
        heading("Undo", 2)
        _draw_left_out(batch, names)
        return preview.draw(name) is None
    if batch.is_undone or not batch.editable:
        return False
    left = len(_left_out(batch) & names.keys())
    with st.container(key="undo_choice", horizontal=True):
        st.button(
            "Undo all of it" if not left else f"Undo {len(names) - left:,} of {len(names):,}",
            key="undo_begin",
            type="primary",
            on_click=begin_undo,
            args=(batch, names),
            disabled=left == len(names),
        )
        if len(names) > 1:
            st.button(
                "Choose all" if left else "Choose none",
                key="undo_choose",
                on_click=_leave_out,
                args=(batch, frozenset() if left else frozenset(names)),
            )
    return False


def choosing(batch: SavedBatch, names: Names) -> Choosing | None:
    """The check boxes that leave changes out of the undo; None where there is nothing to choose."""
    if len(names) < 2 or batch.is_undone or not batch.editable or not reads.visit().actor.may_edit:
        return None

    def choose(rows: Mapping[Key, bool]) -> None:
        unchosen = frozenset(row for row, is_on in rows.items() if not is_on)
        _leave_out(batch, _left_out(batch) - rows.keys() | unchosen)

    return Choosing("Undo", _left_out(batch), choose)


def _left_out(batch: SavedBatch) -> frozenset[Key]:
    found: frozenset[Key] = st.session_state.get(f"{LEFT_OUT}_{batch.id}", frozenset())
    return found


def _leave_out(batch: SavedBatch, rows: frozenset[Key]) -> None:
    st.session_state[f"{LEFT_OUT}_{batch.id}"] = rows


def begin_undo(batch: SavedBatch, names: Names) -> None:
    """Open the preview of undoing all of it, but what was left out."""
    left = _left_out(batch)
    found = fresh.ask(undo_edits, batch.id, set(names) - left if left else None)
    st.session_state[UNDOING] = found
    saved_notice.withdraw()
    places = {key: place for place, key in enumerate(names)}
    preview.begin(
        f"undo_{batch.id}",
        sorted(_proposals(found.edits, names), key=lambda one: places.get(one.key, len(places))),
        source="undo",
        reason=_reason(batch),
        undoes=batch.id,
    )


def _reason(batch: SavedBatch) -> str:
    """What to begin with where a reason is needed."""
    if not batch.reason:
        return "Undo" if batch.rows > 1 else ""
    return f"{UNDONE}{batch.reason.removeprefix(UNDONE)}"[:LONGEST_REASON]


def _proposals(edits: Sequence[Edit], names: Names) -> list[Proposal]:
    types = fresh.ask(module_types, {edit.module_id for edit in edits})
    return [
        Proposal(
            edit,
            *names.get((edit.student_id, edit.module_id), (GONE_STUDENT, GONE_MODULE)),
            types.get(edit.module_id, ""),
        )
        for edit in edits
    ]


def _draw_left_out(batch: SavedBatch, names: Names) -> None:
    """What the undo does not touch, and why."""
    found = st.session_state.get(UNDOING)
    if not isinstance(found, Undoing) or found.batch_id != batch.id:
        return
    if found.standing:
        has = count(len(found.standing), "row already has its", "rows already have their")
        paragraph(f"{has} earlier value.", quiet=True)
    if not found.impossible:
        return
    why = {(one.student_id, one.module_id): one.message for one in found.impossible}
    told = [key for key in names if key in why]
    students = namesakes.labels((key[0], names[key][0]) for key in told)
    table(
        key="undo_impossible",
        caption="Cannot be undone",
        columns=("Student", "Module", "Why"),
        rows=[(students[key[0]], names[key][1], why[key]) for key in told],
    )


def draw_restore(
    student_id: UUID, module_id: UUID, who: tuple[str, str], entry: int, here: tzinfo
) -> bool:
    """The cell's earlier values to choose from, the one before the entry chosen already, or the preview
    of what was chosen. True while that is open."""
    name = f"restore_{student_id}_{module_id}"
    heading(f"Restore {namesakes.label(student_id, who[0])}: {who[1]}", 2)
    if preview.is_open(name):
        if preview.draw(name) is not None:
            _leave()
            st.rerun()
        return True
    values = reads.ask(history_of_cell, student_id, module_id)
    if len(values) < 2:
        paragraph("This cell never had another value.")
        return False
    paragraph(f"It is now: {_value_in_words(values[0], here)}.")
    key = f"restore_{student_id}_{module_id}_{entry}"
    _draw_choice(values, entry, key, here)
    with st.container(horizontal=True):
        st.button(
            "Restore this value",
            key=f"{key}_begin",
            type="primary",
            on_click=_begin_restore,
            args=(name, values[1:], key, (student_id, module_id), who),
        )
        st.button("Cancel", key=f"{key}_cancel", on_click=_leave)
    if problem := st.session_state.pop(f"{name}_problem", None):
        alert(problem)
    return False


def _draw_choice(values: Sequence[CellValue], entry: int, key: str, here: tzinfo) -> None:
    """One of the values before today's."""
    earlier = values[1:]
    before = next((at for at, one in enumerate(values) if one.change_id == entry), 0)
    st.selectbox(
        "Earlier value",
        range(len(earlier)),
        index=min(before, len(earlier) - 1),
        format_func=lambda at: (
            f"{at + 1}. {_value_in_words(earlier[at], here)}; {_since(earlier[at], here)}"
        ),
        key=key,
        width=640,
    )


def _leave() -> None:
    st.query_params.pop("entry", None)


def _value_in_words(value: CellValue, here: tzinfo) -> str:
    """'Completed, 100 %, score 85, completed on 3 Oct 2026'."""
    values = value.values
    parts = [shown(Field.STATUS, values.get(Field.STATUS), here)]
    if values.get(Field.PERCENTAGE) is not None:
        parts.append(shown(Field.PERCENTAGE, values[Field.PERCENTAGE], here))
    if values.get(Field.SCORE) is not None:
        parts.append(f"score {shown(Field.SCORE, values[Field.SCORE], here)}")
    if values.get(Field.COMPLETED_AT) is not None:
        parts.append(f"completed on {shown(Field.COMPLETED_AT, values[Field.COMPLETED_AT], here)}")
    parts += [f"{name.label.lower()} unreadable" for name in value.unreadable]
    return ", ".join(parts)


def _since(value: CellValue, here: tzinfo) -> str:
    if value.side == "before":
        return f"until {minute(value.at, here)}, from before what is known"
    who = value.author or SOURCES.get(value.source, value.source)
    return f"since {minute(value.at, here)}, {who}"


def _begin_restore(
    name: str, earlier: Sequence[CellValue], choice: str, key: Key, who: tuple[str, str]
) -> None:
    value = earlier[st.session_state[choice]]  # chosen perhaps in one run with the click
    found = fresh.ask(restore_edit, *key, value.change_id, value.side)
    if not isinstance(found, Edit):
        st.session_state[f"{name}_problem"] = found.message
        return
    preview.begin(name, _proposals([found], {key: who}), source="restore")

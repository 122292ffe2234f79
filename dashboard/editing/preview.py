"""The preview before a save of many rows: what it will do, then saving exactly that, all or nothing."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.formats import zone
from dashboard.components.text import alert, count, markdown_safe, paragraph
from dashboard.editing import locks, not_saved, preview_tables, saved_notice
from dashboard.editing.preview_plan import Plan, Proposal
from dashboard.reads import fresh, looks, namesakes
from data.access.errors import DataError
from data.reading.locks import current_locks
from data.reading.row_values import scores_in_details
from data.rules.progress import Field, Key, Problem
from data.writing.save import LONGEST_REASON, Outcome, Source, save

__all__ = ["Proposal", "begin", "close", "draw", "is_open"]

CONFLICTS_A_PAGE: Final = 10

_VERBS: Final[dict[Source, str]] = {"undo": "Undo"}
"""What the button of a save does, where it does not simply save."""


def begin(
    name: str,
    proposals: Sequence[Proposal],
    *,
    source: Source,
    reason: str = "",
    undoes: UUID | None = None,
) -> None:
    """Open the preview `name` (kept in session_state): what saving will do is worked out now, exactly, and
    kept; a new batch id."""
    plan = Plan(reads.visit().actor.id, source, reason, undoes)
    try:
        reads.forget()  # The clock of now, and not of the page's last run.
    except DataError as error:
        plan.troubles = (_away(str(error)),)
    plan.add(proposals, reads.visit().now)
    try:
        plan.students = namesakes.labels((one.edit.student_id, one.student) for one in proposals)
        plan.locks = fresh.ask(current_locks, [row.proposal.key for row in plan.rows])
        if scored := [row.proposal.key for row in plan.rows if Field.SCORE in row.exact.changes]:
            plan.scores_in_details = fresh.ask(scores_in_details, scored)
    except DataError as error:
        plan.troubles = (_away(str(error)),)
    st.session_state[_place(name)] = plan


def _away(sentence: str) -> Problem:
    return Problem(None, "away", sentence)


def is_open(name: str) -> bool:
    """Is there anything for `draw()` to draw or to return?"""
    return _plan(name) is not None


def close(name: str) -> None:
    """Put the preview away; nothing is saved."""
    st.session_state.pop(_place(name), None)


def draw(name: str) -> Outcome | None:
    """Draw the open preview; returns the Outcome once, in the run after a save that wrote something (then it
    is closed; where some rows could not be saved, only once the person has gone on from them)."""
    plan = _plan(name)
    if plan is None:
        return None
    if not_saved.is_to_be_read(plan):
        not_saved.draw(plan)
        return None
    if plan.outcome is not None:
        close(name)
        return plan.outcome
    if plan.to_save == plan.batch_id:
        # Here, and not before the page is drawn: thousands of rows take a second or two.
        with st.spinner(f"Saving {count(len(plan.rows), 'change', 'changes')} …"):
            plan.to_save = None
            _save(plan)
        st.rerun()
    looks.record(plan.students)
    here = zone()
    paragraph(_counts(plan))
    if plan.conflicts:
        _draw_conflicts(plan)
    _draw_saving(name, plan)
    if plan.rows:
        preview_tables.draw_changes(plan, here)
    if plan.refused:
        preview_tables.draw_refused(plan, here)
    return None


def _place(name: str) -> str:
    return f"preview_{name}"


def _plan(name: str) -> Plan | None:
    """What is open; nothing of somebody else who was signed in before in the same window."""
    plan = st.session_state.get(_place(name))
    mine = isinstance(plan, Plan) and plan.author == reads.visit().actor.id
    return plan if mine else None


def _counts(plan: Plan) -> str:
    """'37 changes in 12 students; 3 rows need no change; 1 cannot be saved.'"""
    students = {row.proposal.edit.student_id for row in plan.rows}
    parts = ["Nothing will change"]
    if plan.rows:
        changes = count(len(plan.rows), "change", "changes")
        parts = [f"{changes} in {count(len(students), 'student', 'students')}"]
    if plan.unchanged:
        parts.append(f"{count(plan.unchanged, 'row needs', 'rows need')} no change")
    if plan.conflicts:
        parts.append(
            f"{count(len(plan.conflicts), 'row was', 'rows were')} changed by others since you looked"
        )
    if locked_rows := plan.locked_rows:
        parts.append(
            f"{count(locked_rows, 'of them is', 'of them are')} locked, and the locked values follow"
        )
    if plan.left:
        parts.append(f"{count(plan.left, 'row is', 'rows are')} left as others wrote them")
    if plan.refused:
        parts.append(f"{len(plan.refused):,} cannot be saved")
    return "; ".join(parts) + "."


def _draw_saving(name: str, plan: Plan) -> None:
    for trouble in plan.troubles:
        alert(trouble.message, field=plan.key("reason") if trouble.code == "reason" else None)
    if plan.rows:
        _draw_reason(plan)
    with st.container(horizontal=True):
        if plan.rows:
            st.button(
                f"{_VERBS.get(plan.source, 'Save')} {count(len(plan.rows), 'change', 'changes')}",
                key=plan.key("save"),
                type="primary",
                on_click=_ask_to_save,
                args=(plan, plan.batch_id),
                disabled=bool(plan.conflicts),
            )
        label = "Cancel" if plan.rows or plan.conflicts else "Close"
        st.button(label, key=plan.key("cancel"), on_click=close, args=(name,))


def _draw_reason(plan: Plan) -> None:
    key = plan.key("reason")
    st.session_state.setdefault(key, plan.reason)
    needed = len(plan.rows) > 1
    st.text_input(
        "Reason (needed: several rows change)" if needed else "Reason (optional)",
        key=key,
        max_chars=LONGEST_REASON,
        placeholder="For the history: why is this changed?",
        on_change=_remember,
        args=(plan,),
    )


def _remember(plan: Plan) -> None:
    plan.reason = st.session_state.get(plan.key("reason"), plan.reason)


def _ask_to_save(plan: Plan, batch_id: UUID) -> None:
    """Of a second click on what was shown before, nothing comes: what is shown now has another id."""
    _remember(plan)
    plan.to_save = batch_id


def _save(plan: Plan) -> None:
    """Save what is shown. A lost answer keeps the batch's id: saving again then writes nothing twice."""
    edits = [row.exact for row in plan.rows]
    try:
        result = save(
            reads.visit().actor,
            edits,
            plan.reason,
            source=plan.source,
            batch_id=plan.batch_id,
            undoes=plan.undoes,
            whole=True,
        )
    except DataError as error:
        plan.troubles = (empty_and_error.unsure(error),)
        return
    if not result.saved:
        plan.take(result)
        return
    plan.outcome = result
    saved_notice.offer(result, locks.followed(result))


def _draw_conflicts(plan: Plan) -> None:
    alert("Nothing has been saved yet: somebody else changed some of these rows. Choose for each.")
    page = preview_tables.paged(list(plan.conflicts), plan.key("conflict_page"), CONFLICTS_A_PAGE)
    preview_tables.draw_conflicts(plan, zone(), page)
    for number, key in enumerate(page):
        proposal = plan.conflicts[key][0].proposal
        who = markdown_safe(f"{plan.student(proposal)}, {proposal.module}")
        _draw_choice(plan, f"one_{number}", (key,), f" ({who})" if len(plan.conflicts) > 1 else "")
    if len(plan.conflicts) > 1:
        _draw_choice(plan, "all", tuple(plan.conflicts), " for all")
    paragraph("After choosing, check what will change, then save.", quiet=True)


def _draw_choice(plan: Plan, name: str, keys: tuple[Key, ...], which: str) -> None:
    with st.container(horizontal=True):
        st.button(
            f"Use mine{which}",
            key=plan.key(f"mine_{name}"),
            on_click=_keep_mine,
            args=(plan, keys),
        )
        st.button(
            f"Use theirs{which}",
            key=plan.key(f"theirs_{name}"),
            on_click=plan.take_theirs,
            args=(keys,),
        )


def _keep_mine(plan: Plan, keys: tuple[Key, ...]) -> None:
    plan.keep_mine(keys, reads.visit().now)

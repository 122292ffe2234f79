"""The form for one row. It remembers the values it was opened with: saving applies only over those."""

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import day, zone
from dashboard.components.text import alert, heading, notice, paragraph
from dashboard.editing import form_draft, locks, outcome, saved_notice
from dashboard.editing.form_state import FORM, EditForm
from data.access.errors import DataError
from data.reading.students.students import Student, StudentModule
from data.rules.cell import rank_of
from data.rules.details import is_scored
from data.rules.progress import Edit, Field, Problem, Settled, Status, Value, check, settle
from data.writing.save import LONGEST_REASON, Conflict, Outcome, save

JUST_MOVED: Final = "edit_just_moved"
LATEST_DATE: Final = date(9999, 12, 31)


def has_row_just_moved() -> bool:
    """Did the run's click save something, or find that somebody else had? True once: what is around the form
    draws itself anew."""
    return bool(st.session_state.pop(JUST_MOVED, False))


def draw(student: Student, one: StudentModule, class_id: UUID | None = None) -> None:
    """The form, what saving would do, and what became of the last save. What is typed is kept in the draft of
    this class."""
    form = _form(student, one, class_id)
    # A place of their own, so that what comes after stays where it is: what moved would lose the focus.
    with st.container():
        _draw_outcome(form)
        form_draft.draw(form)
    _, problems, settled = _consider(form)
    shown = problems + settled.problems + _refusals(form.outcome)
    fields, preview = st.columns([3, 2], gap="large")
    with fields:
        _draw_fields(form, one, shown)
        # Of every opening the same: it has the focus when another opening begins, and keeps it.
        st.button("Save", key="edit_save", type="primary", on_click=_save, args=(form,))
    with preview:
        _draw_preview(form, problems, settled)


def _draw_outcome(form: EditForm) -> None:
    result = form.outcome
    if result is None:
        return
    if result.saved and result.batch_id is not None:
        notice(outcome.saved_words(result, zone(), form.score_in_details))
        # The notice at the page's foot is far away for the keyboard.
        links.to("history", "Undo this", batch=str(result.batch_id), undo="1")
        locks.draw_after(result.batch_id, zone())
    if result.conflicts:
        _draw_conflict(form, result.conflicts[0])


def is_draft(student: Student, one: StudentModule, class_id: UUID) -> bool:
    """Is something typed here that is not saved?"""
    return _form(student, one, class_id).is_draft


def _form(student: Student, one: StudentModule, class_id: UUID | None) -> EditForm:
    form = st.session_state.get(FORM)
    key = student.id, one.module.id
    if isinstance(form, EditForm) and (form.student_id, form.module_id) == key and not form.is_left:
        return form
    form = form_draft.opened(student.id, one, class_id)
    st.session_state[FORM] = form
    return form


def _consider(form: EditForm) -> tuple[dict[Field, Value], list[Problem], Settled]:
    """What was typed, read and settled as saving would."""
    now = reads.visit().now
    values, problems = check(form.typed(), now, zone())
    settled = Settled() if problems else settle(values, form.seen, is_scored(form.module_type), now)
    return values, problems, settled


def _refusals(last: Outcome | None) -> list[Problem]:
    if last is None:
        return []
    return [*last.problems, *(each for refusal in last.refusals for each in refusal.problems)]


def _draw_fields(form: EditForm, one: StudentModule, problems: list[Problem]) -> None:
    form.is_drawn = True
    for name in Field:
        widget, beside = st.columns(2, vertical_alignment="bottom")
        with widget:
            _draw_field(form, name)
        with beside:
            for problem in problems:
                if problem.field is name:
                    alert(problem.message, field=form.key(name))
            if name is Field.SCORE and form.shown_from_details:
                paragraph(
                    f"Pages show {form.shown_from_details} until a score is given.", quiet=True
                )
            if name is Field.COMPLETED_AT and one.completed_at is None and one.completed_at_text:
                paragraph(f"The stored date cannot be read: {one.completed_at_text}", quiet=True)
    st.text_input(
        "Reason",
        key=form.key("reason"),
        max_chars=LONGEST_REASON,
        placeholder="For the history (optional)",
    )
    for problem in problems:
        if problem.field is None:
            alert(problem.message, field=form.key("reason") if problem.code == "reason" else None)


def _draw_field(form: EditForm, name: Field) -> None:
    # Defaults, not session state: a run that is overtaken before the browser has it would leave the browser
    # with another default, which it would then report as what the person chose.
    key, begins = form.key(name), form.begins_with[name]
    kept: dict[str, Any] = {"on_change": form_draft.keep, "args": (form,)}
    if name is Field.STATUS:
        # One of the platform's own is there as long as the row has it.
        choices = list(dict.fromkeys([form.opened_with[name], begins, *Status]))
        choices.sort(key=rank_of)
        st.radio(
            name.label,
            choices,
            index=choices.index(begins),
            format_func=lambda one: one.label,
            key=key,
            **kept,
        )
    elif name is Field.COMPLETED_AT:
        st.date_input(
            name.label,
            begins,
            key=key,
            min_value=date.min,
            max_value=LATEST_DATE,
            format="YYYY-MM-DD",
            **kept,
        )
    else:
        shown = form.shown_from_details if name is Field.SCORE else None
        st.text_input(
            name.label, begins, key=key, help=name.hint, placeholder=shown or "none", **kept
        )


def _draw_preview(form: EditForm, problems: list[Problem], settled: Settled) -> None:
    heading("What saving will do", 2)
    if problems or settled.problems:
        paragraph("Correct the marked fields, then save.")
    elif not settled.values:
        paragraph("Nothing: no value was changed." if form.typed() else "Nothing yet.", quiet=True)
    else:
        outcome.draw_changes(form.seen, settled.values, zone(), form.score_in_details)
        for sentence in settled.consequences:
            paragraph(sentence, quiet=True)
        locks.draw_before(form.student_id, form.module_id, settled.values, zone())


def _save(form: EditForm) -> None:
    values, problems, settled = _consider(form)
    if problems or settled.problems or not values:
        form.outcome = None
        return
    edit = Edit(form.student_id, form.module_id, values, dict(form.seen))
    _apply(form, edit)


def _apply(form: EditForm, edit: Edit) -> None:
    reason = st.session_state.get(form.key("reason"), "")
    try:
        result = save(reads.visit().actor, [edit], reason, source="form", batch_id=form.batch_id)
    except DataError as error:
        result = Outcome(problems=(empty_and_error.unsure(error),))
    st.session_state[JUST_MOVED] = bool(result.saved or result.conflicts)
    if not result.saved:
        form.outcome = result
        return
    form_draft.drop(form)
    saved_notice.offer(result)
    renewed = form.over({**edit.seen, **result.saved[0].after})
    renewed.outcome = result
    st.session_state[FORM] = renewed


def _draw_conflict(form: EditForm, conflict: Conflict) -> None:
    who = conflict.changed_by or "Somebody"
    when = f" on {day(conflict.changed_at, zone())}" if conflict.changed_at else ""
    alert(f"Not saved: {who} changed this module{when}, after you opened the form.")
    outcome.draw_conflict(conflict, zone(), form.score_in_details)
    with st.container(horizontal=True):
        st.button(
            "Save mine instead", key=form.key("keep"), on_click=_keep_mine, args=(form, conflict)
        )
        st.button(
            "Use theirs", key=form.key("take"), on_click=_start_from, args=(form, conflict, False)
        )
        st.button(
            "Continue editing",
            key=form.key("edit_on"),
            on_click=_start_from,
            args=(form, conflict, True),
        )


def _keep_mine(form: EditForm, conflict: Conflict) -> None:
    """Save the same wish again, now that the person has seen the other values."""
    form.seen = dict(conflict.current)
    form.batch_id = uuid4()
    _apply(form, Edit(form.student_id, form.module_id, conflict.edit.changes, form.seen))


def _start_from(form: EditForm, conflict: Conflict, keep_typed: bool) -> None:
    """Open the form anew over the other values, with or without what was typed."""
    typed = form.typed()
    if not keep_typed:
        form_draft.drop(form)
    renewed = form.over(conflict.current)
    if keep_typed:
        renewed.begins_with = renewed.opened_with | typed
    st.session_state[FORM] = renewed

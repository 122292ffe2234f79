"""The form for one person, class or module: it remembers what it was opened over, and saves only over that."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from dashboard.components.text import alert, heading, paragraph
from dashboard.views.school import ordering, roster_draft, roster_preview
from dashboard.views.school.roster_draft import FormField, Plan, Planned, RosterForm, Typed
from data.i18n.formats import unlike
from data.rules.roster import RosterFault

FIELDS: Final = "asks_roster"
"""The fields' container; the wire asks before a page is left where something is typed in one called so."""


def draw(
    subject: str,
    title: str,
    stored: Typed,
    fields: Sequence[FormField],
    plan: Planned,
    on_saved: Callable[[], None] = lambda: None,
) -> None:
    """The form over what is `stored`, what saving would do, and what became of the last save. `title` is what
    it is about; `on_saved` is called after a save that wrote something."""
    form = roster_draft.opened(subject, title, stored, plan)
    form.fields = {one.name: one for one in fields}
    form.take()
    if form.outcome is not None:
        _draw_trouble(form, stored, plan)
    planned = form.plan(form.typed)
    faults = planned.faults if form.is_tried or form.is_typed else ()
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key=FIELDS):
        _draw_fields(form, faults)
        _draw_buttons(form, on_saved)
    with right:
        _draw_plan(form, planned)


def _draw_fields(form: RosterForm, faults: Sequence[RosterFault]) -> None:
    for one in form.fields.values():
        # A place of its own: where the next field moved down, what is being typed in it would be lost.
        with st.container():
            _draw_field(form, one)
            if one.is_ordered:
                ordering.draw(form, one)
            for fault in faults:
                if fault.field == one.name:
                    alert(fault.message, field=form.key(one.name))
    for fault in faults:
        if fault.field not in form.fields:
            alert(fault.message)


def _draw_field(form: RosterForm, one: FormField) -> None:
    # At each run what is typed by now: a browser that drew the page anew begins with it.
    key, value = form.key(one.name), form.typed[one.name]
    options, labels = list(one.options), unlike(one.options)
    named: dict[str, Any] = {"key": key, "help": one.help, "on_change": form.take}

    def words(option: Any) -> str:
        return labels.get(option, "")

    match one.kind:
        case "text":
            st.text_input(one.label, value or "", **named)
        case "lines":
            st.text_area(one.label, value, height=240, **named)
        case "tick":
            st.checkbox(one.label, value, **named)
        case "day":
            st.date_input(one.label, value, format="YYYY-MM-DD", **named)
        case "choice":
            place = options.index(value) if value in options else None
            st.selectbox(one.label, options, place, format_func=words, **named)
        case "many":
            chosen = [option for option in value if option in one.options]
            st.multiselect(one.label, options, chosen, format_func=words, **named)


def _draw_buttons(form: RosterForm, on_saved: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save", key="roster_save", type="primary", on_click=_save, args=(form, on_saved))
        if form.is_typed:
            discard = roster_draft.discard
            st.button("Discard draft", key=form.key("discard"), on_click=discard, args=(form,))
            paragraph("Not saved yet: a draft until you close this page.", quiet=True, fit=True)


def _draw_plan(form: RosterForm, planned: Plan) -> None:
    heading("What saving will do", 2)
    if not form.is_typed and not form.is_tried:
        paragraph("Nothing yet.", quiet=True)
    elif planned.faults:
        paragraph("Correct the marked fields, then save.")
    elif not planned.changes:
        paragraph("Nothing: no value was changed.", quiet=True)
    else:
        roster_preview.draw_lines(roster_preview.in_words(planned.changes), len(planned.changes))


def _save(form: RosterForm, on_saved: Callable[[], None]) -> None:
    form.take()  # a value and the click that saves it may come in one run, in any order
    planned = form.plan(form.typed)
    form.outcome, form.is_tried = None, bool(planned.faults)
    if planned.faults or not planned.changes:
        return
    outcome = roster_preview.save_or_say(form.to_save(planned), "form", form.batch_id)
    if outcome.batch_id is None:
        form.outcome = outcome
        return
    roster_draft.discard(form)
    roster_preview.offer(outcome)
    on_saved()


def _draw_trouble(form: RosterForm, stored: Typed, plan: Planned) -> None:
    outcome = form.outcome
    if outcome is None:
        return
    roster_preview.draw_trouble(outcome, "after you opened the form.")
    if outcome.overtaken:
        renew, discard = roster_draft.renew, roster_draft.discard
        over = form, stored, plan
        with st.container(horizontal=True):
            st.button("Save mine instead", key=form.key("mine"), on_click=renew, args=over)
            st.button("Use theirs", key=form.key("theirs"), on_click=discard, args=(form,))

"""Putting one of several in another place, by two choices: for a keyboard, a phone and long lists alike."""

import streamlit as st

from dashboard.components.text import notice
from dashboard.views.school.roster_draft import FormField, RosterForm
from data.i18n.formats import unlike


def draw(form: RosterForm, one: FormField) -> None:
    """Which of the field's entries goes to whose place."""
    labels = _labels(form, one)
    if len(labels) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for what, label in (("moved", "Move"), ("place", "To the place of")):
            st.selectbox(
                label,
                range(len(labels)),
                None,
                format_func=lambda at: f"{at + 1}. {labels[at]}",
                key=form.key(f"{one.name}_{what}"),
                placeholder="Choose one",
                width=260,
            )
        st.button("Move", key=f"roster_move_{one.name}", on_click=_move, args=(form, one))
    if form.moved:
        notice(form.moved)
        form.moved = ""


def _labels(form: RosterForm, one: FormField) -> list[str]:
    if one.kind == "lines":
        return _lines(form, one)
    labels = unlike(one.options)
    return [labels.get(each, "") for each in form.typed[one.name]]


def _lines(form: RosterForm, one: FormField) -> list[str]:
    return [line for line in form.typed[one.name].splitlines() if line.strip()]


def _move(form: RosterForm, one: FormField) -> None:
    moved, place = (st.session_state.get(form.key(f"{one.name}_{it}")) for it in ("moved", "place"))
    form.take()
    labels = _labels(form, one)
    if moved is None or place is None or max(moved, place) >= len(labels):
        return
    entries = _lines(form, one) if one.kind == "lines" else list(form.typed[one.name])
    entries.insert(place, entries.pop(moved))
    form.typed[one.name] = "\n".join(entries) if one.kind == "lines" else tuple(entries)
    form.moved = f"{labels[moved]} is number {place + 1} now."
    form.draw_anew()

"""Days off of an organisation: entering and removing them."""

from datetime import date
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.table import Column, table
from dashboard.components.text import alert, heading, paragraph, said_once
from dashboard.views.school.attention_rules import preview
from data.access.errors import DataError
from data.i18n.dates import short_date
from data.i18n.formats import unlike
from data.reading.attention_rules.chosen import OrganisationRules
from data.reading.attention_rules.preview import proposed_holidays
from data.rules.attention_figures import FIRST_DAY, LAST_DAY, check_holiday
from data.rules.progress import Problem
from data.writing.attention_rules.holidays import add_holiday, remove_holiday

SAID: Final = "holiday_said"
"""What became of the last click, to be said once."""

TOUCHED: Final = ("inactive", "stalled")
"""The rules that count days."""


def draw(rules: OrganisationRules) -> None:
    """Those that are entered, the form for another, and the way to remove one."""
    heading("Holidays", 2)
    paragraph(
        "These days count neither as days without activity nor as days without progress. A day begins and "
        "ends at midnight UTC.",
        quiet=True,
    )
    said_once(SAID)
    table(
        key="holidays",
        caption="Holidays",
        columns=(
            Column("Holiday"),
            Column("First day", "date"),
            Column("Last day", "date"),
            Column("Days", "number"),
        ),
        rows=[
            (
                one.name,
                short_date(one.first_day),
                short_date(one.last_day),
                f"{(one.last_day - one.first_day).days + 1:,}",
            )
            for one in rules.holidays
        ],
        empty="None are entered: every day counts.",
        is_captioned=False,
    )
    _draw_adding(rules)
    if rules.holidays:
        _draw_removing(rules)


def _key(rules: OrganisationRules, what: str) -> str:
    return f"holiday_{what}_{rules.id.hex}_{reads.visit().actor.id.hex[:8]}"


def _draw_adding(rules: OrganisationRules) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of the holiday", key=_key(rules, "name"), max_chars=100, width=320
        )
        days = [
            st.date_input(
                label,
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
                key=_key(rules, what),
                width=200,
            )
            for what, label in (("first", "First day"), ("last", "Last day"))
        ]
        st.button("Add holiday", key="holiday_add", on_click=_add, args=(rules,))
    first, last = days
    if isinstance(first, date) and isinstance(last, date) and not check_holiday("x", first, last):
        _draw_preview(rules, [*_days(rules), (first, last)])
    elif isinstance(first, date) and isinstance(last, date) and name:
        problem = check_holiday(name, first, last)
        if problem:
            alert(problem.message)


def _days(rules: OrganisationRules, but: UUID | None = None) -> list[tuple[date, date]]:
    return [(one.first_day, one.last_day) for one in rules.holidays if one.id != but]


def _draw_preview(rules: OrganisationRules, days: list[tuple[date, date]]) -> None:
    preview.draw(proposed_holidays(rules.id, days), TOUCHED)


def _draw_removing(rules: OrganisationRules) -> None:
    names = unlike(
        {one.id: one.name for one in rules.holidays},
        {one.id: short_date(one.first_day) for one in rules.holidays},
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Holiday to remove",
            list(names),
            index=None,
            format_func=lambda one: names.get(one, ""),
            key=_key(rules, "gone"),
            placeholder="Choose a holiday",
            width=320,
        )
        st.button(
            "Remove holiday",
            key="holiday_remove",
            disabled=chosen is None,
            on_click=_remove,
            args=(rules,),
        )
    if chosen is not None:
        _draw_preview(rules, _days(rules, chosen))


def _add(rules: OrganisationRules) -> None:
    name, first, last = (
        st.session_state.get(_key(rules, what)) for what in ("name", "first", "last")
    )
    # The same until it is saved: a second click after a lost answer enters nothing twice.
    key = st.session_state.setdefault(_key(rules, "id"), uuid4())
    try:
        problem = add_holiday(reads.visit().actor, rules.id, name or "", (first, last), key=key)
    except DataError as error:
        problem = empty_and_error.unsure(error)
    _say(rules, problem, "Added.", ("name", "first", "last", "id"))


def _remove(rules: OrganisationRules) -> None:
    chosen = st.session_state.get(_key(rules, "gone"))
    if chosen is None:
        return
    try:
        problem = remove_holiday(reads.visit().actor, chosen)
    except DataError as error:
        problem = empty_and_error.unsure(error)
    _say(rules, problem, "Removed.", ("gone",))


def _say(
    rules: OrganisationRules, problem: Problem | None, done: str, typed: tuple[str, ...]
) -> None:
    st.session_state[SAID] = problem or done
    if problem is None:
        for what in typed:
            st.session_state.pop(_key(rules, what), None)

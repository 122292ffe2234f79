"""The values that many rows are to get: which, and each with its problem beside it."""

from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.text import alert
from data.rules import bulk
from data.rules.progress import CLEARS, HIGHEST, LOWEST, Field, Status, Values

LATEST_DATE: Final = date(9999, 12, 31)


def draw(*, show_problems: bool) -> Values | None:
    """The fields; returns what is to be set, or None where something is missing or cannot be read."""
    fields = st.multiselect(
        "What to set",
        list(Field),
        format_func=lambda name: name.label,
        key="bulk_fields",
        placeholder="Status, percentage, score or date",
        persist_state="page",
    )
    if not fields:
        if show_problems:
            alert("Choose what to set.", field="bulk_fields")
        return None
    columns = st.columns(len(fields))
    typed = {}
    for name, column in zip(fields, columns, strict=True):
        with column:
            typed[name] = _field(name)
    values, problems = bulk.read(typed, reads.visit().now, zone())
    for problem in problems:
        if problem.field is not None and (show_problems or problem.code != "missing"):
            with columns[fields.index(problem.field)]:
                alert(problem.message, field=_key(problem.field))
    return None if problems else values


def _key(name: Field) -> str:
    return f"bulk_value_{name}"


def _field(name: Field) -> Any:
    key = _key(name)
    if name is Field.STATUS:
        return st.selectbox(
            name.label,
            list(Status),
            index=None,
            format_func=lambda one: one.label,
            key=key,
            placeholder="Choose",
            persist_state="page",
        )
    if name is Field.COMPLETED_AT:
        return st.date_input(
            name.label,
            value=None,
            key=key,
            min_value=date.min,
            max_value=LATEST_DATE,
            format="YYYY-MM-DD",
            persist_state="page",
        )
    return st.text_input(
        name.label,
        key=key,
        placeholder=f"{LOWEST} to {HIGHEST}; {CLEARS} empties it",
        persist_state="page",
    )

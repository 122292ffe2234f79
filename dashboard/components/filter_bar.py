"""The filters as widgets. The URL is the one truth: every run sets the widgets from it, and a changed
widget writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.components import address
from data.filters import FILTERS, Chosen, Filter
from data.queries import Options

FIRST = ("class", "name", "status")
"""These stand on the page, the others behind "More filters"."""

WHOLE_RANGE = (0.0, 100.0)


def fitting(asked: Mapping[str, Any], options: Options) -> tuple[dict[str, Any], list[str]]:
    """The filters whose choice is on offer, and the labels of the others (an old link, another class)."""
    fits: dict[str, Any] = {}
    stale: list[str] = []
    for one in FILTERS:
        if one.key not in asked:
            continue
        if one.choices is not None and asked[one.key] not in one.choices(options):
            stale.append(one.label)
        else:
            fits[one.key] = asked[one.key]
    return fits, stale


def draw(current: Chosen, options: Options) -> None:
    """Every filter's widget."""
    more = [one for one in FILTERS if one.key not in FIRST]
    on = sum(one.key in current for one in more)
    with st.container(key="filters"):
        columns = st.columns([3, 3, 3, 2], vertical_alignment="bottom")
        for one, column in zip(_named(FIRST), columns, strict=False):
            with column:
                _widget(one, current, options)
        with (
            columns[-1],
            st.popover(f"More filters ({on})" if on else "More filters", width="stretch"),
        ):
            for one in more:
                _widget(one, current, options)


def _named(keys: Sequence[str]) -> list[Filter]:
    return [next(one for one in FILTERS if one.key == key) for key in keys]


def _widget(one: Filter, current: Chosen, options: Options) -> None:
    key = f"filter_{one.key}"
    common: dict[str, Any] = {"key": key, "on_change": _write, "args": (one,), "help": one.help}
    st.session_state[key] = current.get(one.key, _off(one))
    if one.kind == "choice":
        names = one.choices(options) if one.choices else {}
        st.selectbox(
            one.label,
            list(names),
            # Without an index nothing need be chosen; a class always is.
            index=0 if one.scope == "class" else None,
            format_func=lambda value: names.get(value, str(value)),
            placeholder="Any",
            **common,
        )
    elif one.kind == "text":
        st.text_input(one.label, max_chars=100, placeholder="Part of a name", **common)
    elif one.kind == "range":
        st.slider(one.label, *WHOLE_RANGE, step=1.0, format="%d", **common)
    else:
        st.date_input(one.label, min_value=date(2000, 1, 1), format="YYYY-MM-DD", **common)


def _off(one: Filter) -> Any:
    return {"text": "", "range": WHOLE_RANGE}.get(one.kind)


def _write(one: Filter) -> None:
    """A changed widget, into the URL. Another class begins afresh with the modules."""
    value = st.session_state[f"filter_{one.key}"]
    wanted, _ = address.filters()
    # A shared link names its class: another person's first class is another one.
    wanted["class"] = st.session_state["filter_class"]
    wanted.pop(one.key, None)
    if value not in (None, _off(one)):
        wanted[one.key] = value.strip() if isinstance(value, str) else value
    if one.scope == "class":
        for other in FILTERS:
            if other.scope == "module":
                wanted.pop(other.key, None)
    address.write_chosen(wanted)


def clear() -> None:
    """Every filter off, but for the class."""
    wanted, _ = address.filters()
    address.write_chosen({key: value for key, value in wanted.items() if key == "class"})


def sentence(current: Chosen, options: Options, shown: int) -> str:
    """What is filtered, in words: 'Showing 3 of 28 students in 7 Blue, with …'."""
    parts = []
    for one in FILTERS:
        if one.key in current:
            names: Mapping[Any, str] = one.choices(options) if one.choices else {}
            value = current[one.key]
            parts.append(one.sentence(value, names.get(value, str(value))))
    place, rest = parts[0], parts[1:]
    return f"Showing {shown:,} of {options.students:,} students {', '.join([place, *rest])}."

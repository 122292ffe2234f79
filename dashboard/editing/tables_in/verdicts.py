"""The lines of a table by what becomes of them: how many of each, which are shown, and the wait for it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

import streamlit as st

from dashboard.components.text import count

ALL: Final = "all"
LOOKING: Final = "Checking every line …"

V = TypeVar("V", bound=StrEnum)
T = TypeVar("T")

Words = Mapping[V, tuple[str, str]]
"""One line of each verdict, and several, in the order of the page: what needs somebody first."""


def sentence(counts: Mapping[V, int], words: Words[V]) -> str:
    """'3 new, 12 changed, 40 without a change.'"""
    parts = [count(many, *words[one]) for one, many in counts.items() if many]
    return f"{', '.join(parts) or 'Nobody'}."


def choose(counts: Mapping[V, int], words: Words[V], all_of_them: str, **widget: Any) -> str:
    """The verdict whose lines are to be shown, or ALL; `widget` as of any field."""
    there = {one.value: count(counts[one], *words[one]) for one in words if counts[one]}
    if len(there) < 2:
        return ALL
    labels = {ALL: all_of_them, **there}
    chosen: str = st.selectbox(
        "Show",
        list(labels),
        format_func=lambda one: labels.get(one, ""),
        width=320,
        **widget,
    )
    return chosen


def looking(work: Callable[[Callable[[float], None]], T]) -> T:
    """Do the work, and show how far it is as soon as it says so."""
    place = st.empty()

    def step(fraction: float) -> None:
        place.progress(min(fraction, 1.0), text=LOOKING)

    found = work(step)
    place.empty()
    return found

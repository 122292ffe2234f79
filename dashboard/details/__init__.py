"""What is recorded about one student in one module, drawn for a teacher to read.

A module type is drawn as its model names its facts, unless it has a row in RENDERERS; an unknown one is a
plain table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.components.status import MARKS
from dashboard.details import assessment, course, labelled, other
from dashboard.details.markup import Html, joined, quiet
from data.rules.details import Details, Lesson, known_type, parse

Renderer = Callable[[Any, Sequence[Lesson], tzinfo, int | None], Html]
"""Takes the details as the model of its type, the module's lessons, the viewer's zone, and after how many
attempts at a quiz somebody is stuck."""

RENDERERS: Final[Mapping[str, Renderer]] = {
    "course": course.render,
    "assessment": assessment.render,
}

NOTHING_YET: Final = "Nothing has been recorded in this module yet."

_STUCK: Final = MARKS["s"].ink
CSS: Final = (
    f".details {{ --details-stuck: light-dark({_STUCK[0]}, {_STUCK[1]}); }}\n"
    f"{(Path(__file__).parent / 'details.css').read_text('utf-8')}"
)


def show(
    module_type: str,
    details: object,
    lessons: Sequence[Lesson],
    zone: tzinfo,
    key: str,
    *,
    stuck_after: int | None = None,
) -> None:
    """Draw the details (`progress_details` as stored, any JSON value) in a container named `key`.

    `lessons` are the module's in the catalogue, in any order; `zone` is where the viewer is. After
    `stuck_after` attempts at a quiz somebody is stuck; with None nobody is.
    """
    drawn = page(module_type, details, lessons, zone, stuck_after=stuck_after)
    st.container(key=key).html(drawn)


def page(
    module_type: str,
    details: object,
    lessons: Sequence[Lesson],
    zone: tzinfo,
    *,
    stuck_after: int | None = None,
) -> Html:
    """The same as one piece of escaped HTML; its style (`CSS`) is on every page."""
    drawn = body(module_type, details, lessons, zone, stuck_after=stuck_after)
    return Html(f'<div class="details">{drawn}</div>')


def body(
    module_type: str,
    details: object,
    lessons: Sequence[Lesson],
    zone: tzinfo,
    *,
    stuck_after: int | None = None,
) -> Html:
    """The same without the box around it."""
    read = parse(module_type, details)
    if read.is_empty:
        return quiet(NOTHING_YET)
    facts = _facts(module_type, read, lessons, zone, stuck_after)
    return joined([facts, other.unreadable(read, lessons)])


def _facts(
    module_type: str,
    read: Details,
    lessons: Sequence[Lesson],
    zone: tzinfo,
    stuck_after: int | None,
) -> Html:
    known = known_type(module_type)
    if known is None:
        return other.render(read, lessons, zone)
    render = RENDERERS.get(known.key)
    drawn = (
        render(read, lessons, zone, stuck_after)
        if render
        else labelled.render(read, known.label, zone)
    )
    return joined([drawn, other.facts(read, lessons)])

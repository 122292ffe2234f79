"""What is recorded about one student in one module, drawn for a teacher to read.

A module type is drawn as its model names its facts, unless it has a row in RENDERERS; an unknown one is a
plain table.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from dashboard.components.status import MARKS
from dashboard.details import assessment, course, labelled, other
from dashboard.details.markup import Html, joined, quiet
from data.rules.details import Lesson, known_type, parse

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


def page(
    module_type: str,
    details: object,
    lessons: Sequence[Lesson],
    zone: tzinfo,
    *,
    stuck_after: int | None = None,
) -> Html:
    """The details (`progress_details` as stored, any JSON value) as one piece of escaped HTML; its style
    (`CSS`) is on every page.

    `lessons` are the module's in the catalogue, in any order; `zone` is where the viewer is. After
    `stuck_after` attempts at a quiz somebody is stuck; with None nobody is.
    """
    read = parse(module_type, details)
    known = known_type(module_type)
    if read.is_empty:
        drawn = [quiet(NOTHING_YET)]
    elif known is None:
        drawn = [other.facts(read, lessons, caption="Recorded facts")]
    else:
        render = RENDERERS.get(known.key)
        facts = (
            render(read, lessons, zone, stuck_after)
            if render
            else labelled.render(read, known.label, zone)
        )
        drawn = [facts, other.facts(read, lessons)]
    return Html(f'<div class="details">{joined([*drawn, other.unreadable(read, lessons)])}</div>')

"""Two students who are one person: found, compared, and put together."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import zone
from dashboard.components.table import Cell, Column, Link, Tick, table
from dashboard.components.text import alert, count, heading, notice, paragraph
from dashboard.editing.change_table import shown
from dashboard.reads import looks
from dashboard.views.school import choosing, roster_preview
from dashboard.web import wire
from data.access.errors import DataError
from data.roster.merging import BothRows, MergeOutcome, both_rows, merge
from data.roster.reading.students import StudentEntry, found_students, student_entries
from data.rules.progress import Field, Values

OUTCOME: Final = "roster_merge_outcome"
MOST_FOUND: Final = 20

EXPLAINED: Final = (
    "The one who is kept gets the classes of both, and what is recorded of the other where nothing is recorded "
    "yet. The other is not here any more; what is recorded there stays readable, details and history too."
)


def draw(kept: StudentEntry) -> None:
    """Whom the student is to be put together with, or the two side by side."""
    links.to("school", kept.full_name, show="students", student=str(kept.id))
    _draw_outcome()
    asked = links.named_in_address("merge")
    other = next(iter(reads.ask(student_entries, (asked,))), None) if asked else None
    if other is None or other.id == kept.id:
        _draw_search(kept)
    elif other.organisation_id != kept.organisation_id:
        notice("They are in two organisations. Only students of one can be put together.")
    else:
        _draw_both(kept, other)


def _draw_search(kept: StudentEntry) -> None:
    heading(f"Who else is {kept.full_name}?", 2)
    typed = st.text_input(
        "Name, e-mail or number", kept.full_name, key="roster_merge_name", width=480
    )
    found = [one for one in reads.ask(found_students, typed, None, "all") if one != kept.id]
    entries = reads.ask(student_entries, tuple(found[:MOST_FOUND]))
    table(
        key="roster_merge_found",
        caption="Students found",
        columns=("Student", "School number", Column("E-mail", "email"), "Classes"),
        rows=[
            (_way(kept, one), one.number or "", one.email or "", "; ".join(one.classes))
            for one in entries
        ],
        empty="Nobody else is called so.",
        is_captioned=False,
    )


def _way(kept: StudentEntry, one: StudentEntry) -> Link:
    params = {"show": "students", "student": str(kept.id), "merge": str(one.id)}
    return Link(one.full_name, "school", params)


def _draw_both(kept: StudentEntry, other: StudentEntry) -> None:
    heading("One person, entered twice", 2)
    paragraph(EXPLAINED)
    _draw_people(kept, other)
    rows = reads.ask(both_rows, kept.id, other.id)
    if rows:
        looks.record([kept.id, other.id])
        _draw_rows(rows, _choices(kept, other))
    with st.container(horizontal=True):
        st.button(
            "Put them together",
            key="roster_merge",
            type="primary",
            on_click=_merge,
            args=(kept, other),
        )
        swapped = {"show": "students", "student": str(other.id), "merge": str(kept.id)}
        links.to("school", "Keep the other one instead", **swapped)


def _draw_people(kept: StudentEntry, other: StudentEntry) -> None:
    told: Mapping[str, Sequence[str | None]] = {
        "Name": (kept.full_name, other.full_name),
        "School number": (kept.number, other.number),
        "E-mail": (kept.email, other.email),
        "Classes": ("; ".join(kept.classes), "; ".join(other.classes)),
    }
    table(
        key="roster_merge_people",
        caption="Both, side by side",
        columns=("What", "Kept", "The other"),
        rows=[(name, *(value or "none" for value in both)) for name, both in told.items()],
        is_captioned=False,
    )


def _draw_rows(rows: Sequence[BothRows], name: str) -> None:
    differ = sum(one.differs for one in rows)
    new = sum(one.is_new for one in rows)
    modules = count(new, "module is", "modules are")
    paragraph(f"{modules} taken over. In {differ:,} something else is recorded of each: choose.")
    taken = choosing.chosen(name)
    if any(one.differs and one.module_id in taken for one in rows):
        wire.ask_before_leaving()
    table(
        key="roster_merge_rows",
        caption="What is recorded of both",
        columns=("Module", "Kept", "The other", Column("Take the other's", on_paper=False)),
        rows=[_row(one, taken) for one in rows],
        is_captioned=False,
        on_tick=partial(choosing.take_ticks, name),
    )


def _row(one: BothRows, taken: set[UUID]) -> tuple[Cell, ...]:
    tick: Cell = "taken over" if one.is_new else "the same"
    if one.differs:
        tick = Tick(str(one.module_id), f"Take the other's: {one.module}", one.module_id in taken)
    return one.module, _told(one.kept), _told(one.other), tick


def _told(values: Values) -> str:
    said = [shown(Field.STATUS, values[Field.STATUS], zone())]
    said += [
        f"{name.label.lower()} {shown(name, values[name], zone())}"
        for name in (Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT)
        if values[name] is not None
    ]
    return ", ".join(said)


def _choices(kept: StudentEntry, other: StudentEntry) -> str:
    """The name of what is chosen for these two: for another two nothing is."""
    return f"merge_{kept.id}_{other.id}"


def _merge(kept: StudentEntry, other: StudentEntry) -> None:
    taken = choosing.chosen(_choices(kept, other))
    try:
        outcome = merge(reads.visit().actor, kept, other, taken)
    except DataError as error:
        st.session_state[OUTCOME] = empty_and_error.unsure(error).message
        return
    roster_preview.offer(outcome.roster)
    st.session_state[OUTCOME] = _in_words(outcome)


def _in_words(outcome: MergeOutcome) -> str:
    """What went wrong; '' where nothing did."""
    if outcome.roster.problem is not None:
        return outcome.roster.problem.message
    if outcome.roster.overtaken:
        return "Somebody changed one of them meanwhile. Nothing was saved: look at them again."
    if outcome.left:
        modules = count(outcome.left, "module", "modules")
        return f"{modules} could not be taken over. They are still listed here: look at them again."
    return ""


def _draw_outcome() -> None:
    problem = st.session_state.pop(OUTCOME, None)
    if problem:
        alert(str(problem))
    elif problem == "":
        notice(
            "They are one now. The progress can be undone on the History page, the rest under Changes."
        )

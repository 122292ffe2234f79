"""The tables of a preview: what will change, what somebody else changed, what cannot be saved."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final, TypeVar

import streamlit as st

from dashboard.components.formats import minute
from dashboard.components.table import Column, table
from dashboard.components.text import paragraph
from dashboard.editing.change_table import shown
from dashboard.editing.preview_plan import Plan, PlanRow
from data.reading.locks import Lock
from data.rules.progress import Field, Key
from data.writing.save import Conflict

A_PAGE: Final = 100

T = TypeVar("T")


def paged(rows: Sequence[T], key: str, size: int = A_PAGE) -> Sequence[T]:
    """One page of the rows, and the way to the others where there are any."""
    last = max(0, (len(rows) - 1) // size)
    page = min(int(st.session_state.get(key, 0)), last)
    if last:
        with st.container(horizontal=True, vertical_alignment="center"):
            first = page * size
            shown = f"{first + 1:,} to {min(first + size, len(rows)):,} of {len(rows):,}"
            paragraph(shown, quiet=True, fit=True)
            st.button(
                "Previous",
                key=f"{key}_back",
                on_click=_turn,
                args=(key, page - 1),
                disabled=not page,
            )
            st.button(
                "Next", key=f"{key}_on", on_click=_turn, args=(key, page + 1), disabled=page == last
            )
    return rows[page * size : (page + 1) * size]


def _turn(key: str, page: int) -> None:
    st.session_state[key] = page


def changed_lines(
    before: Mapping[Field, Any],
    after: Mapping[Field, Any],
    here: tzinfo,
    in_details: Decimal | None = None,
) -> list[str]:
    """One line a field: 'Status: In progress → Completed'; `in_details` as in `shown()`."""
    return [
        f"{name.label}: {shown(name, before[name], here, in_details)} → "
        f"{shown(name, after[name], here, in_details)}"
        for name in Field
        if name in after
    ]


def draw_changes(plan: Plan, here: tzinfo) -> None:
    """Every row that will change, a hundred at a time."""
    table(
        key=plan.key("changes"),
        caption="What will change",
        columns=(
            "Student",
            "Module",
            Column("Now → after saving", "lines"),
            Column("Also changes", "lines"),
        ),
        rows=[
            (
                plan.student(row.proposal),
                row.proposal.module,
                changed_lines(row.exact.seen, row.exact.changes, here, plan.score_in_details(row)),
                _follows(row, plan.lock_of(row)) or None,
            )
            for row in paged(plan.rows, plan.key("page"))
        ],
    )


def _follows(row: PlanRow, lock: Lock | None) -> list[str]:
    notes = [*row.proposal.notes, *row.consequences]
    if lock is not None:
        who = lock.author or "somebody"
        notes.append(f"This value is locked by {who}; saving changes the locked value.")
    return notes


def draw_refused(plan: Plan, here: tzinfo) -> None:
    """Every row that cannot be saved, and why."""
    table(
        key=plan.key("refused"),
        caption="What cannot be saved",
        columns=("Student", "Module", Column("Wanted", "lines"), Column("Why", "lines")),
        rows=[
            (
                plan.student(row.proposal),
                row.proposal.module,
                [
                    f"{name.label}: {shown(name, value, here)}"
                    for name, value in row.proposal.edit.changes.items()
                ],
                [problem.message for problem in row.problems],
            )
            for row in paged(plan.refused, plan.key("refused_page"))
        ],
    )


def draw_conflicts(plan: Plan, here: tzinfo, page: Sequence[Key]) -> None:
    """Both values of every row that moved meanwhile, who moved it and when."""
    table(
        key=plan.key("conflicts"),
        caption="Changed by somebody else since you looked",
        columns=(
            "Student",
            "Module",
            Column("You saw → you want", "lines"),
            Column("It is now", "lines"),
            Column("Changed by", "lines"),
        ),
        rows=[_conflict(plan, *plan.conflicts[key], here) for key in page],
    )


def _conflict(
    plan: Plan, row: PlanRow, conflict: Conflict, here: tzinfo
) -> tuple[str | list[str], ...]:
    wished, in_details = row.exact.changes, plan.score_in_details(row)
    now = [
        f"{name.label}: {shown(name, conflict.current[name], here, in_details)}"
        for name in Field
        if name in wished or name in conflict.fields
    ]
    who = [conflict.changed_by or "Somebody"]
    if conflict.changed_at is not None:
        who.append(minute(conflict.changed_at, here))
    return (
        plan.student(row.proposal),
        row.proposal.module,
        changed_lines(row.exact.seen, wished, here, in_details),
        now,
        who,
    )

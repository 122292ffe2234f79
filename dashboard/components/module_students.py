"""The students of a module by what they need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import lesson_words, module_bar
from dashboard.components.moments import day, figure, zone
from dashboard.components.table import Bar, Cell, Column, Group, Link, Status, table
from dashboard.components.words import count, paragraph
from data.attention import StuckQuiz
from data.details import Lesson
from data.module_needs import InModule, Need, by_need
from data.queries import ModulePage

COLUMNS: Final = (
    Column("Student", "link"),
    Column("Status", "status"),
    Column("Progress", "bar"),
    Column("Score", "number"),
    Column("Last activity", "date"),
)

FEW: Final = 60
"""So many students are shown one and all; of more, only the first of each need."""

FIRST: Final = 12
MOST: Final = 500


def draw(page: ModulePage) -> None:
    """The table, a part for each need; the URL may ask for one need alone (`?need=`)."""
    now, here = reads.visit().now, zone()
    everybody = by_need(page.found.students, now)
    wanted = st.query_params.get(module_bar.NEED, "")
    alone = {need: students for need, students in everybody.items() if need.key == wanted}
    told = alone or everybody
    has_why = bool({"stuck", "inactive"} & {need.key for need in told})
    rows: list[Sequence[Cell] | Group] = []
    for need, students in told.items():
        first = students[: _how_many(page, bool(alone))]
        rows.append(_heading(need, len(students), len(first), page, bool(alone)))
        rows += [_row(one, need, page, now, here, has_why) for one in first]
    table(
        key="module_students",
        caption="Students by what they need",
        columns=(*COLUMNS, Column("Why", "lines")) if has_why else COLUMNS,
        rows=rows,
        empty="No student fits these filters. Clear them, or choose others.",
    )
    if any(len(students) > MOST for students in alone.values()):
        paragraph(f"These are the first {MOST}. Choose a class, or narrow by name.", quiet=True)


def shown(page: ModulePage) -> list[InModule]:
    """Everybody who fits the filters, or has the need that the URL asks for, in the order of the table."""
    everybody = by_need(page.found.students, reads.visit().now)
    wanted = st.query_params.get(module_bar.NEED, "")
    alone = [students for need, students in everybody.items() if need.key == wanted]
    return [one for students in alone or everybody.values() for one in students]


def _how_many(page: ModulePage, is_alone: bool) -> int:
    if is_alone:
        return MOST
    return FEW if len(page.found.students) <= FEW else FIRST


def _heading(need: Need, there: int, shown: int, page: ModulePage, is_alone: bool) -> Group:
    way = None
    if is_alone:
        way = Link("Show everybody", "module", module_bar.address(page))
    elif shown < there:
        to = module_bar.address(page, **{module_bar.NEED: need.key})
        way = Link(f"Show all {there:,}, not only the first {shown}", "module", to)
    return Group(
        f"{need.title}: {count(there, 'student', 'students')}",
        f"{need.rule} {need.first}".strip(),
        way,
    )


def _row(
    one: InModule, need: Need, page: ModulePage, now: datetime, here: tzinfo, has_why: bool
) -> list[Cell]:
    to = {"student": str(one.row.id), "module": str(page.module.id)}
    percentage = one.cell.percentage
    row: list[Cell] = [
        Link(one.row.name, "student", to),
        Status(one.status.value, one.marks),
        None if percentage is None else Bar(percentage / 100, f"{percentage} %"),
        figure(one.cell.score),
        day(one.row.last_activity, here),
    ]
    return [*row, _why(one, need, page, now)] if has_why else row


def _why(one: InModule, need: Need, page: ModulePage, now: datetime) -> Cell:
    """The facts that put somebody under a pressing need, as far as no other column says them."""
    if need.key == "stuck":
        return [_stuck(found) for found in page.stuck.get(one.row.id, ())] or None
    if need.key == "inactive" and one.row.last_activity:
        return f"Nothing for {(now - one.row.last_activity).days} days"
    return None


def _stuck(found: StuckQuiz) -> str:
    best = f", best {found.quiz.best.words}" if found.quiz.best else ""
    return f"Quiz of {_lesson(found.lesson)}: {found.quiz.attempts} attempts{best}"


def _lesson(lesson: Lesson | None) -> str:
    if lesson is None:
        return "a lesson that is no longer in this module"
    return lesson_words.named(lesson)

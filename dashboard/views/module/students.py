"""The students of a module by what they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import figure_beside, zone
from dashboard.components.table import (
    Cell,
    CellKind,
    Column,
    ColumnSort,
    Link,
    RowGroup,
    ShareBar,
    StatusCell,
    table,
)
from dashboard.components.text import count, paragraph
from dashboard.reads import namesakes, student_list
from dashboard.views.module import filters
from data.reading.modules.needs import InModule, NeedGroup, by_need
from data.reading.modules.page import ModulePage
from data.reading.modules.sorting import BY_KEY, Sorting, in_order, next_click, read_sorting
from data.reading.students.namesakes import labelled
from data.rules.activity import last_active
from data.rules.details import Lesson
from data.rules.explaining import lasted
from data.rules.flags import StuckQuiz, is_inactive

COLUMNS: Final[Sequence[tuple[str, str, CellKind]]] = (
    ("name", "Student", "link"),
    ("status", "Status", "status"),
    ("progress", "Progress", "bar"),
    ("score", "Score", "number"),
    ("activity", "Last activity", "date"),
)
"""Each with the order that its heading sorts by."""

FEW: Final = 60
"""So many students are shown one and all; of more, only the first of each need."""

FIRST: Final = 12
MOST: Final = 500


@dataclass(frozen=True)
class Telling:
    """What every row is told by: `beside` stands beside names that several have, `has_why` says that a column
    tells why somebody is under their need."""

    page: ModulePage
    now: datetime
    beside: Mapping[UUID, str]
    has_why: bool


def draw(page: ModulePage) -> None:
    """The table, a part for each need, or one list in the order that a heading was clicked for; the URL may
    ask for one need alone (`?need=`)."""
    groups = _students_by_need(page)
    sorting = read_sorting(st.query_params.get(filters.SORT, ""))
    telling = Telling(
        page,
        reads.visit().now,
        namesakes.beside({one.id: one.name for one in page.found.students}),
        has_why=bool({"stuck", "inactive"} & {need.key for need in groups}),
    )
    rows = _in_order(telling, groups, sorting) if sorting else _by_need(telling, groups)
    student_list.show(page.module.name, (one.row.id for one in _ordered(groups, sorting)))
    table(
        key="module_students",
        caption="Students by what they need" if sorting is None else "Students",
        columns=_columns(page, sorting, telling.has_why),
        rows=rows,
        empty="No student matches these filters. Clear them, or choose others.",
    )
    if (sorting or _is_alone(groups)) and sum(map(len, groups.values())) > MOST:
        paragraph(f"These are the first {MOST}. Choose a class, or narrow by name.", quiet=True)


def shown(page: ModulePage) -> list[InModule]:
    """Everybody who fits the filters, or has the need that the URL asks for, in the order of the table."""
    sorting = read_sorting(st.query_params.get(filters.SORT, ""))
    return _ordered(_students_by_need(page), sorting)


def _ordered(groups: Mapping[NeedGroup, list[InModule]], sorting: Sorting | None) -> list[InModule]:
    everybody = [one for students in groups.values() for one in students]
    return everybody if sorting is None else in_order(everybody, sorting)


def _students_by_need(page: ModulePage) -> dict[NeedGroup, list[InModule]]:
    """Who stands in the table, by need."""
    everybody = by_need(page.found.students, page.judged_by, reads.visit().now)
    wanted = st.query_params.get(filters.NEED, "")
    return {need: found for need, found in everybody.items() if need.key == wanted} or everybody


def _is_alone(groups: Mapping[NeedGroup, object]) -> bool:
    return [need.key for need in groups] == [st.query_params.get(filters.NEED)]


def _columns(page: ModulePage, sorting: Sorting | None, has_why: bool) -> list[Column]:
    columns = [Column(label, kind, sort=_sort(page, key, sorting)) for key, label, kind in COLUMNS]
    return [*columns, Column("Why", "lines")] if has_why else columns


def _sort(page: ModulePage, key: str, now: Sorting | None) -> ColumnSort:
    order = BY_KEY[key]
    need = st.query_params.get(filters.NEED)
    here = {filters.NEED: need} if need else {}
    to = filters.address(page, **here, **{filters.SORT: next_click(order, now)})
    if now is None or now.order is not order:
        return ColumnSort("none", "module", to)
    return ColumnSort("descending" if now.is_downwards else "ascending", "module", to)


def _by_need(
    telling: Telling, groups: Mapping[NeedGroup, list[InModule]]
) -> list[Sequence[Cell] | RowGroup]:
    page, rows = telling.page, list[Sequence[Cell] | RowGroup]()
    for need, students in groups.items():
        first = students[: _how_many(page, _is_alone(groups))]
        rows.append(_heading(need, len(students), len(first), page, _is_alone(groups)))
        rows += [_row(one, need, telling) for one in first]
    return rows


def _in_order(
    telling: Telling, groups: Mapping[NeedGroup, list[InModule]], sorting: Sorting
) -> list[Sequence[Cell] | RowGroup]:
    """One list of everybody, under a heading that leads back to the needs."""
    need_of = {one.row.id: need for need, students in groups.items() for one in students}
    students = _ordered(groups, sorting)
    if not students:
        return []
    of_need = f"{next(iter(groups)).title}: " if _is_alone(groups) else ""
    heading = RowGroup(
        f"{of_need}{count(len(students), 'student', 'students')} {sorting.words}",
        "",
        Link("By what they need", "module", filters.address(telling.page)),
    )
    rows = [_row(one, need_of[one.row.id], telling) for one in students[:MOST]]
    return [heading, *rows]


def _how_many(page: ModulePage, is_alone: bool) -> int:
    if is_alone:
        return MOST
    return FEW if len(page.found.students) <= FEW else FIRST


def _heading(need: NeedGroup, there: int, shown: int, page: ModulePage, is_alone: bool) -> RowGroup:
    way = None
    if is_alone:
        way = Link("Show everybody", "module", filters.address(page))
    elif shown < there:
        to = filters.address(page, **{filters.NEED: need.key})
        way = Link(f"Show all {there:,}, not only the first {shown}", "module", to)
    return RowGroup(
        f"{need.title}: {count(there, 'student', 'students')}",
        f"{need.sentence} {need.first}".strip(),
        way,
    )


def _row(one: InModule, need: NeedGroup, telling: Telling) -> list[Cell]:
    page = telling.page
    to = {"student": str(one.row.id), "module": str(page.module.id)}
    percentage, score = one.cell.percentage, one.cell.score
    row: list[Cell] = [
        Link(labelled(one.row.name, telling.beside.get(one.row.id)), "student", to),
        StatusCell(one.status.value, one.marks),
        None if percentage is None else ShareBar(percentage / 100, f"{percentage} %"),
        None if score is None else figure_beside(score, page.module.pass_mark),
        last_active(one.row.last_activity, one.row.last_change, zone()),
    ]
    return [*row, _why(one, need, page, telling.now)] if telling.has_why else row


def _why(one: InModule, need: NeedGroup, page: ModulePage, now: datetime) -> Cell:
    """The facts that put somebody under a pressing need, as far as no other column says them."""
    if need.key == "stuck":
        return [_stuck(found) for found in page.stuck.get(one.row.id, ())] or None
    if need.key == "inactive" and one.idle_since:
        by = next(by for by in one.judged_by if is_inactive(one, by, now))
        return f"Nothing for {lasted(*by.days(one.idle_since, now))}"
    return None


def _stuck(found: StuckQuiz) -> str:
    best = f", best {found.quiz.best.words}" if found.quiz.best else ""
    return f"Quiz of {_lesson(found.lesson)}: {found.quiz.attempts} attempts{best}"


def _lesson(lesson: Lesson | None) -> str:
    return lesson.named if lesson else "a lesson that is no longer in this module"

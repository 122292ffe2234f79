"""One kind of what the data check found: its rows, a fix to look at, and what is left as it is."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.table import Cell, Column, Link, StatusCell, table
from dashboard.components.text import alert, count, paragraph
from dashboard.editing import preview
from dashboard.editing.change_table import shown
from dashboard.editing.preview import Proposal
from dashboard.editing.preview_tables import changed_lines
from dashboard.reads import fresh, namesakes, student_list
from dashboard.views.check import state
from dashboard.views.check.state import A_PAGE, CheckResult, OpenedKind
from data.i18n.formats import unlike
from data.reading.data_check.finding import CheckRule, Finding, fix
from data.reading.data_check.found import findings_of
from data.rules.progress import Field, Problem
from data.rules.reasons import LONGEST_REASON
from data.writing.dismissals import dismiss

PREVIEW: Final = "check"
NOTE: Final = "check_note"
MOST: Final = 10_000
SHOWN, CHOSEN, ALL = "shown", "chosen", "all"

COLUMNS: Final = (
    "Student",
    "Module",
    Column("Status", "status"),
    Column("Percentage", "number"),
    Column("Score", "number"),
    Column("Completed on", "date"),
)


def draw(check: CheckResult, rule: CheckRule) -> None:
    """What can be done, and the rows."""
    kind = state.open_kind(check, rule.key)
    total = check.found[rule.key].rows
    if not kind.rows:
        paragraph("No row of this kind is left.")
        return
    scope = _draw_scope(kind, total)
    _draw_actions(check, kind, rule, scope)
    _draw_pages(check, kind, total)
    _draw_rows(kind, rule)


def _draw_scope(kind: OpenedKind, total: int) -> str:
    """For which rows: those on the page, some of them, or the whole kind."""
    everything = f"All {total:,}" if total <= MOST else f"The first {MOST:,} of {total:,}"
    labels = {SHOWN: f"The {len(kind.rows)} shown", CHOSEN: "Rows that I choose", ALL: everything}
    if total <= len(kind.rows):
        del labels[ALL]
    scope: str = st.radio(
        "For which rows?",
        list(labels),
        format_func=lambda one: labels[one],
        key=kind.widget("scope"),
        horizontal=True,
    )
    if scope == CHOSEN:
        students = _students(kind)
        named = (f"{students[one.student_id]}: {one.module_name}" for one in kind.rows)
        rows = unlike(dict(enumerate(named)))
        st.multiselect(
            "Rows",
            list(rows),
            format_func=rows.__getitem__,
            key=kind.widget("rows"),
            placeholder="Choose rows of this page",
        )
    return scope


def _students(kind: OpenedKind) -> Mapping[UUID, str]:
    """Whose rows are shown, told apart where several have the same name."""
    return namesakes.labels((one.student_id, one.student_name) for one in kind.rows)


def _draw_actions(check: CheckResult, kind: OpenedKind, rule: CheckRule, scope: str) -> None:
    nobody = scope == CHOSEN and not st.session_state.get(kind.widget("rows"))
    if rule.proposal:
        st.button(
            "Propose a fix",
            key=kind.widget("fix"),
            type="primary",
            help="Nothing is saved until you confirm.",
            disabled=nobody,
            on_click=_propose,
            args=(check, kind, rule),
        )
    if scope != ALL:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Reason for leaving them as they are (optional)",
                key=kind.widget("reason"),
                max_chars=LONGEST_REASON,
            )
            st.button(
                "Leave as it is",
                key=kind.widget("leave"),
                disabled=nobody,
                on_click=_leave,
                args=(check, kind),
            )
    if check.problem:
        about_reason = check.problem.code == "reason"
        alert(check.problem.message, field=kind.widget("reason") if about_reason else None)


def _wanted(kind: OpenedKind) -> Sequence[Finding]:
    scope = st.session_state.get(kind.widget("scope"), SHOWN)
    if scope == ALL:
        return fresh.ask(findings_of, kind.key, MOST)
    if scope == CHOSEN:
        return [kind.rows[at] for at in st.session_state.get(kind.widget("rows"), ())]
    return kind.rows


def _propose(check: CheckResult, kind: OpenedKind, rule: CheckRule) -> None:
    wanted = _wanted(kind)
    edits = fix(rule, wanted, reads.visit().now)
    by_key = {(one.student_id, one.module_id): one for one in wanted}
    unknown = count(len(wanted) - len(edits), "row has", "rows have")
    check.problem = None
    if not edits:
        sentence = f"{unknown} no automatic fix: open the students."
        check.problem = Problem(None, "no_fix", sentence)
        return
    proposals = []
    for edit in edits:
        one = by_key[edit.student_id, edit.module_id]
        proposals.append(Proposal(edit, one.student_name, one.module_name, one.module_type))
    preview.begin(PREVIEW, proposals, source="bulk", reason=f"Data check: {rule.title}")
    st.session_state[NOTE] = f"{unknown} no automatic fix." if len(edits) < len(wanted) else None


def _leave(check: CheckResult, kind: OpenedKind) -> None:
    wanted = _wanted(kind)
    reason = st.session_state.get(kind.widget("reason"))
    check.problem = dismiss(reads.visit().actor, wanted, reason)
    if check.problem is None:
        reads.forget()
        rows = count(len(wanted), "row is", "rows are")
        state.forget(f"{rows} left as it is." if len(wanted) == 1 else f"{rows} left as they are.")


def _draw_pages(check: CheckResult, kind: OpenedKind, total: int) -> None:
    is_last = len(kind.rows) < A_PAGE or kind.first + len(kind.rows) > total
    if is_last and kind.first == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        last = kind.first + len(kind.rows) - 1
        paragraph(f"{kind.first:,} to {last:,} of {total:,}", quiet=True, fit=True)
        for label, forward, off in (("Previous", False, kind.first == 1), ("Next", True, is_last)):
            st.button(
                label,
                key=kind.widget(label),
                disabled=off,
                on_click=state.turn,
                args=(check, kind, forward),
            )


def _draw_rows(kind: OpenedKind, rule: CheckRule) -> None:
    columns: list[Column | str] = [*COLUMNS]
    if "last_updated" in rule.depends_on:
        columns.append("Last update")
    if rule.proposal:
        columns.append(Column("Proposed", "lines"))
    students = _students(kind)
    student_list.show(rule.title, (one.student_id for one in kind.rows))
    table(
        key="check_rows",
        caption=rule.title,
        is_captioned=False,
        columns=columns,
        rows=[_row(one, students[one.student_id], rule) for one in kind.rows],
    )


def _row(one: Finding, student: str, rule: CheckRule) -> list[Cell]:
    here, values = zone(), one.values
    to = {"student": str(one.student_id), "module": str(one.module_id)}
    # A score as it is stored: rounded, an impossible one looks possible.
    score, percentage, date = (
        None if values[name] is None else shown(name, values[name], here)
        for name in (Field.SCORE, Field.PERCENTAGE, Field.COMPLETED_AT)
    )
    row: list[Cell] = [
        Link(student, "student", to),
        one.module_name,
        StatusCell(str(values[Field.STATUS])),
        percentage,
        score,
        date or one.completed_at_text,
    ]
    if "last_updated" in rule.depends_on:
        row.append(one.last_updated_text)
    if rule.proposal:
        changes = rule.propose(one, reads.visit().now)
        row.append(changed_lines(values, changes, here) or ["Not known"])
    return row

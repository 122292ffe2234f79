"""Which rows cannot be right, and what could be done about each kind?"""

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import minute, zone
from dashboard.components.table import Cell, Column, Link, table
from dashboard.components.text import count, notice, opening, paragraph
from dashboard.editing import preview
from dashboard.views.check import dismissed, findings, state
from dashboard.views.check.state import CheckResult
from data.reading.data_check.finding import CheckRule
from data.reading.data_check.rules import RULES, RULES_BY_KEY

COLUMNS = ("Kind", Column("Rows", "number"), "What it means", "What a fix would do")


def draw() -> None:
    """The page: every kind; one of them; or what a fix will change."""
    rule = RULES_BY_KEY.get(st.query_params.get("kind", ""))
    if preview.is_open(findings.PREVIEW):
        _draw_preview()
        return
    check = state.known() or state.count_again()
    if rule is None:
        opening("Data check", _answer(check))
    else:
        opening(rule.title, _kind_answer(check, rule))
    if message := state.message():
        notice(message)
    if rule is None:
        _draw_kinds(check)
    else:
        links.to("check", "All kinds")
        findings.draw(check, rule)


def _answer(check: CheckResult) -> str:
    total = sum(check.counts.values())
    if not total:
        return "No problems were found."
    kinds = sum(number > 0 for number in check.counts.values())
    rows = count(total, "row needs", "rows need")
    return f"{rows} a look, in {count(kinds, 'kind', 'kinds')}. Nothing is changed automatically."


def _kind_answer(check: CheckResult, rule: CheckRule) -> str:
    rows = count(check.counts.get(rule.key, 0), "row", "rows")
    fix = (
        f"A fix: {rule.proposal[0].lower()}{rule.proposal[1:]}"
        if rule.proposal
        else "There is no automatic fix for this kind."
    )
    return f"{rows}. {rule.sentence} {fix}"


def _draw_kinds(check: CheckResult) -> None:
    found = [rule for rule in RULES if check.counts.get(rule.key)]
    if found:
        table(
            key="check_kinds", caption="What was found", columns=COLUMNS, rows=_rows(check, found)
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        others = count(len(RULES) - len(found), "other kind was", "other kinds were")
        when = minute(check.counted_at, zone())
        paragraph(f"{others} checked and not found. Counted {when}.", quiet=True, fit=True)
        st.button("Count again", key="check_count", on_click=state.forget)
    dismissed.draw()


def _rows(check: CheckResult, found: list[CheckRule]) -> list[list[Cell]]:
    return [
        [
            Link(rule.title, "check", {"kind": rule.key}),
            f"{check.counts[rule.key]:,}",
            rule.sentence,
            rule.proposal or "No automatic fix: open the students.",
        ]
        for rule in found
    ]


def _draw_preview() -> None:
    opening("Data check", "What the fix will change. Nothing is saved yet.")
    if note := st.session_state.get(findings.NOTE):
        paragraph(note, quiet=True)
    if preview.draw(findings.PREVIEW) is not None:
        reads.forget()
        state.forget()
        st.rerun()


draw()

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
from data.i18n.formats import few
from data.reading.data_check.finding import CheckRule
from data.reading.data_check.rules import RULES, RULES_BY_KEY

ROWS = Column("Rows", "number")


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
    total = sum(found.rows for found in check.found.values())
    if not total:
        return "No problems were found."
    fixable = sum(check.found[rule.key].rows for rule in RULES if rule.proposal)
    without = total - fixable
    of_them = f"for {fixable:,} a fix can be proposed" if fixable else "no fix can be proposed"
    rest = f", for {without:,} none" if fixable and without else ""
    rows = count(total, "row needs", "rows need")
    return f"{rows} a look: {of_them}{rest}. Nothing is changed automatically."


def _kind_answer(check: CheckResult, rule: CheckRule) -> str:
    rows = count(check.found[rule.key].rows, "row", "rows")
    fix = (
        f"A fix: {rule.proposal[0].lower()}{rule.proposal[1:]}"
        if rule.proposal
        else "There is no automatic fix for this kind."
    )
    return f"{rows}. {rule.sentence} {fix}"


def _draw_kinds(check: CheckResult) -> None:
    found = [rule for rule in RULES if check.found[rule.key].rows]
    fixable = [rule for rule in found if rule.proposal]
    for cause in dict.fromkeys(rule.cause for rule in fixable):
        table(
            key=f"check_{cause}",
            caption=cause,
            columns=("Kind", ROWS, "Whose", "What a fix would do"),
            rows=[
                [*_counted(check, rule), _concerned(check, rule), rule.proposal]
                for rule in fixable
                if rule.cause == cause
            ],
        )
    if without := [rule for rule in found if not rule.proposal]:
        _draw_without(check, without, is_all=not fixable)
    with st.container(horizontal=True, vertical_alignment="center"):
        others = count(len(RULES) - len(found), "other kind was", "other kinds were")
        when = minute(check.counted_at, zone())
        paragraph(f"{others} checked and not found. Counted {when}.", quiet=True, fit=True)
        st.button("Count again", key="check_count", on_click=state.forget)
    dismissed.draw()


def _draw_without(check: CheckResult, rules: list[CheckRule], *, is_all: bool) -> None:
    """Folded where there is something that can be mended."""
    rows = count(sum(check.found[rule.key].rows for rule in rules), "row", "rows")
    kinds = count(len(rules), "kind", "kinds")
    with st.expander(
        f"{rows} without an automatic fix, in {kinds}", expanded=is_all, key="check_others"
    ):
        table(
            key="check_without",
            caption="Without an automatic fix",
            is_captioned=False,
            columns=("Kind", ROWS, "What it means"),
            rows=[[*_counted(check, rule), rule.sentence] for rule in rules],
        )


def _counted(check: CheckResult, rule: CheckRule) -> list[Cell]:
    return [Link(rule.title, "check", {"kind": rule.key}), f"{check.found[rule.key].rows:,}"]


def _concerned(check: CheckResult, rule: CheckRule) -> str:
    students = check.found[rule.key].students
    return few(check.concerned.get(rule.key, ()), 3) or count(students, "student", "students")


def _draw_preview() -> None:
    opening("Data check", "What the fix will change. Nothing is saved yet.")
    if note := st.session_state.get(findings.NOTE):
        paragraph(note, quiet=True)
    if preview.draw(findings.PREVIEW) is not None:
        reads.forget()
        state.forget()
        st.rerun()


draw()

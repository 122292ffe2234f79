"""After a save: the rows that could not be saved, shown until the person goes on, and as a file."""

from functools import partial

import streamlit as st

from dashboard.components.formats import zone
from dashboard.components.links import download
from dashboard.components.text import alert, count, paragraph
from dashboard.editing import preview_tables
from dashboard.editing.preview_plan import Plan, PlanRow
from data.files.importing.refused import RefusedRow, not_saved_csv


def is_to_be_read(plan: Plan) -> bool:
    """Was something saved, and something not, which the person has not gone on from?"""
    return plan.outcome is not None and bool(plan.refused) and not plan.is_read


def draw(plan: Plan) -> None:
    """What was saved in a sentence, then each row that was not, and why."""
    saved = len(plan.outcome.saved) if plan.outcome else 0
    paragraph(f"Saved: {count(saved, 'change', 'changes')}.")
    rows = count(len(plan.refused), "row was", "rows were")
    alert(f"{rows} not saved. Download what was wanted, or note it, before you continue.")
    here = zone()
    with st.container(horizontal=True):
        st.button("Continue", key=plan.key("continue"), type="primary", on_click=plan.read)
        download(
            "Download the rows that were not saved",
            partial(not_saved_csv, [_row(one) for one in plan.refused], here),
            "not saved.csv",
            key=plan.key("not_saved"),
        )
    preview_tables.draw_refused(plan, here)


def _row(one: PlanRow) -> RefusedRow:
    wanted = one.proposal
    why = " ".join(problem.message for problem in one.problems)
    return RefusedRow(wanted.edit, wanted.student, wanted.module, why)

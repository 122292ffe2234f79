"""The lines of a file by what becomes of them, those that need somebody first."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.components.table import Column, table
from dashboard.components.text import count
from dashboard.editing.preview_tables import paged
from dashboard.views.school.roster_file.state import RosterFile
from data.roster.files.comparing.verdicts import Comparison, RosterVerdict

WORDS: Final = {
    RosterVerdict.REFUSED: ("line with a problem", "lines with a problem"),
    RosterVerdict.ASKS: ("line that is unclear", "lines that are unclear"),
    RosterVerdict.LEFT_OUT: ("line left out", "lines left out"),
    RosterVerdict.LEAVES: ("who leaves", "who leave"),
    RosterVerdict.NEW: ("new", "new"),
    RosterVerdict.CHANGED: ("changed", "changed"),
    RosterVerdict.SAME: ("without a change", "without a change"),
}

ALL: Final = "all"


def sentence(comparison: Comparison) -> str:
    """'3 new, 12 changed, 40 without a change.'"""
    counts = comparison.counts
    parts = [count(counts[one], *WORDS[one]) for one in WORDS if counts[one]]
    return f"{', '.join(parts) or 'Nobody'}."


def draw(file: RosterFile, comparison: Comparison) -> None:
    """The lines, a hundred at a time, of one verdict or of all."""
    counts = comparison.counts
    there = [one.value for one in WORDS if counts[one]]
    wanted = ALL
    if len(there) > 1:
        wanted = st.selectbox(
            "Show",
            [ALL, *there],
            format_func=lambda one: _choice(comparison, one),
            key=file.key("verdict"),
            width=320,
            persist_state="session",
        )
    lines = [one for one in comparison.verdicts if wanted in (ALL, one.verdict)]
    table(
        key=file.key("lines"),
        caption="Lines of the file",
        columns=(Column("Line"), Column("Who"), Column("Verdict"), Column("What", "lines")),
        rows=[
            (
                str(one.place) if one.place else None,
                one.who,
                one.verdict.value.capitalize(),
                list(one.sentences) or None,
            )
            for one in paged(lines, file.key(f"page_{wanted}"))
        ],
    )


def _choice(comparison: Comparison, wanted: str) -> str:
    if wanted == ALL:
        return f"All {len(comparison.verdicts):,} lines"
    verdict = RosterVerdict(wanted)
    return count(comparison.counts[verdict], *WORDS[verdict])

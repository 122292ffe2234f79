"""The lines of a file by what becomes of them, those that need somebody first."""

from __future__ import annotations

from typing import Final

from dashboard.components.table import Column, table
from dashboard.editing.preview_tables import paged
from dashboard.editing.tables_in import verdicts
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


def draw(file: RosterFile, comparison: Comparison) -> None:
    """The lines, a hundred at a time, of one verdict or of all."""
    everything = f"All {len(comparison.verdicts):,} lines"
    wanted = verdicts.choose(
        comparison.counts, WORDS, everything, key=file.key("verdict"), persist_state="session"
    )
    lines = [one for one in comparison.verdicts if wanted in (verdicts.ALL, one.verdict)]
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

"""People and classes from a file: what it comes to, line by line, what is asked, then exactly that is saved."""

from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components.table import Column, table
from dashboard.components.text import alert, count, heading, paragraph
from dashboard.editing.preview_tables import paged
from dashboard.editing.tables_in import source, verdicts
from dashboard.views.school import choosing, roster_preview
from dashboard.views.school.roster_file import questions, state
from dashboard.views.school.roster_file.state import FILE, RosterFile
from data.roster.files.comparing.verdicts import Comparison, RosterVerdict
from data.roster.files.template import list_csv, list_xlsx
from data.roster.reading.managed import ManagedSchool

NAME: Final = "roster_file"
CHOSEN: Final = "roster_file_chosen"
PASTED: Final = "file_pasted"
FIELD: Final = "asks_roster_list"
"""Its container; the wire asks before a page is left where something is typed in one called so."""

WORDS: Final = {
    RosterVerdict.REFUSED: ("line with a problem", "lines with a problem"),
    RosterVerdict.ASKS: ("line that is unclear", "lines that are unclear"),
    RosterVerdict.LEFT_OUT: ("line left out", "lines left out"),
    RosterVerdict.LEAVES: ("who leaves", "who leave"),
    RosterVerdict.NEW: ("new", "new"),
    RosterVerdict.CHANGED: ("changed", "changed"),
    RosterVerdict.SAME: ("without a change", "without a change"),
}


def draw(school: ManagedSchool) -> None:
    """The preview where one is open; else the file that is open; else where one comes from."""
    if roster_preview.draw(NAME, "From a file"):
        return
    file = FILE.current()
    if file is not None:
        _draw_file(file, school)
    elif school.organisations:
        _draw_source(school.organisations[0].id)


def is_begun() -> bool:
    """Is a list open, or pasted, that is not saved?"""
    return FILE.current() is not None or bool(_pasted().strip())


def _draw_source(organisation: UUID) -> None:
    """A file to choose, a field to paste into, and the templates."""
    FILE.draw_problem()
    paragraph(
        "A list with a line per person, or a package of OneRoster or School Data Sync. Every line is checked "
        "first, and nothing is saved until you confirm. Passwords and birthdays are never read."
    )
    source.draw_file(
        "A CSV, Excel, ODS or ZIP file",
        CHOSEN,
        lambda name, content: state.open_file(name, content, organisation),
        FILE.close,
    )
    with st.container(key=FIELD):
        example = "Name, E-mail, School number and Class"
        source.draw_pasted("list", example, **choosing.kept(PASTED))
    st.button(
        "Check pasted list", key="roster_file_paste", on_click=_take_pasted, args=(organisation,)
    )
    heading("A template to fill in", 2)
    paragraph("A name and a class are enough. An empty cell changes nothing.", quiet=True)
    source.draw_templates("people", {"csv": list_csv, "xlsx": list_xlsx})


def _take_pasted(organisation: UUID) -> None:
    state.open_file("Pasted list", _pasted(), organisation)


def _pasted() -> str:
    return str(choosing.said(PASTED, ""))


def _draw_file(file: RosterFile, school: ManagedSchool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph(file.name, fit=True)
        st.button("Another file", key=file.key("close"), on_click=FILE.close)
    questions.draw_whose(file, school)
    comparison = verdicts.looking(lambda step: state.compared(file, step))
    if comparison is None:
        alert(str(file.unreadable))
        questions.draw_unreadable(file)
        return
    questions.draw_understood(file, comparison)
    paragraph(verdicts.sentence(comparison.counts, WORDS))
    questions.draw_stops(file, comparison)
    _draw_button(file, comparison)
    _draw_lines(file, comparison)


def _draw_button(file: RosterFile, comparison: Comparison) -> None:
    """No way on while something is asked that only a person can answer."""
    if comparison.stops or not comparison.changes:
        return
    changes = count(len(comparison.changes), "change", "changes")
    left_out = len(comparison.unclear)
    without = f" without {count(left_out, 'unclear line', 'unclear lines')}" if left_out else ""
    st.button(
        f"Preview {changes}{without}",
        key=file.key("preview"),
        type="primary",
        on_click=_begin,
        args=(comparison,),
    )


def _begin(comparison: Comparison) -> None:
    roster_preview.begin(NAME, comparison.changes, source="file", on_saved=_forget)


def _forget() -> None:
    FILE.close()
    st.session_state.pop(choosing.key(PASTED), None)


def _draw_lines(file: RosterFile, comparison: Comparison) -> None:
    """The lines, a hundred at a time, of one verdict or of all."""
    everything = f"All {len(comparison.verdicts):,} lines"
    wanted = verdicts.choose(
        comparison.counts, WORDS, everything, key=file.key("verdict"), persist_state="session"
    )
    lines = [one for one in comparison.verdicts if wanted in (verdicts.ALL, one.verdict)]
    table(
        key=file.key("lines"),
        caption="Lines of the file",
        columns=("Line", "Who", "Verdict", Column("What", "lines")),
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

"""Who and what is in this school, and what was changed of it?"""

from __future__ import annotations

import streamlit as st

from dashboard import reads
from dashboard.components.text import opening
from dashboard.views.school import sections, words
from data.roster.reading.managed import managed_school


def draw() -> None:
    """The sentence that says how much there is, the sections, and the one that is open."""
    school = reads.ask(managed_school)
    opening("School", words.how_much(school))
    sections.draw(school, st.query_params.get(sections.SHOW, ""))


draw()

"""The pages of a table that is too long for one: the URL keeps which."""

from typing import Final

import streamlit as st

from dashboard.components import links
from dashboard.components.text import paragraph
from dashboard.views.grid.frame import RowsPage

PAGE: Final = "page"


def asked() -> int:
    """The page that the URL asks for, counted from 0; the first where it asks for none that there can be."""
    return max((links.number_in_address(PAGE) or 1) - 1, 0)


def draw(page: RowsPage, *, locked: bool) -> None:
    """Which rows are shown, and the ways to the others; nothing where all fit on one page."""
    if not page.last:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="grid_pages"):
        paragraph(f"{page.sentence} Choose one module to see all students in it.", fit=True)
        st.button(
            "Previous rows",
            key="grid_previous",
            on_click=_go,
            args=(page.number - 1,),
            disabled=locked or page.number == 0,
        )
        st.button(
            "Next rows",
            key="grid_next",
            on_click=_go,
            args=(page.number + 1,),
            disabled=locked or page.number == page.last,
        )


def _go(number: int) -> None:
    st.query_params[PAGE] = str(number + 1)

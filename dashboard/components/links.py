"""Ways from one page to another: a page's name is its file in views/ and its path in the URL."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.components.table import Follow


def go(page: str, **parameters: str) -> NoReturn:
    """Leave for another page."""
    st.switch_page(f"views/{page}.py", query_params=parameters)


def follow(link: Follow | None) -> None:
    """Leave for where a link of a table leads, if one was clicked."""
    if link is not None:
        go(link.page, **link.params)


def to(page: str, label: str, **parameters: str) -> None:
    """A link to another page; `label` is ours and may be Markdown."""
    st.page_link(f"views/{page}.py", label=label, query_params=parameters)

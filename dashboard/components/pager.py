"""Older and newer, page by page: the URL keeps the way back."""

from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import links
from data.rules.ids import as_uuid

TRAIL: Final = "before"


def here() -> str | None:
    """What the page shown comes after; None on the first."""
    trail = _trail()
    return trail[-1] if trail else None


def uuid_here() -> UUID | None:
    """The same where pages come after a UUID; None for anything else that a link says."""
    return as_uuid(here() or "")


def number() -> int | None:
    """The same where pages come after a number; None where the URL holds nonsense."""
    return links.whole_number(here() or "")


def draw(older: str | None) -> None:
    """The ways to other pages, if there are any; `older` is what the next one comes after."""
    trail = _trail()
    if not trail and older is None:
        return
    with st.container(key="pager", horizontal=True):
        if trail:
            st.button("Newer", key="page_newer", on_click=_go, args=(trail[:-1],))
        if older is not None:
            st.button("Older", key="page_older", on_click=_go, args=([*trail, older],))


def _trail() -> list[str]:
    return [one for one in st.query_params.get(TRAIL, "").split(",") if one]


def _go(trail: list[str]) -> None:
    if trail:
        st.query_params[TRAIL] = ",".join(trail)
    else:
        del st.query_params[TRAIL]

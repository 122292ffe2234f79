"""The faces of expected states: the database away, a thing not found, nothing to show."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components.words import alert, heading
from data.errors import DatabaseAway, DataError


def draw_outage(error: DataError, retry: Callable[[], None]) -> None:
    """The whole page, where the database is away or not as it should be."""
    away = isinstance(error, DatabaseAway)
    heading("The database is away" if away else "The database is not ready")
    alert(str(error))
    st.button("Try again", key="try_again", type="primary", on_click=retry)

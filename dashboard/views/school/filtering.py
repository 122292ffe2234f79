"""What a list of the school is filtered by stands in the address: the controls' names are its parameters."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components.toolbar import FilterSet, ToolbarEvent


def by_address(*controls: str) -> Callable[[ToolbarEvent], None]:
    """Writes a control's value into the address; turned off, or with all of them cleared, it goes."""

    def heard(event: ToolbarEvent) -> None:
        pairs = (
            [(event.control, event.value)]
            if isinstance(event, FilterSet)
            else [(one, "") for one in controls]
        )
        for name, value in pairs:
            if value:
                st.query_params[name] = value
            else:
                st.query_params.pop(name, None)

    return heard

"""Small things the browser keeps for the next visit. Not secrets, and no protection: who may see what is
decided elsewhere."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

import streamlit as st

PERSON: Final = "progress_demo_person"
"""Which demo person was chosen last; the demo opens as anybody anyway."""

LAST_VIEW: Final = "progress_last_view"
"""The class page's address of the last visit, but for names that were searched."""

JS: Final = """
export default function ({ data: [name, value] }) {
  const life = value ? 2592000 : 0;
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${life}; SameSite=Strict`;
}
"""

_mount = st.components.v2.component("dashboard_cookie", js=JS)


def read(name: str) -> str:
    """What the browser sent when it connected; '' where it keeps nothing."""
    return unquote(st.context.cookies.get(name) or "")


def write(name: str, value: str) -> None:
    """Have the browser keep this; '' forgets."""
    if read(name) != value:
        _mount(key=name, data=[name, value])

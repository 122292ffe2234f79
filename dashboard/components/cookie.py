"""Which demo person was chosen last, kept by the browser so that a reload stays signed in.

Not a secret and no protection: the demo opens as anybody anyway.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

NAME: Final = "progress_demo_person"

JS: Final = """
export default function ({ data }) {
  const life = data ? 2592000 : 0;
  document.cookie = `NAME=${encodeURIComponent(data)}; path=/; max-age=${life}; SameSite=Strict`;
}
""".replace("NAME", NAME)

_mount = st.components.v2.component("dashboard_cookie", js=JS)


def person() -> str | None:
    """The person's id as the browser sent it when it connected."""
    return st.context.cookies.get(NAME)


def remember(person_id: str) -> None:
    """Have the browser keep this person; '' forgets."""
    if (person() or "") != person_id:
        _mount(key="demo_cookie", data=person_id)

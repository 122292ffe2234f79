"""What a person has begun in the school and not saved: in words, and the address that shows it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import streamlit as st

from dashboard.components.text import count
from dashboard.views.school import roster_draft, roster_preview
from dashboard.views.school.roster_file import section as roster_file


class Begun(NamedTuple):
    """One thing that would be lost."""

    sentence: str
    way: Mapping[str, str]

    @property
    def is_shown(self) -> bool:
        """Does the School page's address, as it is now, show it?"""
        asked = st.query_params.to_dict()
        return self.way.items() <= asked.items() and self.way.get("show") == asked.get("show")


def begun_in_school() -> Iterator[Begun]:
    """Forms in which something is typed, the preview that is open, and a list of people that is read."""
    for form in roster_draft.all_drafts().values():
        if form.is_typed:
            yield Begun(f"You have unsaved changes to {form.title}.", form.way)
    preview = roster_preview.open_preview()
    if preview is not None and preview.changes:
        changes = count(len(preview.changes), "change", "changes")
        yield Begun(f"You have a preview of {changes} that are not saved.", preview.way)
    elif roster_file.is_begun():
        yield Begun("You have a list of people that is not saved.", {"show": "file"})

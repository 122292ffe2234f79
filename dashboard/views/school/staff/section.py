"""The colleagues of the school: a list, a form for one, and access switched off or on for several."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.table import Column, Link, Tick, table
from dashboard.components.text import count, paragraph
from dashboard.components.toolbar import Control, by_address, toolbar
from dashboard.views.school import choosing, roster_preview
from dashboard.views.school.staff import form
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.staff import StaffEntry, staff_entries
from data.roster.staff import switched
from data.rules.roster import ROLES

NAME: Final = "staff"

ENDS: Final = "Whoever is switched off is signed out at once. What they changed keeps their name."


def draw(school: ManagedSchool) -> None:
    """The list, or what is open instead: one colleague, a new one, or the preview of a change of several."""
    if roster_preview.draw(NAME, "Change several colleagues"):
        return
    staff = reads.ask(staff_entries)
    asked = links.named_in_address("colleague")
    if "new" in st.query_params or asked:
        links.to("school", "All staff", show="staff")
        form.draw(school, staff, asked)
        return
    _draw_list(school, staff)


def _draw_list(school: ManagedSchool, staff: Sequence[StaffEntry]) -> None:
    links.to("school", "Add a colleague", show="staff", new="1")
    typed = st.query_params.get("name", "").strip().casefold()
    shown = [one for one in staff if typed in f"{one.full_name} {one.email}".casefold()]
    toolbar(
        key="roster_staff_bar",
        label="Colleagues to show",
        controls=[Control("name", "Name or e-mail", "text", st.query_params.get("name", ""))],
        sentence=f"{count(len(shown), 'colleague', 'colleagues')}.",
        can_clear=bool(typed),
        on_event=by_address("name"),
    )
    chosen = choosing.draw(NAME, [one.id for one in shown])
    if chosen:
        _draw_bulk([one for one in shown if one.id in chosen])
    several = len(school.organisations) > 1
    table(
        key="roster_staff",
        caption="Staff",
        columns=(
            "Name",
            Column("E-mail", "email"),
            "Role",
            *(["Organisation"] if several else []),
            "Classes",
            "Access",
            Column("Choose", on_paper=False),
        ),
        rows=[_row(one, chosen, several) for one in shown],
        empty="No colleague is like that." if typed else "There is nobody else yet.",
        is_captioned=False,
        on_tick=partial(choosing.take_ticks, NAME),
    )


def _row(one: StaffEntry, chosen: set[UUID], several: bool) -> tuple[Tick | Link | str, ...]:
    return (
        Link(one.full_name, "school", {"show": "staff", "colleague": str(one.id)}),
        one.email,
        ROLES.get(one.role, one.role),
        *([one.organisation or "All organisations"] if several else []),
        "; ".join(one.classes),
        "" if one.is_active else "switched off",
        Tick(str(one.id), one.full_name, one.id in chosen),
    )


def _draw_bulk(chosen: Sequence[StaffEntry]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph(f"{count(len(chosen), 'colleague', 'colleagues')} chosen.", fit=True)
        for label, on in (("Switch off access", False), ("Switch on access", True)):
            st.button(label, key=f"roster_staff_{on}", on_click=_begin, args=(chosen, on))


def _begin(chosen: Sequence[StaffEntry], on: bool) -> None:
    changes = [change for one in chosen for change in switched(one, on=on)]
    choosing.preview(NAME, changes, [] if on else [ENDS])

"""The classes of the school: a list, a form for one, and what is done with several."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import zone
from dashboard.components.table import Column, Link, Tick, table
from dashboard.components.toolbar import Control, by_address, toolbar
from dashboard.views.school import choosing, roster_preview
from dashboard.views.school.classes import bulk, form
from data.i18n.dates import day
from data.roster.reading.classes import ClassEntry, class_entries
from data.roster.reading.managed import ManagedSchool


def draw(school: ManagedSchool) -> None:
    """The list, or what is open instead of it: one class, a new one, or the preview of a change of several."""
    classes = reads.ask(class_entries)
    if roster_preview.draw(bulk.NAME, "Change several classes"):
        return
    asked = links.named_in_address("class")
    if "new" in st.query_params or asked:
        links.to("school", "All classes")
        form.draw(school, classes, asked)
        return
    _draw_list(school, classes)


def _draw_list(school: ManagedSchool, classes: Sequence[ClassEntry]) -> None:
    links.to("school", "Add a class", new="1")
    all_of_them = st.query_params.get("state") == "all"
    shown = [one for one in classes if all_of_them or one.archived_at is None]
    if len(shown) < len(classes) or all_of_them:
        toolbar(
            key="roster_classes_bar",
            label="Classes to show",
            controls=[
                Control(
                    *("state", "Show", "choice", "all" if all_of_them else ""),
                    (("all", "Archived classes too"),),
                    nothing="Classes in use",
                )
            ],
            sentence=f"{len(shown)} of {len(classes)} classes.",
            can_clear=all_of_them,
            on_event=by_address("state"),
        )
    chosen = choosing.draw(bulk.NAME, [one.id for one in shown])
    if chosen:
        bulk.draw([one for one in shown if one.id in chosen])
    several = len(school.organisations) > 1
    table(
        key="roster_classes",
        caption="Classes",
        columns=(
            "Class",
            *(["Organisation"] if several else []),
            Column("Students", "number"),
            "Teachers",
            Column("Modules", "number"),
            *([Column("Archived on", "date")] if all_of_them else []),
            Column("Choose", on_paper=False),
        ),
        rows=[_row(one, chosen, several, all_of_them) for one in shown],
        empty="There are no classes yet. Add one, or bring them in with the students from a file.",
        is_captioned=False,
        on_tick=partial(choosing.take_ticks, bulk.NAME),
    )


def _row(
    one: ClassEntry, chosen: set[UUID], several: bool, all_of_them: bool
) -> tuple[Tick | Link | str | None, ...]:
    return (
        Link(one.label, "school", {"class": str(one.id)}),
        *([one.organisation] if several else []),
        f"{len(one.student_ids):,}",
        ", ".join(one.teachers),
        f"{len(one.places):,}",
        *([day(one.archived_at, zone())] if all_of_them else []),
        Tick(str(one.id), one.label, one.id in chosen),
    )

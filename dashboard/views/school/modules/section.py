"""The catalogue of modules: a list and a form for one."""

from collections.abc import Sequence

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import zone
from dashboard.components.table import Column, Link, table
from dashboard.components.text import count
from dashboard.components.toolbar import Control, by_address, toolbar
from dashboard.views.school import roster_preview
from dashboard.views.school.modules import form
from data.i18n.dates import day
from data.i18n.formats import figure
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.modules import ModuleEntry, module_entries
from data.rules.details import type_label


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """The list, or what is open instead of it: one module, a new one, or a preview."""
    modules = reads.ask(module_entries)
    if roster_preview.draw(form.NAME, "Change a module"):
        return
    asked = links.named_in_address("module")
    if "new" in st.query_params or asked:
        links.to("school", "All modules", show="modules")
        form.draw(modules, asked)
        return
    _draw_list(modules)


def _draw_list(modules: Sequence[ModuleEntry]) -> None:
    links.to("school", "Add a module", show="modules", new="1")
    typed = st.query_params.get("name", "").strip().casefold()
    all_of_them = st.query_params.get("state") == "all"
    shown = [
        one
        for one in modules
        if typed in one.name.casefold() and (all_of_them or one.retired_at is None)
    ]
    toolbar(
        key="roster_modules_bar",
        label="Modules to show",
        controls=_controls(all_of_them),
        sentence=f"{count(len(shown), 'module', 'modules')}.",
        can_clear=bool(typed or all_of_them),
        on_event=by_address("name", "state"),
    )
    table(
        key="roster_modules",
        caption="Modules",
        columns=(
            "Module",
            "Type",
            Column("Pass mark", "number"),
            Column("Classes", "number"),
            *([Column("Retired on", "date")] if all_of_them else []),
        ),
        rows=[_row(one, all_of_them) for one in shown],
        empty="No module is like that."
        if typed or modules
        else "There are no modules yet. Add one.",
        is_captioned=False,
    )


def _row(one: ModuleEntry, all_of_them: bool) -> tuple[Link | str | None, ...]:
    return (
        Link(one.name, "school", {"show": "modules", "module": str(one.id)}),
        type_label(one.type),
        figure(one.pass_mark),
        f"{one.classes:,}",
        *([day(one.retired_at, zone())] if all_of_them else []),
    )


def _controls(all_of_them: bool) -> list[Control]:
    state = "all" if all_of_them else ""
    return [
        Control("name", "Name", "text", st.query_params.get("name", "")),
        Control(
            *("state", "Show", "choice", state, (("all", "Retired modules too"),)),
            nothing="Modules in use",
        ),
    ]

"""Whose weeks the page is asked for, and which: read from the URL, and drawn as one bar of native controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.toolbar import Control, ToolbarEvent, by_address, toolbar
from dashboard.views.trends import period
from dashboard.views.trends.period import Period
from data.i18n.formats import unlike
from data.reading.history.options import history_modules
from data.reading.trends.completions import TrendClass, trend_classes
from data.rules.ids import as_uuid

LABELS: Final = {"organisation": "Organisation", "class": "Class", "module": "Module"}
EXPORT: Final = "Export"


@dataclass(frozen=True)
class TrendQuery:
    """The period of the classes that are shown and of one module or all; `unread` are the labels of what is not
    among mine."""

    offered: Sequence[TrendClass]
    modules: Mapping[UUID, str]
    organisation: UUID | None
    class_id: UUID | None
    module: UUID | None
    period: Period
    unread: Sequence[str]

    @cached_property
    def classes(self) -> list[TrendClass]:
        """Those that are shown."""
        return [
            one
            for one in self.offered
            if self.class_id in (None, one.id)
            and (self.class_id or self.organisation in (None, one.organisation_id))
        ]

    @cached_property
    def others(self) -> list[TrendClass]:
        """Of a class the others of its organisation that the person sees."""
        mine = next((one for one in self.offered if one.id == self.class_id), None)
        if mine is None:
            return []
        return [
            one
            for one in self.offered
            if one.organisation_id == mine.organisation_id and one is not mine
        ]

    @property
    def whose(self) -> str:
        """'7 Blue', 'Northside', 'all my classes': stored names, perhaps with a module's."""
        if self.class_id:
            name = self.classes[0].name
        elif self.organisation:
            name = self.classes[0].organisation
        else:
            name = "all my classes" if len(self.classes) > 1 else self.classes[0].name
        return f"{self.modules[self.module]}, {name}" if self.module else name


def today() -> date:
    """The database's, by UTC."""
    return reads.visit().now.astimezone(UTC).date()


def read() -> TrendQuery | None:
    """What the URL asks for; None for whom no class is there."""
    asked = {key: as_uuid(st.query_params.get(key, "")) for key in LABELS}
    everything = reads.ask(trend_classes, asked["class"], None)
    if not everything:
        return None
    modules = reads.ask(history_modules, None)
    module = asked["module"] if asked["module"] in modules else None
    offered = reads.ask(trend_classes, asked["class"], module) if module else everything
    if not offered:
        offered, module = everything, None
    class_id = asked["class"] if asked["class"] in {one.id for one in offered} else None
    of_organisation = {one.organisation_id for one in offered}
    organisation = asked["organisation"] if asked["organisation"] in of_organisation else None
    found = {"class": class_id, "module": module, "organisation": organisation}
    strange = [LABELS[key] for key in found if st.query_params.get(key) and not found[key]]
    days, unread = period.read(today())
    return TrendQuery(offered, modules, organisation, class_id, module, days, [*strange, *unread])


def draw(asked: TrendQuery) -> str | None:
    """The bar; returns the panel that is open."""
    organisations = unlike({one.organisation_id: one.organisation for one in asked.offered})
    controls = [
        _choice("class", {one.id: one.name for one in asked.offered}, asked.class_id, "All mine"),
        _choice("module", asked.modules, asked.module, "All"),
        *period.controls(today()),
    ]
    if len(organisations) > 1:
        controls.insert(0, _choice("organisation", organisations, asked.organisation, "All"))
    keys = [*LABELS, *period.LABELS]
    write = by_address(*keys)

    def heard(event: ToolbarEvent) -> None:
        period.follow(event)
        write(event)

    return toolbar(
        key="trends_bar",
        label="Filters",
        controls=controls,
        sentence=f"Showing {asked.whose}, {asked.period.when}.",
        can_clear=any(key in st.query_params for key in keys),
        panels=[EXPORT],
        on_event=heard,
    )


def _choice(key: str, names: Mapping[UUID, str], chosen: UUID | None, nothing: str) -> Control:
    options = [(str(one), name) for one, name in names.items()]
    return Control(key, LABELS[key], "choice", str(chosen or ""), options, nothing)


def ignored(asked: TrendQuery) -> None:
    """What the address asks for and nothing here is."""
    links.draw_ignored(asked.unread, asked.whose)

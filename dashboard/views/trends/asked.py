"""Whose weeks the page is asked for, and which: read from the URL, and drawn as one bar of native controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.toolbar import Control, by_address, toolbar
from data.i18n.dates import month_and_year, short_date
from data.i18n.formats import unlike
from data.reading.history.options import history_modules
from data.reading.trends.completions import TrendClass, trend_classes
from data.reading.trends.weeks import monday
from data.rules.ids import as_uuid

LABELS: Final = {
    "organisation": "Organisation",
    "class": "Class",
    "module": "Module",
    "period": "Period",
    "since": "From",
    "until": "To",
}
WEEKS: Final = ("8", "26", "52")
MONTHS: Final = 12
EXPORT: Final = "Export"


@dataclass(frozen=True)
class TrendQuery:
    """The days, from the first to the last, of the classes that are shown and of one module or all; `unread`
    are the labels of what is not among mine."""

    offered: Sequence[TrendClass]
    modules: Mapping[UUID, str]
    organisation: UUID | None
    class_id: UUID | None
    module: UUID | None
    first: date
    last: date
    when: str
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


def read() -> TrendQuery | None:
    """What the URL asks for; None for whom no class is there."""
    today = reads.visit().now.astimezone(UTC).date()
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
    first, last, when, unread = _period(today)
    strange = [key for key in found if st.query_params.get(key) and not found[key]]
    return TrendQuery(
        offered, modules, organisation, class_id, module, first, last, when,
        [LABELS[key] for key in (*strange, *unread)],
    )  # fmt: skip


def _period(today: date) -> tuple[date, date, str, list[str]]:
    """Its first and last day, in words, and what of it could not be read. Days that are given come before weeks
    and months."""
    written = {key: st.query_params.get(key, "") for key in ("period", "since", "until")}
    since, until = _day(written["since"]), _day(written["until"])
    unread = [
        key for key, day in (("since", since), ("until", until)) if written[key] and day is None
    ]
    if since and until and until < since:
        since, until = until, since
    months = {f"{one:%Y-%m}": one for one in _months(today)}
    if since or until:
        last = min(until or today, today)
        first = since or monday(last) - timedelta(weeks=int(WEEKS[0]))
        return first, last, _from_to(first, last), unread
    if month := months.get(written["period"]):
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return month, min(end, today), f"in {month_and_year(month)}", unread
    if written["period"] and written["period"] not in WEEKS:
        unread.append("period")
    many = written["period"] if written["period"] in WEEKS else WEEKS[0]
    first = monday(today) - timedelta(weeks=int(many))
    return first, today, f"in the last {many} weeks", unread


def _from_to(first: date, last: date) -> str:
    """A first day that is to come is after the last one, today."""
    if last <= first:
        return f"{'from' if last < first else 'on'} {short_date(first)}"
    return f"from {short_date(first)} to {short_date(last)}"


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def _months(today: date) -> list[date]:
    """The first days of this month and of those before it, newest first."""
    counted = [12 * today.year + today.month - 1 - ago for ago in range(MONTHS)]
    return [date(one // 12, one % 12 + 1, 1) for one in counted]


def draw(asked: TrendQuery, sentence: str) -> str | None:
    """The bar; returns the panel that is open."""
    today = reads.visit().now.astimezone(UTC).date()
    organisations = unlike({one.organisation_id: one.organisation for one in asked.offered})
    periods = [(weeks, f"Last {weeks} weeks") for weeks in WEEKS[1:]]
    periods += [(f"{one:%Y-%m}", month_and_year(one)) for one in _months(today)]
    period = st.query_params.get("period", "")
    controls = [
        _choice("class", {one.id: one.name for one in asked.offered}, asked.class_id, "All mine"),
        _choice("module", asked.modules, asked.module, "All"),
        Control(
            "period",
            LABELS["period"],
            "choice",
            period if period in dict(periods) else "",
            periods,
            f"Last {WEEKS[0]} weeks",
        ),
        *(
            Control(key, LABELS[key], "date", st.query_params.get(key, ""))
            for key in ("since", "until")
        ),
    ]
    if len(organisations) > 1:
        controls.insert(0, _choice("organisation", organisations, asked.organisation, "All"))
    return toolbar(
        key="trends_bar",
        label="Filters",
        controls=controls,
        sentence=sentence,
        can_clear=any(key in st.query_params for key in LABELS),
        panels=[EXPORT],
        on_event=by_address(*LABELS),
    )


def _choice(key: str, names: Mapping[UUID, str], chosen: UUID | None, nothing: str) -> Control:
    options = [(str(one), name) for one, name in names.items()]
    return Control(key, LABELS[key], "choice", str(chosen or ""), options, nothing)


def ignored(asked: TrendQuery) -> None:
    """What the address asks for and nothing here is."""
    links.draw_ignored(asked.unread, asked.whose)

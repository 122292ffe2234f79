"""The days that the page is about, and those before to compare them with: read from the URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import streamlit as st

from dashboard.components import links
from dashboard.components.formats import PERIODS, began
from dashboard.components.toolbar import Control, FilterSet, ToolbarEvent
from data.i18n.dates import month_and_year, short_date
from data.reading.trends.weeks import DAY, monday

LABELS: Final = {"period": "Period", "since": "From", "until": "To"}
WEEKS: Final = ("8", "26", "52")
MONTHS: Final = 12


@dataclass(frozen=True)
class Period:
    """From the first day to the last, and those `before`, with both in words: 'in October 2026'."""

    first: date
    last: date
    when: str
    before: tuple[date, date]
    before_when: str


def read(today: date) -> tuple[Period, list[str]]:
    """What is asked for, and the labels of what of it could not be read. Days that are given come before weeks
    and months."""
    written = {key: st.query_params.get(key, "") for key in LABELS}
    since, until = _day(written["since"]), _day(written["until"])
    unread = [key for key, day in (("since", since), ("until", until)) if written[key] and not day]
    if since and until and until < since:
        since, until = until, since
    month = {f"{one:%Y-%m}": one for one in _months(today)}.get(written["period"])
    if since or until:
        last = min(until or today, today)
        first = since or monday(last) - timedelta(weeks=int(WEEKS[0]))
        found = _of_days(first, last, _from_to(first, last))
    elif month:
        found = _of_month(month, today)
    else:
        if written["period"] and written["period"] not in WEEKS:
            unread.append("period")
        many = written["period"] if written["period"] in WEEKS else WEEKS[0]
        first = monday(today) - timedelta(weeks=int(many))
        found = _of_days(first, today, f"in the last {many} weeks")
    return found, [LABELS[key] for key in unread]


def _of_days(first: date, last: date, when: str) -> Period:
    """Beside the same days of the week before them."""
    back = timedelta(weeks=max(0, (last - first).days) // 7 + 1)
    before = first - back, last - back
    return Period(first, last, when, before, _from_to(*before))


def _of_month(month: date, today: date) -> Period:
    """Beside the month before; one that is not over beside as many days of it."""
    end = (month + timedelta(days=31)).replace(day=1) - DAY
    earlier = (month - DAY).replace(day=1)
    if end < today:
        before = earlier, month - DAY
        return Period(month, end, _in(month), before, _in(earlier))
    before = earlier, min(earlier + (today - month), month - DAY)
    return Period(month, today, f"{_in(month)} so far", before, _from_to(*before))


def _in(month: date) -> str:
    return f"in {month_and_year(month)}"


def _from_to(first: date, last: date) -> str:
    """A first day that is to come is after the last one, today."""
    if last <= first:
        return f"{'from' if last < first else 'on'} {short_date(first)}"
    return f"from {short_date(first)} to {short_date(last)}"


def _day(written: str) -> date | None:
    if written in PERIODS:
        return began(written).date()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def _months(today: date) -> list[date]:
    """The first days of this month and of those before it, newest first."""
    counted = [12 * today.year + today.month - 1 - ago for ago in range(MONTHS)]
    return [date(one // 12, one % 12 + 1, 1) for one in counted]


def controls(today: date) -> list[Control]:
    """What people ask for by its name; days of one's own are further down."""
    names = [month_and_year(one) for one in _months(today)]
    names[:2] = f"This month ({names[0]})", f"Last month ({names[1]})"
    periods = [(f"{one:%Y-%m}", name) for one, name in zip(_months(today), names, strict=True)]
    periods += [(weeks, f"Last {weeks} weeks") for weeks in WEEKS[1:]]
    chosen = st.query_params.get("period", "")
    chosen = chosen if chosen in dict(periods) else ""
    nothing = f"Last {WEEKS[0]} weeks"
    return [
        Control("period", LABELS["period"], "choice", chosen, periods, nothing),
        *(
            Control(key, LABELS[key], "date", str(_day(asked) or ""), is_extra=True)
            for key in ("since", "until")
            for asked in [st.query_params.get(key, "")]
        ),
    ]


def follow(event: ToolbarEvent) -> None:
    """A month that is chosen takes the place of days, and days that of the month."""
    replaced: Mapping[str, tuple[str, ...]] = {
        "period": ("since", "until"),
        "since": ("period",),
        "until": ("period",),
    }
    if isinstance(event, FilterSet):
        links.write_address(dict.fromkeys(replaced.get(event.control, ()), ""))

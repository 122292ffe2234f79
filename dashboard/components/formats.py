"""Moments and figures as people read them, in the viewer's time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import reads
from dashboard.components.text import count
from data.i18n.dates import day
from data.i18n.formats import decimals, figure, figure_beside, nearest, share

__all__ = [
    "PERIODS",
    "WEEK",
    "began",
    "day",
    "decimals",
    "figure",
    "figure_beside",
    "lasting",
    "minute",
    "share",
    "zone",
]

FRIDAY, WEEK = "friday", "week"
PERIODS: Final[Mapping[str, str]] = {FRIDAY: "Since Friday", WEEK: "7 days"}
"""Periods that a word in the address names, so that its link means the same tomorrow."""
FRIDAYS: Final = 4


def zone() -> tzinfo:
    """The viewer's time zone, UTC where the browser does not say or says nonsense."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def minute(moment: datetime, here: tzinfo) -> str:
    """'12 Nov 2026, 14:05'."""
    return f"{day(moment, here)}, {moment.astimezone(here):%H:%M}"


def lasting(length: timedelta) -> str:
    """'12 days', '5 hours', '35 min'."""
    minutes = nearest(length / timedelta(minutes=1))
    if minutes < 120:
        return f"{max(1, minutes)} min"
    if minutes < 48 * 60:
        return count(nearest(length / timedelta(hours=1)), "hour", "hours")
    return count(nearest(length / timedelta(days=1)), "day", "days")


def began(period: str) -> datetime:
    """The first moment: of the Friday before today, or of seven days with today."""
    now = reads.visit().now
    if period == WEEK:
        # The same seven days as the overview counts: days of UTC, today among them.
        first = now.astimezone(UTC).date() - timedelta(days=6)
        return datetime.combine(first, time(), tzinfo=UTC)
    here = zone()
    today = now.astimezone(here).date()
    friday = today - timedelta(days=(today.weekday() - FRIDAYS) % 7 or 7)
    return datetime.combine(friday, time(), tzinfo=here)

"""Moments and figures as people read them, in the viewer's time zone."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard.components.text import count
from data.i18n.dates import day
from data.i18n.formats import decimals, figure, figure_beside, nearest, share

__all__ = ["day", "decimals", "figure", "figure_beside", "lasting", "minute", "share", "zone"]


def zone() -> tzinfo:
    """The viewer's time zone, UTC where the browser does not say or says nonsense."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def minute(moment: datetime, here: tzinfo) -> str:
    """'12 Nov 2026, 14:05'."""
    return f"{day(moment, here)}, {moment.astimezone(here):%H:%M}"


def lasting(time: timedelta) -> str:
    """'12 days', '5 hours', '35 min'."""
    minutes = nearest(time / timedelta(minutes=1))
    if minutes < 120:
        return f"{max(1, minutes)} min"
    if minutes < 48 * 60:
        return count(nearest(time / timedelta(hours=1)), "hour", "hours")
    return count(nearest(time / timedelta(days=1)), "day", "days")

"""Moments and figures as people read them, in the viewer's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def zone() -> tzinfo:
    """The viewer's time zone, UTC where the browser does not say or says nonsense."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def day(moment: datetime | None, here: tzinfo) -> str | None:
    """'12 Nov 2026'."""
    if moment is None:
        return None
    local = moment.astimezone(here)
    return f"{local.day} {local:%b %Y}"


def minute(moment: datetime, here: tzinfo) -> str:
    """'12 Nov 2026, 14:05'."""
    return f"{day(moment, here)}, {moment.astimezone(here):%H:%M}"


def figure(number: Decimal | None) -> str | None:
    """A score: whole where it is whole, else one decimal; beyond any scale as it was stored."""
    if number is None:
        return None
    if not number.is_finite() or abs(number) >= 10_000:
        return str(number)
    rounded = number.quantize(Decimal("0.1"))
    return f"{rounded:f}".removesuffix(".0")


def share(part: int, whole: int) -> str:
    """'38 %', rounded down so that only everything is 100 %."""
    return f"{100 * part // whole} %" if whole else "0 %"

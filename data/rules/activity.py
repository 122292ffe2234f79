"""When a student last did something, as far as anything tells. Pure.

What staff or the platform write is no activity of a student's: `data/database/sql/activity.sql` says whose
work a change was.
"""

from datetime import datetime, tzinfo

from data.i18n.dates import day


def idle_since(
    last_activity: datetime | None, unexplained_change: datetime | None
) -> datetime | None:
    """Since when nothing of their work is known. Where no activity is, the newest change counts that may have
    been theirs; an edit by staff never does."""
    return last_activity or unexplained_change


def last_active(
    last_activity: datetime | None, last_change: datetime | None, here: tzinfo
) -> str | None:
    """'12 Nov 2026'; 'last change 12 Nov 2026' where nothing tells whose that was; None for neither."""
    if last_activity or not last_change:
        return day(last_activity, here)
    return f"last change {day(last_change, here)}"

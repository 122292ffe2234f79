"""What the listener asks: how far the histories are, what was added since, and to read the roster again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text


@dataclass(frozen=True)
class HistoryEnds:
    """How far was looked: the newest entries of the histories, and when, by the database's clock."""

    id: int
    roster_id: int
    moment: datetime


REFRESH: Final = text("select dashboard.refresh_roster(), dashboard.settle()")
RECORD: Final = text("select dashboard.record_flags()")
MONTHS: Final = text("select dashboard.keep_months()")
NOW: Final = text("""
    select
        dashboard.newest_change() as id,
        dashboard.newest_roster_change() as roster_id,
        clock_timestamp() as moment
""")
CHANGED: Final = text("""
    select id, null::bigint as roster_id, id::text as entry, class_id as place
    from dashboard.classes_changed_since(:id)
    union all
    select null, null, entry, class_id
    from dashboard.classes_locked_since(:moment)
    union all
    select null, id, 'roster ' || entry, place
    from dashboard.rosters_changed_since(:roster_id)
""")

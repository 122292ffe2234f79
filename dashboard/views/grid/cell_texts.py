"""A row's values as texts, as the table shows them and people type them."""

from datetime import datetime, tzinfo
from decimal import Decimal

from data.i18n.formats import from_details
from data.reading.classes.grid import GridRow
from data.rules.progress import Field, Status, Value


def seen_text(row: GridRow, name: Field, zone: tzinfo) -> str:
    """A stored value as the table shows it; the score as pages show it, with its source."""
    value = row.values[name]
    if name is Field.COMPLETED_AT and value is None and row.unreadable_date:
        return row.unreadable_date
    if name is Field.SCORE and value is None and row.score_in_details is not None:
        return from_details(row.score_in_details)
    return value_text(name, value, zone)


def value_text(name: Field, value: Value, zone: tzinfo) -> str:
    """A value as people type it: the status's word, plain figures, the date as year-month-day."""
    if value is None:
        return ""
    if name is Field.STATUS:
        return Status(str(value)).label
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        try:
            return value.astimezone(zone).date().isoformat()
        except OverflowError:  # the first or the last day of the calendar
            return value.date().isoformat()
    return str(value)

"""The history as a file: one row a changed value, so that a spreadsheet can filter and sort it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final

from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.files.exporting.workbook import as_sheet
from data.i18n.formats import local
from data.reading.history.changes import SOURCES, Change
from data.rules.progress import Field, Status

HEADINGS: Final = (
    *("Number", "When", "Student", "Module", "What", "Before", "After"),
    *("By", "Source", "Reason", "Batch", "Student id"),
)
_OPERATIONS: Final = {"insert": "Row made", "delete": "Row removed"}


def history_as_csv(changes: Iterable[Change], zone: tzinfo) -> bytes:
    """As the class page's CSV: with a byte order mark, and no formula. Moments are of `zone`."""
    return as_delimited([[*HEADINGS], *history_rows(changes, zone)])


def history_as_xlsx(changes: Iterable[Change], zone: tzinfo) -> bytes:
    """A workbook of one sheet; as many rows as Excel holds (1,048,575) and no more."""
    return as_sheet("Changes", [*HEADINGS], history_rows(changes, zone))


def history_rows(changes: Iterable[Change], zone: tzinfo) -> Iterator[list[Value]]:
    """One row a value that changed; of details only that they did."""
    for change in changes:
        lead: list[Value] = [
            change.id,
            local(change.at, zone).replace(microsecond=0, tzinfo=None),
            change.student_name or "A student who is no longer there",
            change.module_name or "A module that is no longer there",
        ]
        end: list[Value] = [
            change.author,
            SOURCES.get(change.source, change.source),
            change.reason,
            str(change.batch_id) if change.batch_id else None,
            str(change.student_id),
        ]
        for what, before, after in _values(change, zone):
            yield [*lead, what, before, after, *end]


def _values(change: Change, zone: tzinfo) -> Iterator[tuple[str, Value, Value]]:
    written = 0
    if change.operation in _OPERATIONS:
        yield _OPERATIONS[change.operation], None, None
        written = 1
    for name in Field:
        before, after = change.before.get(name), change.after.get(name)
        if before is not None or after is not None:
            yield name.label, _shown(name, before, zone), _shown(name, after, zone)
            written += 1
    details = change.after.get("progress_details") or change.before.get("progress_details")
    if details or not written:
        keys = (
            ", ".join(key.replace("_", " ") for key in details) if isinstance(details, dict) else ""
        )
        yield ("Details" if details else "Time of last change"), None, keys or None


def _shown(name: Field, value: Any, zone: tzinfo) -> Value:
    if name is Field.STATUS and value is not None:
        return Status(str(value)).label
    if name is Field.COMPLETED_AT and value is not None:
        try:
            day: date = local(datetime.fromisoformat(value), zone).date()
        except ValueError:
            return f"unreadable ({value})"
        return day
    if isinstance(value, float):
        return Decimal(repr(value))
    return value if value is None or isinstance(value, int) else str(value)

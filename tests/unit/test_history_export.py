"""The history as a file: one row a changed value, and nothing that becomes a formula."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from dashboard.editing.change_table import lines
from data.files.exporting.history import HEADINGS, history_as_csv, history_as_xlsx
from data.reading.history.changes import Change

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 11, 22, 23, 30, 5, 99, tzinfo=UTC)


def change(before: Mapping[str, Any], after: Mapping[str, Any], **others: Any) -> Change:
    made = Change(
        AT, UUID(int=1), UUID(int=2), "Fractions", "update", "file", "Cora", "=why()", before, after,
        7, UUID(int=3), "=Ann", UUID(int=4),
    )  # fmt: skip
    return replace(made, **others)


CHANGES = [
    change(
        {"status": "InProgress", "score": None, "completed_at": None},
        {"status": "Completed", "score": 66.5, "completed_at": "2026-11-22T23:10:00+00:00"},
    ),
    change({}, {"status": "NotStarted", "score": None}, operation="insert", author=None),
    change({"status": "NotStarted"}, {}, operation="delete", source="platform", reason=None),
    change({"progress_details": {}}, {"progress_details": {"last_viewed": 1, "x": 2}}),
    change({"last_updated": "2026-01-01"}, {"last_updated": "2026-01-02"}, batch_id=None),
    change({"completed_at": "infinity"}, {"completed_at": None}, student_name=None),
]
WHAT = [
    ["Status", "In progress", "Completed"],
    ["Score", "", "66.5"],
    ["Completed on", "", "2026-11-23"],
    ["Row made", "", ""],
    ["Status", "", "Not started"],
    ["Row removed", "", ""],
    ["Status", "Not started", ""],
    ["Details", "", "last viewed, x"],
    ["Time of last change", "", ""],
    ["Completed on", "unreadable (infinity)", ""],
]


def test_each_changed_value_is_a_row() -> None:
    written = history_as_csv(CHANGES, BERLIN).decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert tuple(heads) == HEADINGS
    assert [row[4:7] for row in rows] == WHAT
    assert rows[0] == [
        "7", "2026-11-23 00:30:05", "'=Ann", "Fractions", "Status", "In progress", "Completed",
        "Cora", "File", "'=why()", str(UUID(int=3)), str(UUID(int=1)),
    ]  # fmt: skip
    assert rows[-1][2] == "A student who is no longer there"


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (CHANGES[2], "The whole record was removed"),
        (CHANGES[4], "Only the time of the last change"),
        (
            change({"videos": 1, "last_updated": "x"}, {"videos": 2}),
            "Something that is not shown here",
        ),
        (
            change({"progress_details": {"answers": {}}}, {"progress_details": {}}),
            "Details: answers",
        ),
    ],
)
def test_a_change_of_no_shown_value_is_never_called_activity(one: Change, told: str) -> None:
    """The platform or staff may have written it."""
    assert lines(one, BERLIN) == [told]


def test_the_workbook_says_what_the_csv_says() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(history_as_xlsx(CHANGES, BERLIN)))
    heads, *rows = book.get_sheet_by_name("Changes").to_python(skip_empty_area=False)
    assert tuple(heads) == HEADINGS
    assert [[str(value) for value in row[4:7]] for row in rows] == WHAT
    assert rows[0][:4] == [7, datetime(2026, 11, 23, 0, 30, 5), "=Ann", "Fractions"]  # noqa: DTZ001
    assert rows[2][6] == date(2026, 11, 23)

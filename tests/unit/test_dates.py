"""Days as people read them, whatever the language of the machine."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.i18n import dates

ROOT = Path(__file__).resolve().parents[2]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LAST = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("number", "month"), [*enumerate(MONTHS, 1)])
def test_a_month_has_its_short_name(number: int, month: str) -> None:
    assert dates.short_date(date(2026, number, 3)) == f"3 {month} 2026"


def test_each_way_of_writing_a_day() -> None:
    one = date(2026, 11, 12)
    assert dates.long_date(one) == "12 November 2026"
    assert dates.date_with_weekday(one) == "Thursday 12 November 2026"
    assert dates.date_without_year(one) == "12 Nov"
    assert dates.short_date(date.min) == "1 Jan 1"
    assert dates.short_date(date.max) == "31 Dec 9999"


def test_a_moment_is_of_the_day_that_it_is_there() -> None:
    late = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    assert dates.day(late, UTC) == "12 Nov 2026"
    assert dates.day(late, ZoneInfo("Europe/Berlin")) == "13 Nov 2026"
    assert dates.whole_day(late, ZoneInfo("Asia/Tokyo")) == "13 November 2026"
    assert dates.day(LAST, ZoneInfo("Asia/Tokyo")) == "31 Dec 9999"
    assert dates.day(None, UTC) is None


def test_no_other_file_writes_months_or_days_of_its_own() -> None:
    """Plotly's axes apart, which write them in the browser."""
    files = [*ROOT.glob("data/**/*.py"), *ROOT.glob("dashboard/**/*.py")]
    found = {
        file.name for file in files if re.search(r"%[bBaA]\b", file.read_text(encoding="utf-8"))
    }
    assert found == {"chart.py"}

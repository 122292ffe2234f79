"""Where clocks change, a day has 23, 25 or 24 and a half hours: page, file and paper count it alike."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dashboard import reads
from dashboard.components import address
from dashboard.components.formats import minute
from dashboard.views.classroom import past_day
from dashboard.views.student import over_time
from data.files.importing.cells.written_back import says_the_same
from data.files.reporting.chart import Course, chart
from data.i18n.dates import day, short_date
from data.reading.filters import read_filters
from data.reading.students.comparison import reached
from data.reading.students.standing import Completion
from data.rules.activity import last_active
from tests.figures.clocks import CHANGES, Change, moments
from tests.unit.exported import export, from_csv, from_xlsx, student

MODULES = [UUID(int=number) for number in range(20)]
changes = pytest.mark.parametrize("change", CHANGES, ids=lambda one: f"{one.zone} {one.at:%b}")


@changes
def test_a_moment_is_of_the_day_on_the_wall(change: Change) -> None:
    here = ZoneInfo(change.zone)
    made = export([student("Ann", "", at) for at in change.moments], [], zone=here)
    days = [change.day(at) for at in change.moments]
    assert [day(at, here) for at in change.moments] == list(map(short_date, days))
    assert [last_active(at, None, here) for at in change.moments] == list(map(short_date, days))
    clocks = [f"{change.clock(at):%H:%M}" for at in change.moments]
    assert [minute(at, here)[-5:] for at in change.moments] == clocks
    assert [row[4] for row in from_csv(made)[1:-1]] == [one.isoformat() for one in days]
    assert [row[4] for row in from_xlsx(made)[1:-1]] == days


@changes
def test_a_day_of_a_filter_begins_and_ends_with_the_day_on_the_wall(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ZoneInfo(change.zone)
    monkeypatch.setattr(past_day, "zone", lambda: here)
    monkeypatch.setattr(reads, "ask", lambda _: datetime(2024, 1, 1, tzinfo=UTC))
    visit = SimpleNamespace(now=datetime(2026, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(reads, "visit", lambda: visit)
    for one in change.days:
        asked, unread = read_filters({"since": one.isoformat()}, here)
        assert (asked["since"].astimezone(UTC), unread) == (change.begins(one), [])
        monkeypatch.setattr(address, "day", one.isoformat)
        end = past_day.asked().end
        assert end is not None
        assert end.astimezone(UTC) == change.begins(one + timedelta(days=1))


@changes
def test_completions_over_time_are_of_the_same_days_on_page_and_paper(change: Change) -> None:
    here, at = ZoneInfo(change.zone), change.moments
    done = [Completion(each, module, 1, False) for each, module in zip(at, MODULES, strict=False)]
    before, after = reached(done, MODULES, len(done), at[0] - timedelta(days=9))
    names = dict.fromkeys(MODULES, "")
    told = [str(row[0]).split(",")[0] for row in over_time._rows(after, names, here)]
    days = [change.day(each) for each in at]
    assert told == [short_date(each) for each in reversed(days)]
    drawn = chart(
        Course(
            done, MODULES, len(done), at[0] - timedelta(days=9), at[-1] + timedelta(days=9), here
        )
    )
    assert drawn is not None
    assert (before, len(drawn["marks"])) == (0, len(set(days)))


def test_a_moment_that_comes_back_from_a_file_is_the_one_that_is_stored() -> None:
    for change, at in moments():
        written = change.clock(at)
        assert says_the_same(str(written), written, at, ZoneInfo(change.zone)), (change.zone, at)
        other = written + timedelta(hours=3)
        assert not says_the_same(str(other), other, at, ZoneInfo(change.zone))

"""The class page's past day: read from the URL, judged, and said in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import streamlit as st

from dashboard import reads
from dashboard.components import address
from dashboard.components.empty_and_error import NOT_RECORDED, is_read_later
from dashboard.components.formats import zone
from dashboard.components.text import alert, notice
from data.i18n.dates import long_date
from data.reading.classes.as_of import first_day
from data.reading.history.options import history_cut


@dataclass(frozen=True)
class PastDay:
    """`end` is the first moment after the day, in the viewer's zone; None where the page shows now.
    `problem` says why a day that was asked for is not shown."""

    day: date | None = None
    end: datetime | None = None
    problem: str | None = None

    @property
    def words(self) -> str:
        """'the end of 3 October 2026'."""
        return f"the end of {long_date(self.day)}" if self.day else "now"


def asked() -> PastDay:
    """The day that the URL asks for, where the history can answer for it."""
    written = address.day()
    if not written:
        return PastDay()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return PastDay(problem=_instead("The day in this link cannot be read."))
    here = zone()
    first = reads.ask(first_day)
    if day >= reads.visit().now.astimezone(here).date():
        return PastDay(
            problem=_instead(f"{long_date(day)} is not over yet. Choose a day before today.")
        )
    if first is None or day < first.astimezone(here).date():
        begins = (
            f"only begins on {long_date(first.astimezone(here).date())}" if first else "is empty"
        )
        return PastDay(
            problem=_instead(f"The history {begins}, so {long_date(day)} cannot be shown.")
        )
    return PastDay(day, datetime.combine(day + timedelta(days=1), time(), tzinfo=here))


def _instead(sentence: str) -> str:
    return f"{sentence} This is the class as it is now."


def draw(past: PastDay) -> None:
    """The mark that a past day is shown, and the way back; or why it is not shown."""
    if past.problem is not None:
        alert(past.problem, field=address.DAY)
    if past.end is None:
        return
    with st.container(key="past_day", horizontal=True, vertical_alignment="center"):
        notice(
            f"As it stood at {past.words}. Read only. Who is in the class, its modules and their pass "
            f"marks are today's.{_unknown()}",
            fit=True,
        )
        st.button("Back to today", key="back_to_today", on_click=address.write_day, args=("",))


def _unknown() -> str:
    cut = reads.ask(history_cut)
    if cut is None:
        return ""
    before = long_date(cut.astimezone(zone()).date())
    unseen = f" {NOT_RECORDED} What they changed is shown as it is now." if is_read_later() else ""
    return f" Known since {before}: corrections and activity of before are not marked.{unseen}"

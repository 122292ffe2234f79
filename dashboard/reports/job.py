"""A report on its way: made in a thread of its own, and kept in the session of whoever asked for it.

It ends where nobody waits for it any more: cancelled, its panel closed, the page left, or the browser gone.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard.web.limits.heavy_work import REPORTS
from data.access.errors import DataError
from data.files.reporting.making import Cancelled, Making, Report

JOB: Final = "report_job"
DRAWN: Final = "report_drawn"

PATIENCE: Final = 150.0
"""Seconds without a sign of the browser: one in the background looks but once a minute."""

Make = Callable[[Making], Report]


@dataclass
class Job:
    """One report of a person's. `request` is what was asked for, to tell it from another."""

    person: UUID
    request: Any
    make: Make
    making: Making = field(default_factory=Making)
    report: Report | None = None
    problem: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    is_waiting: bool = True
    seen_at: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Make it; whatever happens, it ends."""
        self.making.on_progress = self._look_after
        try:
            if self._has_slot():
                try:
                    self.is_waiting = False
                    self.report = self.make(self.making)
                finally:
                    REPORTS.leave(self.person)
        except Cancelled:
            self.report = None
        except DataError as error:
            self.problem = str(error)
        finally:
            self.ended.set()

    def _has_slot(self) -> bool:
        while not REPORTS.take(self.person, 0.2):
            self._look_after()
            if self.making.is_cancelled:
                return False
        return True

    def _look_after(self, *_: int) -> None:
        if time.monotonic() - self.seen_at > PATIENCE:
            self.making.cancel()

    def seen(self) -> None:
        """Somebody still waits."""
        self.seen_at = time.monotonic()


def begin(person: UUID, request: Any, make: Make) -> None:
    """Make this report instead of whatever was being made."""
    drop()
    job = Job(person, request, make)
    st.session_state[JOB] = job
    threading.Thread(target=job.run, name="report", daemon=True).start()


def current(request: Any) -> Job | None:
    """The job of this request; one of another (other students, other choices, another person) is dropped."""
    st.session_state[DRAWN] = True
    job: Job | None = st.session_state.get(JOB)
    if job is not None and job.request != request:
        drop()
        return None
    if job is not None:
        job.seen()
    return job


def drop() -> None:
    """Forget the job and end it."""
    job: Job | None = st.session_state.pop(JOB, None)
    if job is not None:
        job.making.cancel()


def start_of_page() -> None:
    """Before a page is drawn: nobody has asked for the report yet."""
    st.session_state[DRAWN] = False


def end_of_page() -> None:
    """After it: a report that this page does not show is waited for by nobody."""
    if not st.session_state[DRAWN]:
        drop()

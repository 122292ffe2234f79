"""A few at once, one of a person, and whoever waits gets a place once one is free."""

import threading
from concurrent.futures import ThreadPoolExecutor

from dashboard.reports.job import Job
from dashboard.web.limits.heavy_work import REPORTS, Places
from data.files.reporting.making import Making, Report
from tests import people

ONE, TWO, THREE = people.COORDINATOR, people.TEACHER, people.ADMIN


def test_so_many_in_all_and_one_of_a_person() -> None:
    places = Places(2)
    assert places.take(ONE, 0)
    assert not places.take(ONE, 0)
    assert places.take(TWO, 0)
    assert not places.take(THREE, 0)
    places.leave(ONE)
    assert places.take(THREE, 0)
    assert not places.take(ONE, 0)


def test_whoever_waits_is_next_also_where_the_work_failed() -> None:
    places, begun, end = Places(1), threading.Event(), threading.Event()

    def failing() -> None:
        with places.one(ONE):
            begun.set()
            end.wait(20)
            raise ZeroDivisionError

    def waiting() -> str:
        with places.one(ONE):
            return "had its turn"

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(failing)
        begun.wait(20)
        second = threads.submit(waiting)
        assert not second.done()
        end.set()
        assert isinstance(first.exception(20), ZeroDivisionError)
        assert second.result(20) == "had its turn"


def test_a_person_who_asks_for_many_reports_keeps_nobody_out() -> None:
    end = threading.Event()

    def making(_: Making) -> Report:
        end.wait(20)
        return Report(b"made", "report.pdf")

    own = [Job(ONE, n, making) for n in range(5)]
    other = Job(TWO, 0, lambda _: Report(b"made", "report.pdf"))
    threads = [threading.Thread(target=job.run, daemon=True) for job in own]
    for thread in threads:
        thread.start()
    other.run()
    assert other.report is not None
    assert sum(not job.is_waiting for job in own) <= 1
    end.set()
    for thread in threads:
        thread.join(20)
    assert all(job.report is not None for job in own)
    assert REPORTS.take(ONE, 0)
    REPORTS.leave(ONE)

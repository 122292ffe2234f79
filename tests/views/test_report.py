"""Reports on the pages: what is asked for, made in the background, offered as a file; and how it ends."""

import io
import threading

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from dashboard.reports import job as report_job
from dashboard.reports.job import Job
from data import demo
from data.files.reporting.making import Making, Report
from data.files.reporting.typesetting import NotMade
from tests.views.conftest import Open, Owner, words


@pytest.fixture
def student(owner: Owner) -> str:
    row = owner.execute(
        "select student_id::text from school.class_student where class_id = %s order by 1 limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    return str(row[0])


def job(test: AppTest) -> Job:
    found: Job = test.session_state[report_job.JOB]
    return found


def test_a_teacher_makes_a_report_and_is_offered_the_file(open_page: Open, student: str) -> None:
    test = open_page(demo.TEACHER_ONE, "student", student=student, show="report")
    test.checkbox(key="report_attention").check().run()
    test.button(key="report_make").click().run()
    assert job(test).ended.wait(30)
    test.run()
    assert not test.exception
    assert "The file is ready." in words(test)
    report = job(test).report
    assert report is not None
    assert len(PdfReader(io.BytesIO(report.content)).outline) == 1
    # Other choices are another report.
    test.checkbox(key="report_signature").check().run()
    assert "The file is ready." not in words(test)
    assert test.button(key="report_make")
    assert report_job.JOB not in test.session_state


def test_a_choice_and_the_click_may_come_in_one_run(open_page: Open, student: str) -> None:
    test = open_page(demo.TEACHER_ONE, "student", student=student, show="report")
    test.checkbox(key="report_signature").check()
    test.button(key="report_make").click().run()
    assert job(test).request.signature
    assert job(test).ended.wait(30)
    assert "The file is ready." in words(test.run())


def test_a_report_ends_when_it_is_cancelled_or_its_page_left(
    open_page: Open, student: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_actor: object, _student: object, _options: object, making: Making) -> Report:
        while True:
            making.step(0, 2)
            threading.Event().wait(0.05)

    monkeypatch.setattr("data.files.reporting.making.student_report", endless)
    test = open_page(demo.COORDINATOR_ONE, "student", student=student, show="report")
    test.button(key="report_make").click().run()
    begun = job(test)
    assert not begun.ended.wait(0.3)
    test.button(key="report_cancel").click().run()
    assert begun.ended.wait(60)
    assert not test.exception
    test.button(key="report_make").click().run()
    begun = job(test)
    test.query_params["show"] = "modules"
    test.run()
    assert begun.ended.wait(60)
    assert begun.report is None
    assert report_job.JOB not in test.session_state


def test_what_went_wrong_is_said_and_can_be_tried_again(
    open_page: Open, student: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Report:
        raise NotMade("This student was not found among yours.")

    monkeypatch.setattr("data.files.reporting.making.student_report", refused)
    test = open_page(demo.COORDINATOR_ONE, "student", student=student, show="report")
    test.button(key="report_make").click().run()
    assert job(test).ended.wait(60)
    test.run()
    assert "This student was not found among yours." in words(test)
    assert test.button(key="report_again")


def test_a_report_nobody_looks_at_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_job, "PATIENCE", -1.0)

    def make(making: Making) -> Report:
        making.step(0, 1)
        making.step(1, 1)
        raise AssertionError("it was not ended")

    one = Job(demo.TEACHER_ONE, "request", make)
    one.run()
    assert one.ended.is_set()
    assert one.making.is_cancelled

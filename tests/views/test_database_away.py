"""The database away in the middle of a page: the same calm face everywhere, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from dashboard import server
from dashboard.components import empty_and_error
from dashboard.components.empty_and_error import ONLY_READ
from dashboard.pages import PAGES
from dashboard.signin import gate
from data import demo
from data.access.errors import AWAY_SENTENCE, DatabaseAway, DatabaseNotReady
from data.access.outage_words import OUTAGES
from data.access.unreachable import PatientConnection
from data.rules.progress import Field
from tests.views.bulk_choices import choose, opened, unbegun
from tests.views.conftest import Open, Owner, press, words
from tests.views.edit_form import Cell, begun, field, open_form, reset, stored


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    """A course in progress at 40 %, put back afterwards."""
    found = begun(owner)
    yield found
    reset(owner, found)


@pytest.fixture
def module(owner: Owner) -> Iterator[UUID]:
    with unbegun(owner) as found:
        yield found


CURRENT_VALUES = "as wish (student_id, module_id, place)"


@contextmanager
def failing(test: AppTest, when: Callable[[str], bool]) -> Iterator[None]:
    """The page's own engine loses its connection at every statement that fits."""
    engine = test.session_state["visit"].actor.database.engine

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if when(statement):
            raise OperationalError(statement, {}, ConnectionError("gone"))

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@contextmanager
def read_only(test: AppTest) -> Iterator[None]:
    """As the page's own engine finds a standby, or a database that was set to read only."""
    engine = test.session_state["visit"].actor.database.engine

    def limit(raw: PatientConnection, *_: object) -> None:
        raw.read_only = True

    event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        engine.dispose()


def is_calm(test: AppTest) -> bool:
    assert not test.exception
    return "The database is away" in words(test) and AWAY_SENTENCE in words(test)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        ("classroom", "class_rows"),
        ("history", "from dashboard.history"),
        ("check", "count("),
        ("student", "from roster.student"),
    ],
)
def test_a_page_that_cannot_be_read_says_so_and_is_there_at_the_next_try(
    open_page: Open, owner: Owner, page: str, statement: str
) -> None:
    row = owner.execute("select student_id from school.class_student limit 1").fetchone()
    asked = {"student": row[0]} if page == "student" and row else {}
    test = open_page(demo.ADMIN, "overview")
    # What was read for another test as of the same version would not be read again.
    owner.execute("select pg_current_xact_id()")
    with failing(test, lambda text: statement in text):
        test.switch_page(f"views/{page}/page.py")
        for name, value in asked.items():
            test.query_params[name] = str(value)
        assert is_calm(test.run())
    test.button(key="try_again").click().run()
    assert not test.exception
    assert "The database is away" not in words(test)


@pytest.mark.parametrize("page", [one.name for one in PAGES])
def test_every_page_can_be_read_where_nothing_can_be_written(
    open_page: Open, owner: Owner, page: str
) -> None:
    with read_only(open_page(demo.COORDINATOR_ONE)):
        # What was read for another test as of the same version would not be read again.
        owner.execute("select pg_current_xact_id()")
        test = open_page(demo.COORDINATOR_ONE, page)
    assert not test.exception
    title = words(test).split("<h1")[1].split("</h1>")[0]
    assert "The database" not in title
    assert ONLY_READ in words(test)
    assert ONLY_READ not in words(open_page(demo.COORDINATOR_ONE, page))  # the control
    assert "Something went wrong" not in words(test)


def test_whoever_saves_where_nothing_can_be_written_is_told_and_keeps_what_was_typed(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_form(open_page, cell)
    field(test, "Percentage").set_value("55").run()  # type: ignore[attr-defined]
    with read_only(test):
        press(test, "Save")
    assert OUTAGES["25006"][0] in words(test)
    assert "If it was saved after all" not in words(test)
    assert stored(owner, cell)[1] == 40
    press(test, "Save")
    assert stored(owner, cell)[1] == 55


def test_who_cannot_come_in_while_nothing_can_be_written_takes_the_database_from_nobody(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = open_page(demo.COORDINATOR_ONE)
    before = gate.opened()
    for error in (DatabaseNotReady(*OUTAGES["25006"], "25006"), DatabaseNotReady("It is older.")):
        assert gate.opened() is before

        def refuse(*_: object, met: DatabaseNotReady = error) -> None:
            raise met

        with monkeypatch.context() as patch:
            patch.setattr(gate, "_visit_of", refuse)
            test.run()
            assert str(error) in words(test)
            test.button(key="try_again").click().run()
    assert gate.opened() is not before  # what is not ready is opened anew


def test_a_file_is_kept_over_it(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "upload")
    with failing(test, lambda text: CURRENT_VALUES in text):
        test.file_uploader[0].set_value(
            [("grades.csv", b"Student,Module,Score\nAnn,Art,5\n", "text/csv")]
        )
        assert is_calm(test.run())
    press(test, "Try again")
    assert "grades.csv: 1 line." in words(test)


def test_many_at_once_keeps_its_choices(open_page: Open, module: Any) -> None:
    test = opened(open_page)
    choose(test, module, PERCENTAGE="70")
    with failing(test, lambda text: CURRENT_VALUES in text):
        press(test, "Preview")
        assert AWAY_SENTENCE in words(test)
    assert test.text_input(key=f"bulk_value_{Field.PERCENTAGE}").value == "70"
    press(test, "Preview")
    assert "1 change in 1 student; 27 cannot be saved." in words(test)


def test_the_form_keeps_what_was_typed_and_saves_it_once(
    open_page: Open,
    owner: Owner,
    cell: Cell,
) -> None:
    test = open_form(open_page, cell)
    field(test, "Percentage").set_value("55").run()  # type: ignore[attr-defined]
    with failing(test, lambda text: "insert into dashboard.batch" in text):
        press(test, "Save")
        assert AWAY_SENTENCE in words(test)
    assert stored(owner, cell)[1] == 40
    assert field(test, "Percentage").value == "55"  # type: ignore[attr-defined]
    press(test, "Save")
    assert stored(owner, cell)[1] == 55


def test_it_fails_while_the_choice_of_a_person_is_drawn(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE)
    with failing(test, lambda text: "dashboard.demo_people" in text):
        press(test, "Sign out")
        assert is_calm(test)
    press(test, "Try again")
    assert "A demo with invented people." in words(test)


def test_a_click_or_a_panel_that_meets_it_gets_the_same_face(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawn: list[Exception] = []
    monkeypatch.setattr(empty_and_error, "draw_outage", drawn.append)
    away = DatabaseAway(AWAY_SENTENCE)
    assert server.log_script_error(away)
    assert drawn == [away]
    assert "Traceback" not in caplog.text

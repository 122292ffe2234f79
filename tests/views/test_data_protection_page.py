"""Data protection on the School page: for administrators, and nothing happens before it was shown."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, words
from tests.views.test_school_page import field, tables

NAME = "Wim *Went* Away"


@pytest.fixture
def wim(owner: Owner) -> Iterator[UUID]:
    """A student beside the demo's, with a note."""
    one = uuid4()
    owner.execute("insert into auth.users (id) values (%s)", (one,))
    owner.execute(
        "insert into school.student (id, organisation_id, full_name, number) "
        "select %s, organisation_id, %s, 'W-1' from school.staff where id = %s",
        (one, NAME, demo.COORDINATOR_ONE),
    )
    owner.execute(
        "insert into dashboard.note (id, note_id, student_id, author_id, act, kind, text) "
        "values (%s, %s, %s, %s, 'written', 'note', 'x')",
        (one, one, one, demo.ADMIN),
    )
    yield one
    assert not owner.execute("select from school.student where id = %s", (one,)).fetchall()


def test_a_student_is_looked_for_listed_and_erased_by_name(
    open_page: Open, owner: Owner, wim: UUID
) -> None:
    test = open_page(demo.ADMIN, "school", show="data-protection")
    test.text_input(key="protection_student").input("W-1").run()
    ((link, number, *_),) = tables(test)["Students found"]
    assert (link[2], number) == (NAME, "W-1")
    test = open_page(demo.ADMIN, "school", show="data-protection", student=wim)
    assert not test.exception
    shown = dict(tables(test)["What goes"])
    assert shown["Note, with its earlier versions"] == "1"
    assert f"type the name: {NAME}" in words(test)
    assert "W-1" in words(test)  # which of two who are called so

    field(test, "text_input", "Name").input("Wim").run()
    test.button(key="erasure_erase").click().run()
    assert "Nothing was erased" in words(test)
    assert owner.execute("select from school.student where id = %s", (wim,)).fetchall()

    field(test, "text_input", "Name").input(NAME).run()
    test.button(key="erasure_erase").click().run()
    assert not test.exception
    assert "Erased: " in words(test)
    assert NAME not in words(test)
    assert tables(test)["Erasures"][0][1]
    test.run()
    assert "Erased: " not in words(test)


@pytest.mark.parametrize("person", [demo.COORDINATOR_ONE, demo.TEACHER_ONE])
def test_nobody_but_administrators_is_led_there(open_page: Open, person: UUID) -> None:
    test = open_page(person, "school", show="data-protection")
    assert not test.exception
    assert "Erase" not in words(test)
    assert "Erasures" not in tables(test)


def test_a_student_who_is_not_there_is_said_so(open_page: Open) -> None:
    test = open_page(demo.ADMIN, "school", show="data-protection", student=uuid4())
    assert "isn’t in the school’s list" in words(test)


@pytest.fixture
def long_gone(owner: Owner) -> Iterator[UUID]:
    """Somebody who left long ago, and an organisation where nobody else did; its id."""
    one = uuid4()
    owner.execute("insert into auth.users (id) values (%s)", (one,))
    ((home,),) = owner.execute(
        "insert into school.student (id, organisation_id, full_name, is_active, left_on) "
        "select %s, organisation_id, %s, false, '1950-07-01' from school.staff where id = %s "
        "returning organisation_id",
        (one, NAME, demo.COORDINATOR_ONE),
    ).fetchall()
    assert isinstance(home, UUID)
    yield home
    owner.execute("delete from school.retention")
    assert not owner.execute("select from school.student where id = %s", (one,)).fetchall()


def test_a_period_is_set_shows_what_is_due_and_removes_it_by_name(
    open_page: Open, owner: Owner, long_gone: UUID
) -> None:
    ((organisation,),) = owner.execute(
        "select name from public.organisations where id = %s", (long_gone,)
    ).fetchall()
    test = open_page(demo.ADMIN, "school", show="data-protection")
    if len(test.selectbox):
        field(test, "selectbox", "Organisation").select(long_gone).run()
    assert "What is due" not in tables(test)
    label = "People after they left, months"
    field(test, "number_input", label).set_value(600).run()
    test.button(key="retention_save").click().run()
    assert not test.exception
    assert "Nothing was removed." in words(test)
    assert field(test, "number_input", label).value == 600
    assert tables(test)["What is due"] == [["People who left, with all there is of them", "1", ""]]
    assert tables(test)["People who are due"] == [[NAME, "1 Jul 1950"]]

    _confirm(test, "Nobody")
    assert "Nothing was removed." in words(test)
    assert owner.execute("select from school.student where full_name = %s", (NAME,)).fetchall()
    _confirm(test, str(organisation))
    assert not test.exception
    assert "Removed: 1 person, 0 notes, 0 changes of progress." in words(test)
    assert "Nothing is due." in words(test)


def _confirm(test: AppTest, typed: str) -> None:
    field(test, "text_input", "Name").input(typed).run()
    test.button(key="retention_remove").click().run()


@pytest.fixture
def days(owner: Owner) -> Iterator[tuple[str, str, date]]:
    """A day after a cut of the history and one before it; and the first of which it tells all."""
    owner.execute(
        "insert into school.retention (organisation_id, history_cut_at) "
        "select organisation_id, now() - interval '10 days' from school.staff where id = %s",
        (demo.COORDINATOR_ONE,),
    )
    now = datetime.now(UTC)
    after, before = ((now - timedelta(days=ago)).date().isoformat() for ago in (3, 20))
    yield after, before, (now - timedelta(days=9)).date()
    owner.execute("delete from school.retention")


def test_where_something_is_missing_in_the_history_it_is_said_so(
    open_page: Open, days: tuple[str, str, date]
) -> None:
    after, before, first = days
    open_class = partial(open_page, demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})
    shown = words(open_class(day=after))
    assert "As it stood at" in shown
    assert ": corrections and activity of before are not marked" in shown
    assert "The history only begins on" in words(open_class(day=before))
    test = open_class()
    assert "was removed" not in words(test)
    test.session_state["filters_panel"] = "Export"
    test.run().selectbox(key="elsewhere_shape").set_value("canvas").run()
    test.radio(key="elsewhere_which").set_value("day").run()
    assert test.date_input(key="elsewhere_day").min == first

"""The digest on the pages: whether a school sends it, and whether one gets it."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, words
from tests.views.test_school_page import field

SENT, NAMED = "Send the digest", "Name students in it"
MINE = "Mail me who needs attention and what is new"


@pytest.fixture
def nothing_sent(owner: Owner) -> Iterator[None]:
    yield
    owner.execute("delete from school.digest")
    owner.execute("delete from internal.digest_reader")


def boxes(test: AppTest) -> dict[str, bool]:
    assert not test.exception
    return {one.label: bool(one.value) for one in test.checkbox if one.label in (SENT, NAMED, MINE)}


@pytest.mark.usefixtures("nothing_sent")
def test_a_coordinator_has_it_sent_and_then_each_is_asked(open_page: Open, owner: Owner) -> None:
    assert boxes(open_page(demo.TEACHER_ONE)) == {}
    test = open_page(demo.COORDINATOR_ONE, "school", show="digest")
    assert boxes(test) == {SENT: False, NAMED: False}
    field(test, "checkbox", SENT).check()
    test.button(key="digest_save").click().run()
    assert "Saved." in words(test)
    assert boxes(test) == {SENT: True, NAMED: False}
    assert owner.execute("select is_sent, names_students from school.digest").fetchall() == [
        (True, False)
    ]
    mine = open_page(demo.TEACHER_ONE)
    assert boxes(mine) == {MINE: True}
    field(mine, "checkbox", MINE).uncheck().run()
    assert boxes(mine) == {MINE: False}
    assert boxes(open_page(demo.TEACHER_ONE)) == {MINE: False}
    field(mine, "checkbox", MINE).check().run()
    assert boxes(open_page(demo.TEACHER_ONE)) == {MINE: True}


@pytest.mark.usefixtures("nothing_sent")
def test_an_administrator_says_it_for_each_organisation(open_page: Open, owner: Owner) -> None:
    test = open_page(demo.ADMIN, "school", show="digest")
    ((chosen,),) = owner.execute(
        "select organisation_id from school.staff where id = %s", (demo.COORDINATOR_ONE,)
    ).fetchall()
    field(test, "selectbox", "Organisation").select(chosen).run()
    field(test, "checkbox", NAMED).check()
    test.button(key="digest_save").click().run()
    assert boxes(test) == {SENT: False, NAMED: True}
    assert owner.execute("select * from school.digest").fetchall() == [(chosen, False, True)]


def test_it_says_that_nothing_is_sent_where_no_mail_server_is_set_up(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROGRESS_SMTP", raising=False)
    said = "No mail server is set up for this dashboard"
    assert said in words(open_page(demo.COORDINATOR_ONE, "school", show="digest"))
    monkeypatch.setenv("PROGRESS_SMTP", "smtp://mail.school.example:587")
    assert said not in words(open_page(demo.COORDINATOR_ONE, "school", show="digest"))


@pytest.mark.parametrize("person", [demo.TEACHER_ONE])
def test_nobody_else_is_led_there(open_page: Open, person: object) -> None:
    assert boxes(open_page(person, "school", show="digest")) == {}

"""Pages on a host that agrees to no triggers say of when counts are, and what no history tells."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from dashboard.components.empty_and_error import NOT_RECORDED
from dashboard.editing.lock_form import LOCKED_HERE
from data.access.session import Actor
from data.roster.refresh import read_again
from data.rules.progress import Field
from tests.database.attached import test_pages
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import CLIENT, STAFF, Host, id_of
from tests.database.attached.test_pages import AT_40, CELL, PEOPLE, WRITTEN_THERE, Opened
from tests.views import conftest
from tests.views.conftest import press, words
from tests.views.edit_form import type_into

open_as = test_pages.open_as
no_cookies = conftest.no_cookies
packages_looked_through_once = conftest.packages_looked_through_once

COUNTED = "select count(*) from dashboard.fact where student_id = %s and module_id = %s and percentage = 77"


@pytest.fixture(scope="module")
def school(shared_platform: Host) -> Iterator[SimpleNamespace]:
    """The platform, attached without triggers; it has a word for a coordinator."""
    called = "update public.profiles set role = 'coordinator', client_id = %s where id = %s"
    asked(shared_platform, called, id_of(CLIENT, 1), PEOPLE["coordinator"])
    asked(shared_platform, AT_40, *CELL)
    database = attached(shared_platform, triggers=False)
    ((a_class,),) = asked(
        shared_platform,
        "select md5(client_id::text || product_id::text)::uuid from public.students "
        "join public.modules on modules.id = %s where students.id = %s",
        CELL[1],
        CELL[0],
    )
    yield SimpleNamespace(host=shared_platform, database=database, a_class=a_class)
    database.engine.dispose()


def test_each_page_says_what_it_cannot_know(open_as: Opened, school: SimpleNamespace) -> None:
    for page, asked_for, said in (
        ("overview", {}, "Names and counts as of"),
        ("overview", {}, "on the platform itself is not listed here"),
        ("classroom", {"class": school.a_class}, "As of"),
        ("student", {"student": CELL[0], "show": "timeline"}, "Known since"),
        ("history", {}, "Known since"),
        ("school", {}, "Names and counts as of"),
    ):
        shown = words(open_as("coordinator", page, **asked_for))
        assert said in shown, page
        assert NOT_RECORDED in shown, page


def test_a_lock_says_whom_it_does_not_hold_back(open_as: Opened, school: SimpleNamespace) -> None:
    test = open_as("coordinator", "edit", student=CELL[0], module=CELL[1])
    press(test, "Lock a value here")
    assert test.button_group[0].label == "Values to lock"
    test.button_group[0].set_value([Field.STATUS]).run()
    type_into(test, "Reason for locking", "stays")
    press(test, "Lock this")
    assert LOCKED_HERE in words(test)
    asked(school.host, WRITTEN_THERE.format("progress_percentage = 77"), *CELL)
    assert asked(school.host, COUNTED, *CELL) == [(0,)]
    assert read_again(Actor(id_of(STAFF, 1), "", "admin", database=school.database)) is None
    assert asked(school.host, COUNTED, *CELL) == [(1,)]
    assert asked(school.host, "select count(*) from dashboard.lock_attempt") == [(0,)]

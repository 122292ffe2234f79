"""How the rules of attention did, on the School page."""

from collections.abc import Iterator

import pytest

from data import demo
from tests.views.conftest import Open, Owner, words
from tests.views.test_school_page import tables

FLAGGED = """
insert into internal.flag_record (class_id, student_id, rule, raised_at, moved_at, gone_at, has_new_figures)
select
    class_id, student_id, 'stuck', now() - interval '70 days',
    case when row_number() over (order by student_id) <= 3 then now() - interval '69 days' end,
    case when row_number() over (order by student_id) <= 5 then now() - interval '60 days' end,
    row_number() over (order by student_id) <= 2
from school.class_student
where class_id = %s
order by student_id
limit 12
"""


@pytest.fixture
def recorded(owner: Owner) -> Iterator[None]:
    """Twelve flags of one rule, of which three moved and five are gone, two with figures; one of another."""
    _clear(owner)
    owner.execute(
        "insert into internal.flags_recorded values (now() - interval '70 days', now(), '5 days')"
    )
    owner.execute(FLAGGED, (demo.CLASS_ONE,))
    owner.execute(
        "insert into internal.flag_record (class_id, student_id, rule, raised_at) "
        "select class_id, student_id, 'failed', now() from internal.flag_record limit 1"
    )
    yield
    _clear(owner)


def _clear(owner: Owner) -> None:
    owner.execute("delete from internal.flag_record")
    owner.execute("delete from internal.flags_recorded")


@pytest.mark.usefixtures("recorded")
def test_a_coordinator_is_told_what_came_of_each_rules_flags(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention")
    assert not test.exception
    rows = {row[0]: row[1:] for row in tables(test)["What came of flags"]}
    assert rows["Stuck in a quiz"] == ["12", "0", "3 of 12 (25 %)", "0", "3", "7"]
    assert rows["Below a pass mark"] == ["1", "0", "–", "0", "0", "1"]
    assert rows["Inactive"] == ["0", "0", "–", "0", "0", "0"]
    said = words(test)
    assert "Least often followed by progress: “Stuck in a quiz”, 3 of 12 flags (25 %)." in said
    assert "does not show that they caused it" in said
    assert "For 5 days nothing was recorded" in said
    assert "2 flags ended as figures of the rule or holidays were changed" in said


@pytest.mark.usefixtures("recorded")
def test_a_period_narrows_them_and_nonsense_is_all_of_them(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention", flagged="60")
    rows = {row[0]: row[1] for row in tables(test)["What came of flags"]}
    assert (rows["Stuck in a quiz"], rows["Below a pass mark"]) == ("0", "1")
    assert "Once 10 flags of a rule are two weeks old" in words(test)
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention", flagged="<b>")
    assert "“Stuck in a quiz”, 3 of 12" in words(test)


@pytest.mark.usefixtures("recorded")
def test_of_figures_that_ended_nothing_nothing_is_said(open_page: Open, owner: Owner) -> None:
    owner.execute("update internal.flag_record set has_new_figures = false")
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention")
    assert tables(test)["What came of flags"][0][5] == "5"
    assert "were changed" not in words(test)


@pytest.mark.usefixtures("recorded")
def test_another_organisation_is_told_nothing_of_them(open_page: Open) -> None:
    rows = tables(open_page(demo.COORDINATOR_TWO, "school", show="attention"))["What came of flags"]
    assert {row[1] for row in rows} == {"0"}
    rows = tables(open_page(demo.ADMIN, "school", show="attention"))["What came of flags"]
    assert {row[1] for row in rows} == {"0", "1", "12"}


def test_of_nothing_recorded_it_is_said_since_when_it_will_be(
    open_page: Open, owner: Owner
) -> None:
    _clear(owner)
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention")
    assert "Nothing is recorded yet" in words(test)
    assert "What came of flags" not in tables(test)

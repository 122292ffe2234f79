"""The rules of attention on the School page: what a change would do is said before it is saved."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.test_school_page import field, tables

DAYS = "Inactive: days at least"
MARK = "Below a pass mark: modules at least"


@pytest.fixture(autouse=True)
def as_before(owner: Owner) -> Iterator[None]:
    """The demo is everybody's."""
    yield
    for table in ("dashboard.attention_change", "dashboard.holiday"):
        for statement in (
            "alter table {} disable trigger user",
            "delete from {}",
            "alter table {} enable trigger user",
        ):
            owner.execute(statement.format(table).encode())


@pytest.fixture
def a_class(owner: Owner) -> tuple[UUID, str]:
    """One of the coordinator's."""
    found = owner.execute(
        "select class.id, class.name from school.class join school.staff using (organisation_id) "
        "where staff.id = %s and archived_at is null order by class.name limit 1",
        (demo.COORDINATOR_ONE,),
    ).fetchone()
    assert found is not None
    return found  # type: ignore[return-value]


def opened(open_page: Open, **parameters: object) -> AppTest:
    test = open_page(demo.COORDINATOR_ONE, "school", show="attention", **parameters)
    assert not test.exception
    return test


def sentence(test: AppTest, rule: str) -> str:
    return next(one.label for one in test.expander if one.label.startswith(f"**{rule}.** "))


def told(test: AppTest) -> tuple[int, int]:
    """How many need attention now, and then."""
    found = re.search(r"now ([\d,]+), then ([\d,]+) student", words(test))
    assert found is not None, words(test)
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def test_a_change_says_what_it_would_do_and_then_does_it(open_page: Open) -> None:
    test = opened(open_page)
    assert "7 days or more" in sentence(test, "Inactive")
    assert "Students by rule, before this is saved" not in tables(test)
    field(test, "selectbox", "Below a pass mark").set_value(0).run()
    now, then = told(test)
    assert now > then
    by_rule = {row[0]: row[1:] for row in tables(test)["Students by rule, before this is saved"]}
    assert by_rule["Below a pass mark"][1] == "0"
    assert by_rule["In all"] == [f"{now:,}", f"{then:,}"]
    press(test, "Save rules")
    assert not test.exception
    assert "Saved." in words(test)
    assert sentence(test, "Below a pass mark").endswith(
        "Switched off. Chosen here: on or off: off."
    )
    (change,) = tables(test)["Changes"]
    assert change[2:] == ["All classes", "Below a pass mark", "As usual", "off"]
    field(test, "selectbox", "Below a pass mark").set_value(None).run()
    assert told(test) == (then, now)
    press(test, "Discard")
    assert "Students by rule, before this is saved" not in tables(test)


def test_a_class_chooses_for_itself_and_is_listed_among_those_that_differ(
    open_page: Open, a_class: tuple[UUID, str]
) -> None:
    class_id, name = a_class
    test = opened(open_page, **{"class": class_id})
    field(test, "number_input", f"{DAYS} (2 to 90)").set_value(10).run()
    press(test, "Save rules")
    assert "10 days or more" in sentence(test, "Inactive")
    assert sentence(test, "Inactive").endswith("Chosen here: days at least: 10.")
    test = opened(open_page)
    assert "7 days or more" in sentence(test, "Inactive")
    ((link, what),) = tables(test)["Classes with rules of their own"]
    assert (link[2], what) == (name, f"{DAYS}: 10")
    assert f"class={class_id}" in link[1]


def test_what_a_colleague_saves_meanwhile_is_told_and_not_overwritten(
    open_page: Open, owner: Owner
) -> None:
    test = opened(open_page)
    field(test, "number_input", f"{DAYS} (2 to 90)").set_value(10).run()
    field(test, "number_input", f"{MARK} (1 to 20)").set_value(3).run()
    owner.execute(
        "insert into dashboard.attention_change (organisation_id, figure, value, author_id) "
        "select organisation_id, 'inactive_days', 21, %s from school.staff where id = %s",
        (demo.ADMIN, demo.COORDINATOR_ONE),
    )
    press(test, "Save rules")
    assert f"{DAYS} is 21 now. Nothing was saved" in words(test)
    assert len(tables(test)["Changes"]) == 1
    assert field(test, "number_input", f"{DAYS} (2 to 90)").value == 10
    press(test, "Save rules")
    assert "Saved." in words(test)
    assert "10 days or more" in sentence(test, "Inactive")
    assert "in 3 modules or more" in sentence(test, "Below a pass mark")


def test_controls_show_what_a_colleague_saved_where_nothing_is_changed(
    open_page: Open, owner: Owner
) -> None:
    test = opened(open_page)
    field(test, "number_input", f"{MARK} (1 to 20)").set_value(3).run()
    owner.execute(
        "insert into dashboard.attention_change (organisation_id, figure, value, author_id) "
        "select organisation_id, 'inactive_days', 21, %s from school.staff where id = %s",
        (demo.ADMIN, demo.COORDINATOR_ONE),
    )
    test.run()
    assert field(test, "number_input", f"{DAYS} (2 to 90)").value == 21
    assert field(test, "number_input", f"{MARK} (1 to 20)").value == 3


def test_a_holiday_is_previewed_added_and_removed(open_page: Open, owner: Owner) -> None:
    test = opened(open_page)
    today = datetime.now(UTC).date()
    days = {"First day": today - timedelta(days=20), "Last day": today}
    field(test, "text_input", "Name of the holiday").input("Half-term *break*").run()
    for label, day in days.items():
        field(test, "date_input", label).set_value(day).run()
    now, then = told(test)
    assert now > then
    press(test, "Add holiday")
    assert "Added." in words(test)
    ((name, *_, length),) = tables(test)["Holidays"]
    assert (name, length) == ("Half-term *break*", "21")
    (added,) = owner.execute("select id from dashboard.holiday").fetchone() or ()
    field(test, "selectbox", "Holiday to remove").set_value(added).run()
    assert told(test) == (then, now)
    press(test, "Remove holiday")
    assert "Removed." in words(test)
    assert tables(test)["Holidays"] == []
    assert [row[3] for row in tables(test)["Changes"]] == ["Holiday: Half-term *break*"] * 2


def test_a_holiday_that_cannot_be_is_refused_in_words(open_page: Open) -> None:
    test = opened(open_page)
    press(test, "Add holiday")
    assert "Give the holiday a name" in words(test)
    field(test, "text_input", "Name of the holiday").input("Break").run()
    for label, day in {"First day": date(2026, 5, 2), "Last day": date(2026, 5, 1)}.items():
        field(test, "date_input", label).set_value(day).run()
    assert "The last day is before the first day" in words(test)
    press(test, "Add holiday")
    assert tables(test)["Holidays"] == []


def test_the_page_of_a_student_says_the_rule_as_the_class_has_it(
    open_page: Open, owner: Owner
) -> None:
    student, class_id = owner.execute(
        "select student_id, class_id from internal.flagged(array(select id from school.class), now()) "
        "where rule = 'inactive' and figure > 10 limit 1"
    ).fetchone() or (None, None)
    owner.execute(
        "insert into dashboard.attention_change (class_id, figure, value, author_id) values (%s, %s, 9, %s)",
        (class_id, "inactive_days", demo.ADMIN),
    )
    test = open_page(demo.ADMIN, "student", student=student)
    assert "no activity for 9 days or more" in "".join(
        str(one.proto) for one in test.get("bidi_component")
    )


def test_the_class_page_says_its_rules_and_leads_to_where_they_are_set_and_back(
    open_page: Open, a_class: tuple[UUID, str]
) -> None:
    class_id, _ = a_class
    test = opened(open_page, **{"class": class_id})
    field(test, "number_input", f"{DAYS} (2 to 90)").set_value(10).run()
    field(test, "selectbox", "Below a pass mark").set_value(0).run()
    press(test, "Save rules")
    assert f"classroom?class={class_id}" in ways(test)
    page = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": class_id})
    rules = dict(tables(page)["Attention rules of this class"])
    assert "10 days or more" in rules["Inactive"]
    assert rules["Below a pass mark"] == "Switched off."
    assert f"school?show=attention&class={class_id}" in ways(page)


def test_the_rules_of_a_class_are_those_of_its_own_organisation(
    open_page: Open, owner: Owner
) -> None:
    """Of whichever organisation an administrator's list begins with."""
    rows = owner.execute(
        "select distinct on (organisation_id) id, name from school.class where archived_at is null"
    ).fetchall()
    assert len(rows) > 1
    for class_id, name in rows:
        test = open_page(demo.ADMIN, "school", show="attention", **{"class": class_id})
        assert f"Rules of {name}" in words(test)


def test_who_may_not_change_them_reads_them_without_the_way(open_page: Open) -> None:
    page = open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})
    assert tables(page)["Attention rules of this class"]
    assert not [way for way in ways(page) if "attention" in way]


def ways(test: AppTest) -> list[str]:
    return [f"{one.proto.page}?{one.proto.query_string}" for one in test.get("page_link")]


def test_the_module_page_goes_by_the_figures_of_the_class_and_says_them(
    open_page: Open, owner: Owner
) -> None:
    found = owner.execute(
        "select student_id, module_id, attempts from dashboard.fact "
        "join school.class_student using (student_id) join school.class_module using (class_id, module_id) "
        "where class_id = %s and attempts between 3 and 9 order by 3 desc, 1, 2 limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert found
    _, module, attempts = found
    where = {"class": demo.CLASS_ONE, "module": module}
    for value, is_told in ((attempts, True), (int(str(attempts)) + 1, False)):
        test = opened(open_page, **{"class": demo.CLASS_ONE})
        field(test, "number_input", "Stuck in a quiz: attempts at least (2 to 10)").set_value(
            value
        ).run()
        press(test, "Save rules")
        page = open_page(demo.TEACHER_ONE, "module", **where)
        assert (f"was tried {value} times or more" in mounted(page)) == is_told
        assert (" stuck in a quiz" in mounted(page)) == is_told

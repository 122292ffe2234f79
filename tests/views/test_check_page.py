"""The data check: what it counts, the fix that goes through the preview, and what is left as it is."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from data.reading.data_check.rules import RULES_BY_KEY
from tests.views.conftest import Open, Owner, mounted, press, words

KIND = "completed_below_100"
STORED = "status, progress_percentage, score, completed_at, progress_details, last_updated"


@pytest.fixture(autouse=True)
def two_broken(owner: Owner) -> Iterator[None]:
    """Two completed courses of class one at 90 percent, put back afterwards; the demo has no other."""
    owner.execute(
        """
        create temporary table broken as
        select progress.*
        from public.student_module_progress as progress
        join public.modules on modules.id = module_id
        join school.class_student using (student_id)
        where class_id = %s and lower(type) = 'course' and status = 'Completed'
            and completed_at is not null and progress_percentage = 100
        order by student_id, module_id
        limit 2
        """,
        (demo.CLASS_ONE,),
    )
    owner.execute(
        "update public.student_module_progress set progress_percentage = 90 "
        "where (student_id, module_id) in (select student_id, module_id from broken)"
    )
    yield
    owner.execute(
        f"update public.student_module_progress as progress set ({STORED}) = (select {STORED} from broken "
        "where (broken.student_id, broken.module_id) = (progress.student_id, progress.module_id)) "
        "where (student_id, module_id) in (select student_id, module_id from broken)"
    )
    owner.execute("drop table broken")
    owner.execute("delete from dashboard.dismissal")


def percentages(owner: Owner) -> list[object]:
    rows = owner.execute(
        "select progress.progress_percentage from public.student_module_progress as progress "
        "join broken using (student_id, module_id)"
    )
    return [row[0] for row in rows]


def open_kind(open_page: Open) -> AppTest:
    test = open_page(demo.COORDINATOR_ONE, "check", kind=KIND)
    assert "2 rows." in words(test)
    return test


def test_the_page_opens_with_what_can_be_mended_and_whose_it_is(
    open_page: Open, owner: Owner
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "check")
    assert "a fix can be proposed, for" in words(test)
    assert "Nothing is changed automatically" in words(test)
    assert RULES_BY_KEY[KIND].title in mounted(test)
    names = owner.execute(
        "select full_name from school.student where id in (select student_id from broken)"
    ).fetchall()
    assert [name for (name,) in names if str(name) not in mounted(test)] == []
    (rest,) = (one for one in test.expander if "without an automatic fix" in one.label)
    assert not rest.proto.expanded
    assert RULES_BY_KEY["last_update_unreadable"].title not in mounted(test)


def test_a_fix_is_previewed_and_saved_and_the_count_falls(open_page: Open, owner: Owner) -> None:
    test = open_kind(open_page)
    press(test, "Propose a fix")
    assert "Nothing is saved yet." in words(test)
    assert percentages(owner) == [90, 90]
    press(test, "Save 2 changes")
    assert percentages(owner) == [100, 100]
    assert "0 rows." in words(test)
    batch = owner.execute("select source, reason from dashboard.batch order by at desc limit 1")
    assert batch.fetchone() == ("bulk", "Data check: Completed, but not at 100 percent")


def test_a_fix_can_be_for_chosen_rows(open_page: Open, owner: Owner) -> None:
    test = open_kind(open_page)
    test.radio[0].set_value("chosen").run()
    assert all(b.disabled for b in test.button if b.label in ("Propose a fix", "Leave as it is"))
    test.multiselect[0].set_value([0]).run()
    press(test, "Propose a fix")
    press(test, "Save 1 change")
    assert sorted(map(str, percentages(owner))) == ["100", "90"]
    assert "1 row." in words(test)


def test_a_fix_can_be_put_away_and_nothing_is_saved(open_page: Open, owner: Owner) -> None:
    test = open_kind(open_page)
    press(test, "Propose a fix")
    press(test, "Cancel")
    assert "2 rows." in words(test)
    assert percentages(owner) == [90, 90]


def test_what_is_left_as_it_is_is_listed_and_can_be_judged_again(
    open_page: Open, owner: Owner
) -> None:
    test = open_kind(open_page)
    test.radio[0].set_value("chosen").run()
    test.multiselect[0].set_value([1]).run()
    next(box for box in test.text_input if box.label.startswith("Reason")).set_value(
        "On paper"
    ).run()
    press(test, "Leave as it is")
    assert "1 row is left as it is." in words(test)
    assert "1 row." in words(test)
    assert percentages(owner) == [90, 90]
    del test.query_params["kind"]
    test.run()
    assert "1 row was left as it is." in words(test)
    assert "On paper" in mounted(test)
    test.multiselect[0].set_value([test.multiselect[0].options[0]]).run()
    press(test, "Check again")
    assert "1 row is checked again." in words(test)
    assert "left as it is. A row" not in words(test)
    test.query_params["kind"] = KIND
    test.run()
    assert "2 rows." in words(test)


def test_a_kind_without_a_fix_says_so_and_offers_none(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "check", kind="in_progress_at_100")
    assert "There is no automatic fix for this kind." in words(test)
    labels = [button.label for button in test.button]
    assert "Propose a fix" not in labels
    assert "Leave as it is" in labels


def test_a_large_kind_is_shown_page_by_page(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "check", kind="completed_without_date")
    assert "1 to 50 of" in words(test)
    first = mounted(test)
    press(test, "Next")
    assert "51 to 100 of" in words(test)
    assert mounted(test) != first
    press(test, "Previous")
    assert "1 to 50 of" in words(test)


def test_a_teacher_does_not_get_to_the_check(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "check")
    assert "Count again" in [button.label for button in test.button]
    test.session_state["demo_person"] = str(demo.TEACHER_ONE)
    test.run()
    assert "Count again" not in [button.label for button in test.button]

"""Whoever is staff and a student too: the pages offer no correction of one's own progress, and say why."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from data import demo
from data.access.errors import OWN_PROGRESS
from data.rules.progress import Status
from tests.views.bulk_choices import choose, opened, unbegun
from tests.views.conftest import Open, Owner, mounted, press, words

ME = demo.COORDINATOR_ONE


@contextmanager
def learning(owner: Owner, me: UUID, class_id: UUID) -> Iterator[None]:
    """Somebody of the staff learns in a class, too."""
    owner.execute(
        "insert into school.student (id, organisation_id, full_name) "
        "select staff.id, class.organisation_id, staff.full_name "
        "from school.staff cross join school.class where staff.id = %s and class.id = %s",
        (me, class_id),
    )
    owner.execute(
        "insert into school.class_student (class_id, student_id) values (%s, %s)", (class_id, me)
    )
    owner.execute(
        "insert into public.student_module_progress (student_id, module_id, status) "
        "select %s, module_id, 'InProgress' from school.class_module where class_id = %s",
        (me, class_id),
    )
    yield
    for table in ("public.student_module_progress", "school.class_student"):
        owner.execute(f"delete from {table} where student_id = %s".encode(), (me,))
    # Nobody with a history is removed but in a test.
    owner.execute("alter table school.student disable trigger guard_students")
    owner.execute("delete from school.student where id = %s", (me,))
    owner.execute("alter table school.student enable trigger guard_students")


@pytest.fixture(autouse=True)
def enrolled(owner: Owner) -> Iterator[None]:
    """The coordinator learns in class one, too."""
    with learning(owner, ME, demo.CLASS_ONE):
        yield


@pytest.fixture
def module(owner: Owner) -> Iterator[UUID]:
    with unbegun(owner) as found:
        yield found


def test_ones_own_page_shows_progress_and_nothing_that_is_for_colleagues(
    open_page: Open, owner: Owner
) -> None:
    sections = ("Notes", "All stored data", "Correct")
    mine = mounted(open_page(ME, "student", student=ME))
    assert "Over time" in mine
    assert [one for one in sections if one in mine] == []
    ((other,),) = owner.execute(
        "select student_id from school.class_student where class_id = %s and student_id <> %s limit 1",
        (demo.CLASS_ONE, ME),
    ).fetchall()
    theirs = mounted(open_page(ME, "student", student=other))  # the control
    assert [one for one in sections if one in theirs] == list(sections)


def test_the_form_says_that_a_colleague_has_to(open_page: Open) -> None:
    page = open_page(ME, "edit", student=ME)
    assert OWN_PROGRESS.message in words(page)
    assert [one.label for one in page.button if one.label == "Save"] == []


def test_the_table_of_the_class_leaves_ones_own_rows_out_and_says_so(open_page: Open) -> None:
    page = open_page(ME, "grid", **{"class": demo.CLASS_ONE})
    frame = page.session_state["grids"][ME, demo.CLASS_ONE].frame
    assert ME not in {row.student_id for row in frame.rows}
    assert len({row.student_id for row in frame.rows}) == 28
    assert f"Your own rows are not in the table. {OWN_PROGRESS.message}" in words(page)
    other = open_page(demo.ADMIN, "grid", **{"class": demo.CLASS_ONE})  # the control
    assert "Your own rows" not in words(other)


def test_of_many_at_once_ones_own_row_cannot_be_saved_and_is_listed_with_the_reason(
    open_page: Open, module: UUID
) -> None:
    test = opened(open_page)
    choose(test, module, STATUS=Status.COMPLETED)
    press(test, "Preview")
    assert "28 changes in 28 students; 1 cannot be saved." in words(test)
    assert OWN_PROGRESS.message in mounted(test)


def test_the_history_offers_no_way_back_to_ones_own_earlier_values(open_page: Open) -> None:
    mine = mounted(open_page(ME, "history", student=ME))
    assert "In progress" in mine
    assert "entry=" not in mine
    assert "entry=" in mounted(open_page(demo.ADMIN, "history", student=ME))  # the control


def test_a_class_that_one_only_learns_in_is_none_of_ones_own(open_page: Open, owner: Owner) -> None:
    """It has rows for those who work in it: to whoever learns there it looked empty, and came first."""
    ((name, module),) = owner.execute(
        "select name, module_id from school.class join school.class_module on class_id = id "
        "where id = %s limit 1",
        (demo.CLASS_THREE,),
    ).fetchall()
    teaches = (demo.CLASS_THREE, demo.TEACHER_ONE)
    asked = {"class": demo.CLASS_THREE}
    owner.execute("delete from school.class_teacher where (class_id, staff_id) = (%s, %s)", teaches)
    with learning(owner, demo.TEACHER_ONE, demo.CLASS_THREE):
        for test in (
            open_page(demo.TEACHER_ONE, "classroom", **asked),
            open_page(demo.TEACHER_ONE, "module", module=module),
        ):
            assert str(name) not in words(test) + mounted(test)
    owner.execute("insert into school.class_teacher (class_id, staff_id) values (%s, %s)", teaches)
    theirs = open_page(ME, "classroom", **asked)  # the control
    assert str(name) in words(theirs) + mounted(theirs)

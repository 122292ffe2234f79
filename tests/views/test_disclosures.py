"""Who looks at whose data: every page that shows it says so once a day, and administrators can read it."""

import logging
from collections.abc import Collection, Iterator
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from dashboard.reads import looks
from dashboard.views.classroom import cell_panel
from data import demo
from data.access.errors import DatabaseNotReady
from data.access.outage_words import OUTAGES, READ_ONLY
from data.access.session import Actor
from tests.views.conftest import Open, Owner, press, words
from tests.views.test_school_page import tables

CLASS = demo.CLASS_ONE
Shown = set[tuple[UUID | None, UUID]]


def forget() -> None:
    """What this process has recorded, as a new one has not."""
    cast(Any, looks._recorded).clear()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Shown]]:
    """What the database is told, which hears none of it: it may know already, of another test."""
    found: list[Shown] = []

    def record(
        actor: Actor, kind: str, students: Collection[UUID], class_id: UUID | None = None
    ) -> None:
        assert (actor.id, kind) == (demo.COORDINATOR_ONE, "look")
        found.append({(class_id, one) for one in students})

    forget()
    monkeypatch.setattr(looks, "disclosed_by", record)
    yield found
    forget()


@pytest.fixture
def cell(owner: Owner) -> tuple[UUID, UUID]:
    """A student of the class, and a module in which something changed."""
    found: tuple[UUID, UUID] = owner.execute(
        "select history.student_id, history.module_id from dashboard.history "
        "join school.class_student as taught on taught.student_id = history.student_id "
        "join school.class_module as module on module.module_id = history.module_id "
        "where taught.class_id = %s and module.class_id = %s limit 1",
        (CLASS, CLASS),
    ).fetchall()[0]  # type: ignore[assignment]
    return found


PAGES = ("student", "module", "history", "edit", "grid", "check", "classroom")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_shows_a_student_says_so_once(
    open_page: Open, told: list[Shown], cell: tuple[UUID, UUID], page: str
) -> None:
    student, module = cell
    asked: dict[str, object] = {"student": student, "module": module, "class": CLASS}
    if page in ("module", "grid", "classroom"):
        del asked["student"]
    if page == "check":
        asked = {"kind": "completed_without_date"}
    test = open_page(demo.COORDINATOR_ONE, page, **asked)
    assert not test.exception
    shown = set[tuple[UUID | None, UUID]]().union(*told)
    if page == "check":
        assert shown
    else:
        assert (CLASS if page in ("grid", "classroom") else None, student) in shown
    assert len(shown) < 70
    told.clear()
    test.run()
    assert told == []


def test_narrowed_or_sorted_a_class_is_the_same_look_and_a_cell_one_of_its_own(
    open_page: Open, told: list[Shown], owner: Owner, cell: tuple[UUID, UUID]
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": CLASS})
    members = owner.execute(
        "select student_id from school.class_student where class_id = %s", (CLASS,)
    ).fetchall()
    assert told == [{(CLASS, one) for (one,) in members}]
    open_page(demo.COORDINATOR_ONE, "classroom", **{"class": CLASS, "name": "a", "sort": "-name"})
    assert len(told) == 1
    test.session_state[cell_panel.OPEN] = cell_panel.CellId(*cell)
    test.run()
    assert told[1:] == [{(None, cell[0])}]


def test_lines_of_a_file_and_two_entries_side_by_side_show_it_too(
    open_page: Open, told: list[Shown], owner: Owner, cell: tuple[UUID, UUID]
) -> None:
    student, module = cell
    test = open_page(demo.COORDINATOR_ONE, "upload")
    test.text_area[0].set_value(f"Student\tModule\tPercentage\n{student}\t{module}\t55").run()
    press(test, "Check pasted rows")
    assert told == [{(None, student)}]
    ((other,),) = owner.execute(
        "select student_id from school.class_student where class_id = %s and student_id <> %s limit 1",
        (CLASS, student),
    ).fetchall()
    open_page(demo.COORDINATOR_ONE, "school", show="students", student=student, merge=other)
    assert told[1:] == [{(None, other)}]


def test_names_that_were_looked_for_are_no_look(open_page: Open, told: list[Shown]) -> None:
    test = open_page(demo.COORDINATOR_ONE, "student")
    test.text_input(key="find").input("a").run()
    assert tables(test)["Students found"]
    assert told == []


def test_where_it_cannot_be_recorded_the_page_goes_on_and_the_log_says_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseNotReady(*OUTAGES[READ_ONLY])

    forget()
    monkeypatch.setattr(looks, "disclosed_by", refuse)
    caplog.set_level(logging.INFO, "progress.audit")
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": CLASS})
    assert not test.exception
    assert "completed (" in words(test)
    (line,) = [one for one in caplog.messages if one.startswith("look not recorded")]
    assert f"actor={demo.COORDINATOR_ONE} students=" in line


@pytest.fixture
def sam(owner: Owner) -> Iterator[UUID]:
    """A student beside the demo's."""
    one = uuid4()
    owner.execute("insert into auth.users (id) values (%s)", (one,))
    owner.execute(
        "insert into school.student (id, organisation_id, full_name) "
        "select %s, organisation_id, 'Sam *Seen* Xy' from school.staff where id = %s",
        (one, demo.COORDINATOR_ONE),
    )
    yield one
    owner.execute("delete from school.student where id = %s", (one,))


def test_an_administrator_reads_who_has_seen_a_student(
    open_page: Open, owner: Owner, sam: UUID
) -> None:
    assert not open_page(demo.COORDINATOR_ONE, "student", student=sam).exception
    test = open_page(demo.ADMIN, "school", show="data-protection")
    test.text_input(key="protection_student").input("sam xy").run()
    ((*_, link),) = tables(test)["Students found"]
    assert link[1] == f"school?show=data-protection&student={sam}&seen=yes"
    test = open_page(demo.ADMIN, "school", show="data-protection", student=sam, seen="yes")
    assert not test.exception
    assert "Who has seen the data of Sam *Seen* Xy" in words(test)
    ((_, who, *rest),) = tables(test)["Who has seen it, newest first"]
    assert rest == ["Coordinator", "Looked at", None]
    (name,) = owner.execute(
        "select full_name from school.staff where id = %s", (demo.COORDINATOR_ONE,)
    ).fetchall()[0]
    assert who == name
    assert [one.proto.label for one in test.get("download_button")] == ["Download CSV"]
    assert "Erase" not in words(test)
    refused = open_page(
        demo.COORDINATOR_ONE, "school", show="data-protection", student=sam, seen="yes"
    )
    assert "Who has seen" not in words(refused)

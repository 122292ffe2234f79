"""The history page: what is asked for stands in the URL; what may be put back depends on who looks."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.history.undo import LEFT_OUT
from data import demo
from data.reading.classes.matrix import sort_key
from tests.views.conftest import Open, Owner, mounted, press, words


def tables(test: AppTest) -> dict[str, list[Any]]:
    """The rows of every table on the page, by its caption."""
    found: dict[str, list[Any]] = {}
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            caption, _, rows = json.loads(each.proto.json)[:3]
            found[caption] = rows
    return found


def links(rows: list[Any], label: str) -> list[str]:
    return [
        cell[1]
        for row in rows
        for cell in row
        if isinstance(cell, list) and cell[0] == "link" and cell[2] == label
    ]


@pytest.fixture
def batch(owner: Owner) -> str:
    """Rows of class one that the coordinator saved together."""
    row = owner.execute(
        """
        select batch.id::text
        from dashboard.batch
        join dashboard.history on history.batch_id = batch.id
        where history.student_id in (
            select student_id from school.class_student where class_id = %s
        )
        group by batch.id
        order by count(*) desc
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    return str(row[0])


def test_the_page_opens_with_how_many_changes_since_when(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history")
    assert not test.exception
    assert " changes since " in words(test)
    assert len(tables(test)["Changes, newest first"]) == 100


def test_a_page_leads_to_older_entries_and_back(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history")
    first = tables(test)["Changes, newest first"]
    test.button(key="page_older").click().run()
    older = tables(test)["Changes, newest first"]
    assert older != first
    test.button(key="page_newer").click().run()
    assert tables(test)["Changes, newest first"] == first


def columns(test: AppTest, caption: str) -> list[str]:
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            found, heads, *_ = json.loads(each.proto.json)
            if found == caption:
                return [head[0] for head in heads]
    return []


def test_a_teacher_reads_a_line_a_student_module_and_day_and_no_empty_column(
    open_page: Open, owner: Owner
) -> None:
    student, module = owner.execute(
        "select student_id, module_id from dashboard.history where source = 'student' and student_id in "
        "(select student_id from school.class_student where class_id = %s) limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()[0]
    for share in (1, 2, 3):
        owner.execute(
            "update public.student_module_progress set progress_percentage = %s "
            "where (student_id, module_id) = (%s, %s)",
            (share, student, module),
        )
    asked = {"student": student, "module": module, "since": "week"}
    caption = "Changes, newest first"
    raw = open_page(demo.TEACHER_ONE, "history", show="changes", **asked)
    summed = open_page(demo.TEACHER_ONE, "history", **asked)
    assert not summed.exception
    assert len(tables(summed)[caption]) < len(tables(raw)[caption])
    assert columns(summed, caption) == ["When", "Student", "Module", "Change", "By"]
    # Whoever may restore one is shown each, and may ask for the other.
    for show, same in (("", raw), ("days", summed)):
        test = open_page(demo.COORDINATOR_ONE, "history", **asked | {"show": show})
        assert len(tables(test)[caption]) == len(tables(same)[caption])
        assert columns(test, caption)[-1] == "Restore"


def test_filters_of_the_url_narrow_the_entries_and_are_said(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select id::text, full_name from school.student where id in "
        "(select student_id from dashboard.history where source = 'form') order by 1 limit 1"
    ).fetchone()
    assert row is not None
    test = open_page(demo.ADMIN, "history", student=row[0], source="form")
    entries = tables(test)["Changes, newest first"]
    assert entries
    # Another student whom the administrator may see may have the same name: then the e-mail stands beside it.
    assert {entry[1][2].partition(" (")[0] for entry in entries} == {row[1]}
    # What stands in a URL may be nonsense: it is left out, and said.
    test = open_page(demo.ADMIN, "history", source="nonsense", since="2026-99-99", module="x")
    assert "Ignored, because this link asks for" in words(test)
    assert len(tables(test)["Changes, newest first"]) == 100


def test_a_name_that_fits_several_students_asks_whose(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history", name="an")
    found = tables(test)
    assert "Changes, newest first" not in found
    assert len(found["Whose history?"]) > 1


@pytest.mark.parametrize("trail", ["x", "-1", "9" * 30, ",,", "²"])
def test_nonsense_in_the_trail_is_the_first_page(open_page: Open, trail: str) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history", before=trail)
    assert not test.exception
    assert len(tables(test)["Changes, newest first"]) == 100


def test_a_teacher_sees_what_was_saved_and_cannot_undo_it_as_a_coordinator_can(
    open_page: Open, batch: str
) -> None:
    for person, may in ((demo.TEACHER_ONE, False), (demo.COORDINATOR_ONE, True)):
        listed = tables(open_page(person, "history", show="saves"))["Saves"]
        assert any(batch in href for href in links(listed, "Open"))
        assert any(batch in href for href in links(listed, "Undo")) is may
        # Even by the address that the way to undo leads to.
        test = open_page(person, "history", batch=batch, undo=1)
        assert not test.exception
        assert ("What will change" in tables(test)) is may
        assert ("Changes, by student" in tables(test)) is not may


def test_the_saves_obey_the_filters(open_page: Open, owner: Owner, batch: str) -> None:
    row = owner.execute("select source, author_id from dashboard.batch where id = %s", (batch,))
    source, author = row.fetchone() or ("", "")
    for asked, is_there in (
        ({"class": demo.CLASS_ONE, "source": source, "person": author}, True),
        ({"source": "command line"}, False),
        ({"until": "2020-01-01"}, False),
    ):
        test = open_page(demo.COORDINATOR_ONE, "history", show="saves", **asked)
        listed = tables(test)["Saves"]
        assert any(batch in href for href in links(listed, "Open")) is is_there
        assert "Showing saves" in mounted(test)


def test_a_save_that_is_not_there_is_said(open_page: Open) -> None:
    for unknown in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        test = open_page(demo.TEACHER_ONE, "history", batch=unknown)
        assert not test.exception
        assert "was not found" in words(test)


def test_a_teacher_of_another_school_does_not_see_what_was_saved(
    open_page: Open, batch: str
) -> None:
    assert "saved on" in words(open_page(demo.TEACHER_ONE, "history", batch=batch))
    assert "was not found" in words(open_page(demo.TEACHER_TWO, "history", batch=batch))


def test_some_rows_can_be_left_out_of_an_undo(open_page: Open, batch: str) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history", batch=batch)
    rows = tables(test)["Changes, by student"]
    assert len(rows) > 1
    name, label, is_on = rows[0][-1][1:]
    assert label.startswith("Undo: ")
    assert is_on
    student, module = map(UUID, name.split())
    test.session_state[f"{LEFT_OUT}_{UUID(batch)}"] = frozenset({(student, module)})
    test.run()
    assert not tables(test)["Changes, by student"][0][-1][3]
    assert f"Undo {len(rows) - 1} of {len(rows)}" in [button.label for button in test.button]
    test.button(key="undo_begin").click().run()
    assert len(tables(test)["What will change"]) == len(rows) - 1


def test_what_was_saved_and_its_undo_are_in_the_order_of_the_names(
    open_page: Open, batch: str
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history", batch=batch)
    rows = [(row[1][2], row[2]) for row in tables(test)["Changes, by student"]]
    assert len(rows) > 3
    assert rows == sorted(rows, key=lambda row: tuple(map(sort_key, row)))
    test.button(key="undo_begin").click().run()
    undone = [(row[0], row[1]) for row in tables(test)["What will change"]]
    assert undone == sorted(undone, key=lambda row: tuple(map(sort_key, row)))


def test_none_or_all_rows_are_chosen_at_once(open_page: Open, batch: str) -> None:
    test = open_page(demo.COORDINATOR_ONE, "history", batch=batch)
    test.button(key="undo_choose").click().run()
    assert not any(row[-1][3] for row in tables(test)["Changes, by student"])
    assert test.button(key="undo_begin").disabled
    test.button(key="undo_choose").click().run()
    assert all(row[-1][3] for row in tables(test)["Changes, by student"])
    assert test.button(key="undo_begin").label == "Undo all of it"


def test_what_is_filtered_is_a_file_and_noted(
    open_page: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "progress.audit")
    test = open_page(demo.TEACHER_ONE, "history", source="form")
    test.session_state["history_bar_panel"] = "Export"
    test.run()
    for name in ("CSV", "Excel"):
        test.button(key=f"make_{name}").click().run()
        assert not test.exception
        assert len(test.get("download_button")) == 1
    noted = [one for one in caplog.messages if one.startswith("history exported")]
    assert len(noted) == 2
    assert f"actor={demo.TEACHER_ONE} changes=" in noted[0]


def test_a_day_out_of_the_history_is_said_and_today_is_shown(open_page: Open) -> None:
    shown = {"class": demo.CLASS_ONE}
    for day, said in (
        ("2001-01-01", "The history only begins on"),
        ("2999-01-01", "is not over yet"),
        ("nonsense", "cannot be read"),
    ):
        test = open_page(demo.TEACHER_ONE, "classroom", **shown, day=day)
        assert not test.exception
        assert said in words(test)
        assert "Read only" not in words(test)


def test_another_earlier_value_and_the_click_may_come_in_one_run(
    open_page: Open, owner: Owner
) -> None:
    cell = owner.execute(
        """
        select student_id, module_id, max(id)
        from dashboard.history
        join school.class_student using (student_id)
        where class_id = %s and source = 'platform'
        group by 1, 2
        order by count(*) desc, 1, 2
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert cell is not None
    named = dict(zip(("student", "module", "entry"), cell, strict=True))
    test = open_page(demo.COORDINATOR_ONE, "history", **named)
    oldest = len(test.selectbox[0].options) - 1
    test.selectbox[0].set_value(oldest)
    press(test, "Restore this value")
    at_once = tables(test).get("What will change")  # none, where it is what stands there now
    press(test, "Close" if at_once is None else "Cancel")
    test.selectbox[0].set_value(oldest).run()
    press(test, "Restore this value")
    assert at_once == tables(test).get("What will change")

"""The class as a table: what is typed is checked, kept as a draft, reviewed and saved, and lands on its row."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.grid import frame as grid_frame
from data import demo
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.test_class_page import drawn

STORED = "status, progress_percentage, score, completed_at, progress_details, last_updated"


@pytest.fixture(autouse=True)
def put_back(owner: Owner) -> Iterator[None]:
    owner.execute(
        "create temporary table kept as select * from public.student_module_progress "
        "where student_id in (select student_id from school.class_student where class_id = %s)",
        (demo.CLASS_ONE,),
    )
    yield
    owner.execute(
        f"update public.student_module_progress as progress set ({STORED}) = (select {STORED} from kept "
        "where (kept.student_id, kept.module_id) = (progress.student_id, progress.module_id)) "
        "where student_id in (select student_id from kept)"
    )
    owner.execute("drop table kept")
    owner.execute("delete from dashboard.draft")


def course(owner: Owner) -> UUID:
    """The first course of class one, every student of which is put in progress at 40 percent."""
    row = owner.execute(
        "select module_id from school.class_module join public.modules on modules.id = module_id "
        "where class_id = %s and lower(type) = 'course' order by position limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    owner.execute(
        "update public.student_module_progress set status = 'InProgress', progress_percentage = 40, "
        "score = null, completed_at = null where module_id = %s and student_id in "
        "(select student_id from school.class_student where class_id = %s)",
        (row[0], demo.CLASS_ONE),
    )
    return UUID(str(row[0]))


def open_grid(open_page: Open, module: UUID, **more: object) -> AppTest:
    person = more.pop("person", demo.COORDINATOR_ONE)
    return open_page(person, "grid", **{"class": demo.CLASS_ONE, "module": module}, **more)


def frame(test: AppTest, class_id: UUID = demo.CLASS_ONE) -> Any:
    return test.session_state["grids"][demo.COORDINATOR_ONE, class_id].frame


def started(test: AppTest, at: int = 0) -> int:
    """The position of a row that is stored, the `at`-th of them."""
    rows = frame(test).rows
    return [place for place, row in enumerate(rows) if row.values["progress_percentage"] == 40][at]


def type_into(test: AppTest, edited: dict[int, dict[str, object]]) -> None:
    """As the browser tells it: all edits since the table was drawn."""
    state = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    test.session_state[frame(test).widget] = state
    test.run()
    assert not test.exception


def percentage(owner: Owner, row: Any) -> object:
    found = owner.execute(
        "select progress_percentage from public.student_module_progress "
        "where student_id = %s and module_id = %s",
        row.key,
    ).fetchone()
    return found and found[0]


def test_two_cells_are_counted_reviewed_and_saved(open_page: Open, owner: Owner) -> None:
    test = open_grid(open_page, course(owner))
    first, second = started(test), started(test, 1)
    rows = [frame(test).rows[place] for place in (first, second)]
    type_into(test, {first: {"Percentage": "55"}, second: {"Percentage": "60"}})
    assert "2 changes in 2 students." in words(test)
    press(test, "Review and save")
    assert "2 changes in 2 students" in words(test)
    assert [percentage(owner, row) for row in rows] == [40, 40]
    next(box for box in test.text_input if box.label.startswith("Reason")).set_value("Paper").run()
    press(test, "Save 2 changes")
    assert [percentage(owner, row) for row in rows] == [55, 60]
    assert "Nothing is changed yet." in words(test)
    assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)
    assert owner.execute(
        "select source from dashboard.batch order by at desc limit 1"
    ).fetchone() == ("grid",)


def test_what_is_typed_is_there_again_in_another_session(open_page: Open, owner: Owner) -> None:
    module = course(owner)
    test = open_grid(open_page, module)
    place = started(test)
    key = frame(test).rows[place].key
    type_into(test, {place: {"Percentage": "55", "Score": "7,5"}})
    again = open_grid(open_page, module, status="Completed")
    assert "is open again: 2 unsaved changes." in words(again)
    assert "2 changes in 1 student." in words(again)
    assert {told for (row, _), told in frame(again).typed.items() if row == key} == {"55", "7.5"}
    assert "unsaved changes in 1 row of Mathematics 9A" in words(
        open_page(demo.COORDINATOR_ONE, "overview")
    )


def test_what_was_refused_is_there_again_with_its_sentence(open_page: Open, owner: Owner) -> None:
    module = course(owner)
    test = open_grid(open_page, module)
    place, other = started(test), started(test, 1)
    type_into(test, {place: {"Percentage": "140", "Score": "7,5"}, other: {"Completed on": "soon"}})
    again = open_grid(open_page, module)
    assert "is open again: 3 unsaved changes." in words(again)
    assert "1 change in 1 student, 2 problems." in words(again)
    for told in ("140", "must be a whole number", "soon"):
        assert told in mounted(again)
    type_into(again, {started(again): {"Percentage": "55"}})
    third = open_grid(open_page, module)
    assert "2 changes in 1 student, 1 problem." in words(third)


def test_a_teacher_and_a_colleague_are_told_of_nobody_elses_changes(
    open_page: Open, owner: Owner
) -> None:
    test = open_grid(open_page, course(owner))
    type_into(test, {started(test): {"Percentage": "55"}})
    for person in (demo.TEACHER_ONE, demo.ADMIN):
        assert "unsaved" not in words(open_page(person, "overview"))
    assert "unsaved" in words(open_page(demo.COORDINATOR_ONE, "overview"))


@pytest.mark.parametrize(
    ("heading", "typed", "sentence"),
    [
        ("Percentage", "140", "The percentage must be a whole number from 0 to 100."),
        ("Percentage", "forty", "The percentage must be a whole number from 0 to 100."),
        ("Score", "1e3", "The score must be a number from 0 to 100."),
        ("Completed on", "3/4/2026", "Give the date as year-month-day"),
        ("Completed on", "2999-01-01", "must not be in the future"),
        ("Completed on", "2026-01-01", "Only a completed module has a completed date."),
        ("Status", None, "Choose one of"),
    ],
)
def test_what_cannot_be_saved_is_told_beside_its_student_and_waits(
    open_page: Open, owner: Owner, heading: str, typed: object, sentence: str
) -> None:
    test = open_grid(open_page, course(owner))
    bad, good = started(test), started(test, 1)
    row = frame(test).rows[good]
    type_into(test, {bad: {heading: typed}, good: {"Percentage": "60"}})
    assert sentence in mounted(test)
    assert "1 problem." in words(test)
    press(test, "Review and save")
    press(test, "Save 1 change")
    assert percentage(owner, row) == 60
    assert sentence in mounted(test)
    assert frame(test).keys == {frame(test).rows[bad].key}


def test_a_value_put_back_is_no_change(open_page: Open, owner: Owner) -> None:
    test = open_grid(open_page, course(owner))
    place = started(test)
    type_into(test, {place: {"Percentage": "55"}})
    assert "1 change in 1 student." in words(test)
    type_into(test, {place: {"Percentage": "40"}})
    assert "Nothing is changed yet." in words(test)
    assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)


def test_the_rows_stay_where_they_are_while_something_is_typed(
    open_page: Open, owner: Owner
) -> None:
    test = open_grid(open_page, course(owner))
    place = started(test, 3)
    before = [row.key for row in frame(test).rows]
    type_into(test, {place: {"Percentage": "55"}})
    test.query_params["status"] = "Completed"
    owner.execute(
        "update school.student set full_name = 'Aa ' || full_name where id = %s", before[-1][:1]
    )
    test.run()
    owner.execute(
        "update school.student set full_name = substr(full_name, 4) where id = %s", before[-1][:1]
    )
    assert [row.key for row in frame(test).rows] == before
    assert set(frame(test).typed) == {(before[place], "progress_percentage")}
    assert "Filters are locked until you save or discard" in mounted(test)
    press(test, "Discard")
    press(test, "Discard them")
    test.run()
    assert [row.key for row in frame(test).rows] != before


def test_discarding_asks_first_and_then_forgets_the_draft(open_page: Open, owner: Owner) -> None:
    test = open_grid(open_page, course(owner))
    place = started(test)
    type_into(test, {place: {"Percentage": "55"}})
    press(test, "Discard")
    assert "Discard 1 change in 1 student?" in words(test)
    press(test, "Continue editing")
    assert "1 change in 1 student." in words(test)
    press(test, "Discard")
    press(test, "Discard them")
    assert "Nothing is changed yet." in words(test)
    assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)


def test_a_bad_value_survives_the_way_to_another_page_and_back(
    open_page: Open, owner: Owner
) -> None:
    module = course(owner)
    test = open_grid(open_page, module)
    type_into(test, {started(test): {"Percentage": "140"}})
    test.switch_page("views/overview/page.py").run()
    test.switch_page("views/grid/page.py")
    test.query_params["class"], test.query_params["module"] = str(demo.CLASS_ONE), str(module)
    test.run()
    assert "must be a whole number" in mounted(test)


def test_what_somebody_changed_meanwhile_is_told_and_taking_theirs_ends_it(
    open_page: Open, owner: Owner
) -> None:
    test = open_grid(open_page, course(owner))
    mine, other = started(test), started(test, 1)
    row = frame(test).rows[mine]
    type_into(test, {mine: {"Percentage": "55"}, other: {"Percentage": "60"}})
    owner.execute(
        "update public.student_module_progress set progress_percentage = 77 "
        "where student_id = %s and module_id = %s",
        row.key,
    )
    press(test, "Review and save")
    next(box for box in test.text_input if box.label.startswith("Reason")).set_value("Paper").run()
    press(test, "Save 2 changes")
    press(test, "Use theirs")
    press(test, "Save 1 change")
    assert percentage(owner, row) == 77
    assert "Nothing is changed yet." in words(test)


@pytest.mark.parametrize(
    ("column", "stored", "shown"),
    [
        ("completed_at", "infinity", "infinity"),
        ("completed_at", "0001-01-01T00:00:00Z", "0001-01-01"),
        ("score", "NaN", "NaN"),
        ("score", "140", "140"),
    ],
)
def test_an_odd_stored_value_is_shown_and_left_alone(
    open_page: Open, owner: Owner, column: str, stored: str, shown: str
) -> None:
    module = course(owner)
    test = open_grid(open_page, module)
    row = frame(test).rows[started(test)]
    owner.execute(
        f"update public.student_module_progress set {column} = '{stored}', status = 'Completed' "
        "where student_id = %s and module_id = %s",
        row.key,
    )
    test = open_grid(open_page, module)
    place = [one.key for one in frame(test).rows].index(row.key)
    table = test.session_state["grids"][demo.COORDINATOR_ONE, demo.CLASS_ONE].frame
    assert shown in [table.column(name)[place] for name in table.rows[place].values]
    type_into(test, {place: {"Status": "In progress"}})
    assert "1 change in 1 student." in words(test)


def test_a_teacher_does_not_get_there(open_page: Open) -> None:
    assert "Review and save" not in [button.label for button in open_page(demo.TEACHER_ONE).button]
    test = open_page(demo.COORDINATOR_ONE, "grid", **{"class": demo.CLASS_ONE})
    assert "Review and save" in [button.label for button in test.button]
    test.session_state["demo_person"] = str(demo.TEACHER_ONE)
    test.run()
    assert "Review and save" not in [button.label for button in test.button]


def test_a_class_of_somebody_else_is_not_opened(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "grid", **{"class": UUID(int=7)})
    assert "That class isn&#x27;t available to you." in words(test)


@pytest.mark.parametrize(
    "asked", [{"attention": "needed"}, {"score": "0-59"}, {"since": "2026-11-20"}]
)
def test_filters_of_students_leave_whom_the_class_page_shows(
    open_page: Open, asked: dict[str, str]
) -> None:
    here = {"class": demo.CLASS_ONE}
    shown = {
        row[0] for row in drawn(open_page(demo.COORDINATOR_ONE, "classroom", **here, **asked))[1]
    }
    test = open_page(demo.COORDINATOR_ONE, "grid", module="all", **here, **asked)
    assert {str(row.student_id) for row in frame(test).rows} == shown
    assert 0 < len(shown) < 28


def test_a_type_begins_with_its_first_module(open_page: Open) -> None:
    here = {"class": demo.CLASS_ONE}
    for kind in ("course", "assessment"):
        test = open_page(demo.COORDINATOR_ONE, "grid", type=kind, **here)
        assert {row.module_type for row in frame(test).rows} == {kind}
        assert len(frame(test).rows) == 28


def test_a_table_of_many_rows_comes_in_pages_and_keeps_what_is_typed_on_another(
    open_page: Open, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = course(owner)
    monkeypatch.setattr(grid_frame, "ROWS_A_PAGE", 100)
    test = open_page(demo.COORDINATOR_ONE, "grid", **{"class": demo.CLASS_ONE, "module": "all"})
    total = frame(test).page.total
    assert total > 200
    assert f"Rows 1 to 100 of {total:,}." in words(test)
    first = [row.key for row in frame(test).rows]
    press(test, "Next rows")
    assert f"Rows 101 to 200 of {total:,}." in words(test)
    assert not {row.key for row in frame(test).rows} & set(first)
    place = started(test)
    typed = frame(test).rows[place].key
    assert typed[1] == module
    type_into(test, {place: {"Percentage": "41"}})
    # Another page would move it: first it is saved or discarded.
    assert all(one.disabled for one in test.button if one.label.endswith(" rows"))
    # The draft comes back on the first page too, among its rows.
    again = open_page(demo.COORDINATOR_ONE, "grid", **{"class": demo.CLASS_ONE, "module": "all"})
    assert {row.key for row in frame(again).rows} == {*first, typed}
    assert "1 change in 1 student." in words(again)


def tables(test: AppTest) -> dict[str, list[list[Any]]]:
    """The rows of every table on the page, by its caption."""
    found = {}
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            caption, _, rows = json.loads(each.proto.json)[:3]
            found[caption] = rows
    return found


def test_what_was_changed_and_what_is_wrong_is_listed_in_the_tables_order(
    open_page: Open, owner: Owner
) -> None:
    test = open_grid(open_page, course(owner))
    places = [started(test, at) for at in range(8)]
    names = [frame(test).students[frame(test).rows[place].student_id] for place in places]
    typed: dict[int, dict[str, object]] = {
        place: {"Percentage": "55" if at % 2 else "140"} for at, place in enumerate(places)
    }
    type_into(test, dict(reversed(typed.items())))
    changed = tables(test)["What you changed"]
    assert [row[0][2] for row in changed] == names[1::2]
    assert all("Percentage: 40 % → 55 %" in row[2] for row in changed)
    assert [row[0][2] for row in tables(test)["What cannot be saved yet"]] == names[0::2]
    press(test, "Review and save")
    assert [row[0] for row in tables(test)["What will change"]] == names[1::2]

"""What belongs together stays together: class, filters, selection and period go along from page to page."""

import base64
import json
from datetime import date
from uuid import UUID

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components.formats import PERIODS
from dashboard.components.selection import SELECTED, Block
from dashboard.pages import PAGES
from dashboard.web import wire
from data import demo
from tests.views.conftest import Open, Owner, mounted, words
from tests.views.test_news import drawn as component

SECOND = """
select id, name
from school.class
where organisation_id = (select organisation_id from school.staff where id = %s)
order by name
offset 1
limit 1
"""


@pytest.fixture
def second(owner: Owner) -> tuple[UUID, str]:
    """A class that no page of the coordinator's begins with."""
    found = owner.execute(SECOND, (demo.COORDINATOR_ONE,)).fetchone()
    assert found
    return found[0], str(found[1])  # type: ignore[return-value]


@pytest.fixture
def tabs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser's tab was called, one name after the other."""
    called: list[str] = []
    configure = st.set_page_config

    def note(page_title: str | None = None, **others: object) -> None:
        if page_title is not None:
            called.append(page_title)
        configure(page_title, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(st, "set_page_config", note)
    return called


def go(test: AppTest, page: str) -> None:
    """As by the menu: without anything in the address."""
    test.switch_page(f"views/{page}/page.py")
    test.query_params.clear()
    test.run()
    assert not test.exception


def class_in_address(test: AppTest) -> str:
    written = test.query_params["class"]
    return written if isinstance(written, str) else written[0]


def test_the_class_goes_along_from_page_to_page(open_page: Open, second: tuple[UUID, str]) -> None:
    class_id, name = second
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": class_id})
    for page in ("module", "grid", "bulk"):
        go(test, page)
        assert class_in_address(test) == str(class_id), page
        assert name in words(test) + mounted(test)
    go(test, "edit")
    assert test.selectbox(key="edit_class").value == class_id


@pytest.mark.parametrize("page", ["module", "grid", "bulk"])
def test_the_class_page_shows_the_class_that_was_shown_since(
    open_page: Open, second: tuple[UUID, str], page: str
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom")
    test.switch_page(f"views/{page}/page.py")
    test.query_params["class"] = str(second[0])
    test.run()
    go(test, "classroom")
    assert class_in_address(test) == str(second[0])


def test_another_person_in_the_same_tab_begins_with_a_class_of_their_own(
    open_page: Open, second: tuple[UUID, str]
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "bulk", **{"class": second[0]})
    test.session_state["demo_person"] = str(demo.ADMIN)
    go(test, "bulk")
    assert "class" not in test.query_params


def test_the_class_page_shows_another_person_a_class_of_their_own(
    open_page: Open, second: tuple[UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same tab, and in the same browser, which keeps what was shown last."""
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": second[0]})
    test.session_state["demo_person"] = str(demo.TEACHER_TWO)
    go(test, "classroom")
    assert "isn't available" not in words(test)

    kept = json.dumps({"class": str(second[0]), "person": str(demo.COORDINATOR_ONE)})
    monkeypatch.setattr(wire, "read", lambda name: kept if name == wire.LAST_VIEW else "")
    assert "isn't available" not in words(open_page(demo.TEACHER_TWO, "classroom"))
    test = open_page(demo.COORDINATOR_ONE, "classroom")
    assert class_in_address(test) == str(second[0])  # the control


def test_an_arrangement_comes_back_of_a_class_that_no_address_named(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom", sort="-name")
    assert "class" not in test.query_params
    go(test, "module")
    go(test, "classroom")
    assert test.query_params["sort"] in ("-name", ["-name"])


def test_every_page_names_the_tab_by_its_heading(open_page: Open, tabs: list[str]) -> None:
    for page in PAGES:
        tabs.clear()
        test = open_page(demo.COORDINATOR_ONE, page.name)
        assert tabs[-1].endswith(" – Progress")
        heading = tabs[-1].split(" – ")[0]
        assert f'<h1 class="words-h1">{heading}</h1>' in words(test), page.name


def test_the_tab_says_which_class_module_or_student(
    open_page: Open, owner: Owner, second: tuple[UUID, str], tabs: list[str]
) -> None:
    class_id, name = second
    row = owner.execute(
        "select student_id, full_name from school.class_student "
        "join school.student on id = student_id where class_id = %s limit 1",
        (class_id,),
    ).fetchone()
    module = owner.execute(
        "select id, name from public.modules where id in "
        "(select module_id from school.class_module where class_id = %s) limit 1",
        (class_id,),
    ).fetchone()
    assert row
    assert module
    here = {"class": class_id}
    for page, asked, expected in (
        ("classroom", here, name),
        ("grid", here, f"Edit as a table – {name}"),
        ("bulk", here, f"Edit many – {name}"),
        ("module", here | {"module": module[0]}, module[1]),
        ("student", {"student": row[0]}, row[1]),
    ):
        open_page(demo.COORDINATOR_ONE, page, **asked)
        assert tabs[-1] == f"{expected} – Progress"


def test_the_door_names_the_tab_too(open_page: Open, tabs: list[str]) -> None:
    open_page(None)
    assert set(tabs) == {"Progress"}


def opened_by_menu(test: AppTest, page: str) -> dict[str, str]:
    """What the address says once the page is shown."""
    go(test, page)
    return address(test)


def address(test: AppTest) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else value[0]
        for key, value in test.query_params.items()
    }


def change(test: AppTest, **parameters: str) -> None:
    """As the page's own controls do."""
    for name, value in parameters.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception


def test_filters_go_along_to_the_pages_that_edit_and_back_with_the_order(
    open_page: Open, second: tuple[UUID, str]
) -> None:
    filters = {"class": str(second[0]), "status": "NotStarted", "name": "a"}
    further = {"attention": "needed", "sort": "-name"}
    test = open_page(demo.COORDINATOR_ONE, "classroom", **filters, **further)
    for page in ("bulk", "grid"):
        assert opened_by_menu(test, page) == {**filters, "attention": "needed"}
    change(test, status="Completed")
    assert opened_by_menu(test, "upload") == {}
    assert test.selectbox(key="upload_template").value == str(second[0])
    filters["status"] = "Completed"
    assert opened_by_menu(test, "bulk") == {**filters, "attention": "needed"}
    assert opened_by_menu(test, "classroom") == filters | further


def test_all_modules_of_the_table_are_so_again_and_are_no_filter_of_the_class(
    open_page: Open,
) -> None:
    here = {"class": str(demo.CLASS_ONE)}
    test = open_page(demo.COORDINATOR_ONE, "grid", module="all", **here)
    assert opened_by_menu(test, "classroom") == here
    assert opened_by_menu(test, "grid") == here | {"module": "all"}
    change(test, module=str(frame_module(test)))
    narrowed = here | {"module": str(frame_module(test))}
    assert opened_by_menu(test, "classroom") == narrowed
    assert opened_by_menu(test, "grid") == narrowed


def frame_module(test: AppTest) -> UUID:
    """The first module of the table that is open."""
    grid = test.session_state["grids"][demo.COORDINATOR_ONE, demo.CLASS_ONE]
    found: UUID = grid.frame.rows[0].module_id
    return found


def test_another_class_is_narrowed_by_what_its_own_address_says(
    open_page: Open, second: tuple[UUID, str]
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom", status="NotStarted", sort="-name")
    go(test, "bulk")
    assert address(test)["status"] == "NotStarted"  # the control
    test.query_params.clear()
    change(test, **{"class": str(second[0]), "name": "a"})
    assert opened_by_menu(test, "classroom") == {"class": str(second[0]), "name": "a"}


def test_a_period_goes_along_by_its_name_or_by_its_days(
    open_page: Open, second: tuple[UUID, str]
) -> None:
    here = {"class": str(second[0])}
    test = open_page(demo.COORDINATOR_ONE, "trends", period="26", **here)
    days = opened_by_menu(test, "history")
    assert days.keys() == {"class", "since", "until"}
    assert opened_by_menu(test, "trends") == here | {"period": "26"}
    go(test, "history")
    change(test, since="2026-01-05")
    assert opened_by_menu(test, "trends") == here | {"since": "2026-01-05", "until": days["until"]}


@pytest.mark.parametrize("page", ["overview", "history"])
@pytest.mark.parametrize("word", ["week", "friday"])
def test_the_period_of_what_is_new_goes_along_by_its_word(
    open_page: Open, page: str, word: str
) -> None:
    test = open_page(demo.COORDINATOR_ONE, page, since=word)
    assert opened_by_menu(test, "trends") == {"since": word}
    first = began_by(test, "trends_bar")
    assert "Ignored" not in words(test)
    assert opened_by_menu(test, "history") == {"since": word}
    assert began_by(test, "history_bar") == first
    assert [title for _, title, is_open in component(test, "periods")[0] if is_open] == [
        PERIODS[word]
    ]


def began_by(test: AppTest, bar: str) -> date:
    """The first day that the bar of this page's controls shows."""
    return next(date.fromisoformat(one[3]) for one in component(test, bar)[1] if one[0] == "since")


def test_since_the_last_visit_goes_along_by_its_day(open_page: Open, owner: Owner) -> None:
    owner.execute("delete from internal.news_read")
    row = "insert into internal.news_read values (%s, now() - interval '2 days', null)"
    owner.execute(row, (demo.COORDINATOR_ONE,))
    test = open_page(demo.COORDINATOR_ONE, "overview", since="visit")
    owner.execute("delete from internal.news_read")
    assert date.fromisoformat(opened_by_menu(test, "history")["since"])


def test_what_was_cleared_stays_so(open_page: Open, second: tuple[UUID, str]) -> None:
    test = open_page(demo.COORDINATOR_ONE, "trends", period="26", **{"class": second[0]})
    test.query_params.clear()
    test.run()
    assert address(test) == {}
    assert opened_by_menu(test, "history") == {"class": str(second[0])}


def test_a_student_goes_along_to_the_next_page_alone(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select student_id from school.class_student where class_id = %s limit 1", (demo.CLASS_ONE,)
    ).fetchone()
    assert row
    student, here = {"student": str(row[0])}, {"class": str(demo.CLASS_ONE)}
    test = open_page(demo.COORDINATOR_ONE, "classroom", **here)
    go(test, "student")
    change(test, **student)
    assert opened_by_menu(test, "edit") == here | student
    assert opened_by_menu(test, "student").items() > student.items()  # and the list
    assert opened_by_menu(test, "help") == {}
    assert opened_by_menu(test, "edit") == here


def test_the_selected_cells_are_what_a_table_begins_with(open_page: Open, owner: Owner) -> None:
    students = owner.execute(
        "select student_id from school.class_student where class_id = %s order by 1 limit 3",
        (demo.CLASS_ONE,),
    ).fetchall()
    modules = owner.execute(
        "select module_id from school.class_module where class_id = %s order by 1 limit 2",
        (demo.CLASS_ONE,),
    ).fetchall()
    block = Block(demo.CLASS_ONE, *(tuple(row[0] for row in each) for each in (students, modules)))  # type: ignore[arg-type]
    test = open_page(demo.COORDINATOR_ONE, "grid", **{"class": demo.CLASS_ONE})
    assert "6 rows of" not in words(test)
    test.session_state[SELECTED] = block
    test.run()
    assert "6 rows of" in words(test)
    change(test, rows="all")
    assert "6 rows of" not in words(test)


def test_a_link_names_the_selected_cells_as_far_as_they_are_of_the_class(
    open_page: Open, owner: Owner
) -> None:
    def ids(relation: str, class_id: UUID) -> list[UUID]:
        asked = f"select {relation}_id from school.class_{relation} where class_id = %s order by 1"
        return [row[0] for row in owner.execute(asked, (class_id,))]  # type: ignore[misc]

    def cells(*students: UUID) -> str:
        modules = ids("module", demo.CLASS_ONE)[:2]
        both = (b"".join(one.bytes for one in each) for each in (students, modules))
        return "~".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in both)

    ann, ben, *_ = ids("student", demo.CLASS_ONE)
    row = owner.execute(
        "select student_id from school.class_student where student_id <> all(%s) limit 1",
        (ids("student", demo.CLASS_ONE),),
    ).fetchone()
    assert row
    stranger: UUID = row[0]  # type: ignore[assignment]
    here = {"class": demo.CLASS_ONE}
    for written, said in (
        (cells(ann, ben), "2 students × 2 modules: 4 rows."),
        (cells(ann, stranger), "1 student × 2 modules: 2 rows."),
        (cells(stranger), "28 students × 0 modules: 0 rows."),
        ("x~y", "28 students × 0 modules: 0 rows."),
        ("é~", "28 students × 0 modules: 0 rows."),
        ("AAAA~AAAA~", "28 students × 0 modules: 0 rows."),
        (cells(*([ann] * 81)), "28 students × 0 modules: 0 rows."),
    ):
        assert said in words(open_page(demo.COORDINATOR_ONE, "bulk", cells=written, **here)), said
    # A click sends the address of the moment before: what was selected since is meant, or nothing.
    clicked = open_page(demo.COORDINATOR_ONE, "bulk", cells=cells(ann), **here)
    assert "1 student × 2 modules" in words(clicked)  # the control
    modules = tuple(ids("module", demo.CLASS_ONE)[:2])
    for since, said in (
        (Block(demo.CLASS_ONE, (ann, ben), modules), "2 students × 2 modules"),
        (None, "28 students × 0 modules"),
    ):
        clicked.session_state[SELECTED] = since
        clicked.query_params["cells"] = cells(ann)
        assert said in words(clicked.run())
    test = open_page(demo.COORDINATOR_ONE, "grid", cells=cells(ann, ben), **here)
    assert "4 rows of" in words(test)
    assert opened_by_menu(test, "bulk")["cells"] == cells(ann, ben)

"""Where there is nothing yet, a page leads whoever may add something to it, and tells others whom to ask."""

from collections.abc import Iterator
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.views.school.sections import SECTIONS
from data import demo
from tests.views.conftest import Open, Owner, mounted, words

BROOK, COORDINATOR, TEACHER, CLASS = (uuid4() for _ in range(4))
PAGES = ("overview", "classroom", "module", "student", "edit", "grid", "bulk", "upload")
STEPS = [
    ("Add classes", "classes"),
    ("Add students", "students"),
    ("Add modules", "modules"),
    ("Give classes their modules", "classes"),
    ("Add colleagues (1 so far)", "staff"),
    ("Or take people and classes from a file", "file"),
]


@pytest.fixture(autouse=True)
def brook(owner: Owner) -> Iterator[None]:
    """An organisation with two colleagues, and nobody else."""
    owner.execute("insert into public.organisations (id, name) values (%s, 'Brook')", (BROOK,))
    for person, name, role in (
        (COORDINATOR, "Cy Brook", "coordinator"),
        (TEACHER, "Ty Brook", "teacher"),
    ):
        owner.execute(
            "insert into school.staff (id, organisation_id, full_name, email, role) "
            "values (%s, %s, %s, %s, %s)",
            (person, BROOK, name, f"{role}@brook.example", role),
        )
    yield
    theirs = "select id from school.class where organisation_id = %s"
    for table in ("class_module", "class_student", "class_teacher"):
        owner.execute(f"delete from school.{table} where class_id in ({theirs})".encode(), (BROOK,))
    for table in ("class", "student", "staff"):
        owner.execute(f"delete from school.{table} where organisation_id = %s".encode(), (BROOK,))
    owner.execute("delete from public.organisations where id = %s", (BROOK,))


def ways(test: AppTest) -> list[tuple[str, str]]:
    """The links to the sections of the School page, as they follow one another."""
    links = [one.proto for one in test.get("page_link")]
    return [
        (one.label, dict(parse_qsl(one.query_string))["show"])
        for one in links
        if one.page == "school"
    ]


def test_each_way_leads_to_a_section_that_is_there() -> None:
    assert {show for _, show in STEPS} <= {section.key for section in SECTIONS}


@pytest.mark.parametrize("page", PAGES)
def test_whoever_manages_an_empty_school_is_led_on_in_order(open_page: Open, page: str) -> None:
    test = open_page(COORDINATOR, page)
    assert not test.exception
    assert words(test).count("<h1") == 1
    assert "yet. Add " in words(test) or "once there are students and modules" in words(test)
    assert not test.get("file_uploader")
    modules = [("Add modules (", "modules")]
    found = [
        (label[: len("Add modules (")] if show == "modules" else label, show)
        for label, show in ways(test)
    ]
    assert found == [*STEPS[:2], *modules, *STEPS[3:]]


@pytest.mark.parametrize("show", ["", "saves"])
def test_a_history_without_anything_tells_nobody_to_clear_filters_that_are_none(
    open_page: Open, show: str
) -> None:
    test = open_page(COORDINATOR, "history", show=show)
    assert "match" not in words(test)
    assert "Nothing to show. Where filters are set" in mounted(test)


@pytest.mark.parametrize("page", ["overview", "classroom", "module", "student"])
def test_whoever_does_not_is_told_whom_to_ask_by_name(
    open_page: Open, owner: Owner, page: str
) -> None:
    test = open_page(TEACHER, page)
    assert "yet. Ask Cy Brook to add you to " in words(test)
    assert ways(test) == []
    owner.execute("update school.staff set is_active = false where id = %s", (COORDINATOR,))
    admin = owner.execute(
        "select full_name from school.staff where id = %s", (demo.ADMIN,)
    ).fetchone()
    assert admin is not None
    assert f"yet. Ask {admin[0]} to add you to " in words(open_page(TEACHER, page))


def test_a_page_that_is_not_theirs_names_them_too(open_page: Open) -> None:
    assert "This page is for coordinators. Ask Cy Brook for what" in words(
        open_page(TEACHER, "school")
    )


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        ((), "Mr Field in room 12"),
        (("Ann",), "Ann"),
        (("Ann", "Ben"), "Ann or Ben"),
        (("Ann", "Ben", "Cy"), "Ann, Ben or Cy"),
    ],
)
def test_where_nobody_can_be_named_the_contact_is(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], asked: str
) -> None:
    monkeypatch.setenv("PROGRESS_CONTACT", "Mr Field in room 12")
    monkeypatch.setattr(reads, "ask", lambda question: names)
    assert empty_and_error.whom_to_ask() == asked


def with_class(owner: Owner) -> None:
    owner.execute(
        "insert into school.class (id, organisation_id, name) values (%s, %s, '10 <b>A</b>')",
        (CLASS, BROOK),
    )
    owner.execute("insert into school.class_teacher values (%s, %s)", (CLASS, TEACHER))


def some(owner: Owner, query: str) -> UUID:
    found = owner.execute(query.encode()).fetchone()
    assert found is not None
    return UUID(str(found[0]))


@pytest.mark.parametrize("page", ["classroom", "module"])
def test_a_class_that_lacks_students_or_modules_leads_to_them(
    open_page: Open, owner: Owner, page: str
) -> None:
    with_class(owner)
    test = open_page(COORDINATOR, page)
    assert "This class has no students and modules yet." in words(test)
    assert ways(test) == [("Add students and modules to it", "classes")]
    assert "matches these filters" not in words(test)
    teacher = open_page(TEACHER, page)
    assert "no students and modules yet. Ask Cy Brook to add them." in words(teacher)
    assert ways(teacher) == []
    owner.execute(
        "insert into school.class_module values (%s, %s, 1)",
        (CLASS, some(owner, "select id from public.modules limit 1")),
    )
    assert "This class has no students yet." in words(open_page(COORDINATOR, page))


def test_the_overview_of_a_class_without_anybody_leads_on(open_page: Open, owner: Owner) -> None:
    with_class(owner)
    test = open_page(COORDINATOR)
    assert "1 class, and nothing to complete yet." in words(test)
    assert ways(test)[0] == ("Add classes (1 so far)", "classes")
    assert ways(open_page(TEACHER)) == []
    assert ways(open_page(demo.COORDINATOR_ONE)) == []  # the control: theirs has everything


def test_where_nothing_is_to_be_done_or_nothing_is_done_no_class_is_called_empty_or_first(
    open_page: Open, owner: Owner
) -> None:
    with_class(owner)
    second, student = uuid4(), uuid4()
    owner.execute(
        "insert into school.class (id, organisation_id, name) values (%s, %s, '10B')",
        (second, BROOK),
    )
    owner.execute(
        "insert into school.student (id, organisation_id, full_name) values (%s, %s, 'Sam')",
        (student, BROOK),
    )
    for one in (CLASS, second):
        owner.execute("insert into school.class_student values (%s, %s)", (one, student))
    assert "1 student, and no modules yet." in words(
        open_page(COORDINATOR, "classroom", **{"class": CLASS})
    )
    module = some(owner, "select id from public.modules limit 1")
    for one in (CLASS, second):
        owner.execute("insert into school.class_module values (%s, %s, 1)", (one, module))
    told = words(open_page(COORDINATOR))
    assert "2 classes, 0 % completed in all." in told
    assert " in all: from" not in told


def test_the_demo_says_how_ones_own_school_is_opened(open_page: Open) -> None:
    test = open_page(None)
    assert "Start with my own school" in words(test)
    (command,) = test.code
    assert " -m dashboard --school --data-dir " in command.value

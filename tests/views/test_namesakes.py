"""Two students of one name are told apart wherever a list names them; one of a name of their own is not."""

import json
from typing import NamedTuple
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.classroom import cell_panel
from data import demo
from data.demo.names import NAMESAKES
from tests.views.conftest import Open, Owner, mounted, press, words

STUDENTS = """
select student.id, email, full_name
from school.student
join school.class_student on student_id = student.id
where class_id = %s
"""


class Namesake(NamedTuple):
    """One of the two of one name in class one."""

    id: UUID
    email: str
    module: UUID

    @property
    def beside(self) -> str:
        """What stands beside the name."""
        return f"({self.email})"


@pytest.fixture
def one(owner: Owner) -> Namesake:
    found = owner.execute(
        f"select id, email, module_id from ({STUDENTS}) as student "
        "join public.student_module_progress on student_id = id "
        "where full_name = %s and status = 'InProgress' limit 1".encode(),
        (demo.CLASS_ONE, NAMESAKES),
    ).fetchone()
    assert found is not None
    return Namesake(*found)  # type: ignore[arg-type]


def everything(test: AppTest) -> str:
    """What the page says, in its words, tables, pickers and the table that is edited."""
    assert not test.exception
    pickers = [*test.selectbox, *test.multiselect]
    frames = [str(each.value.to_dict()) for each in test.dataframe]
    return "\n".join(
        [words(test), mounted(test), *(str(each.options) for each in pickers), *frames]
    )


@pytest.mark.parametrize("page", ["module", "history", "edit", "grid"])
def test_a_page_that_lists_both_tells_them_apart(open_page: Open, one: Namesake, page: str) -> None:
    address = {"module": {"module": one.module}, "history": {"student": one.id}}.get(page, {})
    test = open_page(demo.COORDINATOR_ONE, page, **{"class": demo.CLASS_ONE}, **address)
    if page == "edit":
        test.selectbox(key="edit_class").set_value(demo.CLASS_ONE).run()
    assert one.beside in everything(test)


def test_the_class_page_sends_what_stands_beside_those_two_alone(
    open_page: Open, owner: Owner, one: Namesake
) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})
    drawn = next(
        each.proto
        for each in test.get("bidi_component")
        if each.proto.component_name == "dashboard_matrix"
    )
    told = {row[0]: row[9] for row in json.loads(drawn.bytes)[2] if len(row) > 9}
    students = owner.execute(STUDENTS.encode(), (demo.CLASS_ONE,)).fetchall()
    assert told == {str(each[0]): each[1] for each in students if each[2] == NAMESAKES}


def test_the_panel_of_a_cell_says_whose_it_is(open_page: Open, one: Namesake) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": demo.CLASS_ONE})
    test.session_state[cell_panel.OPEN] = cell_panel.CellId(one.id, one.module)
    test.run()
    (head,) = (
        each.proto
        for each in test.get("bidi_component")
        if each.proto.component_name == "dashboard_cell_panel"
    )
    assert one.email in str(head)


def test_the_lines_of_a_file_and_their_preview_tell_them_apart(
    open_page: Open, one: Namesake
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "upload")
    content = f"Student id,Module id,Percentage\n{one.id},{one.module},3\n"
    test.file_uploader[0].set_value([("grades.csv", content.encode(), "text/csv")])
    test.run()
    assert one.beside in mounted(test)
    press(test, "Preview 1 change")
    assert one.beside in mounted(test)


def test_who_has_a_name_alone_is_named_by_it(open_page: Open, owner: Owner) -> None:
    found = owner.execute(
        f"{STUDENTS} and full_name ~ '^[A-Z][a-z]+ [A-Z][a-z]+$' and not exists ("
        "select from school.student as other where other.full_name = student.full_name "
        "and other.id <> student.id) limit 1".encode(),
        (demo.CLASS_ONE,),
    ).fetchone()
    assert found is not None
    student, _, name = found
    test = open_page(demo.COORDINATOR_ONE, "history", student=student)
    assert str(name) in mounted(test)
    assert f"{name} (" not in everything(test)

"""What tests of the form share: a cell, its row, and typing into it."""

from uuid import UUID

from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner

Cell = tuple[UUID, UUID]


def begun(owner: Owner, *, last: bool = False) -> Cell:
    """A course in progress of a student in class one, the first of them or the last, set to 40 %."""
    order = "desc" if last else "asc"
    row = owner.execute(
        f"""
        select student_id, module_id
        from public.student_module_progress as progress
        join public.modules on modules.id = module_id
        join school.class_student using (student_id)
        where class_id = %s and lower(type) = 'course' and status = 'InProgress'
        order by 1 {order}, 2
        limit 1
        """.encode(),
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    found: Cell = (row[0], row[1])  # type: ignore[assignment]
    reset(owner, found)
    return found


def reset(owner: Owner, cell: Cell) -> None:
    owner.execute(
        "update public.student_module_progress set status = 'InProgress', progress_percentage = 40, "
        "score = null, completed_at = null where student_id = %s and module_id = %s",
        cell,
    )


def stored(owner: Owner, cell: Cell) -> tuple[object, ...]:
    row = owner.execute(
        "select status, progress_percentage, score::text, completed_at is null "
        "from public.student_module_progress where student_id = %s and module_id = %s",
        cell,
    ).fetchone()
    assert row is not None
    return row


def open_form(open_page: Open, cell: Cell) -> AppTest:
    return open_page(demo.COORDINATOR_ONE, "edit", student=cell[0], module=cell[1])


def field(test: AppTest, label: str) -> object:
    for kind in (test.text_input, test.radio, test.date_input):
        for each in kind:
            if each.label == label:
                return each
    raise AssertionError(label)


def type_into(test: AppTest, label: str, value: object) -> None:
    field(test, label).set_value(value).run()  # type: ignore[attr-defined]

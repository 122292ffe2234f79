"""A score that stands in the details only: what pages show is what is being corrected, wherever it is."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from dashboard.views.grid.frame import Frame
from data import demo
from data.rules.progress import Field
from tests.views import bulk_choices
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.edit_form import Cell, field, open_form, type_into
from tests.views.test_upload_page import uploaded, written

STORED = "status, progress_percentage, score, completed_at, progress_details, last_updated"
ROW = "student_id = %s and module_id = %s"


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    """A completed assessment of somebody in class one: 55 in its details, and no score of its own; put back
    afterwards."""
    student = bulk_choices.students(owner)[0][0]
    row = owner.execute(
        "select module_id from public.student_module_progress "
        "join public.modules on modules.id = module_id join school.class_module using (module_id) "
        "where student_id = %s and class_id = %s and lower(type) = 'assessment' order by position limit 1",
        (student, demo.CLASS_ONE),
    ).fetchone()
    assert row is not None
    found = student, UUID(str(row[0]))
    select = f"select {STORED} from public.student_module_progress where {ROW}"
    owner.execute(f"create temporary table kept as {select}".encode(), found)
    give(owner, found, None)
    yield found
    back = f"set ({STORED}) = (select {STORED} from kept) where {ROW}"
    owner.execute(f"update public.student_module_progress {back}".encode(), found)
    owner.execute("drop table kept")
    owner.execute("delete from dashboard.draft")


def give(owner: Owner, cell: Cell, score: int | None) -> None:
    owner.execute(
        "update public.student_module_progress set status = 'Completed', score = %s, "
        f"completed_at = now(), progress_details = '{{\"score_percentage\": 55}}' where {ROW}".encode(),
        (score, *cell),
    )


def drawn(test: object) -> str:
    return mounted(test).replace("\\", "").replace("u2192", "→")  # type: ignore[arg-type]


def test_the_form_shows_the_score_that_pages_show(open_page: Open, cell: Cell) -> None:
    test = open_form(open_page, cell)
    assert field(test, "Score").placeholder == "55 from details"  # type: ignore[attr-defined]
    assert "Pages show 55 from details until a score is given." in words(test)
    type_into(test, "Score", "60")
    assert '["Score", "55 from details", "60"]' in drawn(test)
    press(test, "Save")
    assert "Saved: score 55 from details → 60" in words(test)
    type_into(test, "Score", "")
    assert '["Score", "60", "55 from details"]' in drawn(test)


def test_a_conflict_shows_it_too(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Score", "60")
    give(owner, cell, 58)
    press(test, "Save")
    assert '["Score", "55 from details", "60", "58"]' in drawn(test)


def test_the_table_holds_it_and_its_preview_says_it(open_page: Open, cell: Cell) -> None:
    test = open_page(demo.COORDINATOR_ONE, "grid", **{"class": demo.CLASS_ONE, "module": cell[1]})
    frame: Frame = test.session_state["grids"][demo.COORDINATOR_ONE, demo.CLASS_ONE].frame
    place = next(at for at, row in enumerate(frame.rows) if row.key == cell)
    assert frame.column(Field.SCORE)[place] == "55 from details"
    edited = {"edited_rows": {place: {"Score": "60"}}, "added_rows": [], "deleted_rows": []}
    test.session_state[frame.widget] = edited
    test.run()
    press(test, "Review and save")
    assert "Score: 55 from details → 60" in drawn(test)


def test_many_at_once_and_a_file_say_it(open_page: Open, owner: Owner, cell: Cell) -> None:
    row = owner.execute(
        "select email, modules.name from school.student, public.modules "
        "where student.id = %s and modules.id = %s",
        cell,
    ).fetchone()
    assert row is not None
    test = uploaded(open_page, written("E-mail|Module|Score", (str(row[0]), str(row[1]), "60")))
    assert "Score: 55 from details → 60" in drawn(test)
    test = bulk_choices.opened(open_page)
    bulk_choices.choose(test, cell[1], SCORE="60")
    press(test, "Preview")
    assert "Score: 55 from details → 60" in drawn(test)

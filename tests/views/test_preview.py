"""The preview: what it shows is what it saves, and whoever was faster is seen before anything is written."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.editing import preview
from dashboard.editing.preview import Proposal
from data import demo
from data.access.errors import DatabaseAway
from data.access.session import Actor, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.rules.progress import Edit, Field, Status, Value
from data.writing import save
from data.writing.locks import lock, unlock
from tests.views.conftest import Owner, mounted, press, words

PAGE = str(Path(__file__).with_name("preview_page.py"))
SEEN: dict[Field, Value] = {
    Field.STATUS: Status.IN_PROGRESS,
    Field.PERCENTAGE: 40,
    Field.SCORE: None,
    Field.COMPLETED_AT: None,
}


@pytest.fixture
def cells(owner: Owner) -> Iterator[list[tuple[UUID, UUID]]]:
    """Three courses in progress at 40 %, each of another student of class one, put back afterwards."""
    rows = owner.execute(
        """
        select distinct on (student_id) student_id, module_id
        from public.student_module_progress as progress
        join public.modules on modules.id = module_id
        join school.class_student using (student_id)
        where class_id = %s and lower(type) = 'course' and status = 'InProgress'
        order by 1, 2
        limit 3
        """,
        (demo.CLASS_ONE,),
    ).fetchall()
    found = [(row[0], row[1]) for row in rows]
    for cell in found:
        write(owner, cell, 40)  # type: ignore[arg-type]
    yield found  # type: ignore[misc]
    for cell in found:
        write(owner, cell, 40)  # type: ignore[arg-type]


def write(owner: Owner, cell: tuple[UUID, UUID], percentage: int) -> None:
    owner.execute(
        "update public.student_module_progress set status = 'InProgress', progress_percentage = %s, "
        "score = null, completed_at = null where student_id = %s and module_id = %s",
        (percentage, *cell),
    )


def stored(owner: Owner, cell: tuple[UUID, UUID]) -> tuple[object, ...] | None:
    return owner.execute(
        "select status, progress_percentage from public.student_module_progress "
        "where student_id = %s and module_id = %s",
        cell,
    ).fetchone()


def proposal(cell: tuple[UUID, UUID], number: int, **changes: Value) -> Proposal:
    wished = {Field[name]: value for name, value in changes.items()}
    return Proposal(Edit(*cell, wished, SEEN), f"Student {number}", f"Module {number}", "course")


def opened(demo_server: object, proposals: Sequence[Proposal]) -> AppTest:
    test = AppTest.from_file(PAGE, default_timeout=30)
    test.session_state["demo_person"] = str(demo.COORDINATOR_ONE)
    test.session_state["proposals"] = list(proposals)
    return test.run()


def give_reason(test: AppTest, text: str = "Paper worksheet") -> None:
    test.text_input[0].set_value(text).run()


def texts(test: AppTest) -> list[str]:
    return [each.value for each in test.text]


def plain(test: AppTest) -> str:
    parts = [json.loads(each.proto.json) for each in test.get("bidi_component")]
    return json.dumps(parts, ensure_ascii=False)


Cells = list[tuple[UUID, UUID]]


def test_counts_come_first_and_the_consequences_of_every_row(
    demo_server: object, cells: Cells
) -> None:
    test = opened(
        demo_server,
        [
            proposal(cells[0], 1, STATUS=Status.COMPLETED),
            proposal(cells[1], 2, PERCENTAGE=40),
            proposal(cells[2], 3, STATUS=Status.NOT_STARTED, PERCENTAGE=30),
        ],
    )
    assert "1 change in 1 student; 1 row needs no change; 1 cannot be saved." in words(test)
    assert '["lines", "Status: In progress → Completed", "Percentage: 40 % → 100 %"' in plain(test)
    assert "The percentage becomes 100." in plain(test)
    assert "A module that was not started is at 0 percent." in plain(test)


def test_what_was_shown_is_saved_and_returned_once(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = opened(
        demo_server, [proposal(cell, n, STATUS=Status.COMPLETED) for n, cell in enumerate(cells)]
    )
    assert stored(owner, cells[0]) == ("InProgress", 40)
    give_reason(test)
    press(test, "Save 3 changes")
    assert texts(test) == ["returned 3", "closed"]
    assert "Saved: 3 changes." in mounted(test)
    assert [stored(owner, cell) for cell in cells] == [("Completed", 100)] * 3
    assert texts(test.run()) == ["closed"]


def test_several_rows_need_a_reason(demo_server: object, owner: Owner, cells: Cells) -> None:
    test = opened(demo_server, [proposal(cell, n, PERCENTAGE=50) for n, cell in enumerate(cells)])
    press(test, "Save 3 changes")
    assert "a change of several rows needs a reason" in words(test)
    assert stored(owner, cells[0]) == ("InProgress", 40)
    give_reason(test)
    press(test, "Save 3 changes")
    assert stored(owner, cells[0]) == ("InProgress", 50)


def test_a_second_click_on_what_was_shown_before_saves_nothing_else(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = overtaken(demo_server, owner, cells)
    plan = test.session_state["preview_test"]
    choices = [one for one in test.button if one.label.startswith("Use mine (")]
    choices[0].click().run()
    plan.to_save = uuid4()  # what the button of the first preview asked for
    test.run()
    assert stored(owner, cells[0]) == ("InProgress", 70)
    assert stored(owner, cells[2]) == ("InProgress", 40)


def overtaken(demo_server: object, owner: Owner, cells: Cells) -> AppTest:
    """Two of three rows moved after the preview was opened."""
    test = opened(demo_server, [proposal(cell, n, PERCENTAGE=50) for n, cell in enumerate(cells)])
    write(owner, cells[0], 70)
    write(owner, cells[1], 80)
    give_reason(test)
    press(test, "Save 3 changes")
    return test


def test_nothing_is_saved_where_somebody_was_faster_and_both_values_are_shown(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = overtaken(demo_server, owner, cells)
    assert [stored(owner, cell) for cell in cells] == [
        ("InProgress", 70), ("InProgress", 80), ("InProgress", 40),
    ]  # fmt: skip
    assert "2 rows were changed by others since you looked" in words(test)
    assert '"Percentage: 40 % → 50 %"], ["lines", "Percentage: 70 %"]' in plain(test)
    assert next(one for one in test.button if one.label.startswith("Save")).disabled


def test_each_conflict_is_decided_by_itself_and_saved_with_the_rest(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = overtaken(demo_server, owner, cells)
    press(test, "Use mine (Student 0, Module 0)")
    press(test, "Use theirs")
    assert "2 changes in 2 students; 1 row is left as others wrote them." in words(test)
    assert "Percentage: 70 % → 50 %" in plain(test)
    press(test, "Save 2 changes")
    assert [stored(owner, cell) for cell in cells] == [
        ("InProgress", 50), ("InProgress", 80), ("InProgress", 50),
    ]  # fmt: skip


def test_all_conflicts_can_be_decided_at_once(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = overtaken(demo_server, owner, cells)
    press(test, "Use mine for all")
    press(test, "Save 3 changes")
    assert [stored(owner, cell) for cell in cells] == [("InProgress", 50)] * 3


def test_after_a_lost_answer_saving_again_writes_nothing_twice(
    demo_server: object, owner: Owner, cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = opened(demo_server, [proposal(cell, n, PERCENTAGE=50) for n, cell in enumerate(cells)])
    give_reason(test)

    def lost(*arguments: object, **named: object) -> None:
        save.save(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseAway("The database cannot be reached just now.")

    with monkeypatch.context() as patch:
        patch.setattr(preview, "save", lost)
        press(test, "Save 3 changes")
    assert "The database cannot be reached just now." in words(test)
    assert test.text_input[0].value == "Paper worksheet"
    assert stored(owner, cells[0]) == ("InProgress", 50)
    count = "select count(*) from dashboard.history"
    before = owner.execute(count).fetchone()
    press(test, "Save 3 changes")
    assert texts(test) == ["returned 3", "closed"]
    assert owner.execute(count).fetchone() == before


def test_cancelling_closes_the_preview_and_saves_nothing(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = opened(demo_server, [proposal(cells[0], 1, PERCENTAGE=50)])
    assert "1 change in 1 student" in words(test)
    press(test, "Cancel")
    assert texts(test) == ["closed"]
    assert stored(owner, cells[0]) == ("InProgress", 40)


def test_who_signs_in_next_in_the_same_window_sees_no_preview_of_another(
    demo_server: object, cells: Cells
) -> None:
    test = opened(demo_server, [proposal(cells[0], 1, PERCENTAGE=50)])
    assert texts(test) == ["open"]
    test.session_state["demo_person"] = str(demo.COORDINATOR_TWO)
    test.run()
    assert texts(test) == ["closed"]
    assert "1 change" not in words(test)


def test_a_long_preview_has_pages(demo_server: object) -> None:
    many = [proposal((UUID(int=n), UUID(int=1)), n, PERCENTAGE=50) for n in range(250)]
    test = opened(demo_server, many)
    assert "1 to 100 of 250" in words(test)
    press(test, "Next")
    press(test, "Next")
    assert "201 to 250 of 250" in words(test)
    assert "Student 249" in plain(test)
    assert "Student 199" not in plain(test)


def test_a_kept_value_is_named_before_the_save_and_after_it(
    demo_server: embedded.Server, owner: Owner, cells: Cells
) -> None:
    proposals = [proposal(cell, n, PERCENTAGE=50) for n, cell in enumerate(cells)]
    before = opened(demo_server, proposals)
    assert "is locked by" not in plain(before)
    assert "3 changes in 3 students." in words(before)
    database = connect(demo_server.app_url, key=present_key(demo_server.owner_url))
    actor = Actor(demo.COORDINATOR_ONE, "", "coordinator", database=database)
    assert lock(actor, *cells[0], [Field.PERCENTAGE], "Seen on paper") is None
    test = opened(demo_server, proposals)
    assert "This value is locked by" in plain(test)
    assert "saving changes the locked value." in plain(test)
    assert "1 of them is locked, and the locked values follow." in words(test)
    give_reason(test)
    press(test, "Save 3 changes")
    assert unlock(actor, *cells[0]) is None
    assert "Saved: 3 changes. 1 of them is locked: the locked values changed too." in mounted(test)


def test_a_save_that_changes_nothing_kept_says_nothing_of_it(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    test = opened(demo_server, [proposal(cells[0], 1, PERCENTAGE=50)])
    press(test, "Save 1 change")
    assert "Saved: 1 change." in mounted(test)
    assert "the locked values changed" not in mounted(test).lower()


def test_what_was_not_saved_is_shown_until_one_goes_on(
    demo_server: object, owner: Owner, cells: Cells
) -> None:
    wrong = proposal(cells[1], 2, STATUS=Status.NOT_STARTED, PERCENTAGE=30)
    test = opened(demo_server, [proposal(cells[0], 1, PERCENTAGE=50), wrong])
    press(test, "Save 1 change")
    assert stored(owner, cells[0]) == ("InProgress", 50)
    assert "Saved: 1 change." in words(test)
    assert "1 row was not saved." in words(test)
    assert texts(test) == ["open"]
    assert "A module that was not started is at 0 percent." in plain(test)
    assert [str(each.proto.label) for each in test.get("download_button")] == [
        "Download the rows that were not saved"
    ]
    press(test, "Continue")
    assert texts(test) == ["returned 1", "closed"]

"""From a file: what was read is told, every line gets its verdict, and only the previewed is saved."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.upload import mapping, state
from data import demo
from data.files.importing.columns.mapping import Sets
from data.files.importing.meanings import Meaning
from tests.unit.made_tables import workbook
from tests.views.conftest import Open, Owner, words

Cell = tuple[UUID, UUID, str, str]


@pytest.fixture
def cells(owner: Owner) -> Iterator[list[Cell]]:
    """Two courses in progress at 40 %, with the students' e-mails and the modules' names; put back."""
    rows = owner.execute(
        """
        select distinct on (student_id) student_id, module_id, email, modules.name
        from public.student_module_progress
        join public.modules on modules.id = module_id
        join school.student on student.id = student_id
        join school.class_student using (student_id)
        where class_id = %s and lower(type) = 'course' and status = 'InProgress'
        order by 1, 2
        limit 2
        """,
        (demo.CLASS_ONE,),
    ).fetchall()
    reset(owner, rows)  # type: ignore[arg-type]
    yield rows  # type: ignore[misc]
    reset(owner, rows)  # type: ignore[arg-type]


def reset(owner: Owner, cells: list[Cell]) -> None:
    for student, module, *_ in cells:
        owner.execute(
            "update public.student_module_progress set status = 'InProgress', "
            "progress_percentage = 40, score = null, completed_at = null "
            "where student_id = %s and module_id = %s",
            (student, module),
        )


def stored(owner: Owner, cell: Cell) -> tuple[object, ...] | None:
    return owner.execute(
        "select status, progress_percentage, completed_at::date::text "
        "from public.student_module_progress where student_id = %s and module_id = %s",
        cell[:2],
    ).fetchone()


def written(headings: str, *lines: tuple[str, ...]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([headings.split("|"), *lines])
    return file.getvalue().encode()


def press(test: AppTest, label: str) -> None:
    next(button for button in test.button if button.label.startswith(label)).click().run()


def uploaded(open_page: Open, content: bytes) -> AppTest:
    test = open_page(demo.COORDINATOR_ONE, "upload")
    test.file_uploader[0].set_value([("grades.csv", content, "text/csv")])
    return test.run()


def table(test: AppTest) -> list[list[object]]:
    """The rows of the page's table."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            rows: list[list[object]] = json.loads(each.proto.json)[2]
            return rows
    return []


def test_every_line_has_a_verdict_and_problems_come_first(
    open_page: Open, cells: list[Cell]
) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    content = written(
        "E-mail|Module|Percentage",
        (ann, one, "55"),
        (ben, two, "40"),
        (ben, two, "60"),
        ("nobody@example.org", one, "50"),
        (ann, "Alchemy", "50"),
    )
    test = uploaded(open_page, content)
    assert "grades.csv: 5 lines." in words(test)
    assert (
        "1 change, 1 line with an unknown student, "
        "1 line with an unknown module, 2 duplicate lines." in words(test)
    )
    assert [row[3] for row in table(test)] == [
        "Unknown student", "Unknown module", "Duplicate", "Duplicate", "Change",
    ]  # fmt: skip
    assert "also in line 4 (Percentage 60), which differs" in str(table(test)[2][4])
    assert "Percentage: 40 % → 55 %" in str(table(test)[4][4])
    assert [str(each.proto.label) for each in test.get("download_button")] == [
        "Download the problem lines"
    ]


def test_the_changes_are_previewed_and_saved(
    open_page: Open, owner: Owner, cells: list[Cell]
) -> None:
    lines = [(cell[2], cell[3], "Completed") for cell in cells]
    test = uploaded(open_page, written("E-mail|Module|Status", *lines))
    press(test, "Preview 2 changes")
    assert "2 changes in 2 students." in words(test)
    assert [stored(owner, cell)[0] for cell in cells] == ["InProgress"] * 2  # type: ignore[index]
    next(one for one in test.text_input if one.label.startswith("Reason")).set_value("Exam").run()
    press(test, "Save 2 changes")
    assert [stored(owner, cell)[:2] for cell in cells] == [("Completed", 100)] * 2  # type: ignore[index]
    assert test.get("file_uploader")
    source = owner.execute(
        "select source, reason from dashboard.batch order by at desc limit 1"
    ).fetchone()
    assert source == ("file", "Exam")


def test_lines_are_judged_again_when_what_stands_there_changed(
    open_page: Open, owner: Owner, cells: list[Cell], monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    test = uploaded(
        open_page, written("E-mail|Module|Percentage", (ann, one, "55"), (ben, two, "60"))
    )
    assert "2 changes." in words(test)
    with monkeypatch.context() as patch:
        patch.setattr(state, "judge", None)  # asked of nothing where nothing of it changed
        owner.execute("select set_config('a.b', 'c', false), pg_current_xact_id()")
        assert "2 changes." in words(test.run())
    owner.execute(
        "update public.student_module_progress set progress_percentage = 55 "
        "where student_id = %s and module_id = %s",
        cells[0][:2],
    )
    test.run()
    assert "1 change, 1 line without a change." in words(test)
    assert "so every line was checked again" in words(test)


def select(test: AppTest, label: str) -> Any:
    return next(one for one in test.selectbox if one.label == label)


def test_a_column_that_was_not_recognised_can_be_chosen(open_page: Open, cells: list[Cell]) -> None:
    lines = [(cell[2], cell[3], "55") for cell in cells]
    test = uploaded(open_page, written("E-mail|What|How far", *lines))
    assert "“What” (column 2) was taken for “Module”, by what is in it." in words(test)
    assert "No column holds a status" in words(test)
    assert not table(test)
    select(test, "3: How far").set_value(Meaning.PERCENTAGE).run()
    assert "2 changes." in words(test)
    select(test, "2: What").set_value(mapping.NOT_USED).run()
    assert "No column names the module" in words(test)


def test_a_table_of_one_module_is_told_which(open_page: Open, cells: list[Cell]) -> None:
    _, module, ann, _ = cells[0]
    test = uploaded(open_page, written("E-mail|Percentage", (ann, "55")))
    assert "No column names the module" in words(test)
    select(test, "All lines are of the module").set_value(module).run()
    assert "1 change." in words(test)


def test_a_row_per_student_is_read_once_it_is_said_what_its_numbers_are(
    open_page: Open, cells: list[Cell]
) -> None:
    _, _, ann, one = cells[0]
    test = uploaded(open_page, written(f"E-mail|{one} (max 20)|Course total", (ann, "11", "81")))
    assert "Totals are no module’s score, so they are not used: “Course total”." in words(test)
    assert "What do the modules’ columns hold: scores" in words(test)
    question = next(each for each in test.radio if each.label.startswith("What do the modules"))
    question.set_value(Sets.PERCENTAGE).run()
    assert "1 change." in words(test)
    assert "11 of 20 points are 55 percent." in str(table(test))
    press(test, "Preview 1 change")
    assert "11 of 20 points are 55 percent." in str(table(test))
    press(test, "Cancel")
    press(test, "Another file")
    content = written(f"E-mail|{one} (max 20)", (ann, "12"))
    test.file_uploader[0].set_value([("more.csv", content, "text/csv")]).run()
    assert "1 change." in words(test)


def test_a_column_without_a_heading_is_named_by_its_number(
    open_page: Open, cells: list[Cell]
) -> None:
    """As the dates are in a completion report."""
    _, _, ann, one = cells[0]
    line = ("Ann", ann, "Completed", "2026-09-15 10:31:07")
    test = uploaded(open_page, written(f"|Email address|{one}|", line))
    assert f"“{one}”, column 4 is when {one} was completed; 1 column is not used." in words(test)
    assert table(test)[0][0] == "Line 2"


def test_lines_that_the_spreadsheet_hides_are_said_and_can_be_left_out(
    open_page: Open, cells: list[Cell]
) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["E-mail", "Module", "Percentage"])
        for at, (_, _, mail, module) in enumerate(cells, 1):
            sheet.write_row(at, 0, [mail, module, 55])
        sheet.set_row(1, None, None, {"hidden": True})

    test = uploaded(open_page, workbook(write))
    hidden = "1 line is hidden in the spreadsheet: line 2. It is read like the others, unless you leave it out."
    assert hidden in words(test)
    assert "2 changes." in words(test)
    next(one for one in test.checkbox if one.label == "Leave out 1 hidden line").check().run()
    assert "1 change." in words(test)


def test_any_column_of_very_many_can_be_mapped(open_page: Open, cells: list[Cell]) -> None:
    _, _, ann, one = cells[0]
    headings = "|".join(["E-mail", "Module", *(f"x{at}" for at in range(70)), "How far"])
    test = uploaded(open_page, written(headings, (ann, one, *[""] * 70, "55")))
    select(test, "Another column").set_value(72).run()
    select(test, "73: How far").set_value(Meaning.PERCENTAGE).run()
    assert "1 change." in words(test)


def test_a_column_is_made_a_module_s_by_hand(open_page: Open, cells: list[Cell]) -> None:
    _, module, ann, _ = cells[0]
    test = uploaded(open_page, written("E-mail|First piece", (ann, "11")))
    select(test, "2: First piece").set_value(mapping.A_MODULE).run()
    select(test, "Module of column 2").set_value(module).run()
    points = next(one for one in test.number_input if one.label == "Points possible in column 2")
    points.set_value(20.0).run()
    question = next(each for each in test.radio if each.label.startswith("What do the modules"))
    question.set_value(Sets.PERCENTAGE).run()
    assert "Percentage: 40 % → 55 %" in str(table(test))


def test_whether_the_day_comes_first_is_asked_only_where_it_is_open(
    open_page: Open, owner: Owner, cells: list[Cell]
) -> None:
    _, _, ann, one = cells[0]
    headings = "E-mail|Module|Status|Completed on"
    test = uploaded(open_page, written(headings, (ann, one, "Completed", "3/4/2026")))
    assert "1 line with a problem." in words(test)
    question = next(one for one in test.radio if "what is first?" in one.label)
    question.set_value("day").run()
    assert "1 change." in words(test)
    assert "3 Apr 2026" in str(table(test))
    plain = uploaded(open_page, written(headings, (ann, one, "Completed", "2026-04-03")))
    assert "1 change." in words(plain)
    assert not plain.radio


def test_a_question_is_open_again_once_a_column_means_something_else(
    open_page: Open, cells: list[Cell]
) -> None:
    _, _, ann, one = cells[0]
    headings = "E-mail|Module|Status|Completed on|Remark"
    test = uploaded(open_page, written(headings, (ann, one, "Completed", "3/4/2026", "")))
    next(one for one in test.radio if "what is first?" in one.label).set_value("day").run()
    assert "1 change." in words(test)
    test.toggle[0].set_value(True).run()
    select(test, "5: Remark").set_value(Meaning.SCORE.value).run()
    assert "1 line with a problem." in words(test)
    assert next(one for one in test.radio if "what is first?" in one.label).value is None


def test_what_only_a_person_can_say_is_asked_and_may_be_answered_otherwise(
    open_page: Open, cells: list[Cell]
) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    headings = "E-mail|Module|Status|Percentage"
    test = uploaded(
        open_page, written(headings, (ann, one, "*passed*", "66.67 %"), (ben, two, "", "N/A"))
    )
    assert "1 line without a change, 1 line with a problem." in words(test)
    assert "1 cell says “N/A”: what is stored is left as it is." in words(test)
    passed, rounded, blanks = test.radio
    assert passed.label == r"What does “\*passed\*” say?"
    assert (rounded.value, blanks.value) == (None, "leave")
    rounded.set_value(True).run()
    test.radio[0].set_value("nothing").run()
    assert "1 change, 1 line without a change." in words(test)
    assert "Percentage: 40 % → 67 %" in str(table(test))
    test.radio[2].set_value("clear").run()
    assert "2 changes." in words(test)
    test.radio[1].set_value(False).run()
    assert "1 change, 1 line with a problem." in words(test)


def test_an_answer_and_the_click_may_come_in_one_run(open_page: Open, cells: list[Cell]) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    lines = ((ann, one, "66.67 %"), (ben, two, "60 %"))
    test = uploaded(open_page, written("E-mail|Module|Percentage", *lines))
    test.radio[0].set_value(True)
    press(test, "Preview 1 change")
    assert "2 changes in 2 students." in words(test)
    press(test, "Cancel")
    assert "2 changes." in words(test)


def test_out_of_how_many_points_is_typed(open_page: Open, cells: list[Cell]) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    test = uploaded(open_page, written("E-mail|Module|Points", (ann, one, "14"), (ben, two, "17")))
    assert "2 lines with a problem." in words(test)
    test.number_input[0].set_value(20.0).run()
    assert "2 changes." in words(test)
    assert "Score: none → 70" in str(table(test))


def test_another_encoding_can_be_chosen(open_page: Open, cells: list[Cell]) -> None:
    content = written("Student|Module|Score", ("Žofie Nováček", "Alchemy", "5")).decode()
    test = uploaded(open_page, content.encode("cp1250"))
    choice = next(one for one in test.selectbox if "Read the text as" in one.label)
    choice.select("cp1250").run()
    assert "No student “Žofie Nováček” is known here." in str(table(test))


def test_another_worksheet_can_be_chosen(open_page: Open, cells: list[Cell]) -> None:
    _, _, ann, one = cells[0]

    def write(book: Any, sheet: Any) -> None:
        for each, percentage in ((sheet, 41), (book.add_worksheet("June"), 62)):
            each.write_row(0, 0, ["E-mail", "Module", "Percentage"])
            each.write_row(1, 0, [ann, one, percentage])

    test = uploaded(open_page, workbook(write))
    assert "Percentage: 40 % → 41 %" in str(table(test))
    next(one for one in test.selectbox if "another worksheet" in one.label).select("June").run()
    assert "Percentage: 40 % → 62 %" in str(table(test))


def test_a_pasted_table_is_read_as_a_file_is(open_page: Open, cells: list[Cell]) -> None:
    _, _, ann, one = cells[0]
    test = open_page(demo.COORDINATOR_ONE, "upload")
    test.text_area[0].set_value(f"E-mail\tModule\tPercentage\n{ann}\t{one}\t55").run()
    press(test, "Check pasted rows")
    assert "1 change." in words(test)
    press(test, "Another file")
    assert test.get("file_uploader")


def test_what_is_no_table_is_refused_in_words(open_page: Open) -> None:
    test = uploaded(open_page, b"   ")
    assert "The file is empty." in words(test)
    assert test.get("file_uploader")


def test_a_long_file_has_pages(open_page: Open) -> None:
    lines = [(f"nobody{n}@example.org", "Alchemy", "50") for n in range(250)]
    test = uploaded(open_page, written("E-mail|Module|Percentage", *lines))
    assert "1 to 100 of 250" in words(test)
    press(test, "Next")
    press(test, "Next")
    assert len(table(test)) == 50


def test_lines_that_could_not_be_taken_stay_after_the_others_are_saved(
    open_page: Open, owner: Owner, cells: list[Cell]
) -> None:
    (_, _, ann, one), (_, _, ben, two) = cells
    lines = ((ann, one, "55"), (ben, two, "140"), ("nobody@example.org", one, "50"))
    test = uploaded(open_page, written("E-mail|Module|Percentage", *lines))
    press(test, "Preview 1 change")
    press(test, "Save 1 change")
    assert stored(owner, cells[0])[1] == 55  # type: ignore[index]
    assert "Saved: 1 change. The lines that could not be taken are still here." in words(test)
    assert "Something changed since the file was read" not in words(test)
    assert [row[3] for row in table(test)] == ["Problem", "Unknown student", "No change"]
    assert [str(each.proto.label) for each in test.get("download_button")] == [
        "Download the problem lines"
    ]
    press(test, "Another file")
    assert test.get("file_uploader")


def test_a_question_that_is_asked_again_shows_what_is_answered_now(
    open_page: Open, cells: list[Cell]
) -> None:
    _, _, ann, one = cells[0]
    test = uploaded(open_page, written("E-mail|Module|Status|Note", (ann, one, "Passed", "x")))
    test.radio[0].set_value("Completed").run()
    assert "1 change." in words(test)
    test.toggle[0].set_value(True).run()
    select(test, "4: Note").set_value(Meaning.LAST_NAME).run()
    assert "1 line with a problem." in words(test)
    assert test.radio[0].value is None
    test.radio[0].set_value("Completed").run()
    assert "1 change." in words(test)

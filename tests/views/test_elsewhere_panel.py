"""Behind Export on the class page: scores for another system, and its own file filled in."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.reports import elsewhere
from dashboard.reports.elsewhere import OWN
from data import demo
from data.files.elsewhere.oneroster import NO_IDS
from data.files.elsewhere.scores import Made
from tests.views.conftest import Open, Owner, press, words


@pytest.fixture
def handed_out(monkeypatch: pytest.MonkeyPatch) -> list[Made]:
    """What the panel offered, the newest last."""
    found: list[Made] = []
    offer = elsewhere._offer

    def offered(made: Made, *args: object) -> None:
        found.append(made)
        offer(made, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(elsewhere, "_offer", offered)
    return found


def panel(open_page: Open, person: UUID = demo.TEACHER_ONE, **parameters: object) -> AppTest:
    test = open_page(person, "classroom", **{"class": demo.CLASS_ONE}, **parameters)
    test.session_state["filters_panel"] = "Export"
    return test.run()


def downloads(test: AppTest) -> list[str]:
    return [str(each.proto.label) for each in test.get("download_button")]


def test_a_shape_is_chosen_made_and_offered_and_nothing_is_asked_before(
    open_page: Open, handed_out: list[Made]
) -> None:
    test = panel(open_page)
    assert "Make the file" not in [one.label for one in test.button]
    assert test.selectbox(key="elsewhere_shape").options == [
        "A file for Canvas", "A file for Moodle", "Canvas’s own file, filled in",
    ]  # fmt: skip
    test.selectbox(key="elsewhere_shape").set_value("canvas").run()
    press(test, "Make the file")
    assert "Download for Canvas" in downloads(test)
    assert "Scores are points of 100: an assignment" in words(test)
    assert handed_out[-1].scores.count > 50
    # Only the students and modules that are shown, and only what changed.
    test.radio(key="elsewhere_which").set_value("day").run()
    press(test, "Make the file")
    assert handed_out[-1].scores.count < handed_out[-2].scores.count
    test.query_params["name"] = handed_out[0].scores.students[0].name
    test.radio(key="elsewhere_which").set_value("every").run()
    press(test, "Make the file")
    assert len(handed_out[-1].scores.students) == 1


def test_who_manages_people_is_offered_oneroster_and_told_where_no_ids_are_known(
    open_page: Open,
) -> None:
    test = panel(open_page, demo.COORDINATOR_ONE)
    test.selectbox(key="elsewhere_shape").set_value("oneroster").run()
    press(test, "Make the file")
    assert "There is no score to write." in words(test)
    assert NO_IDS in words(test)
    assert "Download for OneRoster" not in downloads(test)


def test_a_past_day_goes_to_no_other_system(open_page: Open, owner: Owner) -> None:
    row = owner.execute("select (now() - interval '3 days')::date::text").fetchone()
    assert row is not None
    test = panel(open_page, day=row[0])
    assert "As it stood at" in words(test)
    assert "export_make" in [one.key for one in test.button]
    assert "elsewhere_shape" not in [one.key for one in test.selectbox]


def test_canvas_s_own_file_comes_back_with_what_differs(
    open_page: Open, owner: Owner, handed_out: list[Made]
) -> None:
    row = owner.execute(
        """
        select email, name, score
        from public.student_module_progress
        join public.modules on modules.id = module_id
        join school.student on student.id = student_id
        join school.class_student using (student_id)
        where class_id = %s and score between 1 and 99
        order by 1, 2
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    email, module, score = row
    text = (
        f"Student,ID,SIS User ID,SIS Login ID,Section,{module} (77)\n"
        "    Points Possible,,,,,100.00\n"
        f"Somebody,5,,{email},A,0.5\n"
        "Nobody,6,,nobody@example.org,A,7\n"
    )
    test = panel(open_page)
    test.selectbox(key="elsewhere_shape").set_value(OWN).run()
    test.file_uploader[0].set_value([("grades.csv", text.encode(), "text/csv")]).run()
    press(test, "Make the file")
    assert not test.exception
    assert "1 cell is filled." in words(test)
    assert "Line 4 stays as it is." in words(test)
    assert "Download for Canvas" in downloads(test)
    lines = handed_out[-1].content.decode().splitlines()
    assert lines[2].startswith(f"Somebody,5,,{email},A,{score:f}".rstrip("0").rstrip("."))
    assert lines[3] == "Nobody,6,,nobody@example.org,A,7"
    same = text.replace("0.5", f"{score:f}")
    test.file_uploader[0].set_value([("same.csv", same.encode(), "text/csv")]).run()
    press(test, "Make the file")
    assert "there is nothing to hand back" in words(test)
    assert "Download for Canvas" not in downloads(test)
    test.file_uploader[0].set_value([("other.csv", b"Student,Score\nAnn,1\n", "text/csv")]).run()
    press(test, "Make the file")
    assert "This is no gradebook of Canvas." in words(test)

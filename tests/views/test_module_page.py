"""The module page: who needs what, where they stop, how they score; narrowed, compared, taken along."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, mounted, words


def modules_of(owner: Owner, class_id: UUID, kind: str) -> list[UUID]:
    rows = owner.execute(
        "select module.id from school.class_module join school.module on module.id = module_id "
        "where class_id = %s and lower(module.type) = %s order by position",
        (class_id, kind),
    )
    return [UUID(str(row[0])) for row in rows]


def tables(test: AppTest) -> dict[str, list[Any]]:
    """Rows of each table, by its caption."""
    found = {}
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            caption, _, rows, *_ = json.loads(each.proto.json)
            found[caption] = rows
    return found


def students(test: AppTest) -> tuple[list[str], list[list[Any]]]:
    """The groups' headings, and the students' rows."""
    rows = tables(test)["Students by what they need"]
    return [one["group"] for one in rows if isinstance(one, dict)], [
        one for one in rows if isinstance(one, list)
    ]


def heads_of(test: AppTest, caption: str) -> list[Any]:
    """The headings of a table."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            found, heads, *_ = json.loads(each.proto.json)
            if found == caption:
                return list(heads)
    raise AssertionError(f"no {caption}")


def title(test: AppTest) -> str:
    """The page's title, handed over to be drawn as text."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_section_bar":
            return str(json.loads(each.proto.json)[1][0])
    raise AssertionError("no head")


def charts(test: AppTest) -> list[Any]:
    return [each.proto for each in test.get("plotly_chart")]


def test_everybody_stands_once_and_links_to_the_module_of_the_student(
    open_page: Open, owner: Owner
) -> None:
    module = modules_of(owner, demo.CLASS_ONE, "course")[2]
    test = open_page(demo.TEACHER_ONE, "module", **{"class": demo.CLASS_ONE, "module": module})
    assert not test.exception
    groups, rows = students(test)
    assert sum(int(group.split(": ")[1].split()[0]) for group in groups) == len(rows) == 28
    assert all(f"module={module}" in row[0][1] and "student?" in row[0][1] for row in rows)
    assert "of 28 students completed" in mounted(test)
    assert charts(test) == []


def test_each_section_states_its_finding_and_has_its_numbers(open_page: Open, owner: Owner) -> None:
    course = modules_of(owner, demo.CLASS_ONE, "course")[3]
    paper = modules_of(owner, demo.CLASS_ONE, "assessment")[0]
    test = open_page(
        demo.TEACHER_ONE, "module", **{"class": demo.CLASS_ONE, "module": course, "show": "lessons"}
    )
    (chart,) = charts(test)
    finding = next(one for one in tables(test) if "at lesson" in one or "Nobody" in one)
    assert f">{finding}</h2>" in words(test)
    assert chart.alt.startswith("Bars of how many of 28 students reached each lesson.")
    assert len(tables(test)[finding]) > 2
    test.query_params["show"] = "time"
    test.run()
    assert "who completed it: those whose start" in words(test)
    test.query_params.update(module=str(paper), show="scores")
    test.run()
    (chart,) = charts(test)
    assert "pass mark at" in chart.alt
    assert " pass (" in words(test)


def test_a_class_without_the_section_shows_its_students(open_page: Open, owner: Owner) -> None:
    paper = modules_of(owner, demo.CLASS_ONE, "assessment")[0]
    test = open_page(
        demo.TEACHER_ONE, "module", **{"class": demo.CLASS_ONE, "module": paper, "show": "lessons"}
    )
    assert len(students(test)[1]) == 28


def test_all_of_mine_are_compared(open_page: Open, owner: Owner) -> None:
    shared = modules_of(owner, demo.CLASS_ONE, "course")[0]
    test = open_page(demo.TEACHER_ONE, "module", module=shared, show="classes")
    rows = tables(test)["Classes with this module, everybody in them"]
    assert len(rows) == 3
    assert all(sum(row[3][1]) == int(row[1]) for row in rows)
    assert "in all 3 of my classes" in mounted(test)


def test_a_large_class_shows_the_first_of_each_need_and_all_of_one(
    open_page: Open, owner: Owner
) -> None:
    module = modules_of(owner, demo.COHORT, "course")[5]
    address = {"class": demo.COHORT, "module": module}
    test = open_page(demo.TEACHER_TWO, "module", **address)
    groups, rows = students(test)
    total = sum(int(group.split(": ")[1].split()[0]) for group in groups)
    assert (total, len(rows) < 80) == (500, True)
    completed = next(group for group in groups if group.startswith("Completed"))
    test.query_params["need"] = "completed"
    test.run()
    assert students(test)[0] == [completed]
    assert len(students(test)[1]) == int(completed.split(": ")[1].split()[0])


def test_filters_narrow_and_what_fits_nothing_is_said(open_page: Open, owner: Owner) -> None:
    module = modules_of(owner, demo.CLASS_ONE, "course")[2]
    test = open_page(
        demo.TEACHER_ONE,
        "module",
        **{"class": demo.CLASS_ONE, "module": module, "status": "Completed", "score": "9-1"},
    )
    assert "Ignored, because this link asks for what is not here: Score." in words(test)
    assert {row[1][1] for row in students(test)[1]} == {"Completed"}
    test.query_params["name"] = "zzqqxx"
    test.run()
    assert "No student matches these filters." in mounted(test)
    for show in ("lessons", "time"):
        test.query_params["show"] = show
        test.run()
        assert not test.exception


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        (demo.TEACHER_ONE, "nonsense"),
        (demo.TEACHER_ONE, "00000000-0000-0000-0000-000000000000"),
        (demo.TEACHER_ONE, "another school's"),
        (demo.COORDINATOR_TWO, "another school's"),
    ],
)
def test_what_is_not_mine_is_not_found(
    open_page: Open, owner: Owner, person: UUID, asked: str
) -> None:
    foreign = demo.CLASS_FOUR if person == demo.TEACHER_ONE else demo.CLASS_THREE
    if asked == "another school's":
        asked = str(modules_of(owner, foreign, "course")[-1])
    test = open_page(person, "module", module=asked, **{"class": foreign})
    assert "This module was not found among yours." in words(test)
    assert tables(test)["Modules"]
    if "-" in asked:
        assert asked not in mounted(test)
    # The control: to the admin it is there.
    if asked not in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert tables(open_page(demo.ADMIN, "module", module=asked))["Students by what they need"]


POISON = (
    '{"completed_lesson_ids": {"a": [1]}, "lesson_quiz_results": [1], "x": 1e40}',
    '"text"',
    "[]",
    '{"lesson_quiz_attempts": {"no id": {"passed": "maybe"}}}',
    '{"last_viewed_lesson_sequence": -5, "video_playback_positions": {"a": "b"}}',
)
HOSTILE = "<img src=x onerror=alert(1)> [x](http://evil.example)"


@pytest.fixture
def poisoned(owner: Owner) -> Iterator[UUID]:
    """A course whose name and rows are the worst that can be stored; all is put back."""
    course = modules_of(owner, demo.CLASS_TWO, "course")[-1]
    rows = owner.execute(
        "select progress_details::text, last_updated, score, student_id "
        "from public.student_module_progress where module_id = %s",
        (course,),
    ).fetchall()
    names = owner.execute("select name from public.modules where id = %s", (course,)).fetchall()
    worst = [(POISON[at % len(POISON)], "infinity", "NaN", row[3]) for at, row in enumerate(rows)]
    change = (
        "update public.student_module_progress set progress_details = %s, last_updated = %s, "
        "score = %s where student_id = %s and module_id = %s"
    )
    with owner.cursor() as cursor:
        cursor.executemany(change, [(*row, course) for row in worst])
        cursor.execute("update public.modules set name = %s where id = %s", (HOSTILE, course))
        yield course
        cursor.executemany(change, [(*row, course) for row in rows])
        cursor.execute("update public.modules set name = %s where id = %s", (*names[0], course))


@pytest.mark.parametrize("show", ["students", "lessons", "time"])
def test_messy_and_poisoned_rows_leave_every_section_standing(
    open_page: Open, poisoned: UUID, show: str
) -> None:
    address = {"class": demo.CLASS_TWO, "module": poisoned, "show": show}
    test = open_page(demo.TEACHER_ONE, "module", **address)
    assert not test.exception
    assert HOSTILE in title(test)
    assert "<img" not in words(test)
    assert all("img" not in chart.spec for chart in charts(test))
    if show == "lessons":
        assert "part of the details cannot be read" in words(test)


@pytest.mark.parametrize("person", [demo.TEACHER_ONE, demo.COORDINATOR_ONE, demo.ADMIN])
def test_every_role_opens_the_page_and_the_choice(
    open_page: Open, owner: Owner, person: UUID
) -> None:
    assert tables(open_page(person, "module"))["Modules"]
    module = modules_of(owner, demo.CLASS_ONE, "assessment")[0]
    test = open_page(person, "module", **{"class": demo.CLASS_ONE, "module": module})
    assert len(students(test)[1]) == 28


def test_the_export_is_what_is_shown(open_page: Open, owner: Owner) -> None:
    module = modules_of(owner, demo.CLASS_ONE, "assessment")[0]
    test = open_page(demo.TEACHER_ONE, "module", **{"class": demo.CLASS_ONE, "module": module})
    test.session_state["module_filters_panel"] = "Export"
    test.run()
    assert not test.exception
    assert "Exactly the students that are shown" in words(test)


def test_a_heading_sorts_everybody_and_the_file_follows(open_page: Open, owner: Owner) -> None:
    paper = modules_of(owner, demo.CLASS_ONE, "assessment")[0]
    here = {"class": demo.CLASS_ONE, "module": paper}
    test = open_page(demo.TEACHER_ONE, "module", **here)
    heads = heads_of(test, "Students by what they need")
    assert [head[5][0] for head in heads[:5]] == ["none"] * 5
    asked = dict(parse_qsl(urlsplit(heads[3][5][1]).query))
    assert asked["sort"] == "-score"

    test = open_page(demo.TEACHER_ONE, "module", **here, sort="-score")
    first, *rows = tables(test)["Students"]
    assert first["group"] == "28 students by score, highest first"
    scores = [float(row[3]) for row in rows if row[3]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 10
    assert [row[3] for row in rows[len(scores) :]] == [None] * (28 - len(scores))
    heads = heads_of(test, "Students")
    assert heads[3][5][0] == "descending"
    assert "sort=score" in heads[3][5][1]

    test = open_page(demo.TEACHER_ONE, "module", **here, sort="nonsense")
    assert "Students by what they need" in tables(test)


def test_of_a_project_what_else_was_recorded_is_told_of_all(open_page: Open, owner: Owner) -> None:
    project = modules_of(owner, demo.CLASS_ONE, "project")[0]
    test = open_page(
        demo.TEACHER_ONE,
        "module",
        **{"class": demo.CLASS_ONE, "module": project, "show": "scores"},
    )
    rows = {row[0]: row[2] for row in tables(test)["What else was recorded"]}
    assert re.fullmatch(r"\d+ yes, \d+ no", rows["Handed in"])

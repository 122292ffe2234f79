"""The guide on a page: all of it for everybody, or what one looks for."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, words

GUIDE = (Path(__file__).resolve().parents[2] / ".github" / "USING.md").read_text(encoding="utf-8")
TITLES = re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)

OF_A_PLATFORM = "Where people and classes are your platform's"
"""Not shown where people are entered here."""


def shown(test: AppTest) -> list[str]:
    assert not test.exception
    return [one.value for one in test.header]


@pytest.mark.parametrize("person", [demo.TEACHER_ONE, demo.COORDINATOR_ONE, demo.ADMIN])
def test_every_task_of_the_guide_that_can_be_done_is_there_for_everybody(
    open_page: Open, person: object
) -> None:
    test = open_page(person, "help")
    assert shown(test) == [one for one in TITLES if one != OF_A_PLATFORM]
    assert len(TITLES) > 10
    contents = test.markdown[0].value
    for head in test.header:
        assert f"- [{head.value}](#{head.proto.anchor})" in contents


def test_a_search_leaves_the_tasks_that_hold_each_word(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "help")
    found = shown(test.text_input(key="about").set_value("PIN unlock").run())
    assert found == ["Lock a value"]


def test_a_search_that_finds_nothing_says_so(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "help")
    test.text_input(key="about").set_value("  <b>zebra  ").run()
    assert shown(test) == []
    assert "Nothing in the guide matches “&lt;b&gt;zebra”." in words(test)


def test_a_guide_that_was_not_installed_is_no_error(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path.name != "USING.md" and exists(path))
    test = open_page(demo.TEACHER_ONE, "help")
    assert shown(test) == []
    assert "The guide was not installed here." in words(test)

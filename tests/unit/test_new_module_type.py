"""A module type is added by one file: nothing else is touched, and everything knows it."""

import re
from pathlib import Path
from typing import Any

import pytest

import data.rules.details.types
from data.rules.details import MODULE_TYPES, is_scored, type_label
from tests.unit import copied_house

INTERVIEW = '''"""An interview: who asked, and how it went."""

from __future__ import annotations

from pydantic import Field

from data.rules.details.module_type import ModuleType
from data.rules.details.stored import Details
from data.rules.details.values import Moment, Score, Text


class InterviewDetails(Details):
    """The details of an interview."""

    panel: Text | None = Field(None, alias="panel_members", title="Asked by")
    recommended: bool | None = None
    score: Score | None = Field(None, title="Score")
    held_on: Moment | None = Field(None, title="Day")


TYPE = ModuleType("interview", "Interview", InterviewDetails, scored=True, personal=("panel_members",))
'''

ASK = """
import json
import re
from datetime import UTC
from dashboard.details import page
from data.reading.data_check.rules import RULES_BY_KEY
from data.reading.modules.other_facts import summed
from data.rules.details import is_scored, parse, type_label

stored = {"panel_members": "Ms Smith", "recommended": True, "held_on": "2026-03-31", "room": 4, "score": "x"}
print(json.dumps({
    "model": type(parse("Interview ", stored)).__name__,
    "label": type_label(" INTERVIEW"),
    "scored": is_scored("Interview "),
    "drawn": page("Interview", stored, [], UTC),
    "check": RULES_BY_KEY["details_of_another_type"].condition,
    "below_100": RULES_BY_KEY["completed_below_100"].condition,
    "summed": [fact.name for fact in summed([stored]).facts],
}))
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the product with this one file more says of an interview."""
    house = copied_house.copy_to(tmp_path_factory.mktemp("house"))
    (house / "data/rules/details/types/interview.py").write_text(INTERVIEW, "utf-8")
    found: dict[str, Any] = copied_house.answer(house, ASK)
    return found


def test_its_details_are_read_by_its_model_and_it_has_its_label(known: dict[str, Any]) -> None:
    assert (known["model"], known["label"]) == ("InterviewDetails", "Interview")
    assert (type_label(" INTERVIEW"), "interview" in MODULE_TYPES) == ("Interview", False)


def test_whether_it_is_scored_is_said_there(known: dict[str, Any]) -> None:
    assert known["scored"]
    assert not is_scored("interview")
    assert "'interview'" in known["below_100"]


def test_its_facts_are_drawn_with_their_labels_and_what_is_unknown_or_unreadable_too(
    known: dict[str, Any],
) -> None:
    for row in (
        '<th scope="row">Asked by</th><td><bdi>Ms Smith</bdi></td>',
        '<th scope="row">Recommended</th><td>yes</td>',
        '<th scope="row">Day</th><td><time datetime="2026-03-31">31 Mar 2026</time></td>',
    ):
        assert row in known["drawn"]
    assert "Other facts" in known["drawn"]
    assert "Could not be read" in known["drawn"]


def test_the_data_check_and_the_sums_of_a_module_know_its_keys(known: dict[str, Any]) -> None:
    assert "when 'interview' then" in known["check"]
    assert "panel_members" in known["check"]
    assert known["summed"] == ["Recommended", "Day", "Room"]


def test_each_type_has_a_key_of_its_own_trimmed_and_folded() -> None:
    files = Path(data.rules.details.types.__file__).parent.glob("[!_]*.py")
    assert len(MODULE_TYPES) == len(list(files))
    assert all(key == key.strip().casefold() for key in MODULE_TYPES)


@pytest.mark.parametrize(
    ("module_type", "scored"),
    [
        *(("assessment", True), ("Assessment", True), (" ASSESSMENT\t", True)),
        *(("assessment quiz", False), ("course", False), ("", False), ("interview", False)),
    ],
)
def test_one_function_says_whether_a_type_is_scored(module_type: str, scored: bool) -> None:
    assert is_scored(module_type) is scored


def test_no_other_place_decides_what_an_assessment_is() -> None:
    """In Python and JavaScript; the demo makes assessments, and one file names the synonyms of a heading."""
    files = [
        *copied_house.ROOT.glob("data/**/*.py"),
        *copied_house.ROOT.glob("dashboard/**/*.py"),
        *copied_house.ROOT.glob("dashboard/**/*.js"),
    ]
    spelt = [
        file.relative_to(copied_house.ROOT).as_posix()
        for file in files
        if re.search(r"""["'/^]\s*assessment\s*["'/]""", file.read_text("utf-8"), re.IGNORECASE)
    ]
    assert {name for name in spelt if not name.startswith("data/demo/")} == {
        "data/rules/details/types/assessment.py",
        "dashboard/details/__init__.py",  # which file draws it
        "dashboard/details/assessment.py",
    }

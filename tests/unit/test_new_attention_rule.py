"""A rule of attention is added by a row of words beside its row in SQL: every page then says and draws it."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit import copied_house

ROW = """
    AttentionRule(
        "unscored",
        "Completed without a score",
        lambda by: "The module is completed, and no score is known.",
        lambda flag: f"{flag.modules} without a score",
        each(lambda one, told: f"{one.module} is completed without a score."),
        AmongStudents(
            lambda one, by, now: one.status.value == "Completed" and one.cell.score is None,
            "without a score",
            "Without a score",
            lambda _: "Completed, and no score is known.",
        ),
    ),
)

RULES_BY_KEY: Final"""

ASK = """
import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID
from dashboard.components.status import NEEDS, css_variables, script_constants
from data.reading.classes.matrix import MatrixStudent
from data.reading.modules.needs import by_need
from data.rules.attention import explained, short
from data.rules.attention_figures import USUAL, ClassFigures
from data.rules.flags import Facts, Flag, FlagFacts

now = datetime(2026, 11, 12, tzinfo=UTC)
flag = Flag(UUID(int=9), "unscored", 3, 1)
told = FlagFacts(flag, [Facts(UUID(int=1), "Basics", None, Decimal(60))], "1A", UTC)
rows = [
    MatrixStudent(UUID(int=at), cell, cell, 1, 0, 0, None)
    for at, cell in enumerate(["C100", "C100/90", "C100/45f"])
]
held = {one.id: [ClassFigures(USUAL | {"unscored": 1})] for one in rows}
groups = by_need(rows, held, now)
print(json.dumps({
    "sentences": [reason.sentence for reason in explained(told)],
    "short": short([flag]),
    "groups": {
        group.title: [one.row.name for one in students]
        for group, students in groups.items()
    },
    "pressing": [group.pressing for group in groups if group.pressing],
    "word": NEEDS["unscored"].word,
    "drawn": "--look-flagged-ink" in css_variables() and '"unscored"' in script_constants(),
}))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the product with one row more says."""
    house = copied_house.copy_to(tmp_path_factory.mktemp("house"))
    add_row(house / "data/rules/attention.py")
    found: dict[str, Any] = copied_house.answer(house, ASK)
    return found


def add_row(file: Path) -> None:
    """One row at the end of RULES."""
    before, after = file.read_text("utf-8").split("\n)\n\nRULES_BY_KEY: Final")
    file.write_text(before + ROW + after, "utf-8")


def test_every_page_says_its_sentence_and_its_few_words(said: dict[str, Any]) -> None:
    assert said["sentences"] == ["Basics is completed without a score."]
    assert said["short"] == "1 without a score"


def test_the_page_of_a_module_has_its_students_below_the_more_pressing_ones(
    said: dict[str, Any],
) -> None:
    assert said["groups"] == {
        "Below the pass mark": ["C100/45f"],
        "Without a score": ["C100"],
        "Completed": ["C100/90"],
    }
    assert said["pressing"] == ["below the pass mark", "without a score"]


def test_it_is_drawn_with_a_flag_until_it_has_a_look_of_its_own(said: dict[str, Any]) -> None:
    assert said["word"] == "Needs attention"
    assert said["drawn"]

"""`python -m data import`: an option for every question on columns that the page asks."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import SC as SCORE
from tests.database.rows_as_owner import stored
from tests.unit.made_tables import workbook

Import = Callable[..., Result]


@pytest.fixture
def command(school: Scratch, tmp_path: Path) -> Import:
    """`command(content, *options)`: import this file as the coordinator."""

    def imported(content: str | bytes, *options: str) -> Result:
        file = tmp_path / "marks"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        who = ("--actor", "cora@example.org", "--reason", "A test")
        return run("import", str(file), *who, *options, **at(school))

    return imported


def score_of_ann(school: Scratch) -> Any:
    return stored(school, people.ANN, people.ASSESSMENT)[SCORE]


GRADEBOOK = "Student,Fractions test (max 40),Course total\nAnn Ågren,34,81\n"


def test_a_gradebook_is_read_once_it_is_said_what_its_numbers_are(
    school: Scratch, command: Import
) -> None:
    open_ = command(GRADEBOOK)
    assert open_.exit_code == 1
    assert "Say it with --values score|percentage|status|by-type" in open_.stderr
    told = command(GRADEBOOK, "--values", "score", "--dry-run")
    assert told.stdout.splitlines() == [
        "1 line: 1 change.",
        "Line 2: Ann Ågren, Fractions test: Score 55 → 85. 34 of 40 points are 85 percent.",
    ]
    assert "“Fractions test (max 40)” of 40" in told.stderr
    assert "they are not used: “Course total”" in told.stderr
    assert command(GRADEBOOK, "--values", "by-type").exit_code == 0
    assert score_of_ann(school) == Decimal(85)


def test_of_how_many_points_a_column_is_can_be_said_of_one_or_of_all(
    school: Scratch, command: Import
) -> None:
    text = "E-mail,Quiz: Fractions test (Real)\nann@example.org,17\n"
    assert "Say it with --out-of NUMBER" in command(text).stderr
    assert "no number of points" in command(text, "--out-of", "none").stderr
    assert command(text, "--out-of", "20").exit_code == 0
    assert score_of_ann(school) == Decimal(85)
    assert command(text, "--out-of", "Quiz: Fractions test (Real)=34").exit_code == 0
    assert score_of_ann(school) == Decimal(50)


def test_all_lines_are_of_the_module_that_is_said(school: Scratch, command: Import) -> None:
    text = "Student,Score\nAnn Ågren,84\n"
    assert "--module NAME" in command(text).stderr
    assert "Did you mean “Fractions test”" in command(text, "--module", "Fraction test").stderr
    assert command(text, "--module", "fractions TEST").exit_code == 0
    assert score_of_ann(school) == Decimal(84)
    named = "Student,Module,Score\nAnn Ågren,Fractions,84\n"
    assert "Leave --module out" in command(named, "--module", "Fractions test").stderr


def test_what_a_column_means_can_be_said(school: Scratch, command: Import) -> None:
    text = "Student,First piece,Score\nAnn Ågren,71,9\n"
    told = ("--column", "First piece=Fractions test", "--column", "3=not used", "--values", "score")
    assert command(text, *told).exit_code == 0
    assert score_of_ann(school) == Decimal(71)
    plain = "Student,Module,Mark out\nAnn Ågren,Fractions test,72\n"
    assert command(plain, "--column", "Mark out=Score").exit_code == 0
    assert score_of_ann(school) == Decimal(72)
    wrong = command(plain, "--column", "Marks=Score")
    assert "There is no column “Marks”. There are: “Student”, “Module”, “Mark out”." in wrong.stderr


def test_hidden_lines_can_be_left_out(school: Scratch, command: Import) -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Student", "Module", "Score"])
        sheet.write_row(1, 0, ["Ann Ågren", "Fractions test", 91])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.write_row(2, 0, ["Ann Ågren", "Fractions", 12])

    content = workbook(write)
    told = command(content, "--dry-run")
    assert "1 line is hidden in the spreadsheet: line 2." in told.stderr
    assert told.stdout.startswith("2 lines: 2 change.")
    left = command(content, "--leave-out-hidden")
    assert left.stdout.startswith("1 line: 1 change.")
    assert score_of_ann(school) == Decimal(55)

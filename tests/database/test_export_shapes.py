"""`python -m data export --shape … --since …`: a class's scores for another system."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from data.access.session import acting_as
from data.reading.classes.elsewhere import changed_since, known_elsewhere
from data.reading.people import clock
from data.roster.changes import added
from data.roster.save import save as save_roster
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import platform

CORA, TESS = ("--actor", "cora@example.org"), ("--actor", "tess@example.org")
MARKS = (
    "E-mail,Module,Score\nann@example.org,Fractions test,61.5\nben@example.org,Fractions test,48\n"
)
IDS = (
    ("student", "u-ann", people.ANN),
    ("student", "u-ben", people.BEN),
    ("class", "c-1", people.CLASS_1A),
    ("module", "li-1", people.ASSESSMENT),
)


@pytest.fixture
def export(school: Scratch) -> Callable[..., Result]:
    """`export("canvas", …)`: of the class 1A, by its coordinator."""

    def exported(shape: str, *options: str, who: tuple[str, str] = CORA) -> Result:
        return run("export", *who, "--class", "1A", "--shape", shape, *options, **at(school))

    return exported


@pytest.fixture
def marked(school: Scratch, tmp_path: Path) -> Callable[[str], None]:
    """A file of scores has come in."""

    def came_in(text: str = MARKS) -> None:
        file = tmp_path / "marks.csv"
        file.write_text(text, encoding="utf-8")
        result = run("import", str(file), *CORA, "--reason", "Exam", **at(school))
        assert result.exit_code == 0, result.output

    return came_in


def rows(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("shape", ["canvas", "moodle"])
def test_what_goes_out_comes_back_and_changes_nothing(
    school: Scratch, tmp_path: Path, export: Callable[..., Result], marked: Callable[[], None],
    shape: str, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    marked()
    # A score of the details is one that pages show: back again, it is none to set.
    platform(
        school,
        people.BEN,
        people.ASSESSMENT,
        """score = null, progress_details = '{"score": 47.5}'""",
    )
    output = tmp_path / "grades.csv"
    result = export(shape, "--output", str(output))
    noted = f"class exported actor={people.COORDINATOR} students=2 modules=1"
    assert noted in [one.getMessage() for one in caplog.records]
    assert (result.exit_code, result.stdout) == (0, f"2 scores are written to {output}.\n")
    assert "points of 100" in result.stderr
    assert "47.5" in output.read_text(encoding="utf-8-sig")
    back = run("import", str(output), *CORA, "--reason", "None", **at(school))
    assert (back.exit_code, back.stdout) == (0, "2 lines: 2 no change.\n")


def test_since_the_file_came_in_only_what_changed_after_it_goes_out(
    school: Scratch, export: Callable[..., Result], marked: Callable[..., None]
) -> None:
    assert refused(export("canvas", "--since", "file"), "No file with progress of this class")
    marked()
    assert refused(export("canvas", "--since", "file"), "There is no score to write.")
    platform(school, people.BEN, people.ASSESSMENT, "score = 99")
    assert [(row[0], row[5]) for row in rows(export("canvas", "--since", "file"))[2:]] == [
        ("Ben O'Neill", "99")
    ]
    marked(MARKS.replace("48", "50"))
    assert refused(export("canvas", "--since", "file"), "There is no score to write.")


def test_since_a_day_counts_from_its_beginning(
    school: Scratch, export: Callable[..., Result]
) -> None:
    with acting_as(people.actor(school.database, people.COORDINATOR)) as connection:
        today = clock(connection).date()
    assert len(rows(export("canvas", "--since", str(today)))) == 3
    assert refused(export("canvas", "--since", "2999-01-01"), "There is no score to write.")
    assert refused(export("canvas", "--since", "soon"), "“soon” is no day")
    own = run("export", *CORA, "--since", "2999-01-01", **at(school))
    assert len(rows(own)) == 1


def test_wrong_usage_exits_2(school: Scratch) -> None:
    for options in (["--shape", "canvas"], ["--since", "file"], ["--shape", "blackboard"]):
        assert run("export", *CORA, *options, **at(school)).exit_code == 2


def test_oneroster_has_the_ids_that_a_roster_brought_and_only_managers_see_them(
    school: Scratch, tmp_path: Path, export: Callable[..., Result], marked: Callable[[], None]
) -> None:
    marked()
    cora = people.actor(school.database, people.COORDINATOR)
    key = {"organisation_id": people.NORTH, "source": "SIS"}
    changes = [
        added("source_id", {**key, "kind": kind, "source_id": theirs}, our_id=ours)
        for kind, theirs, ours in IDS
    ]
    assert save_roster(cora, changes, source="file").saved == len(IDS)
    output = tmp_path / "results.zip"
    assert refused(export("oneroster", "--output", str(output), who=TESS), "you may not see them")
    assert refused(export("oneroster"), "needs a name: --output NAME.zip")
    assert export("oneroster", "--output", str(output)).exit_code == 0
    with zipfile.ZipFile(output) as parts:
        results = parts.read("results.csv").decode()
    lines = list(csv.reader(io.StringIO(results, newline="")))
    assert [(row[3], row[4], row[6]) for row in lines[1:]] == [
        ("li-1", "u-ann", "61.5"), ("li-1", "u-ben", "48"),
    ]  # fmt: skip
    alone = tmp_path / "results.csv"
    alone.write_text(results)
    back = run("import", str(alone), *CORA, "--reason", "None", **at(school))
    assert (back.exit_code, back.stdout) == (0, "2 lines: 2 no change.\n"), back.output


def test_who_teaches_another_class_learns_nothing_of_this_one(
    school: Scratch, export: Callable[..., Result]
) -> None:
    assert refused(export("canvas", who=("--actor", "otto@example.org")), "no class “1A”")
    with acting_as(people.actor(school.database, people.OTHER_TEACHER)) as connection:
        known = known_elsewhere(connection, people.CLASS_1A)
        assert (known.people, known.ids) == ({}, {})
        beginning = clock(connection).replace(year=2000)
        assert changed_since(connection, beginning, people.CLASS_1A) == frozenset()

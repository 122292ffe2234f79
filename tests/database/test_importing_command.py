"""`python -m data import` and `export`: what they say, and when they save."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from data.command_line import files
from data.rules.progress import Status
from data.writing.save import Outcome, save
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import SC as SCORE
from tests.database.rows_as_owner import C as COMPLETED
from tests.database.rows_as_owner import S, ask, platform, stored

CHANGES = """Student,Module,Status,Percentage
Ann Ågren,Fractions,Completed,
"O'Neill, Ben",A garden,In progress,30
Cleo Zhang,Fractions,,10
"""


@pytest.fixture
def command(school: Scratch, tmp_path: Path) -> Callable[..., Result]:
    """`command(text, actor, *options)`: import this text as a file."""

    def imported(text: str, actor: str = "cora@example.org", *options: str) -> Result:
        file = tmp_path / "marks.csv"
        file.write_text(text, encoding="utf-8")
        return run(
            "import", str(file), "--actor", actor, "--reason", "A test", *options, **at(school)
        )

    return imported


def course_of_ann(school: Scratch) -> Any:
    return stored(school, people.ANN, people.COURSE)[S]


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    school: Scratch, command: Callable[..., Result]
) -> None:
    result = command(CHANGES, "CORA@example.org", "--dry-run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "3 lines: 2 change, 1 no change.",
        "Line 2: Ann Ågren, Fractions: Status In progress → Completed; Percentage 40 → 100; "
        f"Completed on empty → {datetime.now(UTC).date()}. The percentage becomes 100. "
        "The completed date becomes today.",
        "Line 3: Ben O'Neill, A garden: Status Not started → In progress; Percentage empty → 30.",
    ]
    assert course_of_ann(school) is Status.IN_PROGRESS
    assert command(CHANGES).exit_code == 0
    assert course_of_ann(school) is Status.COMPLETED


def test_a_dry_run_names_the_score_that_pages_show(
    school: Scratch, command: Callable[..., Result]
) -> None:
    ask(
        school,
        """update public.student_module_progress set score = null, progress_details = '{"score": 55}' """
        "where student_id = %s and module_id = %s",
        people.ANN,
        people.ASSESSMENT,
    )
    result = command(
        "E-mail,Module,Score\nann@example.org,Fractions test,60\n", "cora@example.org", "--dry-run"
    )
    assert "Score 55 from details → 60." in result.stdout


def test_import_saves_with_its_reason_and_a_second_time_there_is_nothing_to_do(
    school: Scratch, command: Callable[..., Result]
) -> None:
    result = command(CHANGES)
    assert result.stdout == "3 lines: 2 change, 1 no change.\n2 changes are saved.\n"
    batches = ask(school, "select author_id, source, reason from dashboard.batch")
    assert batches == [
        {"author_id": people.COORDINATOR, "source": "command line", "reason": "A test"}
    ]
    again = command(CHANGES)
    assert (again.exit_code, again.stdout) == (0, "3 lines: 3 no change.\n")


def test_a_teacher_sees_what_would_change_and_may_not_save_it(
    school: Scratch, command: Callable[..., Result]
) -> None:
    text = "\n".join(CHANGES.splitlines()[:3])
    result = command(text, "tess@example.org")
    assert result.exit_code == 1
    assert "You may not change this student's progress." in result.stderr
    assert course_of_ann(school) is Status.IN_PROGRESS
    assert command(text).exit_code == 0
    assert course_of_ann(school) is Status.COMPLETED


def test_what_somebody_changed_meanwhile_is_told_and_kept(
    school: Scratch, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*arguments: Any, **named: Any) -> Outcome:
        platform(school, people.ANN, people.COURSE, "status = 'NotStarted'")
        return save(*arguments, **named)

    monkeypatch.setattr(files, "save", late)
    result = command(CHANGES)
    assert result.exit_code == 1
    assert result.stdout.endswith("1 change is saved.\n")
    assert "Line 2: meanwhile changed by" in result.stderr
    assert course_of_ann(school) is Status.NOT_STARTED
    assert stored(school, people.BEN, people.PROJECT)[S] is Status.IN_PROGRESS


def test_one_problem_holds_everything_back_unless_it_is_skipped(
    school: Scratch, command: Callable[..., Result]
) -> None:
    text = CHANGES + "Dan Süd,Fractions,,30\nAnn Ågren,Fractions test,,1.5\n"
    result = command(text)
    assert result.exit_code == 1
    assert result.stdout == "5 lines: 2 change, 1 no change, 1 problem, 1 unknown student.\n"
    assert result.stderr.splitlines() == [
        "Line 5: Student: No student “Dan Süd” is known here.",
        "Line 6: Percentage: “1.5”: The percentage must be a whole number from 0 to 100. Say whether to "
        "round 1.5 to 2, or write it so.",
        "Percentages are whole numbers. What becomes of 1.5? --round (or --no-round)",
        "Error: Nothing was saved. Correct these lines, or leave them out: --skip-problems.",
    ]
    assert course_of_ann(school) is Status.IN_PROGRESS
    assert command(text, "cora@example.org", "--skip-problems").exit_code == 0
    assert course_of_ann(school) is Status.COMPLETED


def test_fifty_problems_are_told_and_how_many_more_there_are(
    command: Callable[..., Result],
) -> None:
    known = "Student,Module,Score\nAnn Ågren,Fractions,\n"
    text = known + "".join(f"N{number},x,1\n" for number in range(60))
    told = command(text).stderr.splitlines()
    assert len(told) == 52
    assert told[-2] == "… and 10 more."


def test_options_narrow_and_settle_what_the_file_leaves_open(
    school: Scratch, command: Callable[..., Result]
) -> None:
    text = "Student,Module,Completed on\nBen O'Neill,Fractions,3/4/2026\n"
    assert "Is the day or the month first?" in command(text).stderr
    elsewhere = command(text, "cora@example.org", "--class", "1b")
    assert "No student “Ben O'Neill”" in elsewhere.stderr
    assert refused(command(text, "cora@example.org", "--class", "9Z"), "There are: 1A, 1B.")
    assert command(text, "cora@example.org", "--class", "1a", "--month-first").exit_code == 0
    ben = stored(school, people.BEN, people.COURSE)
    assert ben[COMPLETED] == datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "question", "options"),
    [
        ("Score\nann@example.org,Fractions,0.85", "--score-out-of", ["--score-out-of", "1"]),
        ("%\nann@example.org,Fractions,0.85", "--percentage-out-of", ["--percentage-out-of", "1"]),
        ('Score\nann@example.org,Fractions,"1,000"', "--decimal-comma",
         ["--decimal-comma", "--score-out-of=100"]),
        ("%\nann@example.org,Fractions,66.67 %", "--round", ["--round"]),
        ("Status\nann@example.org,Fractions,Passed", "--word", ["--word", "passed=Completed"]),
        ("Status,Completed on\nann@example.org,Fractions,Completed,43000", "--serials", ["--serials", "1900"]),
        ("Status,Completed on\nann@example.org,Fractions,Completed,02-03-26", "--year-first",
         ["--month-first"]),
    ],
)  # fmt: skip
def test_every_question_of_the_page_has_an_option(
    command: Callable[..., Result], text: str, question: str, options: list[str]
) -> None:
    asked = command(f"E-mail,Module,{text}\n", "cora@example.org", "--dry-run")
    assert asked.exit_code == 1
    assert question in asked.stderr.splitlines()[1]
    answered = command(f"E-mail,Module,{text}\n", "cora@example.org", "--dry-run", *options)
    assert (answered.exit_code, question in answered.stderr) == (0, False)
    assert answered.stdout.startswith("1 line: 1 change.")


def test_marks_for_no_value_and_encodings_have_an_option_too(
    school: Scratch, command: Callable[..., Result], tmp_path: Path
) -> None:
    text = "E-mail,Module,Score\nann@example.org,Fractions test,N/A\n"
    left = command(text)
    assert left.stdout == "1 line: 1 no change.\n"
    assert left.stderr == "1 cell says “N/A”: what is stored is left as it is.\n"
    assert command(text, "cora@example.org", "--blanks", "clear").exit_code == 0
    assert stored(school, people.ANN, people.ASSESSMENT)[SCORE] is None
    file = tmp_path / "old.csv"
    file.write_bytes("Student,Module,Score\nAnn Ågren,Fractions test,84\n".encode("mac_roman"))
    who = ["--actor", "cora@example.org", "--reason", "A test", "--dry-run"]
    found = run("import", str(file), *who, **at(school))
    assert "The text is read as Mac (Western European)" in found.stderr
    chosen = run("import", str(file), *who, "--encoding", "cp850", **at(school))
    assert "unknown student" in chosen.stdout
    assert run("import", str(file), *who, "--word", "x", **at(school)).exit_code == 2


@pytest.mark.parametrize(
    "who", ["nobody@example.org", "ann@example.org", "dora@example.org", "", "\ud800"]
)
def test_only_who_is_on_the_staff_can_be_the_actor(
    command: Callable[..., Result], who: str
) -> None:
    assert refused(command(CHANGES, who), "Nobody on the staff has the e-mail")
    assert command(CHANGES).exit_code == 0


def test_what_cannot_be_read_or_mapped_is_refused_in_words(
    command: Callable[..., Result],
) -> None:
    assert refused(command("<html>"), "web page")
    assert refused(command("Student,Module,x\nAnn Ågren,y,z\n"), "No column holds a status")
    assert command("", "x", "--sheet").exit_code == 2
    assert refused(command(""), "The file is empty")


def test_wrong_usage_exits_2(school: Scratch, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(CHANGES)
    for arguments in (
        ["import", str(file), "--reason", "x"],
        ["import", str(file), "--actor", "cora@example.org"],
        ["import", str(tmp_path / "none.csv"), "--actor", "cora@example.org", "--reason", "x"],
        ["export"],
        ["export", "--actor", "cora@example.org", "--format", "xlsx"],
        ["export", "--actor", "cora@example.org", "--format", "pdf"],
    ):
        assert run(*arguments, **at(school)).exit_code == 2


def test_without_the_owner_nobody_can_be_looked_up(school: Scratch, tmp_path: Path) -> None:
    result = run("export", "--actor", "cora@example.org", DATABASE_URL=school.app_url)
    assert refused(result, "DATABASE_OWNER_URL is not set")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_writes_what_import_takes_back_unchanged(
    school: Scratch, tmp_path: Path, kind: str
) -> None:
    output = tmp_path / f"class.{kind}"
    who = ["--actor", "cora@example.org"]
    options = ["--format", kind, "--class", "1A", "--output", str(output)]
    result = run("export", *who, *options, **at(school))
    assert (result.exit_code, result.stdout) == (0, f"6 lines are written to {output}.\n")
    back = run("import", str(output), *who, "--reason", "None", **at(school))
    assert (back.exit_code, back.stdout) == (0, "6 lines: 6 no change.\n")
    nowhere = run("export", *who, "--output", str(tmp_path / "no" / "x"), **at(school))
    assert refused(nowhere, "cannot be written")


def test_export_prints_only_what_the_actor_may_see(school: Scratch) -> None:
    def exported(email: str) -> str:
        return run("export", "--actor", email, **at(school)).stdout_bytes.decode("utf-8-sig")

    teachers, admins = exported("tess@example.org"), exported("ada@example.org")
    assert teachers.splitlines()[:3] == [
        "Student,E-mail,Module,Status,Percentage,Score,Completed on (UTC)",
        "Ann Ågren,ann@example.org,Fractions,In progress,40,,",
        "Ann Ågren,ann@example.org,Fractions test,Completed,55,55,2026-03-01",
    ]
    assert "Cleo" not in teachers
    assert "Cleo" in admins
    assert "Dan" in admins

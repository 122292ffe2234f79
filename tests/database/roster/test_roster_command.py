"""`python -m data roster`: what it says of a list, what stops it, and what it saves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from data.access.session import acting_as
from data.roster.save import save
from data.roster.undo import undo_changes
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import ask
from tests.unit.packages import OneRoster

LIST = """Name,E-mail,School number,Class,Date of birth
"Ågren, Ann",ann@example.org,1001,1A,2010-01-01
Ben O'Neill,BEN@example.org,1002,1A,2010-01-02
Eve Moss,eve@example.org,1003,1A,2010-01-03
Finn Odd,,1004,1C; Choir,2010-01-04
"""

Command = Callable[..., Result]


@pytest.fixture
def command(school: Scratch, tmp_path: Path) -> Command:
    """`command(text, *options, actor=…)`: take people from this text as a file."""

    def taken(text: str | bytes, *options: str, actor: str = "cora@example.org") -> Result:
        file = tmp_path / "people.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return run("roster", str(file), "--actor", actor, *options, **at(school))

    return taken


def members(school: Scratch, name: str) -> set[str]:
    rows = ask(
        school,
        "select full_name from school.class_student join school.class on class.id = class_id "
        "join school.student on student.id = student_id where name = %s",
        name,
    )
    return {row["full_name"] for row in rows}


def everything(school: Scratch) -> list[set[tuple[Any, ...]]]:
    tables = ("student", "staff", "class", "class_student", "class_teacher", "source_id")
    return [
        {tuple(map(str, row.values())) for row in ask(school, f"select * from school.{one}")}
        for one in tables
    ]


def test_a_dry_run_says_of_every_line_what_it_does_and_changes_nothing(
    school: Scratch, command: Command
) -> None:
    before = everything(school)
    result = command(LIST, "--dry-run")
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "4 lines were read; the last is line 5.",
            "The text is UTF-8.",
            "Columns are separated by commas.",
            "Never read: “Date of birth”.",
        ],
    )
    assert result.stdout.splitlines() == [
        "4 new, 2 changed.",
        "1C: New class.",
        "Choir: New class.",
        "Line 4: Eve Moss: New student: e-mail eve@example.org, school number 1003. Joins 1A.",
        "Line 5: Finn Odd: New student: school number 1004. Joins 1C. Joins Choir.",
        "Line 2: Ann Ågren: School number: none → 1001.",
        "Line 3: Ben O'Neill: School number: none → 1002.",
    ]
    assert everything(school) == before


def test_what_was_said_is_saved_in_one_batch_that_can_be_undone_and_the_same_file_changes_nothing_again(
    school: Scratch, command: Command
) -> None:
    before = everything(school)
    result = command(LIST, "--reason", "From the office")
    assert (result.exit_code, result.stdout) == (
        0,
        "4 new, 2 changed.\n9 changes are saved.\n",
    )
    assert members(school, "1A") == {"Ann Ågren", "Ben O'Neill", "Eve Moss"}
    assert members(school, "Choir") == members(school, "1C") == {"Finn Odd"}
    (batch,) = ask(school, "select id, source, reason from dashboard.roster_batch")
    assert (batch["source"], batch["reason"]) == ("file", "From the office")
    again = command(LIST)
    assert (again.exit_code, again.stdout) == (0, "4 same.\n")
    cora = people.actor(school.database, people.COORDINATOR)
    with acting_as(cora) as connection:
        changes = undo_changes(connection, batch["id"])
    assert save(cora, changes, source="undo", undoes=batch["id"]).saved == 9
    assert everything(school) == before


def test_nobody_leaves_by_a_list_until_it_is_said_to_be_whole_and_many_are_asked_about_by_name(
    school: Scratch, command: Command
) -> None:
    text = "Name,Class\nCleo Zhang,1B\n"
    assert command(text).exit_code == 0
    before = everything(school)
    stopped = command(text, "--complete")
    assert stopped.exit_code == 1
    assert "Ann Ågren: Leaves the school: not in the file." in stopped.stdout
    assert stopped.stderr.endswith(
        "Error: Nothing was saved. 2 of 3 students would leave the school. Ann Ågren, Ben O'Neill. "
        "2 of 2 students would leave 1A. Ann Ågren, Ben O'Neill. "
        "If that is right, say so with --allow-leavers.\n"
    )
    assert everything(school) == before
    assert command(text, "--complete", "--allow-leavers").exit_code == 0
    left = ask(school, "select full_name, left_on from school.student where not is_active")
    assert {row["full_name"] for row in left} == {"Ann Ågren", "Ben O'Neill"}
    assert all(row["left_on"] for row in left)
    assert members(school, "1A") == set()
    # Nothing of the progress is gone, and with the next list they are here again.
    assert ask(
        school,
        "select 1 as one from public.student_module_progress where student_id = %s",
        people.ANN,
    )
    assert command("Name,Class\nAnn Ågren,1A\n").exit_code == 1
    assert command("Name,E-mail,Class\nAnn Ågren,ann@example.org,1A\n").exit_code == 0
    assert members(school, "1A") == {"Ann Ågren"}
    (again,) = ask(school, "select is_active from school.student where id = %s", people.ANN)
    assert again["is_active"]


def test_lines_with_problems_stop_the_others_unless_they_are_left_out(
    school: Scratch, command: Command
) -> None:
    text = LIST + "Odd One,nowhere,,1A,\n"
    result = command(text)
    assert result.exit_code == 1
    assert "Line 6: Odd One: This is not an e-mail address." in result.stderr
    assert "--skip-problems" in result.stderr
    assert not ask(school, "select id from dashboard.roster_batch")
    assert command(text, "--skip-problems").exit_code == 0
    assert "Eve Moss" in members(school, "1A")


def test_what_staff_corrected_stays_and_the_line_says_so(school: Scratch, command: Command) -> None:
    ask(
        school,
        "insert into school.roster_lock (organisation_id, kind, locked_id, field) "
        "values (%s, 'student', %s, 'email') returning 1",
        people.NORTH,
        people.ANN,
    )
    result = command("Name,E-mail,Class\nAnn Ågren,a@example.org,1A\n", "--dry-run")
    assert "E-mail stays ann@example.org: staff corrected it." in result.stdout


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (LIST, ["--organisation", "South School"], "no organisation “South School” among yours"),
        ("Wer,Klasse\nAnn,1A\n", [], "No heading of line 1 names people: “Wer”, “Klasse”"),
        ("", [], "The file is empty"),
        (b"\xff\xfe\x00", [], "is not"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    command: Command, text: str | bytes, options: list[str], words: str
) -> None:
    assert refused(command(text, *options), words)


@pytest.mark.parametrize("actor", ["tess@example.org", "dora@example.org", "nobody@example.org"])
def test_only_who_manages_people_may(command: Command, actor: str) -> None:
    assert refused(command(LIST, actor=actor))


def test_an_administrator_says_whose_people_they_are(school: Scratch, command: Command) -> None:
    assert refused(command(LIST, actor="ada@example.org"), "“North School”, “South School”")
    assert command(LIST, "--organisation", "north school", actor="ada@example.org").exit_code == 0
    assert "Eve Moss" in members(school, "1A")


def test_a_column_may_be_explained_but_none_that_is_never_read(command: Command) -> None:
    text = "Wer,Gruppe 1,geb.\nEve Moss,1A,2010-01-01\n"
    result = command(text, "--column", "Wer=Name", "--column", "Gruppe 1=Class", "--dry-run")
    assert "Line 2: Eve Moss: New student. Joins 1A." in result.stdout
    for wrong in ("geb.=School number", "Wer=Shoe size", "Wer"):
        assert command(text, "--column", wrong).exit_code == 2


def test_a_package_of_another_system_is_saved_with_its_ids_and_the_next_one_is_compared_by_them(
    school: Scratch, command: Command, tmp_path: Path
) -> None:
    package = (
        OneRoster()
        .user("s-1", "Ann Ågren", email="ann@example.org", org="o-1")
        .user("s-9", "Zoe Ray", number="9")
        .user("t-9", "Nia New", role="teacher", email="nia@example.org")
        .class_("k-1", "Algebra")
        .enrol("k-1", "s-1", "s-9", "t-9")
    )
    assert command(package.zipped(), "--dry-run").exit_code == 0
    assert command(package.zipped()).exit_code == 0
    assert members(school, "Algebra") == {"Ann Ågren", "Zoe Ray"}
    (nia,) = ask(school, "select role from school.staff where email = 'nia@example.org'")
    assert nia["role"] == "teacher"
    assert command(package.zipped()).stdout == "7 same.\n"
    # The name and the address are others by now: the id tells who it is. Zoe is no more.
    later = (
        OneRoster()
        .user("s-1", "Ann Berg", email="ann.berg@example.org")
        .user("t-9", "Nia New", role="teacher", email="nia@example.org")
        .class_("k-1", "Algebra")
        .enrol("k-1", "s-1", "t-9")
    )
    result = command(later.zipped())
    assert (result.exit_code, result.stderr.count("Nothing was saved")) == (0, 0)
    (ann,) = ask(school, "select full_name from school.student where id = %s", people.ANN)
    (zoe,) = ask(school, "select is_active from school.student where full_name = 'Zoe Ray'")
    assert (ann["full_name"], zoe["is_active"]) == ("Ann Berg", False)
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in later.tables().items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    again = run("roster", str(folder), "--actor", "cora@example.org", **at(school))
    assert again.stdout == "5 same.\n"

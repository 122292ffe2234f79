"""Reports from the database: of whom one may see and nobody else, a class as one PDF or a ZIP."""

import io
import logging
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

from data.access.session import Actor, acting_as
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import (
    Cancelled,
    Kind,
    Making,
    OfClass,
    Report,
    class_report,
    student_report,
)
from data.files.reporting.typesetting import NotMade
from data.reading.notes import notes
from data.writing.notes import Content, write
from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run

OPTIONS = ReportOptions(datetime.now(UTC), UTC, "Tess Teacher")
Act = Callable[..., Actor]


def words(report: Report | bytes) -> str:
    content = report if isinstance(report, bytes) else report.content
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def of_student(actor: Actor, student: UUID, options: ReportOptions = OPTIONS) -> Report:
    with acting_as(actor) as connection:
        return student_report(connection, student, options)


def of_class(
    actor: Actor, students: list[UUID], kind: Kind = "pdf", making: Making | None = None
) -> Report:
    asked = OfClass(people.CLASS_1A, "1A", students)
    with acting_as(actor) as connection:
        return class_report(connection, asked, OPTIONS, kind, making)


def test_a_teacher_makes_reports_of_own_students_only(
    act: Act, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "progress.audit")
    report = of_student(act(people.TEACHER), people.ANN)
    assert report.filename.startswith("Ann Ågren 20")
    told = words(report)
    for shown in (
        "North School",
        "Ann Ågren",
        "1A",
        "1 of 3 modules is completed (33 %)",
        "55 70 1 Mar 2026",
    ):
        assert shown in told
    for person in (
        people.OTHER_TEACHER,
        people.SOUTH_COORDINATOR,
        people.DISABLED,
        people.STRANGER,
    ):
        with pytest.raises(NotMade, match="not found among yours"):
            of_student(act(person), people.ANN)
    noted = [record.getMessage() for record in caplog.records if record.name == "progress.audit"]
    assert noted == [f"report made actor={people.TEACHER} student={people.ANN}"]


def test_a_class_is_one_pdf_with_a_bookmark_a_student(school: Scratch, act: Act) -> None:
    pupils = [UUID(int=5000 + number) for number in range(30)]
    with school.owner() as connection, connection.cursor() as cursor:
        cursor.executemany("insert into auth.users values (%s)", [(one,) for one in pupils])
        cursor.executemany(
            "insert into school.student (id, organisation_id, full_name) values (%s, %s, %s)",
            [(one, people.NORTH, f"Pupil #{number:02} $x$") for number, one in enumerate(pupils)],
        )
        cursor.executemany(
            "insert into school.class_student values (%s, %s)",
            [(people.CLASS_1A, one) for one in pupils],
        )
    heard: list[tuple[int, int]] = []
    making = Making(on_progress=lambda done, total: heard.append((done, total)))
    report = of_class(act(people.TEACHER), pupils, making=making)
    pdf = PdfReader(io.BytesIO(report.content))
    bookmarks = [str(one["/Title"]) for one in pdf.outline if not isinstance(one, list)]
    assert bookmarks == [f"Pupil #{number:02} $x$" for number in range(30)]
    assert len(pdf.pages) == 31
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Reports of 1A"
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == ((0, 30), (30, 30))
    assert len(heard) >= 3


def test_the_students_are_exactly_those_asked_for_and_who_is_gone_is_said(act: Act) -> None:
    report = of_class(act(people.TEACHER), [people.BEN, people.CLEO])
    told = words(report)
    assert "Ben O'Neill" in told
    assert "Ann" not in told
    assert "Cleo" not in told  # of another class: not this teacher's to see
    assert report.problems == ("1 of the students could not be found any more and is left out.",)
    with pytest.raises(NotMade):
        of_class(act(people.OTHER_TEACHER), [people.BEN])
    with pytest.raises(NotMade):
        of_class(act(people.OTHER_TEACHER), [people.BEN], kind="zip")


def test_a_zip_has_a_file_a_student_and_no_two_of_one_name(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        connection.execute(
            "update school.student set full_name = '../ANN' where id = %s", (people.ANN,)
        )
        connection.execute(
            "update school.student set full_name = 'Ann' where id = %s", (people.BEN,)
        )
    report = of_class(act(people.COORDINATOR), [people.ANN, people.BEN], kind="zip")
    assert report.filename.startswith("1A reports 20")
    with zipfile.ZipFile(io.BytesIO(report.content)) as parts:
        assert parts.namelist() == ["ANN.pdf", "Ann (2).pdf"]
        assert "../ANN" in words(parts.read("ANN.pdf"))


def test_a_cancelled_zip_ends_between_two_students(act: Act) -> None:
    making = Making()
    making.on_progress = lambda done, total: making.cancel() if done == 1 else None
    with pytest.raises(Cancelled):
        of_class(act(people.TEACHER), [people.ANN, people.BEN], kind="zip", making=making)
    assert making.done == 1


def test_what_cannot_be_read_is_said_and_breaks_nothing(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        connection.execute(
            "update public.student_module_progress set completed_at = 'infinity', score = 'NaN', "
            "last_updated = '-infinity' where student_id = %s",
            (people.BEN,),
        )
    told = words(of_student(act(people.COORDINATOR), people.BEN))
    assert "Completed 100 % ? unreadable" in told


def test_chosen_notes_are_printed_and_no_others(act: Act) -> None:
    teacher = act(people.TEACHER)
    for number, text in enumerate(("Reads #much$", "Not this one")):
        assert write(teacher, people.ANN, Content(text), key=UUID(int=number + 1)) is None
    with acting_as(teacher) as connection:
        chosen = [one.id for one in notes(connection, people.ANN) if "much" in one.current.text]
    options = ReportOptions(OPTIONS.made_at, UTC, "Tess Teacher", notes=frozenset(chosen))
    told = words(of_student(teacher, people.ANN, options))
    assert "note, by Tess Teacher Reads #much$" in told
    assert "Not this one" not in told


def test_the_command_writes_a_report(school: Scratch, tmp_path: Path) -> None:
    file, many = tmp_path / "ann.pdf", tmp_path / "1a.zip"
    tess = ("report", "--actor", "tess@example.org", "--output")
    done = run(*tess, str(file), "--student", "ann@example.org", **at(school))
    assert done.exit_code == 0, done.output
    assert "Ann Ågren" in words(file.read_bytes())
    done = run(*tess, str(many), "--class", "1a", **at(school))
    assert done.exit_code == 0, done.output
    assert len(zipfile.ZipFile(many).namelist()) == 2
    assert [one.stat().st_mode & 0o077 for one in (file, many)] == [0, 0]
    done = run(*tess, str(file), "--student", "cleo@example.org", **at(school))
    assert refused(done, "cleo@example.org")

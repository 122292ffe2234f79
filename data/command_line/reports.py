"""`python -m data report` and `student-record`: files about students."""

from datetime import UTC
from pathlib import Path

import click
from sqlalchemy import Connection

from data.access.session import acting_as
from data.command_line.reaching import Refused, class_named, person, student_named
from data.command_line.writing import hand_over
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import Kind, Making, OfClass, Report, class_report, student_report
from data.files.student_record.gather import counted, student_record
from data.files.student_record.write import record_as_json, record_as_xlsx
from data.reading.classes import overview
from data.reading.people import clock
from data.reading.students.students import students_of_class
from data.rules.progress import Problem
from data.settings import Settings


@click.command(name="report")
@click.option("--actor", "email", required=True, metavar="EMAIL", help="Who makes it.")
@click.option("--student", "named", metavar="ID|EMAIL", help="Of one student: id or e-mail.")
@click.option("--class", "class_name", metavar="NAME", help="Of everybody in this class.")
@click.option("--attention", is_flag=True, help="Also what needs attention.")
@click.option("--signature", is_flag=True, help="Also lines for signatures.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file: a PDF; of a class a ZIP of PDFs where its name ends in .zip.",
)
@click.pass_obj
def make_report(
    settings: Settings,
    email: str,
    named: str | None,
    class_name: str | None,
    attention: bool,
    signature: bool,
    output: Path,
) -> None:
    """Write the report of a student, or of a class, as PDF to hand out."""
    if (named is None) == (class_name is None):
        raise click.UsageError("Say of whom: --student or --class.")
    actor = person(settings, email)
    with acting_as(actor) as connection:
        options = ReportOptions(
            clock(connection),
            UTC,
            actor.full_name,
            attention=attention,
            signature=signature,
        )
        if named is not None:
            report = student_report(connection, student_named(connection, named), options)
        else:
            report = _of_class(connection, class_name, options, output)
    for problem in report.problems:
        click.echo(problem, err=True)
    hand_over(report.content, output, f"{len(report.content) // 1024 + 1:,} kB are")


def _of_class(
    connection: Connection, name: str | None, options: ReportOptions, output: Path
) -> Report:
    class_id = class_named(connection, name)
    if class_id is None:
        raise Refused("Name a class.")
    students = [one.id for one in students_of_class(connection, class_id)]
    kind: Kind = "zip" if output.suffix.lower() == ".zip" else "pdf"
    known = overview.options(connection, class_id).classes[class_id]
    with click.progressbar(length=len(students), label="Reports") as bar:

        def step(done: int, _total: int) -> None:
            bar.update(done - bar.pos)

        asked = OfClass(class_id, known, students)
        return class_report(connection, asked, options, kind, Making(on_progress=step))


@click.command(name="student-record")
@click.option("--actor", "email", required=True, metavar="EMAIL", help="Who asks for it.")
@click.option(
    "--student", "named", required=True, metavar="ID|EMAIL", help="Whom it is about: id or e-mail."
)
@click.option("--format", "kind", type=click.Choice(["json", "xlsx"]), default="json")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it JSON goes to standard output.",
)
@click.pass_obj
def write_student_record(
    settings: Settings, email: str, named: str, kind: str, output: Path | None
) -> None:
    """Write all stored data of a student; for their coordinators and administrators."""
    if kind == "xlsx" and output is None:
        raise click.UsageError("A workbook needs a file: --output NAME.xlsx")
    actor = person(settings, email)
    with acting_as(actor) as connection:
        student = student_named(connection, named)
    found = student_record(actor, student)
    if isinstance(found, Problem):
        raise Refused(found.message)
    written = (record_as_json if kind == "json" else record_as_xlsx)(found)
    rows = sum(count for _, count in counted(found))
    hand_over(written, output, f"All stored data of this student, {rows} rows, is")

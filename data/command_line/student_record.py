"""`python -m data student-record`."""

from __future__ import annotations

from pathlib import Path

import click

from data.access.session import acting_as
from data.command_line.reaching import Refused, person, student_named
from data.command_line.writing import hand_over
from data.files.student_record.gather import counted, student_record
from data.files.student_record.write import record_as_json, record_as_xlsx
from data.rules.progress import Problem
from data.settings import Settings


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

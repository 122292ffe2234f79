"""`python -m data import`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.command_line.answers import answers, with_answers
from data.command_line.reaching import Refused, class_named, person
from data.command_line.table_options import columns_of, refuse_open, with_table_options
from data.files.importing.cells.answers import Answers
from data.files.importing.cells.written_back import shown
from data.files.importing.columns.mapping import Columns
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import Judgement
from data.files.importing.reading.encodings import ENCODINGS
from data.files.importing.reading.file import read_file
from data.files.importing.refused import why_not
from data.files.importing.roster import Roster
from data.files.importing.sheet import LARGEST_FILE, Sheet, UnreadableFile
from data.files.importing.stored import current_values, roster
from data.i18n.formats import count, from_details, quoted
from data.reading.people import clock
from data.reading.row_values import scores_in_details
from data.reading.students.namesakes import Named, apart, labelled
from data.rules.progress import Edit, Field, Key, Settled, Value
from data.settings import Settings
from data.writing.save import Outcome, save

MOST_PROBLEMS: Final = 50


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--actor", "email", required=True, metavar="EMAIL", help="Who changes it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why: the history shows it.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--class", "class_name", metavar="NAME", help="Only students of this class.")
@click.option("--sheet", metavar="NAME", help="The worksheet; the first one otherwise.")
@click.option("--encoding", type=click.Choice([*ENCODINGS]), help="Of a CSV file; found otherwise.")
@with_table_options
@with_answers
@click.option(
    "--skip-problems", is_flag=True, help="Save the other lines although some have problems."
)
@click.pass_obj
def import_progress(
    settings: Settings,
    /,
    file: Path,
    email: str,
    reason: str,
    dry_run: bool,
    class_name: str | None,
    sheet: str | None,
    encoding: str | None,
    skip_problems: bool,
    **options: Any,
) -> None:
    """Change progress as a CSV, XLSX, XLS or ODS file says; exit code 1 where it is not all saved."""
    given, actor = answers(options), person(settings, email)
    with acting_as(actor) as connection:
        known = roster(connection, class_named(connection, class_name))
        table = _read(file, sheet, encoding, known)
        columns = columns_of(table, known, options)
        for notice in (*table.notices, *columns.notices, *_guessed(table)):
            click.echo(notice, err=True)
        refuse_open(columns)
        judgement = _judge(connection, table, columns, known, given)
        in_details = scores_in_details(connection, _scored(judgement)) if dry_run else {}
    for note in judgement.notes:
        click.echo(note, err=True)
    click.echo(_counts(judgement))
    _tell_problems(judgement)
    _tell_questions(judgement, given)
    if dry_run:
        _tell_changes(judgement, in_details, known)
    if judgement.rejected and not skip_problems:
        raise Refused("Nothing was saved. Correct these lines, or leave them out: --skip-problems.")
    if not dry_run and judgement.edits:
        _save(actor, judgement, reason)


def _read(file: Path, sheet: str | None, encoding: str | None, known: Roster) -> Sheet:
    try:
        with file.open("rb") as opened:
            # A byte more than is allowed, so that a file of gigabytes is refused and not read.
            content = opened.read(LARGEST_FILE + 1)
        return read_file(file.name, content, sheet=sheet, encoding=encoding, known=known.texts)
    except UnreadableFile as error:
        raise Refused(str(error)) from error


def _judge(
    connection: Connection, table: Sheet, columns: Columns, known: Roster, given: Answers
) -> Judgement:
    current = current_values(connection, concerned(table, columns, known))
    now = clock(connection)
    return judge(table, columns, known, current, now, UTC, answers=given)


def _guessed(table: Sheet) -> Iterator[str]:
    """What was chosen of the file, and how to choose otherwise."""
    if table.encoding is not None:
        yield f"The text is read as {ENCODINGS[table.encoding]}; --encoding takes another."
    if table.further:
        others = ", ".join(quoted(table.further))
        yield f"Worksheets that were not read: {others}; --sheet takes another."


def _counts(judgement: Judgement) -> str:
    some = ", ".join(f"{many} {verdict}" for verdict, many in judgement.counts.items() if many)
    return f"{count(len(judgement.lines), 'line', 'lines')}: {some}."


def _tell_problems(judgement: Judgement) -> None:
    _tell([f"Line {line.line}: {why_not(line)}" for line in judgement.rejected])


def _tell(problems: Sequence[str]) -> None:
    for one in problems[:MOST_PROBLEMS]:
        click.echo(one, err=True)
    if len(problems) > MOST_PROBLEMS:
        click.echo(f"… and {len(problems) - MOST_PROBLEMS} more.", err=True)


def _tell_questions(judgement: Judgement, given: Answers) -> None:
    for question in judgement.questions:
        if not question.is_answered(given):
            click.echo(f"{question.sentence} {question.option}", err=True)


def _scored(judgement: Judgement) -> list[Key]:
    """The rows whose score changes."""
    edits = (line.edit for line in judgement.lines if line.edit is not None)
    return [(one.student_id, one.module_id) for one in edits if Field.SCORE in one.changes]


def _tell_changes(judgement: Judgement, in_details: Mapping[Key, Decimal], known: Roster) -> None:
    beside = apart(Named(one.id, one.name, one.email) for one in known.students)
    for line in judgement.lines:
        if line.edit and line.settled and line.student and line.module:
            score = in_details.get((line.edit.student_id, line.edit.module_id))
            words = " ".join([_change(line.edit, line.settled, score), *line.notes])
            who = labelled(line.student.name, beside.get(line.student.id))
            click.echo(f"Line {line.line}: {who}, {line.module.name}: {words}")


def _change(edit: Edit, settled: Settled, in_details: Decimal | None) -> str:
    """'Status Not started → Completed; Percentage empty → 100. The percentage becomes 100.'"""

    def worded(name: Field, value: Value) -> str:
        if name is Field.SCORE and value is None and in_details is not None:
            return from_details(in_details)
        return shown(value, UTC) or "empty"

    parts = [
        f"{name.label} {worded(name, edit.seen[name])} → {worded(name, value)}"
        for name, value in settled.values.items()
    ]
    return " ".join(["; ".join(parts) + ".", *settled.consequences])


def _save(actor: Actor, judgement: Judgement, reason: str) -> None:
    outcome = save(actor, judgement.edits, reason, source="command line")
    click.echo(f"{count(len(outcome.saved), 'change is', 'changes are')} saved.")
    _tell_unsaved(judgement, outcome)
    if outcome.problems or outcome.conflicts or outcome.refusals:
        raise Refused("Not everything was saved.")


def _tell_unsaved(judgement: Judgement, outcome: Outcome) -> None:
    lines: dict[Key, int] = {
        (line.edit.student_id, line.edit.module_id): line.line
        for line in judgement.lines
        if line.edit
    }
    sentences = [problem.message for problem in outcome.problems]
    for refusal in outcome.refusals:
        number = lines[refusal.edit.student_id, refusal.edit.module_id]
        sentences.append(f"Line {number}: " + " ".join(one.message for one in refusal.problems))
    for conflict in outcome.conflicts:
        number = lines[conflict.edit.student_id, conflict.edit.module_id]
        by = conflict.changed_by or "somebody"
        sentences.append(f"Line {number}: meanwhile changed by {by}. Import the file again.")
    _tell(sentences)

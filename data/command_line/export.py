"""`python -m data export`: progress as a table of ours, or scores in the shape of another system."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from sqlalchemy import Connection

from data.access import audit
from data.access.session import Actor, acting_as
from data.command_line.reaching import Refused, class_named, person
from data.command_line.writing import hand_over
from data.files.elsewhere.scores import Made, scores_of
from data.files.elsewhere.shapes import Shape, as_shape
from data.files.exporting.rows import Export
from data.files.importing.sheet import MOST_LINES
from data.files.importing.stored import roster, stored_rows
from data.files.importing.template import FilledRow, template_csv, template_xlsx
from data.reading.classes.elsewhere import changed_since, file_came_in, known_elsewhere
from data.reading.classes.matrix import Matrix
from data.reading.classes.page import class_page
from data.reading.history.options import history_cut
from data.reading.people import clock
from data.rules.progress import Key
from data.settings import Settings
from data.writing.disclosures import disclosed

FILE: Final = "file"


@click.command(name="export")
@click.option("--actor", "email", required=True, metavar="EMAIL", help="Who may see it.")
@click.option("--class", "class_name", metavar="NAME", help="Only this class.")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv")
@click.option(
    "--shape",
    type=click.Choice([one.value for one in Shape]),
    help="The scores of a class as that system imports them.",
)
@click.option(
    "--since",
    metavar="DAY|file",
    help="Only what changed since a day (2026-11-22), or since the class’s last file came in.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it CSV goes to standard output.",
)
@click.pass_obj
def export_progress(
    settings: Settings,
    email: str,
    class_name: str | None,
    kind: str,
    shape: str | None,
    since: str | None,
    output: Path | None,
) -> None:
    """Write progress as a table, a line per student and module; import takes it back."""
    if kind == "xlsx" and output is None:
        raise click.UsageError("A workbook needs a file: --output NAME.xlsx")
    if (shape or since == FILE) and class_name is None:
        raise click.UsageError("Name the class: --class NAME")
    actor = person(settings, email)
    with acting_as(actor) as connection:
        class_id = class_named(connection, class_name)
        changed = _changed(connection, since, class_id)
        if shape is None or class_id is None:
            rows, everybody = _rows(connection, class_id, changed), roster(connection)
            disclosed(connection, "file", {one.student.id for one in rows}, class_id)
        else:
            made = _shaped(connection, actor, Shape(shape), class_id, changed)
            disclosed(connection, "file", [one.id for one in made.scores.students], class_id)
    if shape is not None:
        _write_shaped(actor, made, output)
        return
    written = (template_csv if kind == "csv" else template_xlsx)(rows, UTC, everybody)
    audit.record("progress exported", actor, rows=len(rows))
    hand_over(written, output, f"{len(rows)} lines are")
    if output is not None and len(rows) > MOST_LINES:
        click.echo(f"Import takes {MOST_LINES:,} lines at once: export class by class.", err=True)


def _changed(
    connection: Connection, since: str | None, class_id: UUID | None
) -> frozenset[Key] | None:
    """The cells that changed since then; None where all are wanted. Days begin at midnight in UTC."""
    if since is None:
        return None
    if since == FILE and class_id is not None:
        moment = file_came_in(connection, class_id)
        if moment is None:
            raise Refused("No file with progress of this class has come in yet.")
    else:
        try:
            moment = datetime.combine(date.fromisoformat(since), time(), tzinfo=UTC)
        except ValueError:
            raise Refused(f"“{since}” is no day such as 2026-11-22, and not “{FILE}”.") from None
        cut = history_cut(connection)
        if cut is not None and moment < cut:
            raise Refused(f"What changed before {cut:%Y-%m-%d} is not known. Say a later day.")
    return changed_since(connection, moment, class_id)


def _rows(
    connection: Connection, class_id: UUID | None, changed: frozenset[Key] | None
) -> list[FilledRow]:
    rows = stored_rows(connection, class_id)
    if changed is None:
        return rows
    return [one for one in rows if (one.student.id, one.module.id) in changed]


def _shaped(
    connection: Connection,
    actor: Actor,
    shape: Shape,
    class_id: UUID,
    changed: frozenset[Key] | None,
) -> Made:
    """The same table as the class page's, as another system takes it."""
    page = class_page(connection, {"class": class_id})
    found = page.matrix or Matrix((), ())
    export = Export(
        title=page.options.classes[class_id],
        modules=found.modules,
        students=found.students,
        cell_order=tuple(one.module.id for one in found.modules),
        filters="",
        author=actor.full_name,
        made_at=clock(connection),
        zone=UTC,
    )
    known = known_elsewhere(connection, class_id)
    return as_shape(shape, scores_of(export, known.people, changed), known)


def _write_shaped(actor: Actor, made: Made, output: Path | None) -> None:
    scores = made.scores
    if not scores.count:
        raise Refused(" ".join(["There is no score to write.", *scores.notes]))
    if output is None and made.ending != "csv":
        raise Refused(
            f"This is a {made.ending.upper()} file and needs a name: --output NAME.{made.ending}"
        )
    for note in made.notes:
        click.echo(note, err=True)
    audit.record(
        "class exported", actor, students=len(scores.students), modules=len(scores.modules)
    )
    hand_over(made.content, output, f"{scores.count} scores are")

"""`python -m data roster`: people and classes from a file."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Connection

from data.access.session import Actor, acting_as
from data.command_line.reaching import Refused, person
from data.files.importing.folding import fold
from data.files.importing.reading.encodings import ENCODINGS
from data.files.importing.reading.workbook_package import MOST_UNPACKED
from data.files.importing.sheet import LARGEST_FILE, UnreadableFile
from data.i18n.formats import count, few, quoted
from data.reading.attachment import THE_PLATFORMS, attachment
from data.roster.files.comparing.compare import RosterAnswers, compare
from data.roster.files.comparing.verdicts import Comparison, RosterLine, RosterVerdict, Stop
from data.roster.files.present import Present, present_roster
from data.roster.files.reading.file import ReadAs, read_roster
from data.roster.files.reading.headings import Column, is_private
from data.roster.reading.managed import Organisation, managed_school
from data.roster.save import save
from data.settings import Settings

MOST_LINES: Final = 50
"""Lines that are told of each kind; of a dry run every one."""

MOST_NAMES: Final = 20

NOT_USED: Final = "not used"


@click.command(name="roster")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--actor", "email", required=True, metavar="EMAIL", help="Who changes it.")
@click.option(
    "--organisation", metavar="NAME", help="Whose people they are, where you manage several."
)
@click.option("--reason", metavar="TEXT", help="Why: the history shows it.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--complete",
    "complete",
    flag_value="school",
    help="Who is not in the list has left the school.",
)
@click.option(
    "--complete-classes",
    "complete",
    flag_value="classes",
    help="Who is not in the list leaves its classes.",
)
@click.option(
    "--school", metavar="NAME", help="Which school of a package; “all” for every one of them."
)
@click.option("--allow-leavers", is_flag=True, help="More people may leave than usually do.")
@click.option(
    "--allow-renames", is_flag=True, help="People may get another name and e-mail address."
)
@click.option(
    "--namesakes", type=click.Choice(["one", "several"]), help="What new people of one name are."
)
@click.option("--class", "class_name", metavar="NAME", help="The class of lines that name none.")
@click.option("--year", metavar="YEAR", help="The school year of the classes: 2026/27.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=MEANING",
    help="What a column means: “Kürzel=School number”, “Notes=not used”.",
)
@click.option("--encoding", type=click.Choice([*ENCODINGS]), help="Of a CSV file; found otherwise.")
@click.option(
    "--skip-problems", is_flag=True, help="Save the other lines although some have problems."
)
@click.pass_obj
def change_roster(
    settings: Settings,
    /,
    file: Path,
    email: str,
    organisation: str | None,
    reason: str | None,
    dry_run: bool,
    skip_problems: bool,
    **options: Any,
) -> None:
    """Take people and classes from a list (CSV, XLSX, XLS, ODS), or a package of OneRoster or School Data Sync.

    Exit code 1 where it is not all saved.
    """
    actor = person(settings, email)
    with acting_as(actor) as connection:
        if attachment(connection) is not None:
            raise Refused(THE_PLATFORMS)
        present = present_roster(connection, _organisation(connection, organisation).id)
    comparison = _compare(file, present, options)
    _tell(comparison, dry_run)
    if comparison.stops:
        raise Refused(_stopped(comparison.stops))
    if comparison.unclear and not skip_problems:
        raise Refused("Nothing was saved. Correct these lines, or leave them out: --skip-problems.")
    if not dry_run and comparison.changes:
        _save(actor, comparison, reason)


def _organisation(connection: Connection, name: str | None) -> Organisation:
    """The one that is meant. Raises Refused."""
    mine = managed_school(connection).organisations
    if not mine:
        raise Refused("Only coordinators and administrators change people and classes.")
    found = [one for one in mine if name is None or fold(one.name) == fold(name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(quoted(one.name for one in mine))
    if name is None:
        raise Refused(f"Say whose people they are with --organisation NAME. There are: {names}.")
    raise Refused(f"There is no organisation “{name}” among yours. There are: {names}.")


def _compare(file: Path, present: Present, options: Mapping[str, Any]) -> Comparison:
    read_as = ReadAs(
        dict(map(_column, options["columns"])),
        options["encoding"],
        options["class_name"],
        options["year"],
        options["complete"] or "nothing",
        options["school"],
    )
    answers = RosterAnswers(
        options["namesakes"], options["allow_leavers"], options["allow_renames"]
    )
    try:
        given = read_roster(_content(file), present, read_as)
    except UnreadableFile as error:
        raise Refused(str(error)) from error
    return compare(given, present, answers)


def _content(file: Path) -> bytes:
    """A file; a folder's tables as the ZIP that they could have come in. Raises UnreadableFile."""
    if not file.is_dir():
        with file.open("rb") as opened:
            # A byte more than is allowed, so that a file of gigabytes is refused and not read.
            return opened.read(LARGEST_FILE + 1)
    tables = sorted(file.glob("*.csv"))
    if sum(one.stat().st_size for one in tables) > MOST_UNPACKED:
        raise UnreadableFile("The folder’s tables are larger than 200 MB.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for one in tables:
            parts.write(one, one.name)
    return packed.getvalue()


def _column(written: str) -> tuple[str, Column | None]:
    heading, sign, meant = written.rpartition("=")
    meanings = {fold(one.value): one for one in Column} | {NOT_USED: None}
    if not sign or fold(meant) not in meanings:
        known = ", ".join(one.value for one in Column)
        raise click.UsageError(
            f"--column takes HEADING=MEANING, where MEANING is {known} or {NOT_USED}."
        )
    if is_private(heading):
        raise click.UsageError(
            f"“{heading}” is never read: passwords and birthdays are nothing for us."
        )
    return heading.strip(), meanings[fold(meant)]


def _tell(comparison: Comparison, dry_run: bool) -> None:
    for notice in comparison.notices:
        click.echo(notice, err=True)
    counts = ", ".join(f"{many:,} {one}" for one, many in comparison.counts.items() if many)
    click.echo(f"{counts or 'Nobody'}.")
    for verdict in RosterVerdict:
        found = [one for one in comparison.verdicts if one.verdict is verdict]
        if verdict is RosterVerdict.SAME:
            found = [one for one in found if one.sentences]
        is_problem = verdict in (RosterVerdict.REFUSED, RosterVerdict.ASKS)
        if is_problem or verdict in (RosterVerdict.LEAVES, RosterVerdict.LEFT_OUT) or dry_run:
            _tell_lines(found, len(found) if dry_run else MOST_LINES, is_problem)


def _tell_lines(found: list[RosterLine], most: int, is_problem: bool) -> None:
    for one in found[:most]:
        words = [
            one.who and f"{one.who}:",
            f"{one.verdict.capitalize()}." if not one.sentences else "",
        ]
        line = " ".join(filter(None, [*words, *one.sentences]))
        click.echo(f"{one.place}: {line}" if one.place else line, err=is_problem)
    if len(found) > most:
        click.echo(f"… and {len(found) - most:,} more.", err=is_problem)


def _stopped(stops: tuple[Stop, ...]) -> str:
    """What is asked, by name, and the option that answers."""
    told = []
    for stop in stops:
        names = f" {few(stop.names, MOST_NAMES)}." if stop.kind == "leavers" else ""
        told.append(f"{stop.sentence}{names}")
    answers = " and ".join(sorted({f"--allow-{stop.kind}" for stop in stops}))
    return " ".join(["Nothing was saved.", *told, f"If that is right, say so with {answers}."])


def _save(actor: Actor, comparison: Comparison, reason: str | None) -> None:
    outcome = save(actor, comparison.changes, source="file", reason=reason)
    if outcome.problem is not None:
        raise Refused(outcome.problem.message)
    if outcome.overtaken:
        raise Refused("Nothing was saved: somebody changed the same meanwhile. Begin again.")
    click.echo(f"{count(outcome.saved, 'change is', 'changes are')} saved.")

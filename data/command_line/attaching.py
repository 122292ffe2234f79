"""`python -m data attach` and `detach`: on the school's own database, and off it again without a trace."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, TextIO

import click
from sqlalchemy.engine import make_url

from data.access.errors import DataError, to_operator
from data.access.owner import as_owner
from data.command_line.reaching import Refused, find_url, print_key
from data.database import claims_keys
from data.database.app_login import role_of
from data.database.attaching import adapter as adapters
from data.database.attaching import detach as leaving
from data.database.attaching import steps
from data.database.attaching.adapter import ROLE_WORDS, folded_word
from data.database.attaching.findings import AttachFinding, as_data, in_words, stop
from data.database.attaching.making import Wanted, kept, made, options, script, switched
from data.database.attaching.proof import prove
from data.database.attaching.report import report
from data.database.attaching.reporting.login import of_login
from data.database.attaching.reporting.sources import Source, sources
from data.database.kinds import Kind, has_triggers, kind_of
from data.database.preflight import faults
from data.settings import Settings

ROLES: Final = ("viewer", "teacher", "coordinator", "admin", "nobody")

MOVING: Final = {"roster": "Copying the roster", "triggers": "Triggers", "rows": "Counting rows"}
STEPS: Final = {
    "roster": "The roster is copied.",
    "triggers": "The triggers are done.",
    "rows": "The rows from before are counted.",
}
"""What is said while a step goes on, and when it is done."""


@click.command()
@click.option(
    "--adapter",
    "named",
    required=True,
    metavar="NAME_OR_FILE",
    help="How its tables are read: institutions, classes, or an SQL file of your own.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="WORD=ROLE",
    help="What a word for a role means there, such as “Client Staff=viewer”.",
)
@click.option(
    "--accounts-of",
    "accounts_of",
    metavar="ISSUER",
    help="The platform's own sign-in service, whose accounts are the ids of its staff; “” for none.",
)
@click.option(
    "--triggers/--no-triggers",
    default=None,
    help="With none, nothing is put on its tables: what it writes is read later, without a history.",
)
@click.option("--dry-run", is_flag=True, help="Report, prove, and end: nothing is changed.")
@click.option(
    "--sql",
    "to",
    type=click.File("w", encoding="utf-8"),
    metavar="FILE",
    help="Write what it makes, as SQL, to a file, or to - .",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, for a program to read.")
@click.option("--yes", "agrees", is_flag=True, help="Agree to all that the report names.")
@click.pass_obj
def attach(
    settings: Settings,
    named: str,
    roles: tuple[str, ...],
    accounts_of: str | None,
    triggers: bool | None,
    dry_run: bool,
    to: TextIO | None,
    as_json: bool,
    agrees: bool,
) -> None:  # fmt: skip
    """Work on a school's own database, whose progress table a platform writes.

    Reports what is there, proves who would see and change what, and asks before anything is changed. Ended in
    between, the same command goes on. Attached already, it puts another adapter or other roles in force, and
    keeps what is not named.
    """
    _refuse_embedded(settings)
    named_roles = dict(map(_role_word, roles))
    wanted = Wanted(
        adapters.read(named),
        {**ROLE_WORDS, **named_roles},
        accounts_of,
        triggers=triggers is not False,
    )
    owner_url, login = find_url(settings, owner=True), find_url(settings, owner=False)
    with as_owner(owner_url) as connection:
        wanted = replace(wanted, adapter=adapters.fitted(connection, wanted.adapter))
        read = sources(connection, wanted.adapter)
        is_begun = kind_of(connection) is Kind.ATTACHED
        had = has_triggers(connection)
        if is_begun:
            wanted = kept(connection, replace(wanted, role_words=named_roles), triggers=triggers)
    if to is not None:
        to.writelines(f"{one}\n\n" for one in script(wanted, read))
    if not is_begun:
        found = _examined(owner_url, login, wanted, read)
        click.echo(json.dumps(as_data(found)) if as_json else in_words(found))
        if any(one.severity == "stop" for one in found):
            raise Refused("It is not attached. Nothing was changed.")
        if dry_run:
            click.echo("This was a dry run: nothing was changed.", err=True)
            return
        _agree(found, agrees=agrees)
    elif dry_run:
        raise Refused(
            "This database is attached already, or was begun to be: there is nothing to try."
        )
    if is_begun and (said := options(wanted)):
        click.echo(f"As before, or as said now: {' '.join(said)}", err=True)
    for one in switched(wanted, read, had=had) if is_begun else ():
        click.echo(one.sentence)
        _agree([one], agrees=agrees)
    steps.attach(owner_url, login, wanted, _tell)
    print_key(claims_keys.present_key(owner_url))
    _refuse_unfit(owner_url, login)


@click.command()
@click.option(
    "--keep-history",
    "history",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the history to a new file first, a line of JSON for each change.",
)
@click.option("--yes", "agrees", is_flag=True, help="Do not ask.")
@click.pass_obj
def detach(settings: Settings, history: Path | None, agrees: bool) -> None:
    """Leave a school's own database: all that was made there goes, and what was changed is given back."""
    _refuse_embedded(settings)
    if not agrees:
        click.confirm(
            "The history, notes, locks and saved views that were made here go, for good. Detach?",
            abort=True,
        )
    owner_url = find_url(settings, owner=True)
    if history is not None:
        _write_history(owner_url, history)
    leaving.detach(owner_url, _tell)
    click.echo("Nothing of this program is left in the database.")


def _write_history(owner_url: str, file: Path) -> None:
    try:
        lines = leaving.write_history(owner_url, file)
    except OSError as error:
        raise Refused(
            f"{file} could not be written: {error.strerror}. Nothing was changed."
        ) from error
    click.echo(f"{lines:,} changes are written to {file}.")


def _refuse_embedded(settings: Settings) -> None:
    if settings.is_embedded:
        raise Refused(
            "Set DATABASE_OWNER_URL (the owner of the school's tables) and DATABASE_URL (a login of the app's "
            "own, with a name and a password of your choice): the embedded database is nobody else's."
        )


def _role_word(written: str) -> tuple[str, str | None]:
    word, sign, role = written.rpartition("=")
    role = role.strip().lower()
    if not sign or not word.strip() or role not in ROLES:
        raise click.UsageError(f"--role takes WORD=ROLE, where ROLE is {', '.join(ROLES)}.")
    return folded_word(word), None if role == "nobody" else role


def _examined(
    owner_url: str, login: str, wanted: Wanted, read: list[Source]
) -> list[AttachFinding]:
    """What is there, and, unless that stops it, what people would see and change."""
    with as_owner(owner_url) as connection:
        found = report(
            connection,
            wanted.adapter,
            wanted.role_words,
            triggers=wanted.triggers,
            by_account=bool(wanted.accounts_of),
        )
        found += of_login(connection, make_url(owner_url), make_url(login))
    if any(one.severity == "stop" for one in found):
        return found
    name = str(role_of(make_url(login)))
    try:
        return [
            *found,
            *made(name, wanted, read),
            leaving.ANY_TIME,
            *prove(owner_url, login, wanted),
        ]
    except DataError as error:
        return [*found, stop("cannot_be_made", to_operator(error))]


def _agree(found: Iterable[AttachFinding], *, agrees: bool) -> None:
    for one in found:
        if one.severity == "consent" and not agrees:
            if not sys.stdin.isatty():
                raise Refused("Nobody is there to be asked. Agree to all of it with --yes.")
            click.confirm(one.sentence + " Agree?", abort=True)


def _refuse_unfit(owner_url: str, login: str) -> None:
    """The app is about to be started: would it?"""
    if found := faults(login, claims_keys.present_key(owner_url)):
        said = [one.message for one in found]
        raise Refused("\n".join(["It is attached, and the app would not start yet.", *said]))


def _tell(step: str, done: int, of: int) -> None:
    """How far a step is: on a terminal one line that moves on, else a line when it is done."""
    if done >= of:
        click.echo(f"\r{STEPS[step]}\033[K" if _MOVES else STEPS[step], err=True)
    elif _MOVES:
        click.echo(f"\r{MOVING[step]}: {done:,} of {of:,}\033[K", nl=False, err=True)


_MOVES: Final = sys.stderr.isatty()

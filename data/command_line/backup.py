"""`python -m data backup` and `restore`: all that a database holds, in one file."""

import sys
from pathlib import Path

import click

from data.command_line.reaching import Refused, print_key, urls
from data.database import claims_keys
from data.database.backup import dumping, months, restoring
from data.database.backup.file import opened
from data.database.embedded import files
from data.i18n.formats import count
from data.settings import Settings


@click.command(name="backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a file of this name.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="FILE is a folder: name the file by the time, and keep only so many of these. Says nothing.",
)
@click.pass_obj
def back_up(settings: Settings, file: Path, overwrite: bool, keep: int | None) -> None:
    """Write all that the database holds into a file, while it is in use; exit code 1 where that failed.

    The file is read back and counted. Whoever has it has the database, with the key that signs for everybody.
    """
    if file.is_dir() != (keep is not None):
        raise click.UsageError("A folder needs --keep, which is for nothing else.")
    if settings.is_embedded and files.read_note(settings.data_dir) is None:
        raise Refused(f"There is no database in {settings.data_dir}.")
    with urls(settings) as (owner_url, _):
        if keep is not None:
            dumping.back_up_in_turn(owner_url, file, keep)
            return
        manifest = dumping.back_up(owner_url, file, replaces=overwrite)
    click.echo("\n".join([f"Written to {file}, and read back.", *manifest.told()]))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--look", "only_looks", is_flag=True, help="Only say what is in it.")
@click.pass_obj
def restore(settings: Settings, file: Path, only_looks: bool) -> None:
    """Restore a backup into an empty database: the embedded one, or the one that the settings name; or a month
    of the history into the database that it was dropped from.

    All of it or nothing. Exit code 1 where it is not as it was, or the check finds a fault.
    """
    with opened(file) as backup:
        click.echo("\n".join(backup.manifest.told()))
        if only_looks:
            return
        if backup.manifest.month is not None:
            with urls(settings) as (owner_url, _):
                back, left_out = months.restore(backup, owner_url)
            click.echo(f"Restored: {count(back, 'entry', 'entries')}.")
            if left_out:
                entries = count(left_out, "entry", "entries")
                click.echo(f"Left out: {entries} of people of whom nothing is kept any more.")
            return
        with urls(settings) as (owner_url, app_url):
            found = restoring.restore(backup, owner_url, app_url, click.echo).faults
            key = claims_keys.present_key(owner_url)
    if not settings.is_embedded and settings.claims_key != key:
        print_key(key)
    click.echo("\n".join([one.message for one in found] or ["Checked: no problems found."]))
    sys.exit(1 if found else 0)

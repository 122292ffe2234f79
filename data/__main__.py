"""The command line: `python -m data …`."""

import signal
import threading
from pathlib import Path

import click

from data import demo
from data.access import audit
from data.access.errors import DataError, to_operator
from data.access.owner import as_owner
from data.command_line.accounts import accounts, init, sign_out, unbind
from data.command_line.attaching import attach, detach
from data.command_line.backup import back_up, restore
from data.command_line.check import check
from data.command_line.digest import send_digest
from data.command_line.export import export_progress
from data.command_line.files import import_progress
from data.command_line.reaching import Refused, find_url, print_key, urls
from data.command_line.reports import make_report, write_student_record
from data.command_line.retention import history, retention
from data.command_line.roster import change_roster
from data.database import claims_keys, embedded
from data.database import migrate as migrating
from data.database.kinds import Kind, kind_of
from data.open import keep_running, start_embedded
from data.settings import Settings, read_settings


class Commands(click.Group):
    """Every command answers an expected failure with its sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DataError as error:
            raise Refused(to_operator(error)) from error


@click.group(cls=Commands)
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="The folder of the embedded database."
)
@click.option("--school", is_flag=True, help="The database of python -m dashboard --school.")
@click.pass_context
def data(ctx: click.Context, data_dir: Path | None, school: bool) -> None:
    """The database of the progress dashboard. While the app runs, these share its server."""
    settings = read_settings().at(data_dir)
    settings = settings.of_school if school else settings
    ctx.with_resource(audit.noted(settings.audit_log))
    ctx.obj = settings


@data.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Run the embedded database in the foreground until Ctrl-C. An empty one stays empty."""
    if not settings.is_embedded:
        raise Refused(
            "DATABASE_URL is set: that database runs by itself. Unset it to serve the embedded one."
        )
    server = start_embedded(settings, click.echo, with_demo=False)
    if not server.mine:
        raise Refused("The embedded database is running already; python -m data url tells where.")
    keep_running(settings, server)
    click.echo("The database is running. Press Ctrl-C to stop it.")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    embedded.stop(server)


@data.command()
@click.option("--owner", is_flag=True, help="As the owner of the tables, who passes every policy.")
@click.pass_obj
def url(settings: Settings, owner: bool) -> None:
    """Print the connection URL of the database in use."""
    click.echo(find_url(settings, owner=owner))


@data.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the current schema."""
    with urls(settings) as (owner_url, app_url):
        had_key = claims_keys.present_key(owner_url) is not None
        revision = migrating.migrate(owner_url, app_url)
        if not settings.is_embedded and not had_key:
            print_key(claims_keys.present_key(owner_url))
        if not settings.is_embedded and _is_attached(owner_url):
            click.echo("It is attached to a platform's tables, of which nothing was changed.")
    click.echo(f"The database is at {revision}.")


def _is_attached(owner_url: str) -> bool:
    with as_owner(owner_url) as connection:
        return kind_of(connection) is Kind.ATTACHED


@data.command()
@click.option(
    "--overlap",
    type=click.IntRange(0, 7 * 24 * 60),
    default=60,
    show_default=True,
    help="For how many minutes the old key still works; 0 where somebody may know it.",
)
@click.pass_obj
def rekey(settings: Settings, overlap: int) -> None:
    """Replace the key that signs for whom the app acts, and print the new one."""
    key = claims_keys.replace_key(find_url(settings, owner=True), overlap)
    if settings.is_embedded:
        click.echo("The key is replaced. Start the dashboard again: it reads the new one itself.")
    else:
        print_key(key)


def _is_school(ctx: click.Context) -> bool:
    return bool(ctx.find_root().params["school"])


@data.command(name="demo")
@click.pass_context
def load_demo(ctx: click.Context) -> None:
    """Load demo data into an empty database; another is refused."""
    settings: Settings = ctx.obj
    if _is_school(ctx):
        raise Refused("This is the database of your own school: it takes no invented people.")
    demo.load(find_url(settings, owner=True), click.echo, mark=settings.is_embedded)
    click.echo("The demo data is loaded.")


data.add_command(back_up)
data.add_command(restore)
data.add_command(check)
data.add_command(attach)
data.add_command(detach)
data.add_command(import_progress)
data.add_command(export_progress)
data.add_command(change_roster)
data.add_command(write_student_record)
data.add_command(make_report)
data.add_command(init)
data.add_command(retention)
data.add_command(history)
data.add_command(send_digest)
data.add_command(accounts)
data.add_command(unbind)
data.add_command(sign_out)


if __name__ == "__main__":
    data(prog_name="python -m data")

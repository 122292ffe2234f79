"""`python -m data init`, `accounts`, `unbind` and `sign-out`: who signs in, and with which account."""

import click

from data.command_line.reaching import find_url, storable
from data.database import accounts as sign_ins
from data.database import founding
from data.database.founding import Founding
from data.i18n.formats import count
from data.settings import Settings


@click.command()
@click.pass_obj
def accounts(settings: Settings) -> None:
    """List who has signed in with which service, and how many sign-ins count just now."""
    found = sign_ins.bound(find_url(settings, owner=True))
    for one in found:
        disabled = "" if one.is_active else ", switched off"
        click.echo(
            f"{one.email}{disabled}: {one.issuer}, bound on {one.bound_at:%Y-%m-%d}, "
            f"signed in {count(one.sessions, 'time', 'times')} now"
        )
    if not found:
        click.echo("Nobody has signed in yet.")


@click.command()
@click.argument("email")
@click.pass_obj
def unbind(settings: Settings, email: str) -> None:
    """Forget a person's account and end all it signed in: the next sign-in binds another, by e-mail."""
    was_bound = sign_ins.unbind(find_url(settings, owner=True), email)
    click.echo(
        "Forgotten, and signed out." if was_bound else "No account was bound to this person."
    )


@click.command(name="sign-out")
@click.argument("email")
@click.pass_obj
def sign_out(settings: Settings, email: str) -> None:
    """Sign a person out everywhere."""
    ended = sign_ins.end_sessions(find_url(settings, owner=True), email)
    click.echo(f"Signed out everywhere: {ended} sign-ins ended.")


@click.command()
@click.option("--organisation", required=True, help="What your school is called.")
@click.option(
    "--admin", "email", required=True, metavar="EMAIL", help="The e-mail they sign in by."
)
@click.option("--name", required=True, help="What they are called.")
@click.pass_obj
def init(settings: Settings, organisation: str, email: str, name: str) -> None:
    """Make an empty database's organisation and its first administrator, once."""
    school = Founding.typed(storable(organisation), storable(name), storable(email))
    founding.found(find_url(settings, owner=True), school, "command line")
    click.echo(
        f"{school.full_name} is the administrator of {school.organisation}, signs in with the account of "
        f"{school.email} (an address that its service has verified), and adds all others on the page School."
    )

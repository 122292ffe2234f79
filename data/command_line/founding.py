"""`python -m data init`: the first administrator of an empty database."""

from __future__ import annotations

import click

from data.command_line.reaching import find_url, storable
from data.database import founding
from data.database.founding import Founding
from data.settings import Settings


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

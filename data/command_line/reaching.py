"""The database that a command works on, and the person it acts as."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from sqlalchemy import Connection, text

from data.access.claims import ClaimsKey
from data.access.owner import as_owner
from data.access.session import Actor, acting_as, connect
from data.database import claims_keys, embedded
from data.reading import people
from data.reading.classes.overview import options
from data.rules.ids import as_uuid
from data.settings import Settings


class Refused(click.ClickException):
    """A failure in words, without a traceback."""


def running_server(settings: Settings) -> embedded.Server:
    """The embedded server somebody runs. Raises Refused, saying how to start one."""
    server = embedded.running(settings.data_dir)
    if server is None:
        raise Refused(
            "The database is not running. Start it with: python -m data serve (or python -m dashboard), with "
            "the same --school or --data-dir as here."
        )
    return server


def find_url(settings: Settings, *, owner: bool) -> str:
    """The URL of the database in use, as psql takes it. Raises Refused, in words."""
    if settings.is_embedded:
        server = running_server(settings)
        return server.owner_url if owner else server.app_url
    chosen = settings.owner_url if owner else settings.database_url
    if chosen is None:
        raise Refused(
            "DATABASE_OWNER_URL is not set: the owner of that database is not known here."
        )
    return chosen.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def urls(settings: Settings) -> Iterator[tuple[str, str]]:
    """The owner's and the app's; the embedded server runs at least until the end of the block."""
    if not settings.is_embedded:
        yield find_url(settings, owner=True), find_url(settings, owner=False)
        return
    runs = embedded.running(settings.data_dir)
    server = runs or embedded.start(settings.data_dir, click.echo)
    try:
        yield server.owner_url, server.app_url
    finally:
        if runs is None:
            embedded.stop(server)


def print_key(key: ClaimsKey | None) -> None:
    """The setting that the app needs. Raises Refused where there is none."""
    if key is None:
        raise Refused("The key is missing. Run: python -m data rekey")
    click.echo("Give the app this setting, and guard it as you guard a password:")
    click.echo(f"DATABASE_CLAIMS_KEY={key.written}")


def find_key(settings: Settings) -> ClaimsKey | None:
    """The key that signs for whom a command acts: as set, else as the owner of the tables reads it."""
    if settings.claims_key is not None:
        return settings.claims_key
    knows_owner = settings.is_embedded or settings.owner_url is not None
    return claims_keys.present_key(find_url(settings, owner=True)) if knows_owner else None


def person(settings: Settings, email: str) -> Actor:
    """The member of staff with this e-mail. Raises Refused, in words.

    Before anybody acts, nobody can be looked up: the owner of the tables finds the id, and no more. Who the
    person is, and whether still on the staff, the database then says as to everybody.
    """
    email = storable(email)
    found = _staff_id(find_url(settings, owner=True), email)
    database = connect(find_url(settings, owner=False), key=find_key(settings), pool_size=1)
    if found is not None:
        with acting_as(Actor(found, "", "", database=database)) as connection:
            actor = people.actor(connection, database)
        if actor is not None:
            return actor
    raise Refused(f"Nobody on the staff has the e-mail {email}.")


def _staff_id(owner_url: str, email: str) -> UUID | None:
    with as_owner(owner_url) as connection:
        rows = connection.execute(
            text("select id, email from school.staff where lower(email) = lower(:email)"),
            {"email": email},
        ).all()
    exact = [row.id for row in rows if row.email == email] or [row.id for row in rows]
    return exact[0] if len(exact) == 1 else None


def class_named(connection: Connection, name: str | None) -> UUID | None:
    """The class of this name among those the person may see; None for None. Raises Refused."""
    if name is None:
        return None
    classes = options(connection, None).classes
    found = [id_ for id_, label in classes.items() if label.casefold() == name.strip().casefold()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(classes.values()) or "none"
    raise Refused(f"There is no class “{name}” among yours. There are: {known}.")


def storable(written: str) -> str:
    """What was typed, without what no database stores: bytes that are no text, and NUL."""
    return written.encode("utf-8", "replace").decode().replace("\0", "").strip()


def student_named(connection: Connection, written: str) -> UUID:
    """The student of this id or e-mail among those the person may see. Raises Refused."""
    written = storable(written)
    if (named := as_uuid(written)) is not None:
        return named
    found = connection.scalars(
        text("select id from roster.student where lower(email) = lower(:email)"),
        {"email": written},
    ).all()
    if len(found) == 1:
        one: UUID = found[0]
        return one
    if found:
        raise Refused(f"Several students have the e-mail {written}. Name one by id.")
    raise Refused(f"There is no student with the e-mail {written} among yours.")

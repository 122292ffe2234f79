"""The keys a database believes: made, read and replaced by the owner of the tables alone."""

from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from data.access import audit
from data.access.claims import ClaimsKey, key_of_pads, new_key
from data.access.errors import DataError
from data.access.owner import as_owner

PRESENT: Final = text("select id, inner_pad from internal.claims_key where ends_at is null")

END: Final = text("""
update internal.claims_key
set ends_at = clock_timestamp() + make_interval(mins => :minutes)
where ends_at is null
""")

FORGET: Final = text("delete from internal.claims_key where ends_at < clock_timestamp()")

ADD: Final = text("""
insert into internal.claims_key (id, inner_pad, outer_pad)
values (:id, :inner_pad, :outer_pad)
""")


def make_first(connection: Connection) -> None:
    """Give a database its first key, as its owner; one that has a key keeps it."""
    if connection.execute(PRESENT).first() is None:
        _add(connection, new_key())


def present_key(owner_url: URL | str) -> ClaimsKey | None:
    """The key to sign with, as the owner reads it; None where the database has none yet.

    Raises DataError, in words.
    """
    with as_owner(owner_url) as connection:
        known = connection.scalar(text("select to_regclass('internal.claims_key') is not null"))
        return key_in(connection) if known else None


def key_in(connection: Connection) -> ClaimsKey | None:
    """The same, within a transaction of the owner's, where the database was prepared."""
    row = connection.execute(PRESENT).first()
    return None if row is None else key_of_pads(row.id, bytes(row.inner_pad))


def replace_key(owner_url: URL | str, overlap_minutes: int) -> ClaimsKey:
    """A new key in place of the present one, which still holds for the overlap.

    Raises DataError, in words, where the database was not prepared or cannot be reached.
    """
    key = new_key()
    try:
        with as_owner(owner_url) as connection:
            connection.execute(END, {"minutes": overlap_minutes})
            connection.execute(FORGET)
            _add(connection, key)
    except SQLAlchemyError as error:
        raise DataError("Only the owner of the database replaces its key.") from error
    audit.happened("key replaced by=owner", key=key.id, overlap_minutes=overlap_minutes)
    return key


def _add(connection: Connection, key: ClaimsKey) -> None:
    inner_pad, outer_pad = key.pads
    bound = {"id": key.id, "inner_pad": inner_pad, "outer_pad": outer_pad}
    connection.execute(ADD, bound)

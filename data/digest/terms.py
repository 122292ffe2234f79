"""Whether the digest is sent: what an organisation says of it, and what each of its staff does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused
from data.access.session import Actor, Database, acting_as, acting_as_nobody
from data.roster.reading.managed import managed_organisations
from data.rules.progress import Problem

REFUSED: Final = refused("decide whether the digest is sent")


@dataclass(frozen=True)
class DigestTerms:
    """What an organisation says: is it sent at all, and are students named in it?"""

    organisation_id: UUID
    organisation: str
    is_sent: bool
    names_students: bool


def digest_terms(connection: Connection) -> Sequence[DigestTerms]:
    """Of each organisation that I manage, by name."""
    rows = connection.execute(text("select * from school.digest"))
    said = {row.organisation_id: (row.is_sent, row.names_students) for row in rows}
    return tuple(
        DigestTerms(one.id, one.name, *said.get(one.id, (False, False)))
        for one in managed_organisations(connection)
    )


SAY: Final = text("""
insert into school.digest (organisation_id, is_sent, names_students)
values (:organisation, :is_sent, :names_students)
on conflict (organisation_id) do update
set is_sent = excluded.is_sent, names_students = excluded.names_students
""")


def have_digest_sent(
    actor: Actor, organisation_id: UUID, *, is_sent: bool, names_students: bool
) -> Problem | None:
    """Say it for an organisation. What is wrong, if anything."""
    asked = {"is_sent": is_sent, "names_students": names_students}
    try:
        with acting_as(actor) as connection:
            connection.execute(SAY, {"organisation": organisation_id} | asked)
    except DBAPIError as error:
        problem = explained(error, {"refused": REFUSED})
        audit.refused("digest set", actor, problem, organisation=organisation_id)
        return problem
    told = {name: int(value) for name, value in asked.items()}
    audit.record("digest set", actor, organisation=organisation_id, **told)
    return None


def wants_digest(connection: Connection) -> bool | None:
    """Do I get it? None where it is not sent in all my classes."""
    wanted: bool | None = connection.scalar(text("select dashboard.wants_digest()"))
    return wanted


def want_digest(actor: Actor, *, wanted: bool) -> None:
    """From now on this person gets it, or not."""
    with acting_as(actor) as connection:
        connection.execute(text("select dashboard.want_digest(:wanted)"), {"wanted": wanted})
    audit.record("digest wanted" if wanted else "digest unsubscribed", actor)


def want_digest_by_link(database: Database, token: UUID, *, wanted: bool) -> bool:
    """The same for whoever has the secret of a link, signed in or not. Is it anybody's?"""
    with acting_as_nobody(database) as connection:
        is_known = bool(
            connection.scalar(
                text("select dashboard.want_digest_by_link(:token, :wanted)"),
                {"token": token, "wanted": wanted},
            )
        )
    event = "digest wanted" if wanted else "digest unsubscribed"
    audit.happened(event if is_known else f"{event} refused", by="link")
    return is_known

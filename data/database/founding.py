"""A school's beginning: its organisation and its first administrator, made once, by the owner of the database.

Everybody else is added on the page, which acts as this administrator.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from data.access import audit
from data.access.errors import DatabaseNotReady, DataError
from data.access.owner import as_owner
from data.database import kinds, migrate
from data.roster.apply import apply
from data.roster.changes import RosterChange, Source, added, digest
from data.roster.save import open_batch
from data.rules.roster import RosterFault, check, tidy

REASON: Final = "The first administrator"

NOT_MIGRATED: Final = (
    "The database is not at this program's schema. Run: python -m data migrate. Nothing was "
    "changed."
)
LATER: Final = (
    "There is an administrator already. Whoever is one adds others on the page School, under Staff. Nothing "
    "was changed."
)
TAKEN: Final = "Somebody on the staff has the e-mail {email} already. Nothing was changed."


class SignedInWith(NamedTuple):
    """An account, as a sign-in service names it."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class Founding:
    """What a school begins with, as it is stored."""

    organisation: str
    full_name: str
    email: str

    @classmethod
    def typed(cls, organisation: str, full_name: str, email: str) -> Founding:
        return cls(tidy(organisation), tidy(full_name), email.strip())

    @property
    def faults(self) -> list[RosterFault]:
        """What is wrong with it, by the names of its fields."""
        found = [
            RosterFault("organisation", fault.message)
            for fault in check({"name": self.organisation})
        ]
        found += check({"full_name": self.full_name, "email": self.email})
        return (
            found
            if self.email
            else [*found, RosterFault("email", "The e-mail address is missing.")]
        )

    def changes(self, person: UUID) -> tuple[RosterChange, ...]:
        """What is added to the roster."""
        return (
            added("organisation", {"id": uuid4()}, name=self.organisation),
            added(
                "staff", {"id": person}, full_name=self.full_name, email=self.email, role="admin"
            ),
        )


def found(
    owner_url: URL | str, school: Founding, source: Source, account: SignedInWith | None = None
) -> UUID:
    """Make the school, and its administrator, whose `account` this is from the beginning; the person's id.

    Raises DataError, in words, where something is wrong with it, the database is not prepared, or there is an
    administrator already: nothing is changed then.
    """
    if school.faults:
        raise DataError(" ".join(fault.message for fault in school.faults))
    person = uuid4()
    with as_owner(owner_url) as connection:
        _refuse(connection, school.email)
        _write(connection, school.changes(person), person, source)
        if account is not None:
            connection.execute(BIND, {**account._asdict(), "person": person})
    audit.happened(f"school founded by=owner source={source.replace(' ', '-')}", person=person)
    return person


def _refuse(connection: Connection, email: str) -> None:
    kinds.refuse_attached(connection)
    if migrate.is_behind(connection):
        raise DatabaseNotReady(NOT_MIGRATED)
    # Two at once: the second waits here, then meets the first one's administrator.
    connection.execute(text("set local lock_timeout = '30s'"))
    connection.execute(text("lock table school.staff in share row exclusive mode"))
    if connection.scalar(HAS_ADMIN):
        raise DataError(LATER)
    if connection.scalar(HAS_EMAIL, {"email": email}):
        raise DataError(TAKEN.format(email=email))


HAS_ADMIN: Final = text("select exists (select from school.staff where role = 'admin')")

HAS_EMAIL: Final = text("""
select exists (
    select from school.staff where internal.folded_email(email) = internal.folded_email(:email)
)
""")

BIND: Final = text("""
insert into dashboard.identity (issuer, subject, staff_id)
values (:issuer, :subject, :person)
""")


def _write(
    connection: Connection, changes: tuple[RosterChange, ...], person: UUID, source: Source
) -> None:
    """Recorded as the person's own, since there is nobody else."""
    claims = json.dumps({"sub": str(person)})
    connection.execute(
        text("select set_config('request.jwt.claims', :claims, true)"), {"claims": claims}
    )
    batch = {
        "id": uuid4(),
        "author_id": person,
        "source": source,
        "reason": REASON,
        "undoes": None,
        "digest": digest(source, changes),
    }
    open_batch(connection, batch)
    if apply(connection, changes):
        raise DataError("The school could not be made. Nothing was changed.")


# --- on one's own computer ---


def bind(owner_url: URL | str, account: SignedInWith) -> None:
    """Have this account be an administrator's: it stays whose it is while they are active, else it is the
    first one's. Where there is no administrator yet, nobody's."""
    with as_owner(owner_url) as connection:
        connection.execute(UNBIND_INACTIVE, account._asdict())
        connection.execute(BIND_FIRST, account._asdict())


UNBIND_INACTIVE: Final = text("""
delete from dashboard.identity
where issuer = :issuer
    and subject = :subject
    and not exists (
        select from school.staff where staff.id = identity.staff_id and staff.is_active
    )
""")

BIND_FIRST: Final = text("""
insert into dashboard.identity (issuer, subject, staff_id)
select :issuer, :subject, staff.id
from school.staff
where staff.role = 'admin'
    and staff.is_active
    and not exists (
        select from dashboard.identity where issuer = :issuer and subject = :subject
    )
order by (
    select min(change.id)
    from dashboard.roster_change as change
    where change.relation = 'staff' and change.key = jsonb_build_object('id', staff.id)
) nulls last, staff.id
limit 1
on conflict (staff_id) do update
set issuer = excluded.issuer, subject = excluded.subject, bound_at = clock_timestamp()
""")

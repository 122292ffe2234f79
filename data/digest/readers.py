"""Who gets the digest, and when they last did: what the owner of the tables knows of it, and no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from data.access.owner import as_owner

STAFF: Final = text("""
select
    staff.id,
    staff.email,
    reader.unsubscribed_at is not null as has_unsubscribed,
    coalesce(reader.sent_at >= :today, false) as has_it,
    reader.sent_at
from school.staff
left join internal.digest_reader as reader on reader.staff_id = staff.id
where staff.is_active and (cast(:staff_id as uuid) is null or staff.id = :staff_id)
order by staff.email, staff.id
""")

CLAIM: Final = text("""
insert into internal.digest_reader as reader (staff_id, claimed_at)
values (:staff_id, clock_timestamp())
on conflict (staff_id) do update
set claimed_at = excluded.claimed_at
where reader.unsubscribed_at is null
    and (reader.sent_at is null or reader.sent_at < :today)
    and (reader.claimed_at is null or reader.claimed_at < clock_timestamp() - interval '1 hour')
returning token, sent_at
""")

SENT: Final = text("""
update internal.digest_reader
set sent_at = :until, claimed_at = null
where staff_id = :staff_id
""")

RELEASE: Final = text(
    "update internal.digest_reader set claimed_at = null where staff_id = :staff_id"
)


@dataclass(frozen=True)
class DigestReader:
    """One of the active staff. `has_it`: one was sent today; `last` is when the last was."""

    id: UUID
    email: str
    has_unsubscribed: bool
    has_it: bool
    last: datetime | None


@dataclass(frozen=True)
class DigestClaim:
    """That it is we who send to this person: the secret of their link, and when the last was sent."""

    token: UUID
    last: datetime | None


def readers(owner_url: str, today: datetime, staff_id: UUID | None) -> list[DigestReader]:
    """The active staff, or this one of them. Raises DataError, in words, as all of these do."""
    with as_owner(owner_url) as connection:
        rows = connection.execute(STAFF, {"today": today, "staff_id": staff_id})
        return [DigestReader(*row) for row in rows]


def claim(owner_url: str, staff_id: UUID, today: datetime) -> DigestClaim | None:
    """None where another sends to them just now, did so today, or they unsubscribed meanwhile. One that was
    neither ended nor given up, as when the machine went down, counts for an hour."""
    with as_owner(owner_url) as connection:
        row = connection.execute(CLAIM, {"staff_id": staff_id, "today": today}).one_or_none()
        return None if row is None else DigestClaim(*row)


def end(owner_url: str, staff_id: UUID, until: datetime | None) -> None:
    """It was sent, with what is new until then; None where it was not."""
    with as_owner(owner_url) as connection:
        asked = {"staff_id": staff_id, "until": until}
        connection.execute(RELEASE if until is None else SENT, asked)

"""Accounts and sign-ins, for the owner of the tables: who is bound, and ending what somebody signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access import audit
from data.access.errors import DataError
from data.access.owner import as_owner

BOUND: Final = text("""
select
    staff.email,
    staff.is_active,
    identity.issuer,
    identity.bound_at,
    (
        select count(*)
        from dashboard.staff_session as one
        where internal.is_session_open(one.id, staff.id) and one.staff_id = staff.id
    ) as sessions
from school.staff
join dashboard.identity on identity.staff_id = staff.id
order by lower(staff.email)
""")

PERSON: Final = text(
    "select id from school.staff where internal.folded_email(email) = internal.folded_email(:email)"
)

UNBIND: Final = text("delete from dashboard.identity where staff_id = :person returning 1")

END: Final = text("""
with said as (
    insert into dashboard.sessions_valid_after (staff_id)
    values (:person)
    on conflict (staff_id) do update set moment = excluded.moment
),
ended as (
    update dashboard.staff_session
    set ended_at = clock_timestamp()
    where staff_id = :person and ended_at is null and ends_at > now()
    returning 1
)
select count(*) from ended
""")


@dataclass(frozen=True)
class Bound:
    """Somebody who has signed in at least once."""

    email: str
    is_active: bool
    issuer: str
    bound_at: datetime
    sessions: int  # that count just now


def bound(owner_url: str) -> Sequence[Bound]:
    """Whose account is bound, by e-mail. Raises DataError, in words, as all of these do."""
    with as_owner(owner_url) as connection:
        return [Bound(*row) for row in connection.execute(BOUND)]


def unbind(owner_url: str, email: str) -> bool:
    """Forget whose account is this person's, and end what was signed in with it. Was there one?"""
    with as_owner(owner_url) as connection:
        person = _person(connection, email)
        ended = int(connection.scalar(END, {"person": person}) or 0)
        was_bound = connection.execute(UNBIND, {"person": person}).first() is not None
    audit.happened("unbound by=owner", person=person, was_bound=int(was_bound), ended=ended)
    return was_bound


def end_sessions(owner_url: str, email: str) -> int:
    """Sign a person out everywhere; how many sign-ins that ended."""
    with as_owner(owner_url) as connection:
        person = _person(connection, email)
        ended = int(connection.scalar(END, {"person": person}) or 0)
    audit.happened("signed out everywhere by=owner", person=person, ended=ended)
    return ended


def _person(connection: Connection, email: str) -> UUID:
    found = connection.scalars(PERSON, {"email": email.strip()}).all()
    if len(found) != 1:
        raise DataError(f"Nobody on the staff has the e-mail {email}, or more than one has.")
    return UUID(str(found[0]))

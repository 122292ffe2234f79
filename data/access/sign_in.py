"""Who comes from a sign-in service: whom the database takes that account for, and until when."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, TypeGuard
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from data import counts
from data.access import audit
from data.access.errors import UNSIGNED, DatabaseNotReady, DataError
from data.access.outage_words import READ_ONLY
from data.access.session import Actor, Database, acting_as, acting_as_nobody

CLOCK: Final = text("select extract(epoch from clock_timestamp())::float8")
SIGN_IN: Final = text("select * from dashboard.sign_in(:told, :key_id, :signature)")
SIGN_OUT: Final = text("select dashboard.sign_out(:everywhere)")
OVER: Final = text("select dashboard.ended_sessions(:sessions)")

NOBODY_NEW: Final = (
    "Nobody can sign in just now, because the database can only be read. Whoever is signed in can go on "
    "reading. Wait a while and try again."
)

LONGEST: Final = 1000
"""Characters of an issuer or a subject; OpenID Connect allows a subject 255."""
FOREVER: Final = 1e11


class SignInRefusal(StrEnum):
    """Why somebody whom the sign-in service let in is not let in here."""

    UNKNOWN = "unknown"
    """Not exactly one active person on the staff has this e-mail."""
    NO_EMAIL = "no_email"
    """The service told none, and the account is bound to nobody yet."""
    UNVERIFIED = "unverified"
    """The service does not vouch for the e-mail, and the account is bound to nobody yet."""
    TAKEN = "taken"
    """The person with this e-mail has another account already."""
    DISABLED = "disabled"
    """Bound to somebody who was switched off."""
    EXPIRED = "expired"
    """Signed in too long ago."""
    ENDED = "ended"
    """Signed out, here or everywhere."""


@dataclass(frozen=True)
class SignInAccount:
    """What a sign-in service says of who came. `session` is one for each time somebody signed in."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    issued_at: float  # seconds since 1970
    session: UUID

    @property
    def digest(self) -> str:
        """Stands for the account in the log: some services use an e-mail as their id."""
        return sha256(f"{self.issuer} {self.subject}".encode()).hexdigest()[:12]


def account(claims: Mapping[str, Any], *, trusts_email: bool = False) -> SignInAccount | None:
    """The account behind the claims of an id token; None where they name nobody.

    `trusts_email` is for a service that says nothing of verified e-mails and hands out none but its own.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (_is_name(issuer) and _is_name(subject)):
        return None
    email, verified = claims.get("email"), claims.get("email_verified")
    return SignInAccount(
        issuer,
        subject,
        email.strip() if _is_name(email) else "",
        # Some services write the word. A number is neither.
        verified is True or verified == "true" or (trusts_email and verified is None),
        _moment(claims.get("iat")),
        _session(claims),
    )


def _is_name(claim: Any) -> TypeGuard[str]:
    """Nothing that would break the log's lines, or that the database cannot keep."""
    return isinstance(claim, str) and 0 < len(claim) <= LONGEST and claim.isprintable()


def _moment(claim: Any) -> float:
    """Seconds since 1970; long ago, which is expired, where it is no moment."""
    is_number = isinstance(claim, int | float) and not isinstance(claim, bool)
    return float(claim) if is_number and 0 < claim < FOREVER else 0.0


def _session(claims: Mapping[str, Any]) -> UUID:
    """The same for all tabs of one sign-in, another for the next: the token's nonce is new each time."""
    whole = json.dumps(claims, sort_keys=True, default=str)
    return UUID(bytes=sha256(whole.encode("utf-8", "replace")).digest()[:16])


def sign_in(database: Database, came: SignInAccount, hours: float) -> UUID | SignInRefusal:
    """The member of staff whose account this is; binds a new one by its verified e-mail.

    Raises DatabaseNotReady where the database does not believe this program, and for a sign-in that it does not
    know yet where it can only be read.
    """
    try:
        with acting_as_nobody(database) as connection:
            row = connection.execute(SIGN_IN, _signed(connection, database, came, hours)).one()
    except DatabaseNotReady as error:
        if error.state != READ_ONLY:
            raise
        raise DatabaseNotReady(NOBODY_NEW, error.why, READ_ONLY) from error
    if row.outcome == "signed in":
        if row.is_new:
            audit.signed("signed in", came.issuer, actor=row.staff_id, session=came.session)
        return UUID(str(row.staff_id))
    if row.outcome == "unsigned":
        raise DatabaseNotReady(UNSIGNED)
    refusal = SignInRefusal(row.outcome)
    about = {"account": came.digest} if row.staff_id is None else {"actor": row.staff_id}
    event = "ended by age" if refusal is SignInRefusal.EXPIRED else f"refused {refusal}"
    audit.signed(event, came.issuer, **about, session=came.session)
    if refusal not in (SignInRefusal.EXPIRED, SignInRefusal.ENDED):
        counts.count("refused sign-in")
    return refusal


def over(database: Database, sessions: Collection[UUID]) -> frozenset[UUID]:
    """Which of these sign-ins count no more, by now. Raises DataError whatever stands in the way: whoever asks
    does so again and again, and must not end over it."""
    try:
        with acting_as_nobody(database) as connection:
            return frozenset(connection.scalars(OVER, {"sessions": list(sessions)}))
    except SQLAlchemyError as error:
        raise DataError("It cannot be told which sign-ins are over.") from error


def _signed(
    connection: Connection, database: Database, came: SignInAccount, hours: float
) -> dict[str, str]:
    if database.key is None:
        raise DatabaseNotReady(UNSIGNED)
    told = json.dumps({
        "issuer": came.issuer,
        "subject": came.subject,
        "email": came.email,
        "is_verified": came.is_verified,
        "issued_at": came.issued_at,
        "session": str(came.session),
        "hours": hours,
        "at": float(connection.scalar(CLOCK) or 0),
    })  # fmt: skip
    return {
        "told": told,
        "key_id": database.key.id,
        "signature": database.key.sign("sign-in", told),
    }


def sign_out(actor: Actor, *, everywhere: bool = False) -> None:
    """End this sign-in in every tab of the browser; `everywhere` all of this person's."""
    with acting_as(actor) as connection:
        connection.execute(SIGN_OUT, {"everywhere": everywhere})
    event = "signed out everywhere" if everywhere else "signed out"
    session = {} if actor.session is None else {"session": actor.session}
    audit.record(event, actor, **session)

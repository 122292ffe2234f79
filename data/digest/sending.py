"""One run: to each of the staff what is theirs, read as that person, once a day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from data.access import audit
from data.access.session import Actor, Database, acting_as
from data.digest.contents import Digest, DigestOff, DigestPeriod, digest_of
from data.digest.mail import MailServer, mail
from data.digest.readers import DigestReader, claim, end
from data.reading import people
from data.rules.roster import EMAIL
from data.writing.disclosures import disclosed

UNSUBSCRIBE: Final = "/unsubscribe"
TOKEN: Final = "t"  # noqa: S105 - the parameter's name
"""The page that a mail's link leads to, and what it is shown."""


class DigestOutcome(StrEnum):
    """What became of one person's digest, as it goes on from a number of people."""

    SENT = "sent"
    NOTHING = "had nothing new"
    ALREADY = "had one today"
    UNSUBSCRIBED = "unsubscribed"
    OFF = "in schools that do not send it, or without a class"
    NO_ADDRESS = "without an e-mail address"
    FAILED = "not sent"


@dataclass(frozen=True)
class DigestRun:
    """Where it reads, and what it is about; `today` is when the day began."""

    owner_url: str
    database: Database
    period: DigestPeriod
    today: datetime
    sender: str = ""

    def unsubscribe(self, token: UUID) -> str:
        """The address that ends it for whoever has this secret."""
        return f"{self.period.dashboard}{UNSUBSCRIBE}?{TOKEN}={token}"

    def send(self, server: MailServer, reader: DigestReader) -> DigestOutcome:
        """To one person. Raises NotSent; MailServerAway where nothing more can be sent; DataError, in words."""
        if (known := known_before(reader)) is not None:
            return known
        claimed = claim(self.owner_url, reader.id, self.today)
        if claimed is None:
            return DigestOutcome.ALREADY
        until = None
        try:
            digest = self.compose(reader, claimed.last, is_mailed=True)
            if digest is None:
                return DigestOutcome.NOTHING
            server.send(mail(digest, self.sender, reader.email, self.unsubscribe(claimed.token)))
            until = digest.until
        except DigestOff:
            return DigestOutcome.OFF
        finally:
            end(self.owner_url, reader.id, until)
        audit.record("digest sent", reader.id, students=len(digest.about))
        return DigestOutcome.SENT

    def compose(
        self, reader: DigestReader, last: datetime | None, *, is_mailed: bool
    ) -> Digest | None:
        """As the person it is for; None where there is nothing to say. Raises DigestOff."""
        with acting_as(Actor(reader.id, "", "", database=self.database)) as connection:
            if people.actor(connection, self.database) is None:
                raise DigestOff
            digest = digest_of(connection, self.period, last)
            if digest is not None and is_mailed:
                disclosed(connection, "mail", digest.about)
            return digest


def known_before(reader: DigestReader) -> DigestOutcome | None:
    """Why this person is sent nothing, whatever there is to say."""
    if not EMAIL.fullmatch(reader.email) or not reader.email.isprintable():
        return DigestOutcome.NO_ADDRESS
    if reader.has_unsubscribed:
        return DigestOutcome.UNSUBSCRIBED
    return DigestOutcome.ALREADY if reader.has_it else None

"""As a person of the school, in a transaction of the owner's that is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access.claims import ROLE, ClaimsKey

ACT: Final = text("""
select
    set_config('role', :role, true),
    set_config('request.jwt.claims', :claims, true),
    set_config('request.jwt.claim', '', true),
    set_config('request.jwt.claim.sub', '', true),
    set_config('request.jwt.claim.role', '', true),
    set_config('request.jwt.claim.email', '', true)
""")
CLOCK: Final = text("select extract(epoch from clock_timestamp())::float8")


@contextmanager
def acting(connection: Connection, key: ClaimsKey, person: UUID) -> Iterator[None]:
    """As the app acts for this person; whatever was done, and who it was, is gone at the end."""
    with connection.begin_nested() as point:
        try:
            at = float(connection.scalar(CLOCK) or 0)
            connection.execute(ACT, {"role": ROLE, "claims": key.claims(person, at)})
            yield
        finally:
            point.rollback()

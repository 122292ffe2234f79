"""Who asks, signed: what the app tells the database of a person, so that no statement can tell it otherwise.

HMAC-SHA256 with a key that this program and `internal.me()` hold. The signature covers the person and the
moment; the database believes it for two minutes, by its own clock, and only for whole transactions.
"""

import hmac
import json
import re
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

ROLE: Final = "dashboard_person"
"""As which the app acts for a person: our own, as a host platform's has its grants and policies."""

GUEST: Final = "dashboard_guest"
"""As which the app acts before anybody has signed in."""

BLOCK: Final = 64  # bytes: SHA-256 works on blocks of this size, and so do HMAC's pads

WRITTEN: Final = re.compile(r"([0-9a-f]{8})\.([0-9a-f]{64})")


@dataclass(frozen=True, repr=False)
class ClaimsKey:
    """The key that signs; which one is told by its id. Its secret stays out of its repr."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"ClaimsKey({self.id})"

    def claims(self, person: UUID, at: float, session: UUID | None = None) -> str:
        """What is told of a person at a moment (seconds since 1970, by the database's clock), as JSON.

        With the `session` of somebody who signed in, it is believed only while that counts.
        """
        claims = {"sub": str(person), "role": ROLE, "iat": f"{at:.3f}"}
        if session is not None:
            claims["sid"] = str(session)
        return json.dumps(
            claims | {"kid": self.id, "sig": self._signature(" ".join(claims.values()))}
        )

    def guest_claims(self, at: float) -> str:
        """What is told before anybody has signed in: that it is the app that asks."""
        moment = f"{at:.3f}"
        return json.dumps({"iat": moment, "kid": self.id, "sig": self.sign("guest", moment)})

    def sign(self, purpose: str, message: str) -> str:
        """The signature of what is told for a purpose, a word that begins no person's claims."""
        return self._signature(f"{purpose} {message}")

    def _signature(self, message: str) -> str:
        return hmac.digest(self.secret, message.encode(), "sha256").hex()

    @property
    def written(self) -> str:
        """The whole key, secret included, as DATABASE_CLAIMS_KEY takes it."""
        return f"{self.id}.{self.secret.hex()}"

    @property
    def pads(self) -> tuple[bytes, bytes]:
        """HMAC's inner and outer pad: what the database works with."""
        padded = self.secret.ljust(BLOCK, b"\0")
        return bytes(one ^ 0x36 for one in padded), bytes(one ^ 0x5C for one in padded)


def new_key() -> ClaimsKey:
    """A key that nobody has seen yet."""
    return ClaimsKey(secrets.token_hex(4), secrets.token_bytes(32))


def read_key(written: str) -> ClaimsKey:
    """A key from its written form. Raises ValueError, without repeating what was written."""
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError("not a claims key")
    return ClaimsKey(found[1], bytes.fromhex(found[2]))


def key_of_pads(key_id: str, inner_pad: bytes) -> ClaimsKey:
    """The key that these pads were made from."""
    return ClaimsKey(key_id, bytes(one ^ 0x36 for one in inner_pad[:32]))

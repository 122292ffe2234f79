"""What somebody says who wants to be the administrator and has only a teacher's signature."""

import json
import time

from data.access.claims import ClaimsKey, new_key
from tests.people import ADMIN, TEACHER


def told(claims: str) -> dict[str, object]:
    found = json.loads(claims)
    assert isinstance(found, dict)
    return found


def forged_claims(key: ClaimsKey) -> dict[str, str]:
    """What an attacker could say to be the administrator, who signed for Tess in the same transaction."""
    now = time.time()
    teachers = told(key.claims(TEACHER, now))
    foreign = new_key()
    return {
        "no signature": json.dumps({"sub": str(ADMIN), "role": "dashboard_person"}),
        "an empty signature": json.dumps({**teachers, "sub": str(ADMIN), "sig": ""}),
        "somebody else's signature": json.dumps({**teachers, "sub": str(ADMIN)}),
        "another key": foreign.claims(ADMIN, now),
        "another key under this one's name": ClaimsKey(key.id, foreign.secret).claims(ADMIN, now),
        "too old": key.claims(ADMIN, now - 300),
        "from the future": key.claims(ADMIN, now + 300),
        "an older one made younger": json.dumps(
            told(key.claims(ADMIN, now - 600)) | {"iat": f"{now:.3f}"}
        ),
        "a part moved into another": json.dumps(
            {**teachers, "sub": f"{TEACHER} dashboard_person", "role": str(now)}
        ),
        "no person": json.dumps({**told(key.claims(ADMIN, now)), "sub": None}),
        "no moment": json.dumps({**told(key.claims(ADMIN, now)), "iat": None}),
        "a list": json.dumps(["sub", "sig", "kid", "iat"]),
        "a word": json.dumps("sig"),
        "a number": "1",
        "nothing": "",
    }

"""Sign-in on a platform's own database: by its own accounts where that was said, else by e-mail."""

from __future__ import annotations

import time

from data.access.sign_in import SignInAccount, SignInRefusal, account, sign_in
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.steps import attach
from tests.database.attached.attaching import attached, nobody_told
from tests.database.attached.host import STAFF, Host, id_of

THEIRS = "https://project.example.org/auth/v1"
OTHERS = "https://accounts.example.org"


def came(issuer: str, subject: str, **other: object) -> SignInAccount:
    claims = {"iss": issuer, "sub": subject, "nonce": "first", "iat": time.time()}
    found = account(claims | other)
    assert found is not None
    return found


def test_staff_are_found_by_the_platforms_own_account_and_by_no_others(platform: Host) -> None:
    database = attached(platform)
    somebody = id_of(STAFF, 6)
    assert sign_in(database, came(THEIRS, str(somebody)), 12) == SignInRefusal.NO_EMAIL
    wanted = Wanted(read(platform.adapter), accounts_of=THEIRS)
    attach(platform.owner_url, platform.app_url, wanted, nobody_told)
    assert sign_in(database, came(THEIRS, str(somebody).upper()), 12) == somebody
    assert sign_in(database, came(OTHERS, str(id_of(STAFF, 1))), 12) == SignInRefusal.NO_EMAIL
    switched_off = came(
        THEIRS, str(id_of(STAFF, 2)), email="staff2@example.org", email_verified=True
    )
    assert sign_in(database, switched_off, 12) == SignInRefusal.UNKNOWN
    database.engine.dispose()

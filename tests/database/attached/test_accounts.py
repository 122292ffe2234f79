"""Sign-in on a platform's own database: by its own accounts where that was said, else by e-mail."""

import time

from data.access.session import connect
from data.access.sign_in import SignInAccount, SignInRefusal, account, sign_in
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.proof import prove
from data.database.attaching.steps import attach
from data.database.claims_keys import present_key
from tests.database.attached.attaching import attached, nobody_told
from tests.database.attached.host import NOBODY, STAFF, Host, id_of

THEIRS = "https://project.example.org/auth/v1"
OTHERS = "https://accounts.example.org"

SHARING = (5, 18)
NOT_ACTIVE = (2, 13, 14, 15, 16, 17)
"""Switched off, suspended, banned, deleted, and of no confirmed e-mail."""


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


def test_who_shares_an_e_mail_is_found_by_the_account_and_by_that_e_mail_nobody(
    platform: Host,
) -> None:
    wanted = Wanted(read(platform.adapter), accounts_of=THEIRS)
    told = prove(platform.owner_url, platform.app_url, wanted)
    assert [one.sentence for one in told if one.severity != "proved"] == []
    attach(platform.owner_url, platform.app_url, wanted, nobody_told)
    database = connect(platform.app_url, key=present_key(platform.owner_url), pool_size=2)
    for number in SHARING:
        alike = {"email": "staff5@example.org", "email_verified": True}
        one = id_of(STAFF, number)
        assert (
            sign_in(database, came(OTHERS, f"other {number}", **alike), 12) == SignInRefusal.UNKNOWN
        )
        assert sign_in(database, came(THEIRS, str(one), **alike), 12) == one
    for refused in (*(id_of(STAFF, number) for number in NOT_ACTIVE), id_of(NOBODY, 1)):
        assert sign_in(database, came(THEIRS, str(refused)), 12) == SignInRefusal.NO_EMAIL
    banned = "update auth.users set banned_until = now() + interval '1 day' where id = %s"
    with platform.root() as root:
        root.execute(banned.encode(), (id_of(STAFF, 18),))
    attach(platform.owner_url, platform.app_url, wanted, nobody_told)
    again = came(THEIRS, str(id_of(STAFF, 18)))
    assert sign_in(database, again, 12) == SignInRefusal.DISABLED
    database.engine.dispose()

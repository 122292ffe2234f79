"""Whose account is whose, and how long a sign-in holds: decided in the database, of what the app signed."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, event, text

from data.__main__ import data
from data.access.claims import new_key
from data.access.errors import DatabaseNotReady
from data.access.session import Actor, acting_as, acting_as_nobody
from data.access.sign_in import (
    SIGN_IN,
    SignInAccount,
    SignInRefusal,
    account,
    over,
    sign_in,
    sign_out,
)
from data.database.accounts import bound, end_sessions, unbind
from data.database.claims_keys import replace_key
from data.reading.people import actor as read_actor
from data.rules.progress import EMPTY_ROW, Edit, Field
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.people import ADMIN, COORDINATOR, OTHER_TEACHER, TEACHER

ISSUER = "https://accounts.example.org"
SEEN = text("select count(*) from public.student_module_progress")


def came(subject: str, email: str, nonce: str = "first", **other: object) -> SignInAccount:
    """As if this account had just come from the provider."""
    claims = {"iss": ISSUER, "sub": subject, "email": email, "email_verified": True, "nonce": nonce}
    found = account(claims | {"iat": time.time()} | other)
    assert found is not None
    return found


def asked(school: Scratch, who: SignInAccount, hours: float = 12) -> UUID | SignInRefusal:
    return sign_in(school.database, who, hours)


def actor(school: Scratch, person: UUID, who: SignInAccount) -> Actor:
    return replace(people.actor(school.database, person), session=who.session)


def sees(school: Scratch, one: Actor) -> int:
    with acting_as(one) as connection:
        return int(connection.scalar(SEEN) or 0)


def bindings(school: Scratch) -> Sequence[tuple[object, ...]]:
    with school.owner() as connection:
        return connection.execute("select subject, staff_id from dashboard.identity").fetchall()


def test_a_verified_e_mail_binds_once_and_only_the_account_counts_from_then(
    school: Scratch,
) -> None:
    assert asked(school, came("t-1", "TESS@Example.org")) == TEACHER
    assert bindings(school) == [("t-1", TEACHER)]
    # Another e-mail at the provider, even somebody else's or none that is verified, changes nothing.
    assert asked(school, came("t-1", "ada@example.org", "second")) == TEACHER
    assert asked(school, came("t-1", "", "third", email_verified=False)) == TEACHER
    # Another account with the same e-mail is refused; the same subject elsewhere is another account.
    assert asked(school, came("t-2", "tess@example.org")) is SignInRefusal.TAKEN
    assert asked(school, came("t-1", "tess@example.org", iss="https://else")) is SignInRefusal.TAKEN
    assert bindings(school) == [("t-1", TEACHER)]


def test_only_one_active_person_with_a_verified_e_mail_is_bound(school: Scratch) -> None:
    for refused in (
        came("s-1", "stranger@example.org"),
        came("s-2", "dora@example.org"),  # switched off
        came("s-3", "ann@example.org"),  # a student
        came("s-5", "%@example.org"),
    ):
        assert asked(school, refused) is SignInRefusal.UNKNOWN
    for none in ("", " ", "tess@example.org\0"):
        for verified in (True, False, None):
            told = came("s-4", none, email_verified=verified)
            assert asked(school, told) is SignInRefusal.NO_EMAIL
    for unsure in (False, "false", None, 1.5):
        assert (
            asked(school, came("s-6", "tess@example.org", email_verified=unsure))
            is SignInRefusal.UNVERIFIED
        )
    with school.owner() as connection:
        connection.execute(
            "update school.staff set email = 'TESS@example.org' where id = %s", [OTHER_TEACHER]
        )
    assert asked(school, came("s-7", "tess@example.org")) is SignInRefusal.UNKNOWN
    assert bindings(school) == []


def test_no_letter_but_a_to_z_passes_for_another_one(school: Scratch) -> None:
    """The Kelvin sign and the dotted capital I become k and i where a whole alphabet is folded."""
    with school.owner() as connection:
        connection.execute(
            "update school.staff set email = 'Kim@example.org' where id = %s", [TEACHER]
        )
    for foreign in ("\u212aim@example.org", "k\u0130m@example.org", "k\u0456m@example.org"):
        assert asked(school, came("s-1", foreign)) is SignInRefusal.UNKNOWN
    assert asked(school, came("s-1", "KIM@EXAMPLE.ORG")) == TEACHER  # the control


def test_what_the_app_did_not_sign_for_this_purpose_binds_nobody(school: Scratch) -> None:
    key = school.key
    assert key is not None
    told = {
        "issuer": ISSUER, "subject": "evil", "email": "ada@example.org", "is_verified": True,
        "session": str(people.STRANGER), "issued_at": time.time(), "hours": 12, "at": time.time(),
    }  # fmt: skip
    written, late = json.dumps(told), json.dumps(told | {"at": time.time() - 300})
    claims = json.loads(key.claims(ADMIN, time.time()))
    foreign = new_key()
    attempts = [
        (written, key.id, ""),
        (written, key.id, claims["sig"]),
        (f"{claims['sub']} dashboard_person {claims['iat']}", key.id, claims["sig"]),
        (written, key.id, key.sign("", written)),
        (written, foreign.id, foreign.sign("sign-in", written)),
        (written, key.id, foreign.sign("sign-in", written)),
        (late, key.id, key.sign("sign-in", late)),
        (None, key.id, key.sign("sign-in", written)),
        (written, None, None),
    ]

    def outcome(connection: Connection, attempt: tuple[object, ...]) -> str:
        bound_ = dict(zip(("told", "key_id", "signature"), attempt, strict=True))
        return str(connection.execute(SIGN_IN, bound_).one().outcome)

    with acting_as_nobody(school.database) as connection:
        for attempt in attempts:
            assert outcome(connection, attempt) == "unsigned"
    assert bindings(school) == []
    with acting_as_nobody(school.database) as connection:  # the control
        assert outcome(connection, (written, key.id, key.sign("sign-in", written))) == "signed in"
    assert bindings(school) == [("evil", ADMIN)]


def test_an_app_with_the_wrong_key_says_so(school: Scratch) -> None:
    for key in (None, new_key()):
        with pytest.raises(DatabaseNotReady, match="signature"):
            sign_in(replace(school.database, key=key), came("t-1", "tess@example.org"), 12)


def test_who_is_signed_in_comes_in_where_the_database_can_only_be_read(school: Scratch) -> None:
    tess = came("t-1", "tess@example.org")
    assert asked(school, tess) == TEACHER

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql("set transaction read only")

    event.listen(school.database.engine, "begin", limit)
    try:
        assert asked(school, tess) == TEACHER
        with pytest.raises(DatabaseNotReady):  # another sign-in would have to be written down
            asked(school, came("t-1", "tess@example.org", "second"))
    finally:
        event.remove(school.database.engine, "begin", limit)


def test_signing_out_ends_this_sign_in_everywhere_else_it_goes_on(school: Scratch) -> None:
    here, there = came("t-1", "tess@example.org", "here"), came("t-1", "tess@example.org", "there")
    assert asked(school, here) == asked(school, there) == TEACHER
    tab, laptop = actor(school, TEACHER, here), actor(school, TEACHER, there)
    assert sees(school, tab) == sees(school, laptop) == 3
    sign_out(tab)
    assert (sees(school, tab), sees(school, laptop)) == (0, 3)
    # The cookie of that sign-in, kept or stolen, opens nothing any more.
    assert asked(school, here) is SignInRefusal.ENDED
    assert asked(school, came("t-1", "tess@example.org", "anew")) == TEACHER


def test_signing_out_everywhere_ends_also_what_was_never_seen_here(school: Scratch) -> None:
    here, there = came("t-1", "tess@example.org", "here"), came("t-1", "tess@example.org", "there")
    other = came("o-1", "otto@example.org")
    assert [asked(school, one) for one in (here, there, other)] == [TEACHER, TEACHER, OTHER_TEACHER]
    sign_out(actor(school, TEACHER, here), everywhere=True)
    assert sees(school, actor(school, TEACHER, there)) == 0
    assert sees(school, actor(school, OTHER_TEACHER, other)) == 1  # the control
    unseen = came("t-1", "tess@example.org", "unseen", iat=time.time() - 600)
    assert asked(school, unseen) is SignInRefusal.ENDED
    anew = came("t-1", "tess@example.org", "anew")
    assert asked(school, anew) == TEACHER
    assert sees(school, actor(school, TEACHER, anew)) == 3


def test_a_sign_in_ends_after_its_hours_and_an_old_one_is_none(school: Scratch) -> None:
    who = came("t-1", "tess@example.org")
    assert asked(school, who) == TEACHER
    with school.owner() as connection:
        connection.execute(
            "update dashboard.staff_session set ends_at = now() - interval '1 second'"
        )
    assert sees(school, actor(school, TEACHER, who)) == 0
    assert asked(school, who) is SignInRefusal.EXPIRED
    old = came("t-1", "tess@example.org", "old", iat=time.time() - 13 * 3600)
    assert asked(school, old) is SignInRefusal.EXPIRED
    younger = came("t-1", "tess@example.org", "younger", iat=time.time() - 11 * 3600)
    assert asked(school, younger) == TEACHER
    # A provider whose clock is ahead gives nobody more time.
    ahead = came("t-1", "tess@example.org", "ahead", iat=time.time() + 86_400)
    assert asked(school, ahead, hours=1) == TEACHER
    with school.owner() as connection:
        latest = "select max(ends_at) < now() + interval '61 minutes' from dashboard.staff_session"
        assert connection.execute(latest).fetchone() == (True,)


def test_a_page_left_open_takes_no_account_back(school: Scratch) -> None:
    """Nor does a cookie that is too old, or from before a sign-out everywhere, bind anybody."""
    left_open = came("t-1", "tess@example.org")
    assert asked(school, left_open) == TEACHER
    assert unbind(school.owner_url, "tess@example.org")
    assert asked(school, left_open) is SignInRefusal.ENDED
    unseen = came("t-1", "tess@example.org", "unseen", iat=time.time() - 600)
    assert asked(school, unseen) is SignInRefusal.ENDED
    old = came("c-1", "cora@example.org", iat=time.time() - 13 * 3600)
    assert asked(school, old) is SignInRefusal.EXPIRED
    assert bindings(school) == []
    assert asked(school, came("t-2", "tess@example.org")) == TEACHER  # the control
    assert bindings(school) == [("t-2", TEACHER)]


def test_the_app_is_told_which_sign_ins_are_over(school: Scratch) -> None:
    staying = came("o-1", "otto@example.org")
    here, there = came("t-1", "tess@example.org"), came("c-1", "cora@example.org")
    for who in (staying, here, there):
        assert isinstance(asked(school, who), UUID)
    sessions = [one.session for one in (staying, here, there)]
    assert over(school.database, sessions) == set()
    sign_out(actor(school, TEACHER, here))
    assert over(school.database, sessions) == {here.session}
    with school.owner() as connection:
        connection.execute("update school.staff set is_active = false where id = %s", [COORDINATOR])
    assert over(school.database, [*sessions, people.STRANGER]) == {
        here.session, there.session, people.STRANGER,
    }  # fmt: skip


def test_a_session_is_no_other_persons_and_none_is_made_up(school: Scratch) -> None:
    who = came("t-1", "tess@example.org")
    assert asked(school, who) == TEACHER
    assert sees(school, actor(school, TEACHER, who)) == 3
    assert sees(school, actor(school, ADMIN, who)) == 0
    assert sees(school, actor(school, TEACHER, came("t-1", "", "made up"))) == 0


def test_a_session_is_not_cut_off_the_claims(school: Scratch) -> None:
    """Whoever takes the ended session out of the signed words says other words."""
    key, who = school.key, came("t-1", "tess@example.org")
    assert key is not None
    now = time.time()
    told = json.loads(key.claims(TEACHER, now, who.session))
    iat, sid = told["iat"], told.pop("sid")
    cuts = [
        {},
        {"iat": f"{iat} {sid}"},
        {"role": f"dashboard_person {iat}", "iat": sid},
        {"sid": ""},
    ]
    cuts += [{"sid": None}, {"iat": None, "role": f"dashboard_person {iat} {sid}"}]
    with acting_as(people.actor(school.database, TEACHER)) as connection:
        for cut in cuts:
            be = text("select set_config('request.jwt.claims', :claims, true)")
            connection.execute(be, {"claims": json.dumps(told | cut)})
            assert connection.scalar(text("select internal.me()")) is None, cut
        connection.execute(be, {"claims": key.claims(TEACHER, now)})
        assert connection.scalar(text("select internal.me()")) == TEACHER  # the control


def test_whoever_is_switched_off_is_out_at_the_next_transaction(school: Scratch) -> None:
    who = came("c-1", "cora@example.org")
    assert asked(school, who) == COORDINATOR
    cora = actor(school, COORDINATOR, who)
    wish = Edit(people.CLEO, people.PROJECT, {Field.PERCENTAGE: 20}, EMPTY_ROW)
    assert sees(school, cora) == 4
    with school.owner() as connection:
        connection.execute("update school.staff set is_active = false where id = %s", [COORDINATOR])
    assert sees(school, cora) == 0
    assert save(cora, [wish]).saved == ()
    with acting_as(cora) as transaction:
        assert read_actor(transaction, school.database, who.session) is None
    assert asked(school, who) is SignInRefusal.DISABLED


def test_the_owner_lists_unbinds_and_ends(school: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", school.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", school.owner_url)

    def run(*words: str) -> str:
        done = CliRunner().invoke(data, words)
        assert done.exception is None, done.output
        return done.output

    assert "Nobody has signed in yet." in run("accounts")
    who = came("t-1", "tess@example.org")
    assert asked(school, who) == TEACHER
    assert "tess@example.org: https://accounts.example.org" in run("accounts")
    assert [(one.email, one.sessions) for one in bound(school.owner_url)] == [
        ("tess@example.org", 1)
    ]
    assert "1 sign-ins ended" in run("sign-out", "TESS@example.org")
    assert sees(school, actor(school, TEACHER, who)) == 0
    assert end_sessions(school.owner_url, "tess@example.org") == 0

    anew = came("t-1", "tess@example.org", "anew")
    assert asked(school, anew) == TEACHER
    assert "Forgotten" in run("unbind", "tess@example.org")
    assert sees(school, actor(school, TEACHER, anew)) == 0
    assert not unbind(school.owner_url, "tess@example.org")
    assert asked(school, came("t-2", "tess@example.org")) == TEACHER
    assert CliRunner().invoke(data, ["unbind", "nobody@example.org"]).exit_code == 1


def test_the_log_tells_who_by_ids_alone(school: Scratch, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="progress.audit"):
        who = came("tess@example.org", "tess@example.org")  # some use an e-mail as their id
        asked(school, who)
        asked(school, who)  # another tab: said once
        sign_out(actor(school, TEACHER, who))
        asked(school, who)
        asked(school, came("cora@else.org", "cora@else.org"))
        asked(school, came("tess@example.org", "", "old", iat=1))
        unbind(school.owner_url, "tess@example.org")
        end_sessions(school.owner_url, "otto@example.org")
        replace_key(school.owner_url, 0)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition("=")[0].rpartition(" ")[0] for line in lines] == [
        "signed in", "signed out", "refused ended", "refused unknown", "ended by age",
        "unbound", "signed out everywhere", "key replaced",
    ]  # fmt: skip
    assert f"actor={TEACHER}" in lines[0]
    assert f"actor={TEACHER}" in lines[2]
    assert f"actor={TEACHER}" in lines[4]
    assert ISSUER in lines[0]
    assert "@" not in "".join(lines)
    assert "Tess" not in "".join(lines)


@pytest.mark.parametrize("missing", ["iss", "sub"])
def test_claims_without_an_account_are_nobodys(missing: str) -> None:
    claims: dict[str, object] = {"iss": ISSUER, "sub": "t-1"}
    assert account(claims) is not None
    for value in ("", None, 7, ["t-1"], "a\x1b[2J", "a\nb", "a\0", "\ud800", "a" * 1001):
        assert account(claims | {missing: value}) is None


def test_what_is_no_moment_was_long_ago_and_a_number_verifies_nothing() -> None:
    claims = {"iss": ISSUER, "sub": "t-1", "email": "tess@example.org"}
    for odd in (None, "1", True, -1, 10**400, float("nan"), float("inf"), [1]):
        found = account(claims | {"iat": odd, "email_verified": 1})
        assert found is not None
        assert (found.issued_at, found.is_verified) == (0.0, False)
    for true in (True, "true"):
        found = account(claims | {"iat": 1.5, "email_verified": true})
        assert found is not None
        assert (found.issued_at, found.is_verified) == (1.5, True)
    strange = account(claims | {"email": "tess@example.org\0"})
    assert strange is not None
    assert strange.email == ""


def test_a_service_that_does_not_say_is_trusted_only_where_one_says_so() -> None:
    claims = {"iss": ISSUER, "sub": "m-1", "email": " tess@example.org "}
    plain, trusted = account(claims), account(claims, trusts_email=True)
    denied = account(claims | {"email_verified": False}, trusts_email=True)
    assert plain is not None
    assert trusted is not None
    assert denied is not None
    assert (plain.is_verified, trusted.is_verified, denied.is_verified) == (False, True, False)
    assert trusted.email == "tess@example.org"

"""That a sign-in is believed only while it counts, and an account bound only as it should be."""

import json
import time
from uuid import UUID

from data.access.claims import ClaimsKey
from tests import people
from tests.people import ADMIN, COORDINATOR, OTHER_TEACHER, TEACHER
from tests.rls.facts import GUEST
from tests.rls.furnishing import OPEN_SESSION
from tests.rls.probes.probe import (
    AS_APP,
    OTTO,
    PLATFORM,
    Probe,
    after,
    as_guest,
    is_so,
    signed,
)

HERE, THERE = people.LESSONS  # any two ids

BOUND = "(select count(*) from dashboard.identity where issuer = 'https://x')"


def of_sign_in(key: ClaimsKey) -> list[Probe]:
    """Probes that need the app's signature at hand."""
    return [*_of_sessions(key), *_of_accounts(key), _leaves(key)]


def _leaves(key: ClaimsKey) -> Probe:
    """Signing out, with the rights of whoever does."""
    claims = key.claims(OTHER_TEACHER, time.time(), OPEN_SESSION)
    begins = f"perform set_config('request.jwt.claims', '{claims}', true)"
    check = "if internal.me() is null then raise exception 'not in'; end if"
    return after(OTTO, f"{begins}; {check}; perform dashboard.sign_out()", "internal.me() is null")


def _session(session: UUID, *, ends: str = "1 hour", ended: str = "null") -> str:
    return (
        "insert into dashboard.staff_session (id, staff_id, signed_in_at, ends_at, ended_at) "
        f"values ('{session}', '{TEACHER}', now() - interval '1 hour', now() + interval '{ends}', {ended})"
    )


def _of_sessions(key: ClaimsKey) -> list[Probe]:
    def here(person: UUID) -> str:
        return signed(key, person, HERE)

    told = json.loads(key.claims(TEACHER, time.time(), HERE))
    cut = json.dumps(told | {"role": f"dashboard_person {told['iat']}", "iat": told.pop("sid")})
    over = f"insert into dashboard.sessions_valid_after (staff_id) values ('{TEACHER}')"
    guest = as_guest(key.guest_claims(time.time()))
    both = f"{_session(HERE)}; {_session(THERE)}; {here(TEACHER)}"
    ended = (
        "select array_agg(id order by id) from dashboard.staff_session where ended_at is not null"
    )
    return [
        after(PLATFORM, f"{_session(HERE)}; {here(TEACHER)}", f"internal.me() = '{TEACHER}'"),
        *(
            after(PLATFORM, writes, "internal.me() is null")
            for writes in (
                here(TEACHER),
                f"{_session(THERE)}; {here(TEACHER)}",
                f"{_session(HERE)}; {here(COORDINATOR)}",
                f"{_session(HERE, ended='now()')}; {here(TEACHER)}",
                f"{_session(HERE, ends='-1 second')}; {here(TEACHER)}",
                f"{_session(HERE)}; {over}; {here(TEACHER)}",
                f"{AS_APP}; perform set_config('request.jwt.claims', '{cut}', true)",
            )
        ),
        after(PLATFORM, f"{both}; perform dashboard.sign_out()", f"({ended}) = '{{{HERE}}}'"),
        after(
            PLATFORM,
            f"{both}; perform dashboard.sign_out(true)",
            f"({ended}) = '{{{HERE},{THERE}}}'",
        ),
        *(
            after(PLATFORM, f"{writes}; {guest}", f"{_over(HERE)} = '{{{HERE}}}'")
            for writes in (
                _session(THERE),
                _session(HERE, ended="now()"),
                f"{_session(HERE)}; update school.staff set is_active = false where id = '{TEACHER}'",
            )
        ),
        after(PLATFORM, f"{_session(HERE)}; {guest}", f"{_over(HERE)} is null"),
    ]


def _over(session: UUID) -> str:
    return f"(select array_agg(one) from dashboard.ended_sessions(array['{session}'::uuid]) as one)"


def _of_accounts(key: ClaimsKey) -> list[Probe]:
    def outcome(email: str = "tess@example.org", sign: ClaimsKey = key, **other: object) -> str:
        now = time.time()
        told = json.dumps({
            "issuer": "https://x", "subject": "s", "email": email, "is_verified": True, "session": str(HERE),
            "issued_at": now, "hours": 12, "at": now, **other,
        })  # fmt: skip
        signature = sign.sign("sign-in", told)
        return f"(select outcome from dashboard.sign_in('{told}', '{key.id}', '{signature}'))"

    twin = f"update school.staff set email = 'TESS@example.org' where id = '{ADMIN}'"
    off = f"update school.staff set is_active = false where id = '{TEACHER}'"
    bound = f"insert into dashboard.identity values ('https://x', 's', '{TEACHER}')"
    taken = f"insert into dashboard.identity values ('https://x', 'other', '{TEACHER}')"
    over = f"insert into dashboard.sessions_valid_after (staff_id) values ('{TEACHER}')"
    kim = f"update school.staff set email = 'kim@example.org' where id = '{TEACHER}'"
    kelvin = "'\u212a' collate \"C.utf8\""
    foreign = ClaimsKey(key.id, bytes(32))
    return (
        [
            is_so(
                GUEST, f"{outcome()} = 'signed in'"
            ),  # as the app asks, before anybody is anybody
            is_so(GUEST, f"{outcome(sign=foreign)} = 'unsigned'"),
            # Where the database's own alphabet is larger, the Kelvin sign is a capital K.
            is_so(PLATFORM, f"lower({kelvin}) = 'k' and internal.folded_email({kelvin}) <> 'k'"),
        ]
        + [
            after(PLATFORM, f"{writes}{AS_APP}", f"{asked} = '{answer}'")
            for writes, asked, answer in (
                ("", outcome(), "signed in"),
                ("", outcome(sign=foreign), "unsigned"),
                ("", outcome(at=time.time() - 300), "unsigned"),
                ("", outcome(is_verified=False), "unverified"),
                ("", outcome(email="nobody@example.org"), "unknown"),
                (f"{twin}; ", outcome(), "unknown"),
                (f"{off}; ", outcome(), "unknown"),
                (f"{bound}; {off}; ", outcome(), "disabled"),
                (f"{bound}; ", outcome(email="", is_verified=False), "signed in"),
                (f"{taken}; ", outcome(), "taken"),
                (f"{_session(HERE, ended='now()')}; ", outcome(), "ended"),
                (f"{_session(HERE, ends='-1 second')}; ", outcome(), "expired"),
                ("", outcome(issued_at=time.time() - 13 * 3600), "expired"),
                (f"{over}; ", outcome(issued_at=time.time() - 600), "ended"),
                (f"{kim}; ", outcome(email="KIM@example.org"), "signed in"),
                (f"{kim}; ", outcome(email="\u212aim@example.org"), "unknown"),
            )
        ]
        + [
            # What is over binds nobody, and is told before anything is bound.
            after(PLATFORM, f"{AS_APP}; {writes}; perform {asked}", f"{BOUND} = 0")
            for writes, asked in (
                (_session(HERE, ended="now()"), outcome()),
                (over, outcome(issued_at=time.time() - 600)),
                (over, outcome(issued_at=time.time() - 13 * 3600)),
            )
        ]
    )

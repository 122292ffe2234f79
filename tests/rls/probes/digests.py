"""Where the digest is sent its managers say, and whether somebody gets it that person alone, or their link."""

import time
from typing import Final

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    DAN,
    DISABLED,
    INSPECTOR,
    NORTH,
    SOUTH,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
    UNUSED,
    VIEWER,
)
from tests.rls.facts import GUEST
from tests.rls.probes.paths import turned
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    BY_PERSON,
    CORA,
    PLATFORM,
    TESS,
    Probe,
    after,
    as_guest,
    is_so,
    refused,
    signed,
)

SENT: Final = "dashboard.is_digest_sent()"
NAMED: Final = "dashboard.digest_names_students()"
LINK: Final = f"dashboard.want_digest_by_link('{UNUSED}', {{}})"
"""Of the administrator, who has unsubscribed."""
READER: Final = (
    f"(select unsubscribed_at is null from internal.digest_reader where staff_id = '{ADMIN}')"
)

DIGESTS: Final = [
    *(is_so(who, f"{SENT} and {NAMED}") for who in (TESS, CORA, BY_PERSON[VIEWER])),
    *(
        is_so(BY_PERSON[one], f"{SENT} and not {NAMED}")
        for one in (SOUTH_COORDINATOR, ADMIN, INSPECTOR)
    ),
    *(
        is_so(who, f"not {SENT} and not {NAMED}")
        for who in (ANNS, BY_PERSON[DISABLED], BY_PERSON[STRANGER])
    ),
    after(CORA, "update school.digest set is_sent = false", f"not {SENT} and {NAMED}"),
    after(
        ADA, f"update school.digest set is_sent = false where organisation_id = '{SOUTH}'", f"not {SENT}"
    ),
    refused(CORA, f"insert into school.digest values ('{SOUTH}', true, true)"),
    refused(TESS, f"insert into school.digest values ('{NORTH}', true, true)"),
    is_so(TESS, "dashboard.wants_digest()"),
    is_so(ADA, "not dashboard.wants_digest()"),
    is_so(ANNS, "dashboard.wants_digest() is null"),
    after(CORA, "update school.digest set is_sent = false", "dashboard.wants_digest() is null"),
    after(TESS, "perform dashboard.want_digest(false)", "not dashboard.wants_digest()"),
    after(ADA, "perform dashboard.want_digest(true)", "dashboard.wants_digest()"),
    *(
        refused(who, "select dashboard.want_digest(false)")
        for who in (ANNS, BY_PERSON[DISABLED], BY_PERSON[STRANGER], GUEST)
    ),
    is_so(GUEST, LINK.format(True)),
    is_so(GUEST, f"not dashboard.want_digest_by_link('{ANN}', true)"),
    refused(TESS, f"select {LINK.format(True)}"),
    # Who takes the guest's role with a statement of their own is not the app.
    after(TESS, "perform set_config('role', 'dashboard_guest', true)", f"not {LINK.format(True)}"),
    *(
        turned(TESS, f"perform {call}")
        for call in (SENT, NAMED, "dashboard.wants_digest()", "dashboard.want_digest(true)")
    ),
    turned(GUEST, f"perform {LINK.format(True)}"),
]  # fmt: skip


def of_digests(key: ClaimsKey) -> list[Probe]:
    """What nobody could try as a person."""
    guest = as_guest(key.guest_claims(time.time()))
    guests = f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')"
    archived = "update school.class set archived_at = now() where {} = '{}'"
    return [
        after(PLATFORM, f"{guests}; {signed(key, TEACHER)}", f"{SENT} and not {NAMED}"),
        after(
            PLATFORM,
            f"{archived.format('id', CLASS_1A)}; {signed(key, TEACHER)}",
            f"not {SENT} and not {NAMED}",
        ),
        after(
            PLATFORM, f"delete from school.digest; {signed(key, TEACHER)}", f"not {SENT} and not {NAMED}"
        ),
        after(
            PLATFORM,
            f"update school.digest set is_sent = false where organisation_id = '{SOUTH}'; "
            f"{archived.format('organisation_id', SOUTH)}; {signed(key, ADMIN)}",
            SENT,
        ),
        after(PLATFORM, f"{guest}; perform {LINK.format(True)}", READER),
        after(PLATFORM, f"{guest}; perform {LINK.format(False)}", f"not {READER}"),
        after(
            PLATFORM,
            f"{guest}; perform {LINK.format(True)}; perform {LINK.format(False)}",
            f"not {READER}",
        ),
    ]  # fmt: skip

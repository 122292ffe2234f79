"""Whoever sees everybody sees every student, and nothing of whoever is none."""

from typing import Final

from data.access.claims import ClaimsKey
from tests.people import CLASS_1A, INSPECTOR, STRANGER
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import ADA, BY_PERSON, PLATFORM, Probe, after, is_so, refused, signed

OF_STUDENTS: Final = (
    *(PROGRESS, "dashboard.fact", "dashboard.history", "dashboard.lock", "dashboard.lock_attempt"),
    *("dashboard.dismissal", "dashboard.note", "dashboard.flag_response"),
    *("dashboard.change", "dashboard.completion"),
)

NO_STUDENTS: Final = [
    *(
        is_so(who, f"{so} (select from {name} where student_id = '{STRANGER}')")
        for who, so in ((ADA, "not exists"), (PLATFORM, "exists"))
        for name in OF_STUDENTS
        # What a view tells, it tells nobody whom it does not know.
        if not (who is PLATFORM and name in ("dashboard.change", "dashboard.completion"))
    ),
    refused(
        ADA,
        "insert into dashboard.note (id, student_id, act, kind, text) "
        f"values (gen_random_uuid(), '{STRANGER}', 'written', 'note', 'x')",
    ),
    refused(
        ADA,
        "insert into dashboard.flag_response (id, class_id, student_id, rule, response) "
        f"values (gen_random_uuid(), '{CLASS_1A}', '{STRANGER}', 'x', 'seen')",
    ),
    refused(ADA, f"select dashboard.disclose('file', '{{{STRANGER}}}', null)"),
]


def of_everybody(key: ClaimsKey) -> list[Probe]:
    """A viewer of all who was switched off meanwhile sees nobody."""
    off = f"update school.staff set is_active = false where id = '{INSPECTOR}'"
    nobody = "internal.everybody_but() is null"
    return [
        after(PLATFORM, f"{off}; {signed(key, INSPECTOR)}", nobody),
        is_so(BY_PERSON[INSPECTOR], f"not ({nobody})"),
    ]

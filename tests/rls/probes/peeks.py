"""Rows that are not shown are not learnt of by other ways either."""

from typing import Final

from data.access.claims import ClaimsKey
from tests.people import BEN, CLASS_1A, CLASS_1B, CLEO, DAN, SOUTH_COORDINATOR, TEACHER
from tests.rls.matrix import REFUSED
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import (
    ANNS,
    CORA,
    OTTO,
    PLATFORM,
    TESS,
    Probe,
    after,
    signed,
)

# Were a failing expression asked of rows that are not shown, whoever puts it into a query would learn of them.
# How a query is planned, anybody may choose.
PLANNED: Final = "; ".join(
    f"perform set_config('enable_{one}', 'off', true)"
    for one in ("nestloop", "indexscan", "indexonlyscan", "bitmapscan", "memoize")
)

PEEKS: Final = [
    after(
        who,
        f"{plan}perform from {view} as row where 1 / (case when {what} then 0 else 1 end) = 1",
        "true",
    )
    for plan in ("", f"{PLANNED}; ")
    for who, view, what in (
        (ANNS, "roster.student", f"id::text = '{DAN}'"),
        (ANNS, "roster.class", f"id::text = '{CLASS_1B}'"),
        (ANNS, "roster.class_student", f"student_id::text = '{DAN}'"),
        (ANNS, "roster.class_module", f"class_id::text = '{CLASS_1B}'"),
        (ANNS, "dashboard.change", f"student_id::text = '{DAN}'"),
        (ANNS, "dashboard.completion", f"student_id::text = '{BEN}'"),
        (TESS, "roster.class_teacher", f"class_id::text = '{CLASS_1B}'"),
        (TESS, "roster.organisation", "name = 'South School'"),
        (TESS, "dashboard.checked_row", f"student_id::text = '{CLEO}'"),
        (TESS, "dashboard.class_cell", f"class_id::text = '{CLASS_1B}'"),
        (TESS, "dashboard.class_count", f"class_id::text = '{CLASS_1B}'"),
        (OTTO, "dashboard.class_completion", f"class_id::text = '{CLASS_1A}'"),
        (OTTO, "dashboard.class_score", f"class_id::text = '{CLASS_1A}'"),
    )
]


def of_cheap_peeks(key: ClaimsKey) -> list[Probe]:
    """Of what is cheap PostgreSQL asks first what costs least: of this one it is the name, which fails."""
    return [
        after(
            PLATFORM,
            f"update school.staff set full_name = '%' where id = '{SOUTH_COORDINATOR}'; "
            f"grant dashboard_person to progress_owner; {signed(key, TEACHER)}; "
            "perform set_config('role', 'dashboard_person', true); "
            "perform from roster.staff where format(full_name) is not null",
            "true",
        )
    ]


# A statement that reads no column is bound by the policy of what it does alone, and by none of reading.
UNREAD: Final = [
    Probe(who, statement, expected)
    for statement, *answers in (
        ("update dashboard.draft set edits = '[]'", "1", "1", "0"),
        ("delete from dashboard.draft", "1", "1", "0"),
        ("update dashboard.saved_view set name = 'x'", "1", "1", "0"),
        ("delete from dashboard.saved_view", "1", "1", "0"),
        (f"update {PROGRESS} set score = 1", "0", "6", "0"),
        ("delete from dashboard.dismissal", "0", "5", "0"),
        ("update dashboard.dismissal set values_digest = repeat('1', 32)", "0", REFUSED, "0"),
    )
    for who, expected in zip((TESS, CORA, ANNS), answers, strict=True)
]

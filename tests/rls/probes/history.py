"""That the history is kept, by whom a change was, and that nobody rewrites it."""

from typing import Final

from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    COORDINATOR,
    COURSE,
    PROJECT,
)
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.probe import (
    ADD,
    CORA,
    PLATFORM,
    after,
    fact,
    newest,
    refused,
    row,
    set_details,
    set_score,
)

FORGED_ANN: Final = f"set_config('request.jwt.claims', '{{\"sub\": \"{ANN}\"}}', true) is not null"
FORGED: Final = f"set_config('request.jwt.claims', '{{\"sub\": \"{ADMIN}\"}}', true) is not null"


# A lock that nothing was tried against: no other row holds it.
UNTRIED: Final = (
    "do $probe$ begin insert into dashboard.lock "
    "(student_id, module_id, fields, locked_values, author_id, reason) "
    f"values ('{BEN}', '{PROJECT}', '{{score}}', '{{\"score\": null}}', '{ADMIN}', 'x'); "
    f"delete from dashboard.lock {row(BEN, PROJECT)}; end $probe$"
)

APPEND_ONLY: Final = [
    refused(PLATFORM, statement)
    for statement in (
        "update dashboard.history set source = source",
        "delete from dashboard.history",
        "truncate dashboard.history",
        "update dashboard.batch set reason = 'another'",
        "delete from dashboard.batch",
        UNTRIED,
        "delete from dashboard.lock_attempt",
        "update dashboard.note set text = 'another'",
        "delete from dashboard.note",
        f"truncate {PROGRESS}",
        "update dashboard.lock set reason = 'another'",
    )
]


HISTORY: Final = [
    after(
        PLATFORM,
        set_score(42),
        newest(
            ANN,
            ASSESSMENT,
            "source = 'platform' and author_id is null and after ->> 'score' = '42'",
        )
        + f" and {fact(ANN, ASSESSMENT, 'shown_score = 42 and not edited_by_staff')}",
    ),
    after(
        CORA,
        set_score(43),
        newest(ANN, ASSESSMENT, f"source = 'staff' and author_id = '{COORDINATOR}'")
        + f" and {fact(ANN, ASSESSMENT, 'edited_by_staff')}",
    ),
    after(
        CORA,
        f"perform set_config('dashboard.batch', '{batch_of(COORDINATOR)}', true); {set_score(44)}",
        newest(ANN, ASSESSMENT, f"source = 'form' and batch_id = '{batch_of(COORDINATOR)}'"),
    ),
    after(
        CORA,
        f"perform set_config('dashboard.batch', '{batch_of(ADMIN)}', true); {set_score(44)}",
        newest(ANN, ASSESSMENT, "source = 'staff' and batch_id is null"),
    ),
    after(
        PLATFORM,
        f"{ADD}('{BEN}', '{PROJECT}', 'InProgress')",
        newest(BEN, PROJECT, "operation = 'insert'") + f" and {fact(BEN, PROJECT, 'true')}",
    ),
    after(
        PLATFORM,
        f"delete from {PROGRESS} {row(BEN)}",
        newest(BEN, COURSE, "operation = 'delete' and completions = -1")
        + f" and {fact(BEN, COURSE, 'true')} is null",
    ),
    after(
        PLATFORM,
        f"{set_details({'a': 1, 'b': 2})}; {set_details({'a': 1, 'b': 3})}",
        newest(ANN, COURSE, """before -> 'progress_details' = '{"b": 2}'"""),
    ),
    # A student's own work, as the platform's own server writes it.
    after(
        PLATFORM,
        f"perform set_config('request.jwt.claims', '{{\"sub\": \"{ANN}\"}}', true); {set_score(5)}",
        newest(ANN, ASSESSMENT, "source = 'student'"),
    ),
    refused(CORA, f"update {PROGRESS} set score = 7 {row(ANN, ASSESSMENT)} and {FORGED}"),
    refused(
        CORA,
        f"update {PROGRESS} set score = 7 {row(ANN, ASSESSMENT)} and {FORGED_ANN}",
    ),
]

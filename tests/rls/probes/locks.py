"""That a lock holds, and that it is recorded what was tried."""

from typing import Final

from tests.people import (
    ADMIN,
    CLEO,
    COORDINATOR,
    COURSE,
    UNUSED,
)
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.probe import (
    CORA,
    PLATFORM,
    after,
    fact,
    row,
)

LOCK: Final = (
    "insert into dashboard.lock (student_id, module_id, fields, reason) "
    f"values ('{CLEO}', '{COURSE}', '{{status}}', 'why')"
)
ATTEMPT: Final = f"exists (select from dashboard.lock_attempt {row(CLEO)} and field = '{{}}')"
CURRENT: Final = f"from dashboard.lock {row(CLEO)} and unlocked_at is null"


LOCKS: Final = [
    # What the platform writes over a lock is undone and recorded.
    after(
        PLATFORM,
        f"update dashboard.lock set unlocked_by = '{ADMIN}' {row(CLEO)}; "
        f"insert into dashboard.lock (student_id, module_id, fields, author_id, reason, locked_values) values "
        f"('{CLEO}', '{COURSE}', '{{status,progress_percentage,completed_at}}', '{ADMIN}', 'x', "
        "'{\"status\": \"InProgress\", \"progress_percentage\": 10, \"completed_at\": null}'); "
        f"update {PROGRESS} set status = 'Completed', progress_percentage = 100 {row(CLEO)}",
        f"(select status = 'InProgress' and progress_percentage = 10 from {PROGRESS} {row(CLEO)}) "
        f"and {ATTEMPT.format('status')} and {fact(CLEO, COURSE, 'is_locked')}",
    ),
    after(
        CORA,
        LOCK,
        f"(select author_id = '{COORDINATOR}' and locked_values ->> 'status' = 'InProgress' "
        f"and 'progress_percentage' = any (fields) {CURRENT})",
    ),
    after(
        CORA,
        f"{LOCK}; perform set_config('dashboard.batch', '{batch_of(COORDINATOR)}', true); "
        f"update {PROGRESS} set progress_percentage = 55 {row(CLEO)}",
        f"(select locked_values ->> 'progress_percentage' = '55' and batch_id is not null {CURRENT})",
    ),
    # Whoever names somebody else's batch has opened none.
    after(
        CORA,
        f"perform set_config('dashboard.batch', '{batch_of(ADMIN)}', true); "
        f"update {PROGRESS} set score = 77 {row(CLEO)}",
        f"(select score is null from {PROGRESS} {row(CLEO)}) and {ATTEMPT.format('score')}",
    ),
    after(PLATFORM, f"delete from {PROGRESS} {row(CLEO)}", ATTEMPT.format("row")),
    after(
        PLATFORM,
        f"update {PROGRESS} set module_id = '{UNUSED}' {row(CLEO)}",
        ATTEMPT.format("row"),
    ),
    after(
        PLATFORM,
        f"delete from {PROGRESS} {row(CLEO)}; insert into {PROGRESS} (student_id, module_id, score) "
        f"values ('{CLEO}', '{COURSE}', 5)",
        fact(CLEO, COURSE, "is_locked")
        + f" and (select score is null from {PROGRESS} {row(CLEO)})",
    ),
    after(
        CORA,
        f"update dashboard.lock set unlocked_by = '{COORDINATOR}' {row(CLEO)}",
        f"(select unlocked_at > now() - interval '1 minute' from dashboard.lock {row(CLEO)}) "
        f"and not exists (select from dashboard.class_cell {row(CLEO)} and cell like '%k%')",
    ),
]  # fmt: skip

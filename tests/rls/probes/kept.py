"""That what somebody keeps holds, and that it is told what was tried."""

from __future__ import annotations

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

KEEP: Final = (
    "insert into dashboard.kept (student_id, module_id, fields, reason) "
    f"values ('{CLEO}', '{COURSE}', '{{status}}', 'why')"
)
ATTEMPT: Final = f"exists (select from dashboard.kept_attempt {row(CLEO)} and field = '{{}}')"
STANDING: Final = f"from dashboard.kept {row(CLEO)} and released_at is null"


KEPT: Final = [
    # What the platform writes over what is kept is put back and noted.
    after(
        PLATFORM,
        f"update dashboard.kept set released_by = '{ADMIN}' {row(CLEO)}; "
        f"insert into dashboard.kept (student_id, module_id, fields, author_id, reason, held) values "
        f"('{CLEO}', '{COURSE}', '{{status,progress_percentage,completed_at}}', '{ADMIN}', 'x', "
        "'{\"status\": \"InProgress\", \"progress_percentage\": 10, \"completed_at\": null}'); "
        f"update {PROGRESS} set status = 'Completed', progress_percentage = 100 {row(CLEO)}",
        f"(select status = 'InProgress' and progress_percentage = 10 from {PROGRESS} {row(CLEO)}) "
        f"and {ATTEMPT.format('status')} and {fact(CLEO, COURSE, 'is_kept')}",
    ),
    after(
        CORA,
        KEEP,
        f"(select author_id = '{COORDINATOR}' and held ->> 'status' = 'InProgress' "
        f"and 'progress_percentage' = any (fields) {STANDING})",
    ),
    after(
        CORA,
        f"{KEEP}; perform set_config('dashboard.batch', '{batch_of(COORDINATOR)}', true); "
        f"update {PROGRESS} set progress_percentage = 55 {row(CLEO)}",
        f"(select held ->> 'progress_percentage' = '55' and batch_id is not null {STANDING})",
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
        fact(CLEO, COURSE, "is_kept")
        + f" and (select score is null from {PROGRESS} {row(CLEO)})",
    ),
    after(
        CORA,
        f"update dashboard.kept set released_by = '{COORDINATOR}' {row(CLEO)}",
        f"(select released_at > now() - interval '1 minute' from dashboard.kept {row(CLEO)}) "
        f"and not {fact(CLEO, COURSE, 'is_kept')}",
    ),
]  # fmt: skip

"""Notes, and everything that is held on a student."""

from typing import Final

from tests.people import (
    ADMIN,
    ANN,
    CLEO,
    DAN,
    TEACHER,
    UNUSED,
)
from tests.rls.furnishing import WITHDRAWN
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    CORA,
    TESS,
    Probe,
    after,
    is_so,
    refused,
)

NOTE: Final = (
    "insert into dashboard.note (id, student_id, act, kind, text, revises{}) values "
    "('{}', '{}', '{}', 'note', 'y', {}{})"
)
REVISES_WITHDRAWN: Final = NOTE.format(
    ", author_id", UNUSED, DAN, "corrected", f"'{WITHDRAWN}'", f", '{ADMIN}'"
)
NOTES: Final = [
    after(
        TESS,
        NOTE.format("", UNUSED, ANN, "written", "null", ""),
        f"(select author_id = '{TEACHER}' and note_id = id from dashboard.note where id = '{UNUSED}')",
    ),
    after(
        ADA,
        NOTE.format("", UNUSED, ANN, "corrected", f"'{ANN}'", ""),
        f"(select note_id = '{ANN}' from dashboard.note where id = '{UNUSED}')",
    ),
    refused(TESS, NOTE.format(", author_id", UNUSED, ANN, "written", "null", f", '{ADMIN}'")),
    refused(TESS, NOTE.format("", UNUSED, CLEO, "written", "null", "")),
    refused(ANNS, NOTE.format("", UNUSED, ANN, "written", "null", "")),
    # Of a note that they may not read they are not told either that it was withdrawn.
    Probe(ADA, REVISES_WITHDRAWN, "23514 a note that was withdrawn stays so"),
    *(refused(who, REVISES_WITHDRAWN) for who in (TESS, CORA, ANNS)),
    is_so(CORA, f"exists (select from dashboard.all_stored_data('{ANN}'))"),
    is_so(TESS, f"not exists (select from dashboard.all_stored_data('{ANN}'))"),
    is_so(CORA, f"not exists (select from dashboard.all_stored_data('{DAN}'))"),
]

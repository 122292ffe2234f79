"""Nobody writes in somebody else's name; left out, it is one's own."""

from typing import Final

from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    COORDINATOR,
    COURSE,
    DAN,
    TEACHER,
)
from tests.rls.probes.locks import LOCK
from tests.rls.probes.probe import (
    CORA,
    TESS,
    after,
    refused,
    row,
)

IN_OTHERS_NAMES: Final = [
    refused(
        CORA,
        "insert into dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
        f"values ('y', '{ANN}', '{COURSE}', repeat('0', 32), '{ADMIN}')",
    ),
    refused(CORA, f"update dashboard.dismissal set author_id = '{ADMIN}' {row(ANN)}"),
    refused(
        CORA, LOCK.replace("reason)", "reason, author_id)").replace("'why')", f"'why', '{ADMIN}')")
    ),
    refused(CORA, f"update dashboard.lock set unlocked_by = '{ADMIN}' {row(ANN)}"),
    refused(
        TESS,
        "insert into dashboard.saved_view (organisation_id, name, parameters) "
        f"values ('{DAN}', 'new', '{{}}')",
    ),
    refused(TESS, f"update dashboard.saved_view set organisation_id = '{DAN}'"),
    after(
        TESS,
        f"insert into dashboard.draft (class_id, edits) values ('{CLASS_1A}', '[]')",
        f"exists (select from dashboard.draft where person_id = '{TEACHER}' and class_id = '{CLASS_1A}')",
    ),
    after(
        TESS,
        "insert into dashboard.saved_view (name, parameters) values ('mine', '{}')",
        f"exists (select from dashboard.saved_view where owner_id = '{TEACHER}' and name = 'mine')",
    ),
    after(
        CORA,
        "insert into dashboard.dismissal (rule, student_id, module_id, values_digest) "
        f"values ('z', '{ANN}', '{COURSE}', repeat('0', 32))",
        f"exists (select from dashboard.dismissal where rule = 'z' and author_id = '{COORDINATOR}')",
    ),
]

"""A class's target is set by who teaches it, by nobody else, and for good; each beside what is allowed."""

from typing import Final

from tests.people import ADMIN, CLASS_1A, TEACHER, UNUSED, VIEWER
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    BY_PERSON,
    CORA,
    OTTO,
    PLATFORM,
    TESS,
    Probe,
    after,
    is_so,
    refused,
)

SET: Final = (
    "insert into dashboard.class_target (id, class_id, share, by_day, completed, cells) "
    f"values ('{UNUSED}', '{CLASS_1A}', {{}}, {{}}, {{}}, {{}})"
)
GOOD: Final = SET.format(80, "current_date", 1, 4)
IS_SET: Final = f"exists (select from dashboard.class_target where id = '{UNUSED}')"
BROKEN: Final = (
    '23514 new row for relation "class_target" violates check constraint "class_target_{}"'
)

AS_COUNTED: Final = """
(
    select
        count(*) > 0
        and bool_and((one.completed, one.cells) = (known.completed, known.students * known.modules))
    from dashboard.class_count as known
    left join lateral dashboard.class_completed(known.class_id) as one on true
)
"""

TARGETS: Final = [
    *(after(who, GOOD, IS_SET) for who in (TESS, CORA, ADA)),
    *(refused(who, GOOD) for who in (OTTO, ANNS, BY_PERSON[VIEWER])),
    after(
        TESS,
        GOOD,
        f"(select author_id = '{TEACHER}' from dashboard.class_target where id = '{UNUSED}')",
    ),
    refused(TESS, GOOD.replace("cells)", "cells, author_id)").replace("4)", f"4, '{ADMIN}')")),
    after(TESS, SET.format("null", "null", "null", "null"), IS_SET),
    *(
        Probe(TESS, SET.format(*values), BROKEN.format(constraint))
        for constraint, values in (
            ("share", (0, "current_date", 1, 4)),
            ("share", (101, "current_date", 1, 4)),
            ("day", (80, "current_date - 2", 1, 4)),
            ("day", (80, "current_date + 732", 1, 4)),
            ("begins", (80, "current_date", 5, 4)),
            ("begins", (80, "current_date", -1, 4)),
            ("begins", (80, "current_date", 0, 0)),
            ("whole", (80, "null", 1, 4)),
            ("whole", ("null", "null", 1, 4)),
        )
    ),
    after(TESS, SET.format(100, "current_date + 730", 0, 1), IS_SET),
    after(TESS, SET.format(1, "current_date - 1", 4, 4), IS_SET),
    *(is_so(who, AS_COUNTED) for who in (TESS, OTTO, CORA, ADA)),
    is_so(OTTO, f"not exists (select from dashboard.class_completed('{CLASS_1A}'))"),
    is_so(ANNS, f"not exists (select from dashboard.class_completed('{CLASS_1A}'))"),
    *(
        refused(PLATFORM, statement)
        for statement in (
            "update dashboard.class_target set share = 1",
            "delete from dashboard.class_target",
            "truncate dashboard.class_target",
        )
    ),
]

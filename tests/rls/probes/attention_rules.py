"""Who chooses figures of the rules of attention and enters days off, and who is told what a change would do."""

from typing import Final

from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    COORDINATOR,
    NORTH,
    SOUTH,
    SOUTH_COORDINATOR,
    UNUSED,
    VIEWER,
)
from tests.rls.probes.attention import FLAGGED, FLAGS, HIDDEN
from tests.rls.probes.probe import (
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

CHOOSE: Final = (
    "insert into dashboard.attention_change ({}_id, figure, value, follows) "
    "values ('{}', 'failed', 0, -1)"
)
NORTHS: Final = CHOOSE.format("organisation", NORTH)
OF_1A: Final = CHOOSE.format("class", CLASS_1A)
HOLIDAY: Final = (
    "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day) "
    f"values ('{UNUSED}', '{{}}', 'x', '2026-12-24', '2026-12-24')"
)
REMOVE: Final = "update dashboard.holiday set removed_by = '{}', removed_at = {} where id = '{}'"
IS_REMOVED: Final = (
    f"(select removed_by = '{COORDINATOR}' from dashboard.holiday where id = '{NORTH}')"
)
PREVIEW: Final = 'dashboard.attention_preview(\'{{"figures": {{"{}": {{"failed": 0}}}}}}\')'
FIGURES: Final = (
    f"dashboard.attention_figures(array['{CLASS_1A}', '{CLASS_1B}', '{CLASS_SOUTH}']::uuid[])"
)
OTHERS: Final = (TESS, OTTO, ANNS, BY_PERSON[VIEWER], BY_PERSON[SOUTH_COORDINATOR])


def told(who_of: object) -> str:
    """Is anything told of this change?"""
    return (
        f"exists (select from {PREVIEW.format(who_of)} where rule = 'failed' and students_then = 0)"
    )


ATTENTION_RULES: Final[list[Probe]] = [
    after(CORA, NORTHS, HIDDEN),
    after(CORA, OF_1A, HIDDEN),
    after(CORA, CHOOSE.format("class", CLASS_1B), FLAGGED),
    after(CORA, f"{NORTHS}; {OF_1A.replace('0, -1', '1, -1')}", FLAGGED),
    *(refused(who, statement) for who in OTHERS for statement in (NORTHS, OF_1A)),
    *(
        refused(CORA, CHOOSE.format(*of))
        for of in (("organisation", SOUTH), ("class", CLASS_SOUTH))
    ),
    refused(
        CORA,
        NORTHS.replace("follows)", "follows, author_id)").replace("-1)", f"-1, '{ADMIN}')"),
    ),
    *(
        refused(PLATFORM, statement)
        for statement in (
            "update dashboard.attention_change set value = 1",
            "delete from dashboard.attention_change",
            "truncate dashboard.attention_change",
            "delete from dashboard.holiday",
            "truncate dashboard.holiday",
        )
    ),
    after(
        CORA,
        HOLIDAY.format(NORTH),
        f"exists (select from dashboard.holiday where id = '{UNUSED}' and author_id = '{COORDINATOR}')",
    ),
    *(refused(who, HOLIDAY.format(NORTH)) for who in OTHERS),
    refused(CORA, HOLIDAY.format(SOUTH)),
    refused(
        CORA,
        HOLIDAY.format(NORTH)
        .replace("last_day)", "last_day, author_id)")
        .replace("24')", f"24', '{ADMIN}')"),
    ),
    after(CORA, REMOVE.format(COORDINATOR, "now()", NORTH), IS_REMOVED),
    refused(CORA, REMOVE.format(ADMIN, "now()", NORTH)),
    refused(CORA, REMOVE.format(COORDINATOR, "now() - interval '1 day'", NORTH)),
    # Whoever names none removes those of the own organisation alone.
    Probe(CORA, REMOVE.format(COORDINATOR, "now()", NORTH).partition(" where")[0], "1"),
    # Once it is removed nobody says otherwise.
    after(
        CORA,
        f"{REMOVE.format(COORDINATOR, 'now()', NORTH)}; "
        f"update dashboard.holiday set removed_by = null, removed_at = null where id = '{NORTH}'",
        IS_REMOVED,
    ),
    Probe(CORA, REMOVE.format(COORDINATOR, "now()", SOUTH), "0"),
    Probe(TESS, REMOVE.format(TESS.person, "now()", NORTH), "0"),
    Probe(
        CORA,
        NORTHS.replace("'failed', 0", "'failed', 2"),
        '23514 new row for relation "attention_change" violates check constraint "attention_change_value"',
    ),
    is_so(
        PLATFORM,
        "internal.days_before('2026-01-09', 3, '{[2026-01-05,2026-01-07)}') = '2026-01-04'",
    ),
    is_so(PLATFORM, "internal.days('2026-01-04', '2026-01-09', 86400) = 4"),
    is_so(CORA, told(NORTH)),
    is_so(CORA, told(CLASS_1A)),
    *(is_so(CORA, f"not {told(one)}") for one in (SOUTH, CLASS_SOUTH)),
    *(is_so(who, f"not {told(one)}") for who in OTHERS for one in (NORTH, CLASS_1A)),
    is_so(
        CORA,
        f"(select min(classes) = 1 from {PREVIEW.format(CLASS_1A)}) "
        f"and (select min(classes) > 1 from {PREVIEW.format(NORTH)})",
    ),
    is_so(TESS, f"(select array_agg(class_id) = array['{CLASS_1A}'::uuid] from {FIGURES})"),
    is_so(CORA, f"(select count(*) = 2 from {FIGURES})"),
    is_so(ANNS, f"not exists (select from {FIGURES})"),
    is_so(
        TESS,
        f"exists (select from {FLAGS} where student_id = '{ANN}') "
        f"and (select figures ->> 'stuck_attempts' = '3' from {FIGURES})",
    ),
]

"""Who is found is whom one sees, by the name that is theirs by now, whatever the caller's path means."""

from typing import Final

from tests.people import ANN, BEN, CLASS_1A, DAN
from tests.rls.probes.paths import turned
from tests.rls.probes.probe import ADA, ANNS, CORA, PLATFORM, Probe, after, is_so


def found(typed: str, is_so: str, most: int = 9) -> str:
    return f"(select {is_so} from dashboard.found('{typed}', '{{{DAN}}}', {most}))"


RENAMED: Final = f"update school.student set full_name = 'Zoë van O’Neill' where id = '{ANN}'"
CLASS_RENAMED: Final = f"update school.class set name = 'Zoë' where id = '{CLASS_1A}'"
LEXEMES: Final = "'vanoneill & oneill & neill & ''~oneil'''::tsquery"

FINDING: Final[list[Probe]] = [
    is_so(
        CORA, found("agren an", f"array_agg(id) = array['{ANN}'::uuid] and bool_and(beside = '1A')")
    ),
    is_so(CORA, found("argen an", f"array_agg(id) = array['{ANN}'::uuid] and bool_and(is_near)")),
    is_so(CORA, found("", "count(*) = 0")),
    is_so(ADA, found("", f"array_agg(id) = array['{DAN}'::uuid]")),
    is_so(ANNS, found("agren an", "count(*) = 0")),
    after(
        PLATFORM,
        RENAMED,
        f"(select found_by @@ {LEXEMES} from school.student where id = '{ANN}')",
    ),
    after(
        ADA,
        f"{RENAMED}; {CLASS_RENAMED}",
        found("zoe", f"array_agg(id order by kind) = array['{CLASS_1A}', '{ANN}']::uuid[]"),
    ),
    # Who left comes after those who did not, be their name the first.
    after(
        ADA,
        f"{RENAMED}; update school.student set is_active = false where id = '{ANN}'; "
        f"update school.student set full_name = 'Zoë Zander' where id = '{BEN}'",
        found("zoe", f"array_agg(id) = array['{BEN}'::uuid]", 1),
    ),
    turned(ADA, f"perform {found('agren', 'count(*)')}"),
    turned(
        PLATFORM,
        "update school.student set full_name = 'Zoë'",
        "update school.class set name = name",
    ),
]

"""The rules of the data check as PostgreSQL judges a row by them: the file data/database/sql/doubts.sql."""

import re
from typing import Final

from data.database.sql_files import SQL
from data.reading.data_check.rules import RULES

FILE: Final = SQL / "doubts.sql"

OF_A_ROW: Final = tuple(rule for rule in RULES if rule.depends_on)
"""What depends on nothing in the row, is not judged by it."""

_TEMPLATE: Final = """\
-- What the data check finds in a row by itself, stored beside it. `python -m tests.rls --write` writes this
-- file from the rules in data/reading/data_check/rules.py.

-- Of these it is asked again whenever they are read: a moment that was in the future passes.
create or replace function internal.passing_doubts() returns text[]
language sql immutable
return array[{passing}];

create or replace function internal.doubts_of_row(
    status public.progress_status,
    progress_percentage integer,
    score numeric,
    completed_at timestamptz,
    last_updated timestamptz,
    progress_details jsonb,
    shown_score numeric,
    module_type text
)
returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
    found text[] := array_remove(
        array[
{judged}
        ],
        null
    );
begin
    return case when found <> '{{}}' then found end;
end
$$;
"""


def written() -> str:
    """The file as the rules have it."""
    passing = ", ".join(f"'{rule.key}'" for rule in OF_A_ROW if "now()" in rule.condition)
    judged = ",\n".join(
        f"            case when {_in_a_line(rule.condition)} then '{rule.key}' end"
        for rule in OF_A_ROW
    )
    return _TEMPLATE.format(passing=passing, judged=judged)


def _in_a_line(condition: str) -> str:
    return re.sub(r"\s+", " ", condition).strip()

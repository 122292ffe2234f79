"""'Leave as it is': a finding of the data check that somebody judged, remembered until the row changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.reading.data_check.finding import Finding
from data.rules.progress import Key, Problem
from data.rules.reasons import UNREADABLE, check_reason

NOT_YOURS: Final = refused("decide about this student's progress")
_INSTEAD: Final = {"refused": NOT_YOURS, "unreadable": UNREADABLE}


def leave_as_it_is(
    actor: Actor, findings: Sequence[Finding], reason: str | None = None
) -> Problem | None:
    """List these findings no more while their rows hold the values that were judged.

    All or none; returns what is wrong, if anything.
    """
    problem = check_reason(reason)
    if problem is not None:
        return problem
    latest = {(one.rule, one.student_id, one.module_id): one.judged for one in findings}
    bound = {
        "rules": [rule for rule, _, _ in latest],
        "students": [student for _, student, _ in latest],
        "modules": [module for _, _, module in latest],
        "judged": list(latest.values()),
        "reason": (reason or "").strip() or None,
    }
    try:
        with acting_as(actor) as connection:
            connection.execute(text(LEAVE), bound)
    except (DBAPIError, UnicodeEncodeError) as error:
        return explained(error, _INSTEAD)
    return None


LEAVE: Final = """
insert into dashboard.left_as_is (rule, student_id, module_id, judged, reason)
select rule, student_id, module_id, judged, :reason
from unnest(
    cast(:rules as text[]),
    cast(:students as uuid[]),
    cast(:modules as uuid[]),
    cast(:judged as text[])
) as found (rule, student_id, module_id, judged)
order by rule, student_id, module_id
on conflict (rule, student_id, module_id) do update
set judged = excluded.judged,
    author_id = excluded.author_id,
    reason = excluded.reason,
    at = clock_timestamp()
"""


def judge_again(actor: Actor, rule: str, keys: Iterable[Key]) -> int:
    """List these students and modules again under the rule; returns how many had been left."""
    keys = list(keys)
    with acting_as(actor) as connection:
        forgotten = connection.execute(
            text("""
                delete from dashboard.left_as_is
                where rule = :rule
                    and (student_id, module_id) in (
                        select *
                        from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
                    )
            """),
            {
                "rule": rule,
                "students": [student for student, _ in keys],
                "modules": [module for _, module in keys],
            },
        )
        return forgotten.rowcount

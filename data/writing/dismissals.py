"""Dismissals: findings of the data check that are to be listed no more, until their rows change."""

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


def dismiss(actor: Actor, findings: Sequence[Finding], reason: str | None = None) -> Problem | None:
    """List these findings no more while their rows have the values that they are about.

    All or none; returns what is wrong, if anything.
    """
    problem = check_reason(reason)
    if problem is not None:
        return problem
    latest = {(one.rule, one.student_id, one.module_id): one.values_digest for one in findings}
    bound = {
        "rules": [rule for rule, _, _ in latest],
        "students": [student for _, student, _ in latest],
        "modules": [module for _, _, module in latest],
        "digests": list(latest.values()),
        "reason": (reason or "").strip() or None,
    }
    try:
        with acting_as(actor) as connection:
            connection.execute(text(DISMISS), bound)
    except (DBAPIError, UnicodeEncodeError) as error:
        return explained(error, _INSTEAD)
    return None


DISMISS: Final = """
insert into dashboard.dismissal (rule, student_id, module_id, values_digest, reason)
select rule, student_id, module_id, values_digest, :reason
from unnest(
    cast(:rules as text[]),
    cast(:students as uuid[]),
    cast(:modules as uuid[]),
    cast(:digests as text[])
) as found (rule, student_id, module_id, values_digest)
order by rule, student_id, module_id
on conflict (rule, student_id, module_id) do update
set values_digest = excluded.values_digest,
    author_id = excluded.author_id,
    reason = excluded.reason,
    at = clock_timestamp()
"""


def withdraw_dismissals(actor: Actor, rule: str, keys: Iterable[Key]) -> int:
    """List these students and modules again under the rule; returns how many had been dismissed."""
    keys = list(keys)
    with acting_as(actor) as connection:
        withdrawn = connection.execute(
            text(WITHDRAW),
            {
                "rule": rule,
                "students": [student for student, _ in keys],
                "modules": [module for _, module in keys],
            },
        )
        return withdrawn.rowcount


# Locked in the order in which they are dismissed, so that both queue up and never deadlock.
WITHDRAW: Final = """
with theirs as materialized (
    select rule, student_id, module_id
    from dashboard.dismissal
    where rule = :rule
        and (student_id, module_id) in (
            select *
            from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
        )
    order by student_id, module_id
    for update
)
delete from dashboard.dismissal
using theirs
where dismissal.rule = theirs.rule
    and dismissal.student_id = theirs.student_id
    and dismissal.module_id = theirs.module_id
"""

"""Whose data a page shows, recorded: once a day for a person, a class and a student, whatever is clicked there.

Each write to the database makes every page be read anew once. So what this process has recorded is not told
to the database again; what another process has, the database itself leaves out.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from dashboard.reads import kept_for, visit
from data.access import audit
from data.access.errors import DataError
from data.access.session import Actor
from data.writing.disclosures import disclosed_by


def record(students: Iterable[UUID], class_id: UUID | None = None) -> None:
    """This rerun's person looks at these students' data. Where that cannot be recorded the page goes on, and
    the audit log says so."""
    # As whole numbers: comparing 500 ids at each rerun costs a tenth of what it does as they are.
    looked_at = {one.int: one for one in students}
    if not looked_at:
        return
    now = visit()
    known = _recorded(now.actor, now.now.date(), class_id)
    new = looked_at.keys() - known
    if not new:
        return
    try:
        disclosed_by(now.actor, "look", [looked_at[one] for one in new], class_id)
    except DataError:
        audit.record("look not recorded", now.actor, students=len(new))
        return
    known |= new


@kept_for(5_000, ttl="1d")
def _recorded(actor: Actor, day: date, class_id: UUID | None) -> set[int]:  # noqa: ARG001 - of what
    """The students of a class's pages, or without one of a page of their own and of lists."""
    return set()

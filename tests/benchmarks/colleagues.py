"""More teachers of the same classes: one person is paced, so many sessions take many people."""

from typing import Final
from uuid import UUID

from tests.benchmarks import plan
from tests.benchmarks.questions import Connection

ACCOUNTS: Final = """
insert into auth.users (id, email)
select unnest(%(ids)s::uuid[]), unnest(%(emails)s::text[])
on conflict do nothing
"""
STAFF: Final = """
insert into school.staff (id, organisation_id, full_name, email, role)
select one.id, teacher.organisation_id, one.email, one.email, teacher.role
from unnest(%(ids)s::uuid[], %(emails)s::text[]) as one (id, email)
join school.staff as teacher on teacher.id = %(teacher)s
on conflict do nothing
"""
CLASSES: Final = """
insert into school.class_teacher (class_id, staff_id)
select class_teacher.class_id, one
from unnest(%(ids)s::uuid[]) as one
join school.class_teacher on class_teacher.staff_id = %(teacher)s
on conflict do nothing
"""


def colleagues(owner: Connection, teacher: UUID, number: int) -> list[UUID]:
    """So many who teach what this teacher does; they stay in the kept database."""
    ids = [plan.identity(f"colleague {one}") for one in range(number)]
    emails = [f"colleague{one}@example.org" for one in range(number)]
    for statement in (ACCOUNTS, STAFF, CLASSES):
        owner.execute(statement, {"ids": ids, "emails": emails, "teacher": teacher})
    return ids

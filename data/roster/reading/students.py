"""Students of the organisations that I manage."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text

State = Literal["here", "left", "all"]
"""Who is looked for: those who are active, those who are not, or both."""


@dataclass(frozen=True)
class StudentEntry:
    """A student as the roster has them; `class_ids` are the classes that go on, `classes` their names, and
    `earlier` the names of those that are archived. `is_from_file` says that a roster file knows them, `locked`
    which columns it leaves alone."""

    id: UUID
    organisation_id: UUID
    full_name: str
    email: str | None
    number: str | None
    is_active: bool
    left_on: date | None
    merged_into: UUID | None
    class_ids: tuple[UUID, ...]
    classes: tuple[str, ...]
    earlier: tuple[str, ...]
    is_from_file: bool = False
    locked: tuple[str, ...] = ()


ENTRIES: Final = text("""
select
    student.id,
    student.organisation_id,
    student.full_name,
    student.email,
    student.number,
    student.is_active,
    student.left_on,
    student.merged_into,
    placed.class_ids,
    placed.classes,
    placed.earlier,
    exists (
        select from school.source_id where source_id.our_id = student.id
    ) as is_from_file,
    array(
        select roster_lock.field
        from school.roster_lock
        where roster_lock.locked_id = student.id
        order by roster_lock.field
    ) as locked
from school.student
cross join lateral (
    select
        array_agg(class.id order by class.name, class.id) filter (where goes_on) as class_ids,
        array_agg(label order by label) filter (where goes_on) as classes,
        array_agg(label order by class.archived_at desc) filter (where not goes_on) as earlier
    from school.class_student
    join school.class on class.id = class_student.class_id
    cross join lateral (
        select
            class.archived_at is null as goes_on,
            concat_ws(', ', class.name, class.school_year) as label
    ) as said
    where class_student.student_id = student.id
) as placed
where student.id = any (cast(:ids as uuid[]))
order by lower(student.full_name), student.id
""")

FOUND: Final = text("""
select student.id
from school.student
where (:state = 'all' or student.is_active = (:state = 'here'))
    and (
        cast(:class_id as uuid) is null
        or exists (
            select
            from school.class_student
            where class_student.class_id = :class_id and class_student.student_id = student.id
        )
    )
    and (
        :typed = ''
        or student.plain_name like all ((select internal.patterns(:typed))::text[])
        or student.number = :typed
        or strpos(lower(student.email), lower(:typed)) > 0
    )
order by lower(student.full_name), student.id
""")


def found_students(
    connection: Connection, typed: str = "", class_id: UUID | None = None, state: State = "here"
) -> tuple[UUID, ...]:
    """Those of a name, an e-mail or a number as typed, in a class where one is given: by name."""
    asked = {"typed": typed.strip(), "class_id": class_id, "state": state}
    return tuple(connection.scalars(FOUND, asked))


def student_entries(connection: Connection, ids: tuple[UUID, ...]) -> tuple[StudentEntry, ...]:
    """The students of these ids, by name, as far as I manage them."""
    many = ("class_ids", "classes", "earlier", "locked")
    return tuple(
        StudentEntry(**{**row._mapping, **{name: tuple(row._mapping[name] or ()) for name in many}})
        for row in connection.execute(ENTRIES, {"ids": list(ids)})
    )

"""That every change of the roster is recorded, by whom and in which batch, and that nobody rewrites it."""

from typing import Final
from uuid import UUID

from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    COORDINATOR,
    COURSE,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    PROJECT,
    SOUTH_COORDINATOR,
    TEACHER,
    UNUSED,
    VIEWER,
)
from tests.rls.probes.history import FORGED
from tests.rls.probes.probe import BY_PERSON, CORA, PLATFORM, Probe, after, is_so, refused
from tests.rls.probes.roster import EVA, student
from tests.rls.spare_roster import (
    EMPTY_CLASS,
    NEW_STUDENT,
    NEW_TEACHER,
    roster_batch_of,
)

VERA: Final = BY_PERSON[VIEWER]
MARKED: Final = student(ANN, "full_name = 'Marked'")

REWRITTEN: Final = [
    *(
        refused(PLATFORM, statement)
        for table, column in (("roster_change", "author_id"), ("roster_batch", "reason"))
        for statement in (
            f"update dashboard.{table} set {column} = {column}",
            f"delete from dashboard.{table}",
            f"truncate dashboard.{table} cascade",
        )
    ),
    refused(PLATFORM, "truncate dashboard.roster_change"),
]

# Of each table: what is added, changed and removed.
WRITES: Final = {
    "organisation": (
        f"insert into public.organisations (id, name) values ('{UNUSED}', 'x')",
        "update public.organisations set name = name || 'x'",
        f"delete from public.organisations where id = '{UNUSED}'",
    ),
    "student": (
        f"insert into school.student (id, organisation_id, full_name) values ('{UNUSED}', '{NORTH}', 'x')",
        "update school.student set full_name = full_name || 'x'",
        f"delete from school.student where id = '{NEW_STUDENT[NORTH]}'",
    ),
    "staff": (
        "insert into school.staff (id, organisation_id, full_name, email, role) "
        f"values ('{UNUSED}', '{NORTH}', 'x', 'x', 'teacher')",
        "update school.staff set full_name = full_name || 'x'",
        f"delete from school.staff where id = '{NEW_TEACHER[NORTH]}'",
    ),
    "class": (
        f"insert into school.class (organisation_id, name) values ('{NORTH}', 'x')",
        "update school.class set name = name || 'x'",
        f"delete from school.class where id = '{EMPTY_CLASS[NORTH]}'",
    ),
    "class_student": (
        f"insert into school.class_student values ('{EMPTY_CLASS[NORTH]}', '{ANN}')",
        f"update school.class_student set class_id = '{EMPTY_CLASS[NORTH]}' where student_id = '{BEN}'",
        "delete from school.class_student",
    ),
    "class_teacher": (
        f"insert into school.class_teacher values ('{EMPTY_CLASS[NORTH]}', '{TEACHER}')",
        f"update school.class_teacher set staff_id = '{COORDINATOR}' where class_id = '{CLASS_1A}'",
        "delete from school.class_teacher",
    ),
    "class_module": (
        f"insert into school.class_module values ('{EMPTY_CLASS[NORTH]}', '{COURSE}', 1)",
        "update school.class_module set position = position + 1",
        "delete from school.class_module",
    ),
    "module": (
        "insert into public.modules (type, name) values ('course', 'x')",
        "update public.modules set name = name || 'x'",
        f"delete from public.modules where id = '{UNUSED}'",
    ),
    "lesson": (
        f"insert into public.lessons (module_id, title) values ('{PROJECT}', 'x')",
        "update public.lessons set title = title || 'x'",
        "delete from public.lessons where title = 'First'",
    ),
    "retired_module": (
        f"insert into school.retired_module values ('{UNUSED}')",
        "update school.retired_module set retired_at = '2026-01-01'",
        "delete from school.retired_module",
    ),
    "source_id": (
        f"insert into school.source_id values ('{NORTH}', 'x', 'student', 'x', '{ANN}')",
        f"update school.source_id set our_id = '{UNUSED}'",
        "delete from school.source_id",
    ),
    "roster_lock": (
        f"insert into school.roster_lock values ('{NORTH}', 'student', '{ANN}', 'x')",
        "update school.roster_lock set kind = 'staff'",
        "delete from school.roster_lock",
    ),
}

NEWEST: Final = (
    "(select {} from dashboard.roster_change where id > 0 and at > now() order by id desc limit 1)"
)
"""Of what is tried: what was before it is left out."""
EVERYBODYS: Final = ("module", "lesson", "retired_module")


def _is_recorded(relation: str, operation: str) -> str:
    """As the last entry says it: of the organisation whose it is, and by nobody."""
    whose = "is null" if relation in EVERYBODYS else "in (select id from public.organisations)"
    if (relation, operation) == ("staff", "update"):
        whose = "is not distinct from organisation_id"  # the last may be of a colleague of none
    if (relation, operation) == ("organisation", "delete"):
        whose = f"= '{UNUSED}'"
    said = {"insert": "after", "delete": "before"}.get(operation, "after")
    return NEWEST.format(
        f"relation = '{relation}' and operation = '{operation}' and author_id is null "
        f"and {said} is not null and organisation_id {whose}"
    )


def _recorded(relation: str) -> list[Probe]:
    added, changed, removed = WRITES[relation]
    if relation == "organisation":
        removed = f"{added}; {removed}"
    # A key that changes is one row's end and another's beginning.
    operation = "insert" if relation in ("class_student", "class_teacher") else "update"
    moved = (
        f"2 = (select count(*) from dashboard.roster_change where relation = '{relation}' "
        "and id > 0 and at > now())"
    )
    return [
        after(PLATFORM, added, _is_recorded(relation, "insert")),
        after(
            PLATFORM, changed, moved if operation == "insert" else _is_recorded(relation, "update")
        ),
        after(PLATFORM, removed, _is_recorded(relation, "delete")),
    ]


def _opens(author: UUID, source: str = "form", undoes: UUID | None = None) -> str:
    undone = f"'{undoes}'" if undoes else "null"
    return (
        "insert into dashboard.roster_batch (id, author_id, source, undoes, digest) "
        f"values ('{UNUSED}', '{author}', '{source}', {undone}, repeat('0', 64))"
    )


def within(batch: UUID) -> str:
    return f"perform set_config('dashboard.roster_batch', '{batch}', true); {MARKED}"


AUTHORS: Final = [
    after(
        CORA,
        f"{_opens(COORDINATOR)}; {within(UNUSED)}",
        NEWEST.format(
            f"batch_id = '{UNUSED}' and author_id = '{COORDINATOR}' and organisation_id = '{NORTH}' "
            "and before ? 'full_name' and after = '{\"full_name\": \"Marked\"}' "
            f'and key = \'{{"id": "{ANN}"}}\''
        ),
    ),
    # Neither in one's own that was saved before, nor in somebody else's.
    refused(BY_PERSON[INSPECTOR], _opens(INSPECTOR)),
    *(
        after(
            CORA,
            within(roster_batch_of(author)),
            NEWEST.format(f"batch_id is null and author_id = '{COORDINATOR}'"),
        )
        for author in (COORDINATOR, EVERYWHERE, SOUTH_COORDINATOR)
    ),
    refused(CORA, f"{MARKED} and {FORGED}"),
    refused(CORA, _opens(ADMIN)),
    refused(BY_PERSON[TEACHER], _opens(TEACHER)),
    refused(VERA, _opens(VIEWER)),
    # Nobody undoes what is not theirs to change.
    *(
        refused(CORA, _opens(COORDINATOR, "undo", roster_batch_of(author)))
        for author in (SOUTH_COORDINATOR, EVERYWHERE)
    ),
    refused(CORA, _opens(COORDINATOR, "form", roster_batch_of(COORDINATOR))),
    after(CORA, _opens(COORDINATOR, "undo", roster_batch_of(COORDINATOR)), "true"),
    after(EVA, _opens(EVERYWHERE, "undo", roster_batch_of(COORDINATOR)), "true"),
    after(EVA, _opens(EVERYWHERE, "undo", roster_batch_of(EVERYWHERE)), "true"),
    is_so(CORA, f"internal.may_undo_roster('{roster_batch_of(COORDINATOR)}')"),
    is_so(CORA, f"not internal.may_undo_roster('{roster_batch_of(SOUTH_COORDINATOR)}')"),
]

VIEW: Final = "insert into dashboard.saved_view (organisation_id, name, parameters) values ({}, 'new', '{{}}')"

VIEWERS: Final = [
    # A viewer leaves nothing that others see.
    refused(VERA, VIEW.format(f"'{NORTH}'")),
    refused(VERA, f"update dashboard.saved_view set organisation_id = '{NORTH}'"),
    after(VERA, VIEW.format("null"), "true"),
    refused(VERA, f"insert into dashboard.draft (class_id, edits) values ('{CLASS_1A}', '[]')"),
]

ROSTER_HISTORY: Final = [
    *REWRITTEN,
    *(one for relation in WRITES for one in _recorded(relation)),
    *AUTHORS,
    *VIEWERS,
]

"""Staff who are students too, with the same id: in one school, or of one and in another."""

from typing import Any, Final
from uuid import UUID

import psycopg

from tests.people import CLASS_1B, CLASS_SOUTH, COURSE, NORTH, SOUTH

Connection = psycopg.Connection[tuple[Any, ...]]

KAI: Final = UUID("00000000-0000-4000-8000-000000000061")
"""A coordinator of the North, and a student there, in 1B."""

LEA: Final = UUID("00000000-0000-4000-8000-000000000062")
"""Teaches the class of the South and learns in it, as a guest from the North, where she is in 1B."""

IDA: Final = UUID("00000000-0000-4000-8000-000000000063")
"""An administrator, and a student of the South."""

STAFF_STUDENTS: Final = (KAI, LEA, IDA)

STAFF: Final = {KAI: ("coordinator", NORTH), LEA: ("teacher", SOUTH), IDA: ("admin", None)}
STUDIES_AT: Final = {KAI: NORTH, LEA: NORTH, IDA: SOUTH}
LEARNS_IN: Final = {CLASS_1B: {KAI, LEA}, CLASS_SOUTH: {LEA, IDA}}


def enrol(connection: Connection) -> None:
    """Put them beside the cast, each with a started course."""
    for one in STAFF_STUDENTS:
        role, organisation = STAFF[one]
        named = {"id": one, "name": f"Both {role}", "email": f"{role}@both.example.org"}
        for statement in (
            "insert into auth.users (id) values (%(id)s)",
            "insert into school.staff (id, organisation_id, full_name, email, role) "
            "values (%(id)s, %(staff_at)s, %(name)s, %(email)s, %(role)s)",
            "insert into school.student (id, organisation_id, full_name, email) "
            "values (%(id)s, %(student_at)s, %(name)s, %(email)s)",
            "insert into public.student_module_progress (student_id, module_id, status) "
            "values (%(id)s, %(course)s, 'InProgress')",
        ):
            connection.execute(
                statement.encode(),
                named
                | {"role": role, "staff_at": organisation, "student_at": STUDIES_AT[one]}
                | {"course": COURSE},
            )
    for class_, students in LEARNS_IN.items():
        for one in students:
            connection.execute(
                "insert into school.class_student (class_id, student_id) values (%s, %s)",
                (class_, one),
            )
    connection.execute(
        "insert into school.class_teacher (class_id, staff_id) values (%s, %s)", (CLASS_SOUTH, LEA)
    )

"""What tests of writing share: reading a row past every policy, and wishing for a change of it."""

import json
import threading
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from data.access.tolerant_types import tolerate
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, Values
from tests.clusters import Scratch
from tests.machine import until

S, P, SC, C = Field.STATUS, Field.PERCENTAGE, Field.SCORE, Field.COMPLETED_AT
NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED

Asked = psycopg.Connection[dict[str, Any]]
LAST_ASKED: dict[str, Asked] = {}
"""The main thread's connection to the database that it asked last: a new one costs more than the answer."""


def ask(school: Scratch, question: str, *bound: object) -> list[dict[str, Any]]:
    """The answer as the owner of the tables, whom no policy binds; unreadable moments as None."""
    if threading.current_thread() is not threading.main_thread():
        with _asking(school.owner_url) as connection:
            return _answer(connection, question, bound)
    if school.owner_url not in LAST_ASKED or LAST_ASKED[school.owner_url].closed:
        for connection in LAST_ASKED.values():
            connection.close()
        LAST_ASKED.clear()
        LAST_ASKED[school.owner_url] = _asking(school.owner_url)
    connection = LAST_ASKED[school.owner_url]
    connection.execute("discard all")  # as if it were a new one
    return _answer(connection, question, bound)


def _asking(url: str) -> Asked:
    connection = psycopg.connect(
        url,
        autocommit=True,
        row_factory=dict_row,
        prepare_threshold=None,
        options="-c timezone=UTC",
    )
    tolerate(connection)
    return connection


def _answer(connection: Asked, question: str, bound: tuple[object, ...]) -> list[dict[str, Any]]:
    cursor = connection.execute(question.encode(), bound or None)
    return cursor.fetchall() if cursor.description else []


def whole_row(school: Scratch, student: UUID, module: UUID) -> dict[str, Any] | None:
    found = ask(
        school,
        "select *, last_updated::text as last_updated_text, completed_at::text as completed_at_text "
        "from public.student_module_progress where student_id = %s and module_id = %s",
        student,
        module,
    )
    return found[0] if found else None


def stored(school: Scratch, student: UUID, module: UUID) -> Values:
    """The four correctable fields, a missing row as people see it."""
    row = whole_row(school, student, module)
    if row is None:
        return EMPTY_ROW
    return {name: Status(row[name]) if name is S else row[name] for name in Field}


def platform(school: Scratch, student: UUID, module: UUID, assignments: str) -> None:
    """A write by the platform itself."""
    ask(
        school,
        f"update public.student_module_progress set {assignments} "
        "where student_id = %s and module_id = %s",
        student,
        module,
    )


def written_by(school: Scratch, person: UUID | None, statement: str) -> None:
    """A write past the app, with a person's claims, as the platform's own server does it."""
    with school.owner() as connection, connection.transaction():
        claims = json.dumps({"sub": str(person)}) if person else ""
        connection.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
        connection.execute(statement.encode())


def edit(school: Scratch, student: UUID, module: UUID, changes: Values) -> Edit:
    """A wish of somebody who sees the row as it is now."""
    return Edit(student, module, changes, stored(school, student, module))


WAITING = """
select 1
from pg_locks
join pg_stat_activity as known using (pid)
where not granted and known.datname = current_database() and known.usesysid is not null
"""


def is_waiting(school: Scratch, people: int = 1) -> bool:
    """Do so many people at this database wait for a lock? (What the server does by itself is nobody.)"""
    return len(ask(school, WAITING)) >= people


def await_waiting(school: Scratch) -> None:
    """Until somebody waits for a lock."""
    until(lambda: is_waiting(school))

"""The oracle's roster, read from the school's own tables by an adapter's questions."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from data.access.errors import DatabaseAway
from data.database.attaching.adapter import Adapter, folded_word
from data.database.attaching.oracle import Colleague, HostRoster, Learner, taught

READ_ONCE: Final = ("organisation", "student", "staff", "class", "class_student", "class_teacher")


def roster_of(
    connection: Connection,
    adapter: Adapter,
    roles: Mapping[str, str | None],
    *,
    by_account: bool = False,
) -> HostRoster:
    """Who is who there now; `roles` says what each word for a role means. As the owner.

    Left out is who cannot be taken: of no organisation that is there, or staff without an e-mail, which must be
    their own where they are not found `by_account`.
    """
    read = {relation: _rows(connection, adapter, relation) for relation in READ_ONCE}
    organisations = {row["id"] for row in read["organisation"]}
    students = {
        row["id"]: Learner(row["id"], row["organisation_id"], row["is_active"])
        for row in read["student"]
        if row["organisation_id"] in organisations
    }
    classes = {row["id"] for row in read["class"] if row["organisation_id"] in organisations}
    return HostRoster(
        _staff(read["staff"], organisations, roles, by_account=by_account),
        students,
        taught(
            [(row["class_id"], row["staff_id"]) for row in read["class_teacher"]],
            [
                (row["class_id"], row["student_id"])
                for row in read["class_student"]
                if row["class_id"] in classes and row["student_id"] in students
            ],
        ),
    )


def _staff(
    rows: list[dict[str, Any]],
    organisations: set[UUID],
    roles: Mapping[str, str | None],
    *,
    by_account: bool,
) -> dict[UUID, Colleague]:
    addresses = Counter((row["email"] or "").lower() for row in rows)
    found = {}
    for row in rows:
        role = roles.get(folded_word(row["role"] or ""))
        is_known = row["organisation_id"] is None or row["organisation_id"] in organisations
        is_told_apart = by_account or addresses[(row["email"] or "").lower()] == 1
        if row["email"] and is_told_apart and is_known and role:
            found[row["id"]] = Colleague(row["id"], row["organisation_id"], role, row["is_active"])
    return found


def _rows(connection: Connection, adapter: Adapter, relation: str) -> list[dict[str, Any]]:
    # The driver's own: SQLAlchemy's reads a colon as a parameter.
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseAway("The connection was lost; nothing was changed.")
    answer = driver.execute(adapter.select(relation))
    names = [column.name for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

"""What tests of policies share: a statement as somebody, undone at once, and who may see and change whom."""

from contextlib import AbstractContextManager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from data.access.errors import sqlstate
from data.access.session import acting_as, acting_as_nobody
from tests import people
from tests.clusters import Scratch
from tests.people import ANN, BEN, CLEO, DAN

NOBODY: Final = None
"""Not signed in: the role dashboard_guest."""

SEES: Final[dict[UUID | None, set[UUID]]] = {
    NOBODY: set(),
    people.STRANGER: set(),
    ANN: {ANN},
    BEN: {BEN},
    people.TEACHER: {ANN, BEN},
    people.OTHER_TEACHER: {CLEO},
    people.COORDINATOR: {ANN, BEN, CLEO},
    people.SOUTH_COORDINATOR: {DAN},
    people.DISABLED: set(),
    people.ADMIN: {ANN, BEN, CLEO, DAN},
    people.VIEWER: {ANN, BEN, CLEO},
    people.EVERYWHERE: {ANN, BEN, CLEO, DAN},
    people.INSPECTOR: {ANN, BEN, CLEO, DAN},
}
"""Everybody who could ask, and whose progress they may see."""

EDITORS: Final = (people.COORDINATOR, people.SOUTH_COORDINATOR, people.ADMIN, people.EVERYWHERE)

NAMES: Final = {
    getattr(people, name): name.lower()
    for name in (
        *("STRANGER", "ANN", "BEN", "TEACHER", "OTHER_TEACHER", "COORDINATOR"),
        *("SOUTH_COORDINATOR", "DISABLED", "ADMIN", "VIEWER", "EVERYWHERE", "INSPECTOR"),
    )
} | {NOBODY: "nobody"}
"""What pytest calls them."""


def edits(person: UUID | None) -> set[UUID]:
    """Whose progress this person may change."""
    return SEES[person] if person in EDITORS else set()


def acting(school: Scratch, person: UUID | None) -> AbstractContextManager[Connection]:
    if person is None:
        return acting_as_nobody(school.database)
    return acting_as(people.actor(school.database, person))


def rows(school: Scratch, person: UUID | None, question: str, **bound: object) -> list[Any] | None:
    """The answer, or None where the person may not even ask."""
    try:
        with acting(school, person) as connection:
            return [tuple(row) for row in connection.execute(text(question), bound)]
    except ProgrammingError as error:
        if sqlstate(error) != "42501":
            raise
        return None


def touched(school: Scratch, person: UUID | None, statement: str, **bound: object) -> int | None:
    """How many rows a statement touched before it was undone, or None where it was refused."""
    try:
        with acting(school, person) as connection:
            count = connection.execute(text(statement), bound).rowcount
            transaction = connection.get_transaction()
            assert transaction is not None
            transaction.rollback()
            return count
    except ProgrammingError as error:
        if sqlstate(error) != "42501":
            raise
        return None

"""The locks on Ann's course, what was tried over them, and how it is told."""

from uuid import UUID

from data.access.session import Actor, acting_as
from data.reading.classes.matrix import matrix
from data.reading.locks import Attempt, Lock, attempts, locks_of_student
from data.rules.progress import Problem
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import ANN, COURSE

RECOMPUTED = (
    "status = 'Completed', progress_percentage = 100, completed_at = now(), last_updated = now()"
)


def locks_of(actor: Actor, student: UUID = ANN) -> list[Lock]:
    with acting_as(actor) as connection:
        return locks_of_student(connection, student)


def tried(actor: Actor, student: UUID = ANN, module: UUID = COURSE) -> list[Attempt]:
    with acting_as(actor) as connection:
        return attempts(connection, student, module)


def history(school: Scratch) -> int:
    return len(ask(school, "select 1 from dashboard.history"))


def cells(actor: Actor) -> list[str]:
    with acting_as(actor) as connection:
        shown = matrix(connection, {"class": people.CLASS_1A})
    return shown.students[0].cells.split(";")


def code(problem: Problem | None) -> str | None:
    return problem.code if problem else None

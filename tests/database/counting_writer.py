"""A writer that counts one cell's score up, and that may be killed: a thread of a test, or a process.

As a process it says before each save what it is going to do, and after it what it was told: words each, that
outlive it.
"""

from decimal import Decimal
from multiprocessing.connection import Connection
from uuid import UUID, uuid4

from data.access.session import Actor, connect
from data.database import claims_keys
from data.rules.progress import EMPTY_ROW, Edit, Field, Status
from data.writing.save import Outcome, save
from tests import people

STEP = Decimal("0.001")


def count_up(actor: Actor, student: UUID, number: int, batch: UUID) -> Outcome:
    """Score `number` becomes `number` + 1, in thousandths; the same call again is the same edit."""
    seen = {**EMPTY_ROW, Field.STATUS: Status.IN_PROGRESS, Field.SCORE: number * STEP}
    wish = Edit(student, people.COURSE, {Field.SCORE: (number + 1) * STEP}, seen)
    return save(actor, [wish], batch_id=batch)


def write_on(
    owner_url: str, app_url: str, student: UUID, at: int, key: UUID, said: Connection
) -> None:
    """Write until somebody ends it; the first save may be one that an earlier process began."""
    database = connect(app_url, key=claims_keys.present_key(owner_url))
    actor = people.actor(database, people.COORDINATOR)
    while True:
        said.send(("try", at, key))
        outcome = count_up(actor, student, at, key)
        said.send(("told" if len(outcome.saved) == 1 else "wrong", outcome.repeated))
        at, key = at + 1, uuid4()

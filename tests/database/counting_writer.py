"""A writer that counts one cell's score up, and that may be killed: a thread of a test, or a process.

As a process it says before each save what it is going to do, and after it what it was told: words each, that
outlive it.
"""

import threading
import time
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing.connection import Connection
from uuid import UUID, uuid4

import psycopg

from data.access.errors import DatabaseAway, DatabaseNotReady
from data.access.session import Actor, Database, connect
from data.database import claims_keys
from data.reading.live.bell import Bell
from data.rules.progress import EMPTY_ROW, Edit, Field, Status
from data.writing.save import Outcome, save
from tests import people

STEP = Decimal("0.001")
WRITERS = (people.ANN, people.BEN, people.CLEO)


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


def begin_anew(owner_url: str) -> None:
    """Every writer's cell at 0, in progress."""
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            "insert into public.student_module_progress (student_id, module_id, status, score) "
            "select unnest(%s::uuid[]), %s, 'InProgress', 0 on conflict (student_id, module_id) "
            "do update set status = 'InProgress', score = 0, progress_percentage = null, "
            "completed_at = null",
            (list(WRITERS), people.COURSE),
        )


@dataclass
class Writer:
    """What one writer was told. `began` is the batch whose answer it waits for, or waits for no more."""

    student: UUID
    acknowledged: list[UUID] = field(default_factory=list)
    repeated: int = 0
    began: UUID = field(default_factory=uuid4)

    def told(self, repeated: bool) -> None:
        self.acknowledged.append(self.began)
        self.repeated += repeated
        self.began = uuid4()

    def write(self, database: Database, stop: threading.Event, *, again: bool) -> None:
        """Until it is stopped, or (where not `again`) the server is away. A lost answer is asked for again."""
        actor = people.actor(database, people.COORDINATOR)
        while not stop.is_set():
            try:
                outcome = count_up(actor, self.student, len(self.acknowledged), self.began)
            except (DatabaseAway, DatabaseNotReady):
                if not again:
                    return
                time.sleep(0.02)
                continue
            assert len(outcome.saved) == 1, outcome
            self.told(outcome.repeated)
        actor.database.engine.dispose()


def stored_batches(owner_url: str, writer: Writer) -> list[UUID]:
    """The batches of the writer's cell in the history, in order."""
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute(
            "select batch_id from dashboard.history where batch_id is not null "
            "and student_id = %s and module_id = %s order by id",
            (writer.student, people.COURSE),
        ).fetchall()
    return [row[0] for row in rows]


def stands_at(owner_url: str, writer: Writer) -> object:
    with psycopg.connect(owner_url) as owner:
        row = owner.execute(
            "select score from public.student_module_progress where student_id = %s and module_id = %s",
            (writer.student, people.COURSE),
        ).fetchone()
    return row and row[0]


def await_more(writers: list[Writer]) -> float:
    """Until each of them was told something new; the seconds it took."""
    began, before = time.monotonic(), [len(one.acknowledged) for one in writers]
    while any(len(one.acknowledged) <= had for one, had in zip(writers, before, strict=True)):
        assert time.monotonic() < began + 60, "nobody can write any more"
        time.sleep(0.01)
    return time.monotonic() - began


def hears(ear: Bell) -> bool:
    """Woken by a change, of which there are many each second."""
    begun = time.monotonic()
    ear.wait(2.0)
    return ear._connection is not None and time.monotonic() - begun < 2.0

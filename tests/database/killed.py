"""A writer that counts one cell's score up, and that may be killed: a thread of a test, or a process.

As a process (`python -m tests.database.killed OWNER_URL APP_URL STUDENT NUMBER BATCH`) it says before each
save what it is going to do, and after it what it was told: a line each, that outlives it.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from uuid import UUID, uuid4

import click

from data import claim_keys
from data.commands import Outcome, save
from data.progress import EMPTY_ROW, Edit, Field, Status
from data.session import Actor, connect
from tests import people

STEP = Decimal("0.001")


def count_up(actor: Actor, student: UUID, number: int, batch: UUID) -> Outcome:
    """Score `number` becomes `number` + 1, in thousandths; the same call again is the same edit."""
    seen = {**EMPTY_ROW, Field.STATUS: Status.IN_PROGRESS, Field.SCORE: number * STEP}
    wish = Edit(student, people.COURSE, {Field.SCORE: (number + 1) * STEP}, seen)
    return save(actor, [wish], batch_id=batch)


def main(owner_url: str, app_url: str, student: str, number: str, batch: str) -> None:
    """Write until somebody ends it; the first save may be one that an earlier process began."""
    actor = people.actor(
        connect(app_url, key=claim_keys.present_key(owner_url)), people.COORDINATOR
    )
    at, key = int(number), UUID(batch)
    while True:
        click.echo(f"try {at} {key}")
        outcome = count_up(actor, UUID(student), at, key)
        told = "told" if len(outcome.saved) == 1 else "wrong"
        click.echo(f"{told} {outcome.repeated}")
        at, key = at + 1, uuid4()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""How each rule of attention did over the demo's 60 days: `python -m tests.database.scores.replay`.

The demo's history is written once more, change by change and at the moment of each, under a clock that is set;
every morning what is flagged is recorded. Prints each rule's score, and which rule is the weakest.
"""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

import click
import psycopg

from data import demo
from data.access.session import Actor, acting_as
from data.demo import filling
from data.i18n.formats import share
from data.reading.classes.rule_scores import RuleScores, rule_scores
from data.rules.attention import RULES_BY_KEY
from data.rules.rule_scores import least_followed
from tests.clusters import embedded_programs, running_cluster
from tests.database.attention.clock import Clock, stopped
from tests.database.demo.test_history import applied

MORNING: Final = 6  # o'clock, UTC
TABLE: Final = "public.student_module_progress"
EVENTS: Final = """
select at, student_id, module_id, operation, author_id, before, after
from dashboard.history
order by id
"""
FORGET: Final = (
    f"alter table {TABLE} disable trigger user",
    "alter table dashboard.history disable trigger user",
    f"delete from {TABLE}",
    "delete from dashboard.history",
    "delete from dashboard.fact",
    f"alter table {TABLE} enable trigger user",
    "alter table dashboard.history enable trigger user",
    "select internal.settle(1000000)",
)
AS_OF: Final = (
    "select set_config('tests.clock', %s, false), set_config('request.jwt.claims', %s, false)"
)
WRITE: Final = f"""
insert into {TABLE}
select * from jsonb_populate_record(null::{TABLE}, %s)
on conflict (student_id, module_id) do update set
    status = excluded.status,
    score = excluded.score,
    progress_details = excluded.progress_details,
    last_updated = excluded.last_updated,
    completed_at = excluded.completed_at,
    progress_percentage = excluded.progress_percentage
"""
RAISED: Final = """
select class_id, student_id, rule
from internal.raised(array(select id from school.class), %s, true)
"""

Connection = psycopg.Connection[Any]


@click.command()
def main() -> None:
    """Replay, and print the scores."""
    with running_cluster(embedded_programs()) as cluster:
        clock = stopped(cluster)
        now = datetime.now(UTC)
        clock.set(now)
        with clock.scratch.owner() as owner, owner.transaction():
            filling.fill(owner, now, click.echo)
        connection: Connection = clock.connection
        as_loaded = set(connection.execute(RAISED, (now,)))
        events = connection.execute(EVENTS).fetchall()
        for statement in FORGET:
            connection.execute(statement)
        started = time.monotonic()
        _replay(clock, events, now)
        click.echo(f"{len(events):,} changes in {time.monotonic() - started:.0f} s")
        at_the_end = set(connection.execute(RAISED, (now,)))
        others = len(as_loaded ^ at_the_end)
        click.echo(f"{len(at_the_end)} flags at the end; {others} are not as the demo has them")
        actor = Actor(demo.ADMIN, "", "admin", database=clock.scratch.database)
        clock.set(now)
        with acting_as(actor) as asked:
            click.echo("\n".join(_told(rule_scores(asked))))
        connection.close()


def _replay(clock: Clock, events: Sequence[Any], now: datetime) -> None:
    """Day by day, from one morning to the next."""
    rows: dict[tuple[Any, Any], dict[str, Any]] = {}
    morning = events[0][0].astimezone(UTC).replace(hour=MORNING, minute=0, second=0)
    for at, changes in groupby(events, key=lambda event: event[0]):
        while at >= morning:
            _record(clock, morning)
            morning += timedelta(days=1)
        _write(clock.connection, at, list(changes), rows)
    _record(clock, now)


def _write(
    connection: Connection,
    at: datetime,
    changes: Sequence[Any],
    rows: dict[tuple[Any, Any], dict[str, Any]],
) -> None:
    """What changed at one moment, each as whoever changed it."""
    with connection.pipeline():
        for _, student, module, operation, author, before, after in changes:
            key = student, module
            assert operation in ("insert", "update"), "the demo deletes nothing"
            rows[key] = applied(rows[key], before, after) if before else after
            whole = {"student_id": str(student), "module_id": str(module)} | rows[key]
            claims = json.dumps({"sub": str(author)}) if author else ""
            connection.execute(AS_OF, (at.isoformat(), claims))
            connection.execute(WRITE, (json.dumps(whole),))


def _record(clock: Clock, moment: datetime) -> None:
    clock.set(moment)
    clock.connection.execute("select internal.settle(1000000)")
    clock.connection.execute("select internal.record_flags('0')")


def _told(found: RuleScores) -> Iterator[str]:
    yield f"{'Rule':<22} Flags  Moved, of two weeks old  Gone by itself  Left  Still there"
    for one in found.scores:
        moved = f"{one.moved} of {one.settled} ({share(one.moved, one.settled)})"
        yield (
            f"{RULES_BY_KEY[one.rule].title:<22} {one.made:>5}  {moved:<23} {one.gone_by_itself:>15} "
            f"{one.left_with_student:>5} {one.still_there:>12}"
        )
    least = least_followed(found.scores)
    assert least is not None
    yield f"The weakest: {RULES_BY_KEY[least.rule].title}. Recorded since {found.began_at:%d %B %Y}."


if __name__ == "__main__":
    main(prog_name="python -m tests.database.scores.replay")

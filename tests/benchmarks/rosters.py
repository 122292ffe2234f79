"""How long a school's whole roster takes by OneRoster: 20,000 students, previewed and saved.

Run it with a database of its own: `python -m tests.benchmarks.rosters [STUDENTS]`.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import click

from data.access.session import acting_as
from data.roster.files.comparing.compare import RosterAnswers, compare
from data.roster.files.present import present_roster
from data.roster.files.reading.file import read_roster
from data.roster.save import save
from tests import people
from tests.clusters import embedded_programs, running_cluster
from tests.unit.packages import OneRoster

CLASSES_OF_ONE = 6
A_CLASS = 25

T = TypeVar("T")


def timed(label: str, work: Callable[..., T], *given: object) -> T:
    """Seconds on the clock, and those of this program's own processor: on a busy machine they differ."""
    began, own = time.perf_counter(), time.process_time()
    done = work(*given)
    wall, own = time.perf_counter() - began, time.process_time() - own
    click.echo(f"  {label:<20}{wall:6.1f} s, {own:5.1f} s of a processor")
    return done


def package(students: int) -> bytes:
    """Everybody in six classes, each with a teacher."""
    made = OneRoster()
    for at in range(students):
        made.user(
            f"s-{at}", f"Name{at} Family{at % 997}", number=f"N{at}", email=f"s{at}@example.org"
        )
    teachers = max(1, students // A_CLASS)
    for at in range(teachers):
        made.user(f"t-{at}", f"Teacher{at} Staff", role="teacher", email=f"t{at}@example.org")
    classes = students * CLASSES_OF_ONE // A_CLASS
    for at in range(classes):
        made.class_(f"k-{at}", f"Class {at}").enrol(f"k-{at}", f"t-{at % teachers}")
    for at in range(students):
        made.enrol(f"k-{at % classes}", f"s-{at}")
        for more in range(1, CLASSES_OF_ONE):
            made.enrol(f"k-{(at + more * 7919) % classes}", f"s-{at}")
    return made.zipped()


def main(students: int) -> None:
    content = package(students)
    click.echo(f"{students:,} students, a package of {len(content) / 1024**2:.1f} MB")
    answers = RosterAnswers(allow_leavers=True)
    with running_cluster(embedded_programs()) as cluster:
        school = cluster.new_database("cast")
        actor = people.actor(school.database, people.COORDINATOR)
        for words in ("The first time", "The same again"):
            click.echo(words)
            with acting_as(actor) as connection:
                present = timed("what is there", present_roster, connection, people.NORTH)
            given = timed("reading", read_roster, content, present)
            found = timed("comparing", compare, given, present, answers)
            click.echo(f"  {len(found.changes):,} changes")
            if found.changes:
                outcome = timed("saving", partial(save, source="file"), actor, found.changes)
                click.echo(f"  {outcome.saved:,} saved")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

"""The platform as a process of its own, which writes rows by its own statement, 200 a second, to the end.

The database itself says when one waited for too long: no lock is waited for longer than `PATIENCE`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from select import select
from typing import Any, Final
from uuid import UUID

import click
import psycopg

from tests.browsing import ROOT
from tests.database.attached.host import MODULE, STUDENT, Host, id_of, upsert_as_student

A_SECOND: Final = 200
PATIENCE: Final = "200ms"

Numbers = tuple[range, range]
"""Of the students and of the modules that are written to."""


@dataclass
class Written:
    """What it wrote: how long each took in milliseconds, what failed, and the last percentage of each row."""

    waits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    last: dict[tuple[UUID, UUID], int] = field(default_factory=dict)

    def lost(self, stored: Sequence[tuple[Any, ...]]) -> set[tuple[UUID, UUID]]:
        """Whose row is not as it was written last; `stored` are (student, module, percentage)."""
        found = {(student, module): percentage for student, module, percentage in stored}
        return {one for one, percentage in self.last.items() if found.get(one) != percentage}


@contextmanager
def writing(host: Host, numbers: Numbers, patience: str = PATIENCE) -> Iterator[Written]:
    """It writes until the end; then it is known what it wrote."""
    students, modules = numbers
    told = json.dumps([host.platform_url, patience, *_ends(students), *_ends(modules)])
    command = [sys.executable, "-m", "tests.database.attached.writer", told]
    written = Written()
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        try:
            yield written
        finally:
            output, _ = process.communicate("")
            _read(output, written)


def _ends(numbers: range) -> tuple[int, int]:
    return numbers.start, numbers.stop


def _read(output: str, written: Written) -> None:
    found = json.loads(output)
    written.waits += found["waits"]
    written.failed += found["failed"]
    written.last.update({(UUID(one), UUID(two)): last for one, two, last in found["last"]})


def _write(url: str, patience: str, *ends: int) -> Written:
    """One after the other, none before its time, until the input is closed."""
    students, modules = range(*ends[:2]), range(*ends[2:])
    written = Written()
    with psycopg.connect(url, autocommit=True) as platform:
        platform.execute("select set_config('lock_timeout', %s, false)", (patience,))
        began = time.monotonic()
        for number in count():
            row = (
                id_of(STUDENT, students[number * 7919 % len(students)]),
                id_of(MODULE, modules[number % len(modules)]),
            )
            _upsert(platform, row, number, written)
            if number == 0:
                click.echo("writing")
            pause = max(0, began + number / A_SECOND - time.monotonic())
            if select([sys.stdin], [], [], pause)[0]:
                return written
    raise AssertionError


def _upsert(
    platform: psycopg.Connection[Any], row: tuple[UUID, UUID], number: int, written: Written
) -> None:
    status, percentage = ("InProgress", "Completed")[number // 3 % 2], number % 101
    at = time.perf_counter()
    try:
        upsert_as_student(platform, *row, status, percentage)
        written.last[row] = percentage
    except psycopg.Error as error:
        written.failed.append(str(error))
    written.waits.append((time.perf_counter() - at) * 1000)


if __name__ == "__main__":
    all_of_it = _write(*json.loads(sys.argv[1]))
    last = [(str(one), str(two), percentage) for (one, two), percentage in all_of_it.last.items()]
    click.echo(json.dumps({"waits": all_of_it.waits, "failed": all_of_it.failed, "last": last}))

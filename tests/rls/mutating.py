"""Each mutant made inside a transaction that is rolled back, and looked at with what the suite looks with."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import psycopg

from data.database import schema_expected
from tests.clusters import Cluster, Scratch
from tests.people import (
    ADMIN,
    ANN,
    COORDINATOR,
    DISABLED,
    EVERYWHERE,
    INSPECTOR,
    STRANGER,
    TEACHER,
    VIEWER,
)
from tests.rls import listening, matrix, probes
from tests.rls.equivalents import WRITTEN_DOWN, Group, within
from tests.rls.facts import IDENTITIES, Identity
from tests.rls.mutant import Connection, Mutant
from tests.rls.mutations import mutants
from tests.rls.oracle import RELATIONS
from tests.rls.probes.probe import PLATFORM
from tests.rls.rights import wrong_rights
from tests.rls.staff_students import STAFF_STUDENTS

TELLING: Final = (
    TEACHER,
    ANN,
    COORDINATOR,
    DISABLED,
    ADMIN,
    STRANGER,
    VIEWER,
    EVERYWHERE,
    INSPECTOR,
    *STAFF_STUDENTS,
)
"""Who is asked where a mutant may be about any relation; about one, everybody is."""

AT_ONCE: Final = {"matrix": 20, "probe": 6}
"""How many statements are tried in one go, before it is looked whether one came out otherwise."""

SIGNED_FOR: Final = 60.0  # seconds; what is signed in probes is believed for 120

DIRECT: Final = "select 1 where internal.me() is not null"
"""Asked first: later in a transaction PostgreSQL remembers that somebody else was allowed to look who it is."""


@dataclass(frozen=True)
class Batch:
    """Statements of one identity, and what must become of each."""

    kind: str
    who: Identity
    asked: tuple[tuple[str, str], ...]


def _batches(kind: str, asked: Iterable[tuple[Identity, str, str]]) -> list[Batch]:
    """In the order of identities, a few statements each."""
    found = []
    ordered = sorted(asked, key=lambda one: one[0].label)
    for who, group in groupby(ordered, key=lambda one: one[0]):
        theirs = [(statement, expected) for _, statement, expected in group]
        size = AT_ONCE[kind]
        found += [
            Batch(kind, who, tuple(theirs[at : at + size])) for at in range(0, len(theirs), size)
        ]
    return found


def _kind(mutant: Mutant) -> str:
    """As its last word tells: what is dropped, and whose path, whose rights a function has."""
    return mutant.what.rpartition(" ")[2]


class Looking:
    """What is looked at in a database, and as whom.

    What noticed the last mutant of a kind is asked first about the next: often it is the same.
    """

    def __init__(self, scratch: Scratch) -> None:
        assert scratch.key is not None
        self._key = scratch.key
        self._scratch = scratch
        self._connection = superuser(scratch)
        cells = [
            (cell, (cell.who, cell.statement, cell.expected))
            for cell in matrix.cells(self._connection)
        ]
        self._of_relation = {
            name: _batches("matrix", (asked for cell, asked in cells if cell.relation == name))
            for name in RELATIONS
        }
        telling = _batches(
            "matrix",
            (
                asked
                for cell, asked in cells
                if cell.who.person in TELLING
                and RELATIONS[cell.relation].asked
                and (cell.action == "select" or cell.expected != matrix.REFUSED)
            ),
        )
        self._batches = telling + self._probes()
        self._probes_from = len(telling)
        self._orders: dict[str, list[int]] = {}
        self._noticing: Batch | None = None
        (tess,) = (who for who in IDENTITIES if who.person == TEACHER)
        self._first = Batch("probe", tess, ((DIRECT, "1"),))

    def _probes(self) -> list[Batch]:
        self._signed_at = time.monotonic()
        asked = ((one.who, one.statement, one.expected) for one in probes.everything(self._key))
        return _batches("probe", asked)

    def close(self) -> None:
        self._connection.close()

    def found_by(self, mutant: Mutant) -> str:
        """What notices this mutant first; empty where nothing does."""
        noticed = self._tried(mutant)
        if self._noticing is None or not any(self._wrong(self._noticing)):
            return noticed
        # The control: without the mutant it is noticed too. PostgreSQL remembers of a function that is gone
        # again what it took and gave, for as long as the session lasts: here, or of an earlier mutant.
        self._begin_anew()
        noticed = self._tried(mutant)
        self._begin_anew()
        assert self._noticing is None or not any(self._wrong(self._noticing)), mutant.what
        return noticed

    def _begin_anew(self) -> None:
        self._connection.close()
        self._connection = superuser(self._scratch)

    def _tried(self, mutant: Mutant) -> str:
        self._noticing = None
        if time.monotonic() - self._signed_at > SIGNED_FOR:
            self._batches[self._probes_from :] = self._probes()
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(mutant.statement.encode())
            return self._noticed(mutant)

    def _noticed(self, mutant: Mutant) -> str:
        if mutant.is_right:
            about = [mutant.relation] if mutant.relation else []
            if any(wrong_rights(self._connection, about)):
                return "rights"
        return self._noticed_by_behaviour(mutant) or (
            "definition" if self._changed_definitions() else ""
        )

    def _noticed_by_behaviour(self, mutant: Mutant) -> str:
        of_it = self._of_relation.get(mutant.relation or "", [])
        for batch in [self._first, *of_it] if mutant.relation is None else of_it:
            if any(self._wrong(batch)):
                self._noticing = batch
                return batch.kind
        order = self._orders.setdefault(_kind(mutant), list(range(len(self._batches))))
        for number in order:
            batch = self._batches[number]
            if (batch.kind == "probe" or mutant.relation is None) and any(self._wrong(batch)):
                self._noticing = batch
                order.remove(number)
                order.insert(0, number)
                return batch.kind
        return ""

    def has_other_definition(self, mutant: Mutant) -> bool:
        """Does at least its definition tell?"""
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(mutant.statement.encode())
            return bool(self._changed_definitions())

    def wrong(self) -> list[str]:
        """Whatever is otherwise than it must be: in every probe and the rights; the whole matrix is
        tests/rls/test_matrix.py's."""
        with self._connection.transaction(force_rollback=True):
            return self._all_that_is_wrong()

    def _all_that_is_wrong(self) -> list[str]:
        asked = [self._first, *self._batches[self._probes_from :]]
        return [told for batch in asked for told in self._wrong(batch)] + list(
            wrong_rights(self._connection)
        )

    def _wrong(self, batch: Batch) -> Iterator[str]:
        """What of a batch comes out otherwise than it must."""
        login = "progress_owner" if batch.who == PLATFORM else "progress_app"
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(f"set local session authorization {login}".encode())
            if batch.who != PLATFORM:
                matrix.become(self._connection, batch.who, self._key)
            statements = [statement for statement, _ in batch.asked]
            answer = self._connection.execute("select probe.attempt(%s)", (statements,)).fetchone()
        assert answer is not None
        for (statement, expected), found in zip(batch.asked, answer[0], strict=True):
            if found != expected:
                yield f"{batch.who.label}: {statement}: {expected}, not {found}"

    def _changed_definitions(self) -> set[str]:
        rows = self._connection.execute(schema_expected.DEFINITIONS.text.encode()).fetchall()
        found, expected = (
            schema_expected.digests(schema_expected.as_written(rows)),
            schema_expected.expected(),
        )
        return {
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        }


def superuser(scratch: Scratch) -> Connection:
    return psycopg.connect(
        scratch.owner_url.replace("progress_owner@", "postgres@"), autocommit=True
    )


def healthy(scratch: Scratch) -> list[str]:
    """The control: what is noticed of a database that nobody changed, which must be nothing."""
    with closing(Looking(scratch)) as looking:
        return looking.wrong()


def everything(scratch: Scratch) -> list[Mutant]:
    """All mutants, those of a kind beside each other."""
    with superuser(scratch) as catalogue:
        return sorted(mutants(catalogue), key=lambda one: one.what)


def run(cluster: Cluster, scratch: Scratch, tried: Iterable[Mutant]) -> dict[str, str]:
    """What each mutant is noticed by, by what it is: matrix, probe, rights, listener, definition, nothing."""
    with closing(Looking(scratch)) as looking, superuser(scratch) as catalogue:
        proven = within(catalogue).mutants

        def noticed_by(mutant: Mutant) -> str:
            if listening.is_about_waking(mutant) and not all(listening.heard(cluster, mutant)):
                return "listener"
            if mutant.what in proven:
                return "definition" if looking.has_other_definition(mutant) else ""
            return looking.found_by(mutant)

        return {mutant.what: noticed_by(mutant) for mutant in tried}


def equivalents(scratch: Scratch) -> list[Group]:
    """The mutants that only their definition tells, by the reason why they change nothing."""
    with superuser(scratch) as catalogue:
        return [*WRITTEN_DOWN, within(catalogue)]


def told(found: Mapping[str, str]) -> str:
    """In one line, how many mutants there are and how many are noticed by what."""
    counted = Counter(found.values())
    parts = ", ".join(
        f"{count} by {noticed or 'nothing'}" for noticed, count in counted.most_common()
    )
    return f"{len(found)} mutants: {parts}"

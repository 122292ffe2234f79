"""Each mutant made inside a transaction that is rolled back, and looked at with what the suite looks with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

import psycopg

from data import definitions
from data.claims import ClaimsKey
from tests.clusters import Scratch
from tests.people import ADMIN, ANN, COORDINATOR, DISABLED, STRANGER, TEACHER
from tests.rls import matrix
from tests.rls.facts import Identity
from tests.rls.matrix import Cell
from tests.rls.mutations import Connection, Mutant, mutants
from tests.rls.oracle import RELATIONS
from tests.rls.probes import PLATFORM, PROBES, of_key

TELLING: Final = (TEACHER, ANN, COORDINATOR, DISABLED, ADMIN, STRANGER)
"""Who is asked where a mutant may be about any relation; about one, everybody is."""


class Looking:
    """What is looked at in a database, and as whom."""

    def __init__(self, connection: Connection, key: ClaimsKey) -> None:
        self._connection = connection
        self._key = key
        everything = matrix.cells(connection)
        self._of_relation = {
            name: [cell for cell in everything if cell.relation == name] for name in RELATIONS
        }
        self._first = [
            cell
            for who in TELLING
            for cell in everything
            if cell.who.person == who
            and RELATIONS[cell.relation].asked
            and (cell.action == "select" or cell.expected != matrix.REFUSED)
        ]

    def found_by(self, mutant: Mutant) -> str:
        """What notices this mutant first; empty where nothing does."""
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(mutant.statement.encode())
            return self._noticed(mutant)

    def _noticed(self, mutant: Mutant) -> str:
        if mutant.is_right and any(self._wrong_rights()):
            return "rights"
        if not (mutant.is_right or mutant.is_text_only):
            noticed = self._noticed_by_behaviour(mutant)
            if noticed:
                return noticed
        return "definition" if self._changed_definitions() else ""

    def _noticed_by_behaviour(self, mutant: Mutant) -> str:
        if mutant.relation is None and any(self.wrong_cells(self._first)):
            return "matrix"
        if mutant.relation and any(self.wrong_cells(self._of_relation.get(mutant.relation, []))):
            return "matrix"
        if any(self.wrong_probes()):
            return "probe"
        return ""

    def _wrong_rights(self) -> list[str]:
        columns = self._connection.execute(matrix.COLUMNS.encode(), (list(RELATIONS),)).fetchall()
        return list(matrix.wrong_columns(columns))

    def wrong(self) -> list[str]:
        """Whatever is otherwise than it must be, in the whole matrix and every probe."""
        cells = (cell for some in self._of_relation.values() for cell in some)
        return [*self.wrong_cells(cells), *self.wrong_probes()]

    def wrong_cells(self, asked: Iterable[Cell]) -> Iterator[str]:
        """What is otherwise than the oracle says, as it is met."""
        for who, theirs in groupby(asked, key=lambda cell: cell.who):
            cells = list(theirs)
            outcomes = self._tried(who, [cell.statement for cell in cells])
            for cell, found in zip(cells, outcomes, strict=True):
                if found != cell.expected:
                    yield f"{who.label}: {cell.statement}: {cell.expected}, not {found}"

    def wrong_probes(self) -> Iterator[str]:
        """Probes that come out otherwise than they must."""
        for who, theirs in groupby(
            sorted([*PROBES, *of_key(self._key)], key=lambda probe: probe.who.label),
            key=lambda probe: probe.who,
        ):
            probes = list(theirs)
            outcomes = self._tried(who, [probe.statement for probe in probes])
            for probe, found in zip(probes, outcomes, strict=True):
                if found != probe.expected:
                    yield f"{who.label}: {probe.statement}: {probe.expected}, not {found}"

    def _tried(self, who: Identity, statements: list[str]) -> list[str]:
        login = "progress_owner" if who == PLATFORM else "progress_app"
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(f"set local session authorization {login}".encode())
            if who != PLATFORM:
                matrix.become(self._connection, who, self._key)
            answer = self._connection.execute("select probe.attempt(%s)", (statements,)).fetchone()
        assert answer is not None
        outcomes: list[str] = answer[0]
        return outcomes

    def _changed_definitions(self) -> set[str]:
        rows = self._connection.execute(definitions.DEFINITIONS.text.encode()).fetchall()
        found, expected = definitions.digests(definitions.as_written(rows)), definitions.expected()
        return {
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        }


def _superuser(scratch: Scratch) -> Connection:
    return psycopg.connect(
        scratch.owner_url.replace("progress_owner@", "postgres@"), autocommit=True
    )


def healthy(scratch: Scratch) -> list[str]:
    """The control: what is noticed of a database that nobody changed, which must be nothing."""
    assert scratch.key is not None
    with _superuser(scratch) as connection:
        looking = Looking(connection, scratch.key)
        with connection.transaction(force_rollback=True):
            return looking.wrong()


def run(scratch: Scratch) -> dict[str, str]:
    """What each mutant is noticed by, by what it is: matrix, probe, rights, definition, or nothing."""
    assert scratch.key is not None
    with _superuser(scratch) as connection:
        looking = Looking(connection, scratch.key)
        return {mutant.what: looking.found_by(mutant) for mutant in list(mutants(connection))}

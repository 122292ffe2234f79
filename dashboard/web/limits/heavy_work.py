"""Work that keeps a processor busy, and much in memory: a little at once in this process, and one of a person,
however many pages they have open. The next ones wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID


class Places:
    """Where such work is done."""

    def __init__(self, in_all: int) -> None:
        self._in_all = in_all
        self._busy: set[UUID] = set()
        self._changed = threading.Condition()

    def take(self, person: UUID, seconds: float | None = None) -> bool:
        """Wait for a place and take it; False where none became free in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(person), seconds):
                return False
            self._busy.add(person)
            return True

    def leave(self, person: UUID) -> None:
        """Somebody else may have it."""
        with self._changed:
            self._busy.remove(person)
            self._changed.notify_all()

    @contextmanager
    def one(self, person: UUID) -> Iterator[None]:
        """A place for as long as it takes."""
        self.take(person)
        try:
            yield
        finally:
            self.leave(person)

    def _is_free(self, person: UUID) -> bool:
        return person not in self._busy and len(self._busy) < self._in_all


REPORTS: Final = Places(2)

TABLES: Final = Places(2)
"""Spreadsheets that are read, and files that are made while their page waits."""

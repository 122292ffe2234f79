"""The statements that a read takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.clusters import Scratch


@contextmanager
def counted(school: Scratch) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(school.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(school.database.engine, "before_cursor_execute", note)

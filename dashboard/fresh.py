"""What is asked for once, and never kept: what an undo takes, and files of the whole history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from dashboard import reads
from data import queries
from data.progress import Edit, Problem
from data.progress_rows import Key, module_types
from data.queries.cells import CellSide
from data.session import acting_as
from data.undoing import Undoing, restore_edit, undo_edits


def undoing(batch_id: UUID, only: Collection[Key] | None) -> tuple[Undoing, Mapping[Key, str]]:
    """What undoing takes, and its rows' module types; asked once a preview, so never cached."""
    with acting_as(reads.visit().actor) as connection:
        found = undo_edits(connection, batch_id, only)
        return found, _types(connection, found.edits)


def restoring(
    student_id: UUID, module_id: UUID, change_id: int, side: CellSide
) -> tuple[Edit | Problem, Mapping[Key, str]]:
    """What restoring a cell takes, and its module's type; asked once a preview, so never cached."""
    with acting_as(reads.visit().actor) as connection:
        found = restore_edit(connection, student_id, module_id, change_id, side)
        return found, _types(connection, [found] if isinstance(found, Edit) else [])


def _types(connection: Any, edits: Sequence[Edit]) -> Mapping[Key, str]:
    return {key: kind for key, (kind, _) in module_types(connection, edits).items()}


def whole_history(
    asked: queries.HistoryFilter, write: Callable[[Iterator[queries.Change]], bytes]
) -> bytes:
    """A file of everything asked for (reads.MOST_ROWS entries at most), as `write` makes it; never cached."""
    with acting_as(reads.visit().actor) as connection:
        return write(queries.whole_history(connection, asked, reads.MOST_ROWS))

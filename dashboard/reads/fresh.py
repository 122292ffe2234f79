"""What is asked for once and never kept: what a preview, a file or a count over everything takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from dashboard import reads
from data.access.session import Actor, acting_as
from data.files.importing import stored
from data.files.importing.judging.verdicts import CurrentRow
from data.files.importing.template import FilledRow
from data.files.reporting import making as reporting
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import Kind, Making, OfClass, Report
from data.files.student_record import gather as student_records
from data.reading import locks, row_values
from data.reading.data_check.finding import Finding
from data.reading.data_check.found import counts, findings_of
from data.reading.eligibility import module_types
from data.reading.history import changes
from data.reading.history.cell import CellSide
from data.reading.history.changes import Change, HistoryFilter
from data.reading.locks import Lock
from data.reading.students import cell
from data.rules.progress import Edit, Key, Problem
from data.writing.undo import Undoing, restore_edit, undo_edits


def undoing(batch_id: UUID, only: Collection[Key] | None) -> tuple[Undoing, Mapping[Key, str]]:
    """What undoing takes, and its rows' module types."""
    with acting_as(reads.visit().actor) as connection:
        found = undo_edits(connection, batch_id, only)
        return found, _types(connection, found.edits)


def restoring(
    student_id: UUID, module_id: UUID, change_id: int, side: CellSide
) -> tuple[Edit | Problem, Mapping[Key, str]]:
    """What restoring a cell takes, and its module's type."""
    with acting_as(reads.visit().actor) as connection:
        found = restore_edit(connection, student_id, module_id, change_id, side)
        return found, _types(connection, [found] if isinstance(found, Edit) else [])


def _types(connection: Any, edits: Sequence[Edit]) -> Mapping[Key, str]:
    types = module_types(connection, {edit.module_id for edit in edits})
    return {
        (edit.student_id, edit.module_id): types[edit.module_id]
        for edit in edits
        if edit.module_id in types
    }


def whole_history(asked: HistoryFilter, write: Callable[[Iterator[Change]], bytes]) -> bytes:
    """A file of everything asked for (MOST_ROWS entries at most), as `write` makes it."""
    with acting_as(reads.visit().actor) as connection:
        return write(changes.whole_history(connection, asked))


def current_locks(keys: Iterable[Key]) -> Mapping[Key, Lock]:
    """Those on these students and modules."""
    with acting_as(reads.visit().actor) as connection:
        return locks.current_locks(connection, keys)


def scores_in_details(keys: Iterable[Key]) -> Mapping[Key, Decimal]:
    """What pages show of these rows where they have no score of their own; asks nothing for none."""
    wanted = list(keys)
    if not wanted:
        return {}
    with acting_as(reads.visit().actor) as connection:
        return row_values.scores_in_details(connection, wanted)


def check_counts() -> dict[str, int]:
    """How many rows break each rule of the data check. It looks at every row and takes seconds: kept by
    version, any write anywhere would have a page count anew."""
    with acting_as(reads.visit().actor) as connection:
        return counts(connection)


def findings(key: str, limit: int, after: Finding | None = None) -> Sequence[Finding]:
    """Rows that break a rule, the page behind `after`."""
    with acting_as(reads.visit().actor) as connection:
        return findings_of(connection, key, limit, after)


def current_values(keys: Iterable[Key]) -> Mapping[Key, CurrentRow]:
    """What is stored now for each student and module."""
    with acting_as(reads.visit().actor) as connection:
        return stored.current_values(connection, keys)


def stored_rows(actor: Actor, class_id: UUID) -> Sequence[FilledRow]:
    """Every module of every student of a class. Takes the person: a download is made outside of any run."""
    with acting_as(actor) as connection:
        return stored.stored_rows(connection, class_id)


def student_record(student_id: UUID) -> student_records.StudentRecord | Problem:
    """All stored data of a student, or why it is not given."""
    return student_records.student_record(reads.visit().actor, student_id)


def student_report(
    actor: Actor, student_id: UUID, options: ReportOptions, making: Making
) -> Report:
    """A student's report. Takes the person, as the next: reports are made outside of any run."""
    with acting_as(actor) as connection:
        return reporting.student_report(connection, student_id, options, making)


def class_report(
    actor: Actor, asked: OfClass, options: ReportOptions, kind: Kind, making: Making
) -> Report:
    """Reports of students of a class."""
    with acting_as(actor) as connection:
        return reporting.class_report(connection, asked, options, kind, making)


def cell_text(student_id: UUID, module_id: UUID) -> str | None:
    """A cell of the matrix as it stands now."""
    with acting_as(reads.visit().actor) as connection:
        return cell.cell_text(connection, student_id, module_id)

"""Edits against the locked rows: what becomes of each, and the writing of those that may be applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from data.access.errors import OWN_PROGRESS
from data.reading.eligibility import eligible, module_types
from data.reading.history.recorded_values import read_side, values_of
from data.rules.details import is_scored
from data.rules.progress import (
    EMPTY_ROW,
    Edit,
    Field,
    Key,
    Settled,
    Values,
    differs,
    put_back,
    settle,
)
from data.writing import rows
from data.writing.batch import Batch, Source
from data.writing.outcome import NOT_ELIGIBLE, REFUSED, Conflict, Outcome, Refusal, Saved
from data.writing.rows import Wish

EXACT: Final = frozenset[Source]({"undo", "restore", "merge"})
"""Sources whose values stood in the table before, of this student or of the one they are."""


@dataclass
class _Sorted:
    """Edits on their way, from where and when: each ends in exactly one of the lists."""

    source: Source
    now: datetime
    changes: list[Wish] = field(default_factory=list)
    additions: list[Wish] = field(default_factory=list)
    unchanged: list[Edit] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        """Is there an edit that cannot be applied?"""
        return bool(self.conflicts or self.refusals)


def leads_to(edit: Edit, source: Source, module_type: str, now: datetime) -> Settled:
    """What an edit of this source leads to, for a preview as for save(). What stood before comes back as it
    was: the rules neither judge nor complete it."""
    if source in EXACT:
        return put_back(edit.changes, edit.seen)
    return settle(edit.changes, edit.seen, is_scored(module_type), now)


def apply(connection: Connection, edits: Sequence[Edit], batch: Batch, *, whole: bool) -> Outcome:
    """Lock the rows, judge each edit by what its row holds, and write those that may be applied; with `whole`
    none where one may not. The batch they belong to is begun and ended by the caller."""
    done = _judged(connection, edits, batch)
    stopped = whole and done.is_stopped
    saved = () if stopped else _write(connection, done, exact=batch.source in EXACT)
    return Outcome(
        # Some are refused by the table only.
        saved=() if whole and done.is_stopped else saved,
        unchanged=tuple(done.unchanged),
        conflicts=_with_authors(connection, done.conflicts),
        refusals=tuple(done.refusals),
    )


def _judged(connection: Connection, edits: Sequence[Edit], batch: Batch) -> _Sorted:
    done = _Sorted(batch.source, connection.execute(text("select clock_timestamp()")).scalar_one())
    own = [edit for edit in edits if edit.student_id == batch.author_id]
    done.refusals += [Refusal(edit, (OWN_PROGRESS,)) for edit in own]
    others = [edit for edit in edits if edit.student_id != batch.author_id] if own else edits
    ordered = sorted(others, key=lambda edit: (edit.student_id.int, edit.module_id.int))
    current = rows.lock(connection, ordered)
    missing = [edit for edit, values in zip(ordered, current, strict=True) if values is None]
    types = module_types(connection, {edit.module_id for edit in ordered})
    placed = eligible(connection, missing)
    for edit, values in zip(ordered, current, strict=True):
        module_type = types.get(edit.module_id)
        if module_type is None or (values is None and _key(edit) not in placed):
            done.refusals.append(Refusal(edit, (NOT_ELIGIBLE,)))
        else:
            _sort(edit, module_type, values, done)
    return done


def _key(edit: Edit) -> Key:
    return edit.student_id, edit.module_id


def _sort(edit: Edit, module_type: str, current: Values | None, done: _Sorted) -> None:
    settled = leads_to(edit, done.source, module_type, done.now)
    if settled.problems:
        done.refusals.append(Refusal(edit, tuple(settled.problems)))
        return
    if not settled.values:
        done.unchanged.append(edit)
        return
    values = EMPTY_ROW if current is None else current
    moved = () if values == edit.seen else _overtaken(edit, settled, values, module_type, done)
    if moved:
        done.conflicts.append(Conflict(edit, values, moved))
        return
    (done.additions if current is None else done.changes).append(Wish(edit, settled.values, values))


def _overtaken(
    edit: Edit, settled: Settled, values: Values, module_type: str, done: _Sorted
) -> tuple[Field, ...]:
    """The fields that moved since the editor looked, of those that this edit rests on."""
    guarded = set(settled.values)
    if done.source not in EXACT:
        # The status is always guarded: what an edit leads to depends on it. So is what the rules would set
        # now: else a completion would stand at the percentage, or without the date, that came meanwhile.
        guarded |= {
            Field.STATUS,
            *settle(edit.changes, values, is_scored(module_type), done.now).values,
        }
    return _moved(edit, values, guarded)


def _moved(edit: Edit, values: Values, guarded: set[Field]) -> tuple[Field, ...]:
    return tuple(
        name for name in Field if name in guarded and differs(values[name], edit.seen[name])
    )


def _write(connection: Connection, done: _Sorted, *, exact: bool) -> tuple[Saved, ...]:
    # The missing ones first. Where somebody else made one meanwhile, this waits for whoever is changing it: so
    # nobody may wait here who has changed any.
    late = rows.insert(connection, done.additions)
    refused = rows.update(connection, done.changes, exact=exact)
    done.refusals += [Refusal(wish.edit, (REFUSED,)) for wish in refused]
    # Somebody else made the row between our look and our insert.
    for wish, current in zip(late, rows.look(connection, [w.edit for w in late]), strict=True):
        values = EMPTY_ROW if current is None else current
        moved = _moved(wish.edit, values, set(Field)) or (Field.STATUS,)
        done.conflicts.append(Conflict(wish.edit, values, moved))
    stopped = {wish.key for wish in refused + late}
    return tuple(
        Saved(*wish.key, {name: wish.before[name] for name in wish.values}, wish.values)
        for wish in done.changes + done.additions
        if not stopped or wish.key not in stopped
    )


def _with_authors(connection: Connection, conflicts: list[Conflict]) -> tuple[Conflict, ...]:
    if not conflicts:
        return ()
    newest = rows.newest_changes(
        connection, [(conflict.edit, conflict.fields) for conflict in conflicts]
    )
    return tuple(
        replace(conflict, changed_by=author, changed_at=at)
        for conflict in conflicts
        for author, at in [_author(conflict, newest.get(_key(conflict.edit)))]
    )


def _author(
    conflict: Conflict, newest: tuple[str, datetime, str | None] | None
) -> tuple[str | None, datetime | None]:
    """Nobody where what stands is not what the newest change left: then somebody was there whom nobody saw."""
    if newest is None:
        return None, None
    author, at, left = newest
    values, unreadable = values_of(read_side(left))
    known = [name for name in conflict.fields if name in values and name not in unreadable]
    is_theirs = not any(differs(values[name], conflict.current[name]) for name in known)
    return (author, at) if is_theirs else (None, None)

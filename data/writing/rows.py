"""The SQL behind `commands.save()`: one statement a step, whatever the number of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from data.access import arrays
from data.reading.row_values import as_values
from data.rules.progress import Edit, Field, Key, Values


@dataclass(frozen=True)
class Wish:
    """An edit that may be applied: the values it sets, and what the locked row holds."""

    edit: Edit
    values: Values
    before: Values

    @property
    def key(self) -> Key:
        return self.edit.student_id, self.edit.module_id


def _keys(edits: Iterable[Edit]) -> dict[str, Any]:
    return arrays.keys((edit.student_id, edit.module_id) for edit in edits)


# One by one by key: else, with thousands of wishes, the whole table would be read and joined.
THE_ROWS: Final = """
select wish.place, progress.*
from (
    select *
    from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
        with ordinality as wish (student_id, module_id, place)
    order by student_id, module_id
) as wish
cross join lateral (
    select status, progress_percentage, score, completed_at
    from {progress}
    where student_id = wish.student_id and module_id = wish.module_id
    offset 0
    {held}
) as progress
"""


def lock(connection: Connection, edits: Sequence[Edit]) -> list[Values | None]:
    """What each row holds now, None where there is none. They are locked in the order of their keys, so that
    two batches queue up and never deadlock."""
    return _read(
        connection,
        edits,
        THE_ROWS.format(progress="dashboard.editable_progress", held="for update"),
    )


def look(connection: Connection, edits: Sequence[Edit]) -> list[Values | None]:
    """As `lock()`, but held by nobody: where nothing is to be changed, nothing must wait."""
    return _read(connection, edits, THE_ROWS.format(progress="dashboard.progress", held=""))


def _read(connection: Connection, edits: Sequence[Edit], question: str) -> list[Values | None]:
    found: list[Values | None] = [None] * len(edits)
    if edits:
        # The place in the list and not the key: ids are dear to make and to compare.
        for place, *held in connection.execute(text(question), _keys(edits)).all():
            found[place - 1] = as_values(*held)
    return found


def _columns(wishes: Sequence[Wish]) -> dict[str, Any]:
    """The wishes as one array a column, and one of booleans beside it: does the wish set it?"""
    columns = _keys(wish.edit for wish in wishes)
    for name in Field:
        columns[name] = arrays.array([arrays.element(wish.values.get(name)) for wish in wishes])
        columns[f"sets_{name}"] = arrays.array(
            ["t" if name in wish.values else "f" for wish in wishes]
        )
    return columns


def update(connection: Connection, wishes: Sequence[Wish], *, exact: bool = False) -> list[Wish]:
    """Change rows that are there; returns the wishes that were refused. To PostgreSQL a refused UPDATE is
    only fewer rows.

    A column that no wish sets keeps the very value it has, an unreadable date included (with `exact` also
    where the completion goes). last_updated moves forward only, also past a clock that was set back; a
    poisoned one is healed.
    """
    if not wishes:
        return []
    rows = connection.execute(text(UPDATE), _columns(wishes) | {"exact": exact})
    done = set(rows.scalars())
    return [wish for place, wish in enumerate(wishes, 1) if place not in done]


UPDATE: Final = """
select dashboard.update_progress(
    cast(:students as uuid[]),
    cast(:modules as uuid[]),
    cast(:status as public.progress_status[]),
    cast(:progress_percentage as integer[]),
    cast(:score as numeric[]),
    cast(:completed_at as timestamptz[]),
    cast(:sets_status as boolean[]),
    cast(:sets_progress_percentage as boolean[]),
    cast(:sets_score as boolean[]),
    cast(:sets_completed_at as boolean[]),
    :exact
)
"""


def insert(connection: Connection, wishes: Sequence[Wish]) -> list[Wish]:
    """Make rows that were missing; returns the wishes for which somebody else made the row meanwhile."""
    if not wishes:
        return []
    rows = connection.execute(
        text(INSERT),
        {name: values for name, values in _columns(wishes).items() if not name.startswith("sets_")},
    )
    done = set(rows.scalars())
    return [wish for place, wish in enumerate(wishes, 1) if place not in done]


INSERT: Final = """
select dashboard.add_progress(
    cast(:students as uuid[]),
    cast(:modules as uuid[]),
    cast(:status as public.progress_status[]),
    cast(:progress_percentage as integer[]),
    cast(:score as numeric[]),
    cast(:completed_at as timestamptz[])
)
"""


def newest_changes(
    connection: Connection, conflicts: Sequence[tuple[Edit, Iterable[Field]]]
) -> Mapping[Key, tuple[str, datetime, str | None]]:
    """Who changed any of these fields of each row last, when, and what it left, as JSON; a later write of
    others does not count."""
    rows = connection.execute(
        text("""
            select distinct on (change.student_id, change.module_id)
                change.student_id,
                change.module_id,
                coalesce(change.author_name, initcap(change.source)) as author,
                change.at,
                change.after::text as written
            from unnest(
                cast(:students as uuid[]), cast(:modules as uuid[]), cast(:fields as text[])
            ) as wish (student_id, module_id, fields)
            join dashboard.change using (student_id, module_id)
            where coalesce(change.after, change.before) ?| string_to_array(wish.fields, ',')
            order by change.student_id, change.module_id, change.id desc
        """),
        _keys(edit for edit, _ in conflicts)
        | {"fields": arrays.array([f'"{",".join(fields)}"' for _, fields in conflicts])},
    )
    return {(row.student_id, row.module_id): (row.author, row.at, row.written) for row in rows}

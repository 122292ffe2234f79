"""No write of the platform, whatever it holds, changes what is locked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from data.access.session import Actor
from data.rules.progress import Field, Status, Values
from data.writing.locks import lock, unlock
from data.writing.save import save
from tests import people
from tests.clusters import Scratch
from tests.database.locks.locked_course import locks_of, tried
from tests.database.rows_as_owner import SC, C, P, S, edit, platform, whole_row
from tests.people import ANN, ASSESSMENT, COORDINATOR, COURSE
from tests.profiles import examples

MOMENTS = ["2026-01-05T10:11:12.123456Z", "infinity", "-infinity", "0044-03-15 BC", "12026-01-01"]

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from([status.value for status in Status]),
    "progress_percentage": st.none() | st.integers(0, 100),
    "score": st.none()
    | st.sampled_from(["NaN", "Infinity", "66.6666666666666667", "-3", "140", "1e300", "7.0"]),
    "completed_at": st.none() | st.sampled_from(MOMENTS),
}

ROWS = st.fixed_dictionaries({}, optional=VALUES)
COLUMNS = ", ".join(f"{name}::text" for name in VALUES)


def columns(connection: psycopg.Connection[Any], module: UUID) -> dict[str, Any]:
    found = connection.execute(
        f"select {COLUMNS} from public.student_module_progress "
        "where student_id = %s and module_id = %s".encode(),
        (ANN, module),
    ).fetchone()
    assert found is not None
    return dict(zip(VALUES, found, strict=True))


def as_text(connection: psycopg.Connection[Any], name: str, value: object) -> str | None:
    kind = {"progress_percentage": "integer", "score": "numeric", "completed_at": "timestamptz"}
    found = connection.execute(
        f"select %s::{kind.get(name, 'text')}::text".encode(), (value,)
    ).fetchone()
    assert found is not None
    written: str | None = found[0]
    return written


@examples(60)
@given(
    first=ROWS,
    fields=st.sets(st.sampled_from(list(Field)), min_size=1),
    writes=st.lists(ROWS, max_size=4),
    module=st.sampled_from([COURSE, ASSESSMENT]),
)
def test_no_write_of_the_platform_ever_changes_what_is_locked(
    shared: Scratch,
    first: dict[str, Any],
    fields: set[Field],
    writes: list[dict[str, Any]],
    module: UUID,
) -> None:
    cora = people.actor(shared.database, COORDINATOR)
    unlock(cora, ANN, module)
    with shared.owner() as owner:

        def write(row: dict[str, Any]) -> None:
            if row:
                sets = ", ".join(f"{name} = %s" for name in row)
                owner.execute(
                    f"update public.student_module_progress set {sets} "
                    "where student_id = %s and module_id = %s".encode(),
                    (*row.values(), ANN, module),
                )

        write(first)
        assert lock(cora, ANN, module, fields, "why") is None
        (standing,) = [one for one in locks_of(cora) if one.is_current and one.module_id == module]
        assert set(standing.values) >= fields
        before = columns(owner, module)
        for row in writes:
            write(row)
            after = columns(owner, module)
            for name in VALUES:
                if Field(name) in standing.values:
                    assert after[name] == before[name]
                elif name in row:
                    assert after[name] == as_text(owner, name, row[name])
        noted = {one.field for one in tried(cora, ANN, module)}
    assert noted <= {*Field, None}


def test_every_kind_of_value_is_read_back_as_it_is_locked(school: Scratch, cora: Actor) -> None:
    values: Values = {S: Status.COMPLETED, P: 100, SC: Decimal("66.6666666666666667"),
                      C: datetime(2026, 1, 5, 10, 11, 12, 123456, UTC)}  # fmt: skip
    assert save(cora, [edit(school, ANN, COURSE, values)]).saved
    assert lock(cora, ANN, COURSE, list(Field), "why") is None
    assert locks_of(cora)[0].values == values
    platform(school, ANN, COURSE, "completed_at = 'infinity'")
    unlock(cora, ANN, COURSE)
    platform(school, ANN, COURSE, "completed_at = 'infinity'")
    assert lock(cora, ANN, COURSE, [C], "why") is None
    assert locks_of(cora)[0].values[C] is None  # unreadable
    platform(school, ANN, COURSE, "completed_at = null")
    row = whole_row(school, ANN, COURSE)
    assert row is not None
    assert row["completed_at_text"] == "infinity"

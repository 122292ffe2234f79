"""Writing edits that were typed and not saved yet, by class; `data.reading.drafts` reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import DBAPIError

from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.reading.drafts import Unread
from data.rules.progress import Edit, Field, Problem, Value
from data.tables import DRAFT, ME

TOO_LARGE: Final = Problem(
    None, "too_large", "These are too many changes for a draft. Save some of them first."
)
NOT_YOURS: Final = refused("save a draft for this class any more")


def save_draft(
    actor: Actor, class_id: UUID, edits: Sequence[Edit], unread: Sequence[Unread] = ()
) -> Problem | None:
    """Set these edits, and what was refused, aside in place of the earlier ones; none at all removes the draft.

    Returns what is wrong, if anything: too many, or a class the person does not work with.
    """
    try:
        with acting_as(actor) as connection:
            if edits or unread:
                connection.execute(_upsert(class_id, _all_written(edits, unread)))
            else:
                mine = DRAFT.c.person_id == ME, DRAFT.c.class_id == class_id
                connection.execute(delete(DRAFT).where(*mine))
    except DBAPIError as error:
        return explained(error, {"refused": NOT_YOURS, "out_of_range": TOO_LARGE})
    return None


def _upsert(class_id: UUID, written: list[dict[str, Any]]) -> Insert:
    draft = insert(DRAFT).values(class_id=class_id, edits=written)
    return draft.on_conflict_do_update(
        index_elements=[DRAFT.c.person_id, DRAFT.c.class_id],
        set_={"edits": draft.excluded.edits, "updated_at": func.clock_timestamp()},
    )


def _all_written(edits: Sequence[Edit], unread: Sequence[Unread]) -> list[dict[str, Any]]:
    """One entry a row: what could be read of it, and what could not."""
    refused = {(one.student_id, one.module_id): one for one in unread}
    rows = []
    for edit in edits:
        one = refused.pop((edit.student_id, edit.module_id), None)
        rows.append(_written(edit, one.typed if one else {}))
    bare = [Edit(one.student_id, one.module_id, {}, one.seen) for one in refused.values()]
    return [*rows, *map(_written, bare, (one.typed for one in refused.values()))]


def _written(edit: Edit, typed: Mapping[Field, str]) -> dict[str, Any]:
    return {
        "student": str(edit.student_id),
        "module": str(edit.module_id),
        "changes": {name.value: _value_written(value) for name, value in edit.changes.items()},
        "typed": {name.value: told for name, told in typed.items()},
        "seen": {name.value: _value_written(value) for name, value in edit.seen.items()},
    }


def _value_written(value: Value) -> object:
    """Each type in its own shape: JSON has no exact decimals, and no moments."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return value

"""Writing edits that were typed and not saved yet, by class; `data.reading.drafts` reads them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import DBAPIError

from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.reading.drafts import Unread
from data.rules.progress import Edit, Field, Key, Problem, Value
from data.tables import DRAFT, ME

TOO_LARGE: Final = Problem(
    None, "too_large", "These are too many changes for a draft. Save some of them first."
)
NOT_YOURS: Final = refused("save a draft for this class any more")


def save_draft(
    actor: Actor,
    class_id: UUID,
    edits: Sequence[Edit],
    unread: Sequence[Unread] = (),
    *,
    replacing: Collection[Key] | None = None,
) -> Problem | None:
    """Keep these edits, and what was refused, in place of the earlier ones of the rows `replacing`, or of all;
    without any that are left the draft is removed.

    Returns what is wrong, if anything: too many, or a class the person does not work with.
    """
    mine = DRAFT.c.person_id == ME, DRAFT.c.class_id == class_id
    written = _all_written(edits, unread)
    try:
        with acting_as(actor) as connection:
            if replacing is not None:
                stored = connection.scalar(select(DRAFT.c.edits).where(*mine).with_for_update())
                written = [*_others(stored, replacing, written), *written]
            if written:
                connection.execute(_upsert(class_id, written))
            else:
                connection.execute(delete(DRAFT).where(*mine))
    except DBAPIError as error:
        return explained(error, {"refused": NOT_YOURS, "out_of_range": TOO_LARGE})
    return None


def _others(
    stored: object, replacing: Collection[Key], written: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The entries of other rows, as they are stored."""
    done = {(str(student), str(module)) for student, module in replacing}
    done |= {(one["student"], one["module"]) for one in written}
    rows = [one for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    return [one for one in rows if (one.get("student"), one.get("module")) not in done]


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
        "typed": {name.value: written for name, written in typed.items()},
        "seen": {name.value: _value_written(value) for name, value in edit.seen.items()},
    }


def _value_written(value: Value) -> object:
    """Each type in its own shape: JSON has no exact decimals, and no moments."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return value

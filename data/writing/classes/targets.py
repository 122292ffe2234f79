"""Setting a class's target, and taking it away; what was set before stays to be read.

Each call carries an id made by whoever asks: repeated after a lost answer, it writes nothing twice.
"""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused, sqlstate
from data.access.session import Actor, acting_as
from data.reading.classes.targets import completed_now
from data.rules.progress import Problem
from data.rules.target import COMPLETED, NO_SHARE, NOTHING_THERE, PAST, check_target
from data.tables import CLASS_TARGET, ME

NOT_YOURS: Final = refused("set a target for this class")
ALREADY: Final = Problem(
    None, "already", "Another target was saved by this already. Look at what is listed; then save."
)

_BROKEN: Final = {"class_target_share": NO_SHARE, "class_target_day": PAST}


def set_target(
    actor: Actor, class_id: UUID, share: int | None, by_day: date | None, *, today: date, key: UUID
) -> Problem | None:
    """Set `share` percent by the end of `by_day` in the actor's name, in place of what was set before; `today`
    is the actor's. `key` is its id, made by whoever asks. Returns what is wrong, if anything."""
    problem = check_target(share, by_day, today)
    if problem is not None:
        return problem
    return _write(actor, {"id": key, "class_id": class_id, "share": share, "by_day": by_day})


def remove_target(actor: Actor, class_id: UUID, *, key: UUID) -> Problem | None:
    """Have the class no target from now on; in all else as `set_target()`."""
    return _write(actor, {"id": key, "class_id": class_id, "share": None, "by_day": None})


def _write(actor: Actor, bound: dict[str, Any]) -> Problem | None:
    about = {"class": bound["class_id"]}
    try:
        with acting_as(actor) as connection:
            begun = {} if bound["share"] is None else _begun(connection, bound["class_id"])
            problem = _out_of_reach(bound["share"], begun)
            if problem is None:
                connection.execute(insert(CLASS_TARGET), bound | (begun or {}))
    except DBAPIError as error:
        if sqlstate(error) == "23505":
            return _standing(actor, bound)
        problem = explained(error, {"refused": NOT_YOURS, "missing": NOT_YOURS}, _BROKEN)
    if problem is not None:
        audit.refused("target set", actor, problem, **about)
        return problem
    audit.record("target set", actor, **about, target=bound["id"])
    return None


def _begun(connection: Connection, class_id: UUID) -> dict[str, int] | None:
    """Where the plan begins; None of a class that is not the actor's."""
    found = completed_now(connection, class_id)
    return None if found is None else dict(zip(("completed", "cells"), found, strict=True))


def _out_of_reach(share: int | None, begun: dict[str, int] | None) -> Problem | None:
    if begun is None:
        return NOT_YOURS
    if share is None:
        return None
    if not begun["cells"]:
        return NOTHING_THERE
    return COMPLETED if 100 * begun["completed"] >= share * begun["cells"] else None


def _standing(actor: Actor, bound: dict[str, Any]) -> Problem | None:
    """The id is taken: by this very call when it was made before?"""
    with acting_as(actor) as connection:
        mine = select(*(CLASS_TARGET.c[name] for name in bound)).where(
            CLASS_TARGET.c.id == bound["id"], CLASS_TARGET.c.author_id == ME
        )
        row = connection.execute(mine).one_or_none()
    return None if row is not None and row._asdict() == bound else ALREADY

"""Entering days off of an organisation, and removing them."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused, sqlstate
from data.access.session import Actor, acting_as
from data.rules.attention_figures import check_holiday
from data.rules.progress import Problem

_INSTEAD: Final = {
    "refused": refused("change the rules of attention here"),
    "unreadable": Problem(None, "unreadable", "The name holds a character that cannot be stored."),
}
GONE: Final = Problem(
    None, "gone", "A colleague has removed this holiday already. Nothing was changed."
)


def add_holiday(
    actor: Actor,
    organisation_id: UUID,
    name: str,
    days: tuple[date | None, date | None],
    *,
    key: UUID,
) -> Problem | None:
    """Enter days off, from the first to the last. `key` is their id, made by whoever enters them: again after a
    lost answer it writes nothing twice. Returns what is wrong, if anything."""
    name = " ".join(name.split())
    if problem := check_holiday(name, *days):
        return problem
    bound = {"id": key, "organisation": organisation_id, "name": name}
    try:
        with acting_as(actor) as connection:
            connection.execute(ADD, bound | {"first": days[0], "last": days[1]})
    except (DBAPIError, UnicodeEncodeError) as error:
        if isinstance(error, DBAPIError) and sqlstate(error) == "23505":
            return None
        problem = explained(error, _INSTEAD)
        audit.refused("holiday added", actor, problem)
        return problem
    audit.record("holiday added", actor, holiday=key)
    return None


ADD: Final = text("""
insert into dashboard.holiday (id, organisation_id, name, first_day, last_day)
values (:id, :organisation, :name, :first, :last)
""")


def remove_holiday(actor: Actor, holiday_id: UUID) -> Problem | None:
    """They are off no longer; returns what is wrong, if anything."""
    with acting_as(actor) as connection:
        gone = connection.execute(REMOVE, {"id": holiday_id}).rowcount
    if not gone:
        audit.refused("holiday removed", actor, GONE, holiday=holiday_id)
        return GONE
    audit.record("holiday removed", actor, holiday=holiday_id)
    return None


REMOVE: Final = text("""
update dashboard.holiday
set removed_by = internal.me(), removed_at = now()
where id = :id and removed_at is null
""")

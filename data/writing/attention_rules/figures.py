"""Choosing figures of the rules of attention, for an organisation or a class."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused, sqlstate
from data.access.session import Actor, acting_as
from data.rules.attention import called
from data.rules.attention_figures import BY_KEY, check_figures
from data.rules.progress import Problem

_INSTEAD: Final = {"refused": refused("change the rules of attention here")}


def choose_figures(
    actor: Actor,
    organisation_id: UUID,
    class_id: UUID | None,
    values: Mapping[str, int | None],
    seen: Mapping[str, int],
) -> Problem | None:
    """Choose these for a class, or with None for the organisation; a value of None takes the choice back.
    `seen` is the newest change of each figure as it was shown (AttentionChoice.newest): where a colleague
    changed one since, nothing is saved. Returns what is wrong, if anything."""
    if problem := check_figures(values):
        return problem
    scope = {
        "organisation": organisation_id if class_id is None else None,
        "class": class_id,
        "figures": list(values),
    }
    try:
        with acting_as(actor) as connection:
            connection.execute(
                INSERT,
                scope
                | {
                    "values": [*values.values()],
                    "follows": [seen.get(figure) for figure in values],
                },
            )
    except DBAPIError as error:
        problem = (
            _meanwhile(actor, scope, values, seen)
            if sqlstate(error) == "23505"
            else explained(error, _INSTEAD)
        )
        if problem:
            audit.refused("attention rules changed", actor, problem)
        return problem
    audit.record("attention rules changed", actor, of=class_id or organisation_id)
    return None


INSERT: Final = text("""
insert into dashboard.attention_change (organisation_id, class_id, figure, value, follows)
select cast(:organisation as uuid), cast(:class as uuid), given.*
from unnest(cast(:figures as text[]), cast(:values as integer[]), cast(:follows as bigint[]))
    as given (figure, value, follows)
""")

NEWEST: Final = text("""
select distinct on (figure) figure, value, number
from dashboard.attention_change
where organisation_id is not distinct from cast(:organisation as uuid)
    and class_id is not distinct from cast(:class as uuid)
    and figure = any(cast(:figures as text[]))
order by figure, number desc
""")


def _meanwhile(
    actor: Actor,
    scope: Mapping[str, object],
    values: Mapping[str, int | None],
    seen: Mapping[str, int],
) -> Problem | None:
    """Somebody changed one of them since: what to? Nothing is wrong where all is as it was to be, as after an
    answer that was lost."""
    with acting_as(actor) as connection:
        now = {row.figure: row for row in connection.execute(NEWEST, scope)}
    if all(key in now and now[key].value == value for key, value in values.items()):
        return None
    others = [
        f"{called(BY_KEY[key])} is "
        f"{'not chosen' if row.value is None else BY_KEY[key].words(row.value)} now"
        for key, row in now.items()
        if row.number != seen.get(key)
    ]
    return Problem(
        None,
        "changed_meanwhile",
        f"A colleague changed this meanwhile: {'; '.join(others)}. Nothing was saved. Save again if "
        "yours should hold.",
    )

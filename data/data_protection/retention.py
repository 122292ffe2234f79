"""Keeping nothing for longer than an organisation says: the periods, what is due under them, and the deed.

The database does it, for an administrator or for the owner of the tables; no period does anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused
from data.access.owner import as_owner
from data.access.session import Actor, acting_as
from data.roster.reading.managed import Organisation, managed_organisations
from data.rules.progress import Problem

REFUSED: Final = refused("decide how long data is kept")
BROKEN: Final = {
    "retention_not_confirmed": Problem(
        None, "confirmation", "That is not the name as it is written here. Nothing was removed."
    ),
    "periods_are_others": Problem(
        None, "others", "The periods were changed meanwhile. Look again at what is due."
    ),
}
"""What the database refuses, by the name it gives it."""

LONGEST: Final = 600
SHORTEST: Final = {"leavers": 1, "notes": 1, "history": 3}
"""Months; the trends on the pages look back over the last two."""

OUT_OF_RANGE: Final = Problem(
    None,
    "out_of_range",
    f"A period has at most {LONGEST} months, and that of the history at least {SHORTEST['history']}.",
)


@dataclass(frozen=True)
class Periods:
    """After how many months what is stored of an organisation may go; None is never."""

    leavers: int | None = None
    notes: int | None = None
    history: int | None = None


class Leaver(NamedTuple):
    """Somebody who left so long ago that they are due."""

    full_name: str
    left_on: date


@dataclass(frozen=True)
class Removed:
    """How much went: people with all there was of them, then notes and changes of progress of others."""

    leavers: int = 0
    notes: int = 0
    history: int = 0

    def __add__(self, other: Removed) -> Removed:
        return Removed(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Due:
    """What is due in an organisation at a moment, of what the asker may see; `first` and `last` are of the
    history. What people who left leave behind may be counted as notes and history too."""

    organisation_id: UUID
    organisation: str
    moment: datetime
    periods: Periods
    leavers: tuple[Leaver, ...]
    notes: int
    history: int
    first: datetime | None
    last: datetime | None

    @property
    def is_any(self) -> bool:
        """Is there anything that may go?"""
        return bool(self.leavers or self.notes or self.history)


def due(connection: Connection, of: Iterable[Organisation] | None = None) -> list[Due]:
    """Of each organisation that I manage, by name; or of these."""
    names = {one.id: one.name for one in of or managed_organisations(connection)}
    leavers: dict[UUID, list[Leaver]] = {}
    for row in connection.execute(LEAVERS):
        leavers.setdefault(row.organisation_id, []).append(Leaver(row.full_name, row.left_on))
    return [
        Due(id_, names[id_], moment, Periods(*rest[:3]), tuple(leavers.get(id_, ())), *rest[3:])
        for id_, moment, *rest in connection.execute(DUE, {"organisations": list(names)})
    ]


LEAVERS: Final = text("""
select due.organisation_id, student.full_name, student.left_on
from internal.due_leavers(null, now()) as due
join school.student on student.id = due.id
order by student.left_on, lower(student.full_name), student.id
""")

DUE: Final = text("""
select
    organisation.id,
    now() as moment,
    retention.leavers_months,
    retention.notes_months,
    retention.history_months,
    coalesce(note.notes, 0) as notes,
    coalesce(history.changes, 0) as changes,
    history.first,
    history.last
from unnest(cast(:organisations as uuid[])) with ordinality as organisation (id, place)
left join school.retention on retention.organisation_id = organisation.id
left join (
    select due.organisation_id, count(*) as notes
    from internal.due_notes(null, now()) as due
    group by due.organisation_id
) as note on note.organisation_id = organisation.id
left join (
    select due.organisation_id, count(*) as changes, min(due.at) as first, max(due.at) as last
    from internal.due_history(null, now()) as due
    group by due.organisation_id
) as history on history.organisation_id = organisation.id
order by organisation.place
""")


def keep_for(actor: Actor, organisation_id: UUID, periods: Periods) -> Problem | None:
    """Say how long an organisation's data is kept; nothing is removed by that. What is wrong, if anything."""
    try:
        with acting_as(actor) as connection:
            connection.execute(KEEP, {"organisation": organisation_id} | asdict(periods))
    except DBAPIError as error:
        problem = explained(error, {"refused": REFUSED, "out_of_range": OUT_OF_RANGE})
        audit.refused("periods set", actor, problem, organisation=organisation_id)
        return problem
    months = {name: value for name, value in asdict(periods).items() if value is not None}
    audit.record("periods set", actor, organisation=organisation_id, **months)
    return None


KEEP: Final = text("""
insert into school.retention (organisation_id, leavers_months, notes_months, history_months)
values (:organisation, :leavers, :notes, :history)
on conflict (organisation_id) do update
set leavers_months = excluded.leavers_months,
    notes_months = excluded.notes_months,
    history_months = excluded.history_months
""")


def remove_due(actor: Actor, shown: Due, confirmation: str) -> Removed | Problem:
    """Remove what was shown as due, for good. `confirmation` is the organisation's name, typed as written.

    Raises DatabaseAway or DatabaseNotReady where the database is not there; what went until then is gone.
    """
    if "\0" in confirmation:  # which no statement can carry
        return BROKEN["retention_not_confirmed"]
    asked = {
        "organisation": shown.organisation_id,
        "moment": shown.moment,
        "periods": list(astuple(shown.periods)),
        "confirmation": confirmation,
    }

    def step() -> Removed:
        with acting_as(actor) as connection:
            return Removed(**connection.scalars(APPLY, asked).one())

    try:
        return _until_done(
            step, lambda about: audit.record("period applied", actor, **about), shown
        )
    except (DBAPIError, UnicodeEncodeError) as error:
        problem = explained(error, {"refused": REFUSED}, BROKEN)
        audit.refused("period applied", actor, problem, organisation=shown.organisation_id)
        return problem


APPLY: Final = text("""
select dashboard.apply_retention(:organisation, :moment, cast(:periods as smallint[]), :confirmation)
""")


def _until_done(
    step: Callable[[], Removed], note: Callable[[dict[str, Any]], None], shown: Due
) -> Removed:
    """A transaction removes no more than is soon done: step by step, each noted."""
    total = Removed()
    while (removed := step()) != Removed():
        note({"organisation": shown.organisation_id} | asdict(removed))
        total += removed
    return total


# --- at the command line ---


def due_as_owner(owner_url: URL | str) -> list[Due]:
    """As due(), of all organisations. Raises DataError, in words, as both of these do."""
    with as_owner(owner_url) as connection:
        return due(connection, [Organisation(*row) for row in connection.execute(ORGANISATIONS)])


ORGANISATIONS: Final = text("select id, name from school.organisation order by lower(name), id")


def remove_due_as_owner(owner_url: URL | str, shown: Due) -> Removed:
    """As remove_due(), by the owner of the tables."""

    def step() -> Removed:
        with as_owner(owner_url) as connection:
            return Removed(**connection.scalars(RETAIN, asked).one())

    asked = {"organisation": shown.organisation_id, "moment": shown.moment}
    return _until_done(
        step, lambda about: audit.happened("period applied by=owner", **about), shown
    )


RETAIN: Final = text("select internal.retain(:organisation, :moment)")

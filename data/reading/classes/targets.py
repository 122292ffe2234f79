"""Targets of classes: those that hold, and what was set and taken away before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlalchemy import Connection, text

from data.rules.target import Target


@dataclass(frozen=True)
class SetTarget:
    """What was set for a class, or that its target was taken away (no `share` then). `author` is None where
    the name is not mine to know."""

    id: UUID
    class_id: UUID
    share: int | None
    by_day: date | None
    completed: int | None
    cells: int | None
    author: str | None
    at: datetime

    def target(self, zone: tzinfo) -> Target | None:
        """The target, set on a day of this zone; None where it was taken away."""
        if (
            self.share is None
            or self.by_day is None
            or self.completed is None
            or self.cells is None
        ):
            return None
        set_on = self.at.astimezone(zone).date()
        return Target(self.share, self.by_day, self.completed, self.cells, set_on)


@dataclass(frozen=True)
class ClassGain:
    """How many cells of a class became completed on a day of UTC's, less those that ceased to be."""

    day: date
    completions: int


def completed_now(connection: Connection, class_id: UUID) -> tuple[int, int] | None:
    """How many cells of a class that I staff are completed, and of how many, whatever is filtered; None of any
    other class."""
    row = connection.execute(
        text("select completed, cells from dashboard.class_completed(:class_id)"),
        {"class_id": class_id},
    ).one_or_none()
    return None if row is None else (row.completed, row.cells)


def current_targets(connection: Connection) -> dict[UUID, SetTarget]:
    """By class, the target that holds, in the classes I staff."""
    rows = connection.execute(
        text("""
            select last.id, last.class_id, last.share, last.by_day, last.completed, last.cells, null, last.at
            from (
                select distinct on (class_id) *
                from dashboard.class_target
                order by class_id, number desc
            ) as last
            where last.share is not null
        """)
    )
    return {row.class_id: SetTarget(*row) for row in rows}


def class_targets(connection: Connection, class_id: UUID) -> Sequence[SetTarget]:
    """What was set for a class that I staff, the newest first."""
    rows = connection.execute(
        text("""
            select
                target.id, target.class_id, target.share, target.by_day, target.completed, target.cells,
                staff.full_name, target.at
            from dashboard.class_target as target
            left join roster.staff on staff.id = target.author_id
            where target.class_id = :class_id
            order by target.number desc
        """),
        {"class_id": class_id},
    )
    return tuple(SetTarget(*row) for row in rows)


def gains_since(connection: Connection, class_id: UUID, day: date) -> Sequence[ClassGain]:
    """What a class that I staff gained after a day of UTC's, by day, the oldest first."""
    rows = connection.execute(
        text("""
            select day, sum(completions)::int
            from dashboard.class_completion
            where class_id = :class_id and day > :day
            group by day
            having sum(completions) <> 0
            order by day
        """),
        {"class_id": class_id, "day": day},
    )
    return tuple(ClassGain(*row) for row in rows)

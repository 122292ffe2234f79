"""Two students who are one person: one is kept, the other goes over into it. Nothing of either is removed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access.session import Actor, acting_as
from data.reading.row_values import as_values, values_of_row
from data.roster.changes import RosterChange, changed
from data.roster.reading.students import StudentEntry
from data.roster.save import RosterOutcome, save
from data.roster.students import corrected, placed, stored
from data.rules.progress import EMPTY_ROW, Edit, Values
from data.writing.save import save as save_progress

FILLED: Final = ("email", "number")
"""What the one who is kept gets from the other, where it is not known of them."""


@dataclass(frozen=True)
class BothRows:
    """A module in which the other has something recorded: the values of both."""

    module_id: UUID
    module: str
    kept: Values
    other: Values

    @property
    def differs(self) -> bool:
        """Is something else recorded of the one who is kept?"""
        return self.kept not in (EMPTY_ROW, self.other)

    @property
    def is_new(self) -> bool:
        """Is nothing recorded of the one who is kept?"""
        return self.kept == EMPTY_ROW


def both_rows(connection: Connection, kept: UUID, other: UUID) -> tuple[BothRows, ...]:
    """The modules of the other in which there is more than "not started", by name."""
    rows = connection.execute(
        text("""
            select
                module.id,
                module.name,
                other.status as other_status,
                other.progress_percentage as other_percentage,
                other.score as other_score,
                other.completed_at as other_completed_at,
                coalesce(kept.status, 'NotStarted') as status,
                kept.progress_percentage,
                kept.score,
                kept.completed_at
            from dashboard.progress as other
            join roster.module on module.id = other.module_id
            left join dashboard.progress as kept
                on kept.student_id = :kept and kept.module_id = other.module_id
            where other.student_id = :other
                and (other.status <> 'NotStarted' or other.score is not null)
            order by lower(module.name), module.id
        """),
        {"kept": kept, "other": other},
    )
    return tuple(
        BothRows(
            row.id,
            row.name,
            values_of_row(row),
            as_values(
                row.other_status, row.other_percentage, row.other_score, row.other_completed_at
            ),
        )
        for row in rows
    )


def merged(
    kept: StudentEntry, other: StudentEntry, known: Iterable[RosterChange] = ()
) -> list[RosterChange]:
    """The other is not here any more and leads to the one who is kept, who is in the classes of both.

    `known` are the ids elsewhere, as `ids_elsewhere()` gives them.
    """
    before = {**stored(other), "merged_into": other.merged_into}
    gone = {**before, "is_active": False, "number": None, "merged_into": kept.id}
    leads = changed("student", {"id": other.id}, before, gone)
    filled = {name: getattr(kept, name) or getattr(other, name) for name in FILLED}
    classes = {*kept.class_ids, *other.class_ids}
    return [
        *([leads] if leads else []),
        *placed(other, ()),
        *corrected(kept, {**stored(kept), **filled}, classes),
        *known,
    ]


def ids_elsewhere(connection: Connection, kept: UUID, other: UUID) -> list[RosterChange]:
    """What other systems call the other means the one who is kept from now on."""
    rows = connection.execute(
        text("""
            select organisation_id, source, kind, source_id
            from school.source_id
            where our_id = :other and kind = 'student'
            order by source, source_id
        """),
        {"other": other},
    )
    return [
        RosterChange("source_id", dict(row._mapping), {"our_id": other}, {"our_id": kept})
        for row in rows
    ]


def taken_over(kept: UUID, rows: Iterable[BothRows], taken: Collection[UUID]) -> list[Edit]:
    """The edits that give the one who is kept what is recorded of the other: where nothing is recorded yet,
    and in the modules that are `taken`."""
    return [
        Edit(kept, one.module_id, dict(one.other), dict(one.kept))
        for one in rows
        if one.is_new or (one.differs and one.module_id in taken)
    ]


@dataclass(frozen=True)
class MergeOutcome:
    """What became of it: of the roster, and how many modules could not be taken over."""

    roster: RosterOutcome
    left: int = 0


def merge(
    actor: Actor, kept: StudentEntry, other: StudentEntry, taken: Collection[UUID]
) -> MergeOutcome:
    """Put the two together, with the other's progress in the modules that are `taken`.

    The roster first: only who is in a class may have its modules. Where progress could not be taken over, the
    same again takes over the rest. Raises DataError where the database is not there.
    """
    with acting_as(actor) as connection:
        known = ids_elsewhere(connection, kept.id, other.id)
        rows = both_rows(connection, kept.id, other.id)
    outcome = save(actor, merged(kept, other, known), source="form")
    edits = taken_over(kept.id, rows, taken)
    if outcome.problem or outcome.overtaken or not edits:
        return MergeOutcome(outcome)
    written = save_progress(actor, edits, f"Entered twice: {other.full_name}", source="merge")
    return MergeOutcome(outcome, len(edits) - len(written.saved) - len(written.unchanged))

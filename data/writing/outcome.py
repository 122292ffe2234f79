"""What became of the edits that were to be saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from data.access.errors import refused
from data.rules.progress import Edit, Field, Problem, Values

NOT_ELIGIBLE: Final = Problem(
    None, "not_eligible", "This module is in none of the student's classes. Nothing was saved."
)
REFUSED: Final = refused("change this student's progress", alone=False)


@dataclass(frozen=True)
class Conflict:
    """Somebody was faster: the fields that no longer hold what the editor saw, with both values."""

    edit: Edit
    current: Values
    fields: tuple[Field, ...]
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """An edit that breaks a rule."""

    edit: Edit
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Saved:
    """An edit that stands in the table: the fields that changed, before and after."""

    student_id: UUID
    module_id: UUID
    before: Mapping[Field, Any]
    after: Mapping[Field, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of every edit; where all or none were to be saved, what was fine alone is in no list.

    `batch_id` is None where nothing was written.
    `repeated` says that this batch had been saved before: the answer was lost, not the work.
    """

    batch_id: UUID | None = None
    saved: tuple[Saved, ...] = ()
    unchanged: tuple[Edit, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()
    repeated: bool = False

"""What becomes of colleagues, as changes: entered, corrected, given classes, switched off."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID, uuid4

from data.roster.changes import RosterChange, Values, added, changed, only
from data.roster.locks import locks
from data.roster.reading.staff import StaffEntry

COLUMNS: Final = ("full_name", "email", "role", "organisation_id", "is_active")


def new_colleague(values: Values, class_ids: Iterable[UUID] = ()) -> list[RosterChange]:
    """Somebody who was not here before, teaching these classes."""
    key = {"id": uuid4()}
    return [
        added("staff", key, **values),
        *(added("class_teacher", {"class_id": one, "staff_id": key["id"]}) for one in class_ids),
    ]


def corrected(one: StaffEntry, values: Values, class_ids: Collection[UUID]) -> list[RosterChange]:
    """The same colleague with other values, teaching these classes and no others of those that go on."""
    change = changed("staff", {"id": one.id}, stored(one), values)
    kept = locks("staff", one.organisation_id, change, one.locked) if one.is_from_file else ()
    return [
        *([change] if change else []),
        *kept,
        *only("class_teacher", {"staff_id": one.id}, "class_id", one.class_ids, class_ids),
    ]


def stored(one: StaffEntry) -> dict[str, Any]:
    """The columns as they are."""
    return {name: getattr(one, name) for name in COLUMNS}


def switched(one: StaffEntry, *, on: bool) -> list[RosterChange]:
    """With or without access; the classes stay."""
    return corrected(one, {**stored(one), "is_active": on}, one.class_ids)

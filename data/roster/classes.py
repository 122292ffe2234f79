"""What becomes of classes, as changes: made, corrected, copied into the next year, archived."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from data.roster.changes import RosterChange, Values, added, changed, only, removed
from data.roster.locks import locks
from data.roster.reading.classes import ClassEntry

COLUMNS: Final = ("name", "school_year", "archived_at")

YEAR: Final = re.compile(r"(\d{4})(?:(\D)(\d{2}|\d{4}))?")


def new_class(
    organisation_id: UUID,
    values: Values,
    *,
    teachers: Collection[UUID] = (),
    modules: Sequence[UUID] = (),
    students: Collection[UUID] = (),
) -> list[RosterChange]:
    """A class that was not there; `modules` in their order."""
    key = {"id": uuid4()}
    here = {"class_id": key["id"]}
    return [
        added("class", key, organisation_id=organisation_id, **values),
        *(added("class_teacher", {**here, "staff_id": one}) for one in teachers),
        *(
            added("class_module", {**here, "module_id": one}, position=place)
            for place, one in enumerate(modules, 1)
        ),
        *(added("class_student", {**here, "student_id": one}) for one in students),
    ]


def corrected(
    one: ClassEntry, values: Values, teachers: Collection[UUID], modules: Sequence[UUID]
) -> list[RosterChange]:
    """The same class with other values, these teachers, and these modules in this order."""
    stored = {name: getattr(one, name) for name in COLUMNS}
    change = changed("class", {"id": one.id}, {name: stored[name] for name in values}, values)
    kept = locks("class", one.organisation_id, change, one.locked) if one.is_from_file else ()
    taught = only("class_teacher", {"class_id": one.id}, "staff_id", one.teacher_ids, teachers)
    return [*([change] if change else []), *kept, *taught, *_ordered(one, modules)]


def archived(one: ClassEntry, at: datetime | None) -> list[RosterChange]:
    """Out of the way since then; in use again where there is no moment."""
    return corrected(one, {"archived_at": at}, one.teacher_ids, one.module_ids)


def next_year(
    one: ClassEntry,
    name: str,
    school_year: str,
    *,
    with_students: bool,
    archive: datetime | None = None,
) -> list[RosterChange]:
    """The class once more for another year: its teachers and modules, its students if wanted. The old one
    stays as it is, or is archived."""
    return [
        *new_class(
            one.organisation_id,
            {"name": name, "school_year": school_year},
            teachers=one.teacher_ids,
            modules=one.module_ids,
            students=one.student_ids if with_students else (),
        ),
        *(archived(one, archive) if archive else ()),
    ]


def following(school_year: str | None) -> str:
    """'2027/28' after '2026/27', '2027' after '2026'; nothing where no year is to be seen."""
    found = YEAR.fullmatch((school_year or "").strip())
    if found is None:
        return ""
    first, between, last = found.groups()
    if between is None:
        return str(int(first) + 1)
    return f"{int(first) + 1}{between}{(int(last) + 1) % 10 ** len(last):0{len(last)}}"


def _ordered(one: ClassEntry, modules: Sequence[UUID]) -> Iterator[RosterChange]:
    before, after = dict(one.places), {module: place for place, module in enumerate(modules, 1)}
    if list(before) == list(after):
        return  # places may have gaps, which nobody sees
    for gone in sorted(before.keys() - after.keys()):
        yield removed("class_module", {"class_id": one.id, "module_id": gone})
    for module, place in after.items():
        key = {"class_id": one.id, "module_id": module}
        if module not in before:
            yield added("class_module", key, position=place)
        elif before[module] != place:
            yield RosterChange(
                "class_module", key, {"position": before[module]}, {"position": place}
            )

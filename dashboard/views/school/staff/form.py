"""The form for one colleague, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from dashboard import reads
from dashboard.components.text import heading, notice, paragraph
from dashboard.views.school import file_locks, roster_form
from dashboard.views.school.roster_draft import FormField, Plan, Typed
from data.roster.reading.classes import class_entries
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.staff import StaffEntry
from data.roster.staff import corrected, new_colleague
from data.rules.roster import ROLES, RosterFault, check, tidy

EVERYWHERE: Final = "All organisations"

MEANING: Final = (
    "A viewer sees the organisation, or all of them, and changes nothing. A teacher sees the own classes. A "
    "coordinator corrects progress and manages people, classes and modules. An administrator does all of it, "
    "everywhere."
)
OWN: Final = "This is you: your role, organisation and access are changed by another administrator."


def draw(school: ManagedSchool, staff: Sequence[StaffEntry], staff_id: UUID | None) -> None:
    """The colleague of this id; a new one where there is none."""
    one = next((each for each in staff if each.id == staff_id), None)
    if one is None and staff_id is not None:
        notice("This colleague was not found among yours.")
        return
    heading(one.full_name if one else "A new colleague", 2)
    is_me = one is not None and one.id == reads.visit().actor.id
    if is_me:
        paragraph(OWN, quiet=True)
    if one is not None and one.locked:
        file_locks.draw(one.id, one.locked)
    roster_form.draw(
        f"colleague {one.id if one else 'new'}",
        one.full_name if one else "a new colleague",
        _stored(one, school),
        _fields(one, school, is_me=is_me),
        lambda typed: _plan(one, staff, typed),
    )


def _stored(one: StaffEntry | None, school: ManagedSchool) -> dict[str, Any]:
    first = school.organisations[0].id if school.organisations else None
    return {
        "full_name": one.full_name if one else "",
        "email": one.email if one else "",
        "role": one.role if one else "teacher",
        "organisation_id": one.organisation_id if one else first,
        "classes": one.class_ids if one else (),
        "is_active": one.is_active if one else True,
    }


def _fields(one: StaffEntry | None, school: ManagedSchool, *, is_me: bool) -> list[FormField]:
    fields = [
        FormField("full_name", "Name"),
        FormField("email", "E-mail", help="They sign in with it."),
    ]
    if not is_me:
        roles = {role: ROLES[role] for role in school.roles}
        fields.append(FormField("role", "Role", "choice", roles, help=MEANING))
        if homes := _homes(school):
            fields.append(FormField("organisation_id", "Organisation", "choice", homes))
    fields.append(FormField("classes", "Teaches", "many", _classes(one)))
    if one is not None and not is_me:
        fields.append(FormField("is_active", "May sign in", "tick"))
    return fields


def _homes(school: ManagedSchool) -> Mapping[UUID | None, str]:
    if not school.manages_all and len(school.organisations) < 2:
        return {}
    homes: dict[UUID | None, str] = {one.id: one.name for one in school.organisations}
    return homes | ({None: EVERYWHERE} if school.manages_all else {})


def _classes(one: StaffEntry | None) -> Mapping[UUID, str]:
    mine = one.class_ids if one else ()
    found = reads.ask(class_entries)
    return {each.id: each.label for each in found if each.id in mine or each.archived_at is None}


def _plan(one: StaffEntry | None, staff: Sequence[StaffEntry], typed: Typed) -> Plan:
    values = {
        "full_name": tidy(typed["full_name"]),
        "email": tidy(typed["email"]),
        "role": typed["role"],
        "organisation_id": typed["organisation_id"],
        "is_active": typed["is_active"],
    }
    faults = check(values) + _of_staff(one, staff, values)
    if faults:
        return Plan(faults=faults)
    if one is None:
        return Plan(new_colleague(values, typed["classes"]))
    return Plan(corrected(one, values, typed["classes"]))


def _of_staff(
    one: StaffEntry | None, staff: Sequence[StaffEntry], values: Mapping[str, Any]
) -> list[RosterFault]:
    if not values["email"]:
        return [RosterFault("email", "The e-mail is missing: they sign in with it.")]
    same = [
        each for each in staff if each is not one and each.email.lower() == values["email"].lower()
    ]
    if same:
        return [RosterFault("email", f"{same[0].full_name} has this e-mail address.")]
    if values["organisation_id"] is None and values["role"] == "teacher":
        return [RosterFault("organisation_id", "Choose one: a teacher belongs to one of them.")]
    return []

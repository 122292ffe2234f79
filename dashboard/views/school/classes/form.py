"""The form for one class, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.text import heading, notice, paragraph
from dashboard.views.school import file_locks, roster_form
from dashboard.views.school.roster_draft import FormField, Plan, Typed
from data.roster.classes import corrected, new_class
from data.roster.reading.classes import ClassEntry
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.modules import module_entries
from data.roster.reading.staff import staff_entries
from data.rules.roster import RosterFault, check, tidy

TEACHERS_HELP: Final = "Those who are entered under Staff, in this organisation."


def draw(school: ManagedSchool, classes: Sequence[ClassEntry], class_id: UUID | None) -> None:
    """The class of this id; a new one where there is none."""
    one = next((each for each in classes if each.id == class_id), None)
    if one is None and class_id is not None:
        notice("This class was not found among yours.")
        return
    heading(one.label if one else "A new class", 2)
    if one is not None:
        _draw_ways(one)
    roster_form.draw(
        f"class {one.id if one else 'new'}",
        one.label if one else "a new class",
        _stored(one, school),
        _fields(one, school),
        lambda typed: _plan(one, classes, typed),
    )


def _draw_ways(one: ClassEntry) -> None:
    if one.archived_at is not None:
        paragraph("This class is archived: it is found and read, and counts nowhere.", quiet=True)
    with st.container(horizontal=True):
        links.to("school", "Its students", show="students", **{"class": str(one.id)})
        links.to("classroom", "Its progress", **{"class": str(one.id)})
    if one.locked:
        file_locks.draw(one.id, one.locked)


def _stored(one: ClassEntry | None, school: ManagedSchool) -> dict[str, Any]:
    first = school.organisations[0].id if school.organisations else None
    return {
        "organisation_id": one.organisation_id if one else first,
        "name": one.name if one else "",
        "school_year": (one.school_year or "") if one else "",
        "teachers": one.teacher_ids if one else (),
        "modules": one.module_ids if one else (),
    }


def _fields(one: ClassEntry | None, school: ManagedSchool) -> list[FormField]:
    home = one.organisation_id if one else None
    fields = [
        FormField("name", "Name"),
        FormField(
            "school_year", "School year", help="As your school writes it, for example 2026/27."
        ),
        FormField("teachers", "Teachers", "many", _teachers(one, home), help=TEACHERS_HELP),
        FormField(
            *("modules", "Modules, in their order", "many", _modules(one)),
            help="Their order in the class is the order in which they are chosen here.",
            is_ordered=True,
        ),
    ]
    if one is None and len(school.organisations) > 1:
        organisations = {each.id: each.name for each in school.organisations}
        fields.insert(0, FormField("organisation_id", "Organisation", "choice", organisations))
    return fields


def _teachers(one: ClassEntry | None, home: UUID | None) -> Mapping[UUID, str]:
    mine = one.teacher_ids if one else ()
    return {
        each.id: f"{each.full_name} ({each.email})"
        for each in reads.ask(staff_entries)
        if each.id in mine or (each.is_active and home in (None, each.organisation_id))
    }


def _modules(one: ClassEntry | None) -> Mapping[UUID, str]:
    mine = one.module_ids if one else ()
    found = reads.ask(module_entries)
    return {each.id: each.name for each in found if each.id in mine or each.retired_at is None}


def _plan(one: ClassEntry | None, classes: Sequence[ClassEntry], typed: Typed) -> Plan:
    values = {"name": tidy(typed["name"]), "school_year": tidy(typed["school_year"]) or None}
    home = typed["organisation_id"]
    faults = check(values) or _doubled(one, classes, values, home)
    if faults:
        return Plan(faults=faults)
    if one is not None:
        return Plan(corrected(one, values, typed["teachers"], typed["modules"]))
    return Plan(new_class(home, values, teachers=typed["teachers"], modules=typed["modules"]))


def _doubled(
    one: ClassEntry | None, classes: Sequence[ClassEntry], values: Mapping[str, Any], home: UUID
) -> list[RosterFault]:
    wanted = home, values["name"], values["school_year"]
    same = [
        each
        for each in classes
        if each is not one and (each.organisation_id, each.name, each.school_year) == wanted
    ]
    if not same:
        return []
    where = "among the archived ones" if same[0].archived_at else "already"
    return [RosterFault("name", f"There is a class {same[0].label} {where}.")]

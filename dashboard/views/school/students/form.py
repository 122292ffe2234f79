"""The form for one student, or a new one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.text import heading, notice, paragraph
from dashboard.views.school import file_locks, roster_form
from dashboard.views.school.roster_draft import FormField, Plan, Typed
from dashboard.views.school.students import merge
from data.roster.reading.classes import ClassEntry
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.students import StudentEntry, student_entries
from data.roster.students import corrected, new_student
from data.rules.roster import RosterFault, check, tidy


def draw(school: ManagedSchool, classes: Sequence[ClassEntry], student_id: UUID | None) -> None:
    """The student of this id; a new one where there is none."""
    one = None
    if student_id is not None:
        one = next(iter(reads.ask(student_entries, (student_id,))), None)
        if one is None:
            notice("This student was not found among yours. Look for them by name.")
            return
    if one is not None and "merge" in st.query_params:
        merge.draw(one)
        return
    heading(one.full_name if one else "A new student", 2)
    if one is not None:
        _draw_ways(one)
    roster_form.draw(
        f"student {one.id if one else 'new'}",
        one.full_name if one else "a new student",
        _stored(one, school),
        _fields(one, school, classes),
        lambda typed: _plan(one, classes, typed),
    )


def _draw_ways(one: StudentEntry) -> None:
    me = str(one.id)
    if one.merged_into:
        paragraph("This was entered twice. What is recorded here stays readable.", quiet=True)
        other = {"show": "students", "student": str(one.merged_into)}
        links.to("school", "The one who was kept", **other)
    with st.container(horizontal=True):
        links.to("student", "Progress", student=me)
        if not one.merged_into:
            links.to("school", "Entered twice?", show="students", student=me, merge="")
    if one.locked:
        file_locks.draw(one.id, one.locked)


def _stored(one: StudentEntry | None, school: ManagedSchool) -> dict[str, Any]:
    first = school.organisations[0].id if school.organisations else None
    return {
        "full_name": one.full_name if one else "",
        "email": (one.email or "") if one else "",
        "number": (one.number or "") if one else "",
        "classes": one.class_ids if one else (),
        "is_active": one.is_active if one else True,
        "left_on": one.left_on if one else None,
        "organisation_id": one.organisation_id if one else first,
    }


def _fields(
    one: StudentEntry | None, school: ManagedSchool, classes: Sequence[ClassEntry]
) -> list[FormField]:
    mine = set(one.class_ids) if one else set()
    home = one.organisation_id if one else None
    options = {
        each.id: each.label
        for each in classes
        if each.id in mine or (each.archived_at is None and home in (None, each.organisation_id))
    }
    organisations = {each.id: each.name for each in school.organisations}
    fields = [
        FormField("full_name", "Name"),
        FormField("email", "E-mail"),
        FormField("number", "School number", help="The school's own number of the student."),
        FormField("classes", "Classes", "many", options),
    ]
    if one is None and len(organisations) > 1:
        fields.insert(0, FormField("organisation_id", "Organisation", "choice", organisations))
    if one is not None:
        fields += [
            FormField("is_active", "Is here", "tick"),
            FormField("left_on", "Left on", "day"),
        ]
    return fields


def _values(typed: Typed) -> dict[str, Any]:
    return {
        "full_name": tidy(typed["full_name"]),
        "email": tidy(typed["email"]) or None,
        "number": tidy(typed["number"]) or None,
        "is_active": typed["is_active"] and typed["left_on"] is None,
        "left_on": typed["left_on"],
    }


def _plan(one: StudentEntry | None, classes: Sequence[ClassEntry], typed: Typed) -> Plan:
    values = _values(typed)
    faults = check(values)
    if faults:
        return Plan(faults=faults)
    if one is not None:
        return Plan(corrected(one, values, typed["classes"]))
    organisation = typed["organisation_id"]
    foreign = _foreign(classes, typed["classes"], organisation)
    if foreign:
        return Plan(faults=[RosterFault("classes", f"{foreign} belongs to another organisation.")])
    return Plan(new_student(organisation, values, typed["classes"]))


def _foreign(classes: Sequence[ClassEntry], chosen: Sequence[UUID], home: UUID) -> str | None:
    homes: Mapping[UUID, ClassEntry] = {one.id: one for one in classes}
    return next((homes[one].label for one in chosen if homes[one].organisation_id != home), None)

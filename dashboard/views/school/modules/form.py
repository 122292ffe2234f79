"""The form for one module, or a new one: its lessons too, a line each."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.text import count, heading, notice, paragraph
from dashboard.reads import fresh
from dashboard.views.school import roster_form, roster_preview
from dashboard.views.school.roster_draft import FormField, Plan, Typed
from data.i18n.formats import figure
from data.roster.modules import corrected, new_module, read_lessons, removal, retired, write_lessons
from data.roster.reading.modules import LessonEntry, ModuleEntry, lesson_entries
from data.rules.details import MODULE_TYPES, type_label
from data.rules.roster import RosterFault, check, read_mark, tidy

NAME: Final = "module"

FOREIGN: Final = (
    "Other organisations have this module too: whoever manages all of them can change it."
)
MARK_HELP: Final = "A score below it is a fail: from 0 to 100. Left empty, 60 counts."
LESSONS_HELP: Final = "One a line, in their order. Write (quiz) behind those that have a quiz."


def draw(modules: Sequence[ModuleEntry], module_id: UUID | None) -> None:
    """The module of this id; a new one where there is none."""
    one = next((each for each in modules if each.id == module_id), None)
    if one is None and module_id is not None:
        notice("This module was not found.")
        return
    heading(one.name if one else "A new module", 2)
    lessons = reads.ask(lesson_entries, one.id) if one else ()
    if one is not None and not one.is_mine:
        paragraph(FOREIGN, quiet=True)
    elif one is not None:
        _draw_ways(one)
    roster_form.draw(
        f"module {one.id if one else 'new'}",
        one.name if one else "a new module",
        _stored(one, lessons),
        _fields(one),
        lambda typed: _plan(one, modules, lessons, typed),
    )


def _draw_ways(one: ModuleEntry) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph(f"{type_label(one.type)}, in {count(one.classes, 'class', 'classes')}.", fit=True)
        label = "Use again" if one.retired_at else "Retire"
        st.button(label, key="roster_retire", on_click=_begin_retiring, args=(one,))
        if not one.is_used:
            st.button("Remove", key="roster_remove", on_click=_begin_removal, args=(one,))


def _begin_retiring(one: ModuleEntry) -> None:
    note = "It is offered to no class any more. Classes that have it are not changed."
    notes = () if one.retired_at else (note,)
    changes = retired(one, on=one.retired_at is None)
    roster_preview.begin(NAME, changes, source="form", notes=notes)


def _begin_removal(one: ModuleEntry) -> None:
    lessons = fresh.ask(lesson_entries, one.id)
    roster_preview.begin(NAME, removal(one, lessons), source="form")


def _stored(one: ModuleEntry | None, lessons: Sequence[LessonEntry]) -> dict[str, Any]:
    return {
        "name": one.name if one else "",
        "type": "course",
        "pass_mark": (figure(one.pass_mark) or "") if one else "",
        "lessons": write_lessons(lessons),
    }


def _fields(one: ModuleEntry | None) -> list[FormField]:
    fields = [
        FormField("name", "Name"),
        FormField("pass_mark", "Pass mark", help=MARK_HELP),
        FormField("lessons", "Lessons", "lines", help=LESSONS_HELP, is_ordered=True),
    ]
    if one is None:
        types = {key: each.label for key, each in MODULE_TYPES.items()}
        fields.insert(1, FormField("type", "Type", "choice", types))
    return fields


def _plan(
    one: ModuleEntry | None,
    modules: Sequence[ModuleEntry],
    lessons: Sequence[LessonEntry],
    typed: Typed,
) -> Plan:
    name, mark = tidy(typed["name"]), read_mark(typed["pass_mark"])
    wanted = read_lessons(typed["lessons"])
    faults = check({"name": name, "pass_mark": mark, "type": typed["type"]})
    faults += [
        RosterFault("lessons", fault.message)
        for each in wanted
        for fault in check({"title": each.title})
    ]
    if faults:
        return Plan(faults=faults)
    if one is not None:
        return Plan(corrected(one, lessons, name, mark, wanted))
    last = max((each.sequence or 0 for each in modules), default=0)
    return Plan(new_module(name, typed["type"], mark, last + 1, wanted))

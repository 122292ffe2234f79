"""How the student page opens: who this is, how they stand beside their class, and what needs attention."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import links
from dashboard.components.formats import day, share
from dashboard.components.section_bar import AttentionPoint, PageHead, PlaceInList
from dashboard.components.table import Link
from dashboard.components.text import count
from dashboard.reads import student_list
from dashboard.reads.median import class_median
from data.reading.students.page import StudentPage
from data.reading.students.students import Student, StudentModule
from data.rules.attention import RULES_BY_KEY
from data.rules.details import is_scored
from data.rules.flags import Reason, is_failed
from data.rules.progress import Status, in_range

NOTHING: Final = "Nothing needs attention."


def head(page: StudentPage, here: tzinfo) -> PageHead:
    """The head, ready to be drawn."""
    names = dict(zip(page.student.class_ids, page.student.classes, strict=True))
    by_rule = groupby(page.flagged.reasons(names, here), key=lambda reason: reason.rule)
    points = [_point(rule, list(found), page) for rule, found in by_rule]
    return PageHead(
        *(page.student.name, _who(page.student), _answer(page, here), points, NOTHING),
        place=_place(page.student.id),
    )


def _place(student: UUID) -> PlaceInList | None:
    """With the same section and module of those before and after, and the same list."""
    place = student_list.place_of(student)
    if place is None:
        return None
    asked = st.query_params.to_dict()
    kept = "module", "show", student_list.LISTED
    here: dict[str, str] = {key: asked[key] for key in kept if key in asked}

    def way(other: UUID | None) -> str:
        return Link("", "student", {"student": str(other), **here}).href if other else ""

    ends = way(place.before), way(place.after)
    return PlaceInList(place.title, place.href, place.number, place.of, *ends)


def _who(student: Student) -> str:
    parts = [
        ", ".join(student.classes) or "in no class now",
        student.organisation,
        student.email,
        None if student.is_active else "not active",
    ]
    return " · ".join(part for part in parts if part)


def _answer(page: StudentPage, here: tzinfo) -> str:
    started = sum(one.status is Status.IN_PROGRESS for one in page.of_classes)
    sentences = [
        f"{_completed(page)}.",
        *_beside_classes(page),
        f"{started} in progress.",
        _assessments(page.modules),
        _last_active(page, here),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _last_active(page: StudentPage, here: tzinfo) -> str:
    active = max((one.last_activity for one in page.modules if one.last_activity), default=None)
    changed = max((one.last_change for one in page.modules if one.last_change), default=None)
    if active:
        return f"Last active {day(active, here)}."
    return f"Last change {day(changed, here)}." if changed else "No activity yet."


def _completed(page: StudentPage) -> str:
    modules = page.of_classes
    if not modules:
        return "No class of theirs has modules"
    beside = f"{share(page.completed, len(modules))}"
    if len(page.student.class_ids) == 1 and (median := class_median(page.student.class_ids[0])):
        beside += f"; the median of {page.student.classes[0]} is {median.share}"
    return f"{page.completed} of {count(len(modules), 'module', 'modules')} completed ({beside})"


def _beside_classes(page: StudentPage) -> list[str]:
    """Where there are several classes: the student's share of each one's modules, beside its median."""
    sentences: list[str] = []
    if len(page.student.class_ids) < 2:
        return sentences
    for class_id, name in zip(page.student.class_ids, page.student.classes, strict=True):
        if median := class_median(class_id):
            done = _share_of_class(page.modules, class_id)
            sentences.append(f"In {name} {done}, the median is {median.share}.")
    return sentences


def _share_of_class(modules: Sequence[StudentModule], class_id: UUID) -> str:
    its = [one for one in modules if class_id in one.class_ids]
    return share(sum(one.status is Status.COMPLETED for one in its), len(its))


def _assessments(modules: Sequence[StudentModule]) -> str:
    """'Assessments: 5 passed, 1 failed.' Passed is a score at the pass mark or above; a score that cannot be is
    neither, and '' is where none has one."""
    scored = [
        one
        for one in modules
        if is_scored(one.module.type) and one.shown_score is not None and in_range(one.shown_score)
    ]
    failed = sum(is_failed(one.shown_score, one.module.pass_mark) for one in scored)
    return f"Assessments: {len(scored) - failed} passed, {failed} failed." if scored else ""


def _point(rule: str, found: Sequence[Reason], page: StudentPage) -> AttentionPoint:
    """With the rule as each of the classes has it."""
    ways = [links.of_reason(one, page.student.id) for one in found]
    figures = (page.flagged.figures[one.class_id].figures for one in found)
    sentences = dict.fromkeys(map(RULES_BY_KEY[rule].sentence, figures))
    return AttentionPoint(rule, ways, " ".join(sentences))

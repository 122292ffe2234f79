"""Which rows of a class are meant: whose, and of which modules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.text import count, paragraph
from dashboard.reads import roster
from dashboard.views.bulk import pasted_people
from data.reading.catalogue import Module
from data.reading.classes.page import ClassPage

FILTERED: Final = "filtered"
PASTED: Final = "pasted"
BLOCK: Final = "block"


def draw(page: ClassPage) -> tuple[Sequence[UUID], Sequence[Module]]:
    """Everything to choose; returns the students and the modules."""
    block = selection.taken(page.chosen["class"])
    labels = {FILTERED: "Everybody, or by filters", PASTED: "By names, e-mails or ids"}
    if block is not None:
        cells = count(len(block.students) * len(block.modules), "cell", "cells")
        labels = {BLOCK: f"The {cells} selected in the class", **labels}
    who = st.radio(
        "Who",
        list(labels),
        format_func=lambda one: labels[one],
        key=f"bulk_who_{len(labels)}",
        horizontal=True,
        persist_state="page",
    )
    students = _students(page, who, block)
    return students, _modules(page, who, block)


def _students(page: ClassPage, who: str, block: selection.Block | None) -> Sequence[UUID]:
    matrix = page.matrix
    shown = [student.id for student in matrix.students] if matrix else []
    filtered = who == FILTERED
    sentence = filter_bar.sentence(page.chosen, page.options, len(shown)) if filtered else ""
    filter_bar.draw(page.chosen, page.options, sentence, (), only_class=not filtered)
    if who == PASTED:
        return pasted_people.draw(roster.roster(page.chosen["class"]))
    if who == BLOCK and block is not None:
        return block.students
    if len(page.chosen) > 1:
        paragraph(
            "The filters choose the students; each gets the values in every module chosen below.",
            quiet=True,
        )
    return shown


def _modules(page: ClassPage, who: str, block: selection.Block | None) -> Sequence[Module]:
    by_id = {module.id: module for module in page.options.all_modules}
    every = st.toggle(
        f"All {count(len(by_id), 'module', 'modules')} of the class",
        key=f"bulk_all_{who}",
        persist_state="page",
    )
    if every:
        return tuple(by_id.values())
    key = f"bulk_modules_{page.chosen['class']}_{who}"
    if key not in st.session_state:
        st.session_state[key] = [one for one in _first(page, who, block) if one in by_id]
    chosen = st.multiselect(
        "Modules",
        list(by_id),
        format_func=lambda one: by_id[one].name,
        key=key,
        placeholder="Choose one or several",
        persist_state="page",
    )
    return [by_id[one] for one in chosen]


def _first(page: ClassPage, who: str, block: selection.Block | None) -> Sequence[UUID]:
    """What is chosen to begin with: the block's modules, or the one the filters name."""
    if who == BLOCK and block is not None:
        return block.modules
    return [page.chosen["module"]] if "module" in page.chosen else []

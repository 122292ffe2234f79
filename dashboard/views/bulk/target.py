"""Which rows of a class are meant: whose, and of which modules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.text import count, paragraph
from dashboard.reads import roster
from dashboard.views.bulk import pasted_people
from data.i18n.formats import unlike
from data.reading.catalogue import Module
from data.reading.classes.page import ClassPage
from data.rules.details import type_label

FILTERED: Final = "filtered"
PASTED: Final = "pasted"
BLOCK: Final = "block"


@dataclass(frozen=True)
class Target:
    """Who and which modules, and the keys of the widgets that they were chosen in."""

    students: Sequence[UUID]
    modules: Sequence[Module]
    students_field: str
    modules_field: str


def draw(page: ClassPage) -> Target:
    """Everything to choose; returns what was chosen."""
    block = selection.selected(page.chosen["class"])
    labels = {FILTERED: "Everybody, or by filters", PASTED: "By names, e-mails or ids"}
    if block is not None:
        labels = {BLOCK: f"The {block.words} selected in the class", **labels}
    who = st.radio(
        "Who",
        list(labels),
        format_func=lambda one: labels[one],
        key=(who_field := f"bulk_who_{block.token if block else ''}"),
        horizontal=True,
        persist_state="page",
    )
    return Target(
        _students(page, who, block),
        _modules(page, who, block),
        pasted_people.FIELD if who == PASTED else who_field,
        _modules_field(page, who, block),
    )


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
    key = _modules_field(page, who, block)
    if key not in st.session_state:
        st.session_state[key] = [one for one in _first(page, who, block) if one in by_id]
    types = {one: type_label(module.type) for one, module in by_id.items()}
    names = unlike({one: module.name for one, module in by_id.items()}, types)
    chosen = st.multiselect(
        "Modules",
        list(by_id),
        format_func=names.__getitem__,
        key=key,
        placeholder="Choose one or several",
        persist_state="page",
    )
    return [by_id[one] for one in chosen]


def _modules_field(page: ClassPage, who: str, block: selection.Block | None) -> str:
    of_block = block.token if block and who == BLOCK else ""
    return f"bulk_modules_{page.chosen['class']}_{who}{of_block}"


def _first(page: ClassPage, who: str, block: selection.Block | None) -> Sequence[UUID]:
    """What is chosen to begin with: the block's modules, or the one the filters name."""
    if who == BLOCK and block is not None:
        return block.modules
    return [page.chosen["module"]] if "module" in page.chosen else []

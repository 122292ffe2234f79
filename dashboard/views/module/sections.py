"""The only list of the module page's sections. The URL says which is open (`?show=`): only it is drawn."""

from collections.abc import Callable
from typing import Final, NamedTuple

import streamlit as st

from dashboard.components import section_bar
from dashboard.views.module import classes, filters, head, lessons, scores, students, times
from data.reading.modules.page import ModulePage
from data.rules.details import CourseDetails, model_of


class ModuleSection(NamedTuple):
    """One section: its name in the URL, its title, what draws it, and for which modules there is one."""

    key: str
    title: str
    draw: Callable[[ModulePage], None]
    is_for: Callable[[ModulePage], bool] = lambda page: True


def _is_course(page: ModulePage) -> bool:
    return model_of(page.module.type) is CourseDetails


SECTIONS: Final = (
    ModuleSection("students", "Students", students.draw),
    ModuleSection("lessons", "Lessons", lessons.draw, _is_course),
    ModuleSection("scores", "Scores", scores.draw, lambda page: not _is_course(page)),
    ModuleSection("time", "Time taken", times.draw),
    ModuleSection("classes", "Classes", classes.draw, lambda page: len(page.options.classes) > 1),
)


def draw(page: ModulePage) -> ModuleSection:
    """The page's head and the row of sections; returns the one that is open, the first where the URL asks for
    none of them."""
    there = [one for one in SECTIONS if one.is_for(page)]
    asked = st.query_params.get(filters.SHOW, "")
    shown = next((one for one in there if one.key == asked), there[0])
    section_bar.draw("module", [_way(one, page, shown) for one in there], head.head(page))
    return shown


def _way(section: ModuleSection, page: ModulePage, shown: ModuleSection) -> section_bar.SectionLink:
    to = {} if section is SECTIONS[0] else {filters.SHOW: section.key}
    return section_bar.SectionLink(section.title, filters.address(page, **to), section is shown)

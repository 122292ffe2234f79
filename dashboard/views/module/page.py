"""How does this module go, where do they stop, and who needs me in it?"""

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, filter_bar, links
from dashboard.components.formats import zone
from dashboard.components.table import Buckets, Link, table
from dashboard.components.text import heading, notice, paragraph
from dashboard.reads import carried
from dashboard.reports import export_files
from dashboard.views.module import filters, sections, students
from dashboard.web import wire
from data.files.exporting.rows import Export
from data.reading.classes.page import class_page
from data.reading.modules.page import ModulePage, module_page
from data.rules.details import type_label


def draw() -> None:
    """The page: one module, or the way to one."""
    asked = filters.asked()
    page = reads.ask(module_page, asked.module, asked.filters) if asked.module else None
    if page is None:
        _draw_choice()
        return
    if "class" in page.chosen:
        carried.remember(page.chosen["class"])
        wire.watch(page.chosen["class"])
    section = sections.draw(page)
    links.draw_ignored([*asked.unread, *page.left_out], _class_name(page))
    if filters.draw(page) is not None:
        with st.container(key="bar_panel", border=True):
            paragraph("Exactly the students that are shown, in this order.", quiet=True)
            export_files.draw(_export(page))
    section.draw(page)


def _class_name(page: ModulePage) -> str:
    chosen = page.chosen.get("class")
    return page.options.classes[chosen] if chosen else "all classes"


def _export(page: ModulePage) -> Export:
    visit = reads.visit()
    return Export(
        title=f"{page.module.name}, {_class_name(page)}",
        modules=page.found.modules,
        students=tuple(one.row for one in students.shown(page)),
        cell_order=(page.module.id,),
        filters=filters.sentence(page),
        author=visit.actor.full_name,
        made_at=visit.now,
        zone=zone(),
        class_id=page.chosen.get("class"),
        held=[*page.figures.values()],
    )


def _draw_choice() -> None:
    """The modules of a class, each a link."""
    if "module" in st.query_params:
        notice("This module was not found among yours. Choose one.")
    asked = links.named_in_address("class") or carried.last_shown()
    page = reads.ask(class_page, {"class": asked} if asked else {})
    if page.matrix is None:
        empty_and_error.draw_no_classes("Module")
        return
    heading("Module")
    chosen = {"class": page.chosen["class"]}
    carried.remember(chosen["class"])
    filter_bar.draw(chosen, page.options, "Choose a module.", (), only_class=True)
    if empty_and_error.draw_unfilled_class(chosen["class"], page.options):
        return
    table(
        key="modules_of_class",
        caption="Modules",
        columns=("Module", "Type", "Students by status"),
        rows=[
            (
                Link(
                    column.module.name,
                    "module",
                    {"class": str(chosen["class"]), "module": str(column.module.id)},
                ),
                type_label(column.module.type),
                Buckets(column.completed, column.in_progress, column.not_started, column.other),
            )
            for column in page.matrix.modules
        ],
        empty="This class has no modules.",
    )


draw()

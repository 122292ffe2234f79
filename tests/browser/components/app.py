"""The Streamlit script that the component tests open: one scenario, named in the query string."""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import streamlit as st

from dashboard.components import status
from dashboard.components.table import (
    Buckets,
    Column,
    ColumnSort,
    Link,
    Order,
    ShareBar,
    Spark,
    StatusCell,
    Tick,
    Way,
    Ways,
    table,
)
from dashboard.views.classroom.matrix import MatrixEvent, drawn, show
from data.reading.classes.arrangement import Density
from tests.browser.components.cohort import HOSTILE, the_class

st.set_page_config(layout="wide")


def remember(event: MatrixEvent) -> None:
    st.session_state.setdefault("events", []).append(repr(event))
    if event.kind == "sort":
        st.session_state.sort = event.by
    if event.kind == "density":
        st.session_state.density = event.by
    if event.kind == "open":
        st.session_state.opened = f"{event.student} {event.module}"


def show_matrix(asked: dict[str, str]) -> None:
    students, modules = (int(n) for n in asked.get("size", "30x20").split("x"))
    columns, rows = the_class(students, modules)
    if "hostile" in asked:
        rows[0] = replace(rows[0], name=HOSTILE, last_activity=HOSTILE)
        columns[0] = replace(columns[0], name=HOSTILE, type=HOSTILE)
    if "why" in asked:
        rows[0] = replace(rows[0], why="stuck in a quiz · 2 below the mark · inactive 12 days")
    if "cells" in asked:
        rows[0] = replace(rows[0], cells=asked["cells"])
    if "groups" in asked or st.session_state.get("grouped"):
        half = len(rows) // 2
        rows = [
            replace(row, group="In progress" if at < half else "Done")
            for at, row in enumerate(rows)
        ]
    if "pin" in asked:
        columns = [replace(each, pinned=each.id in {"m5", "m7"}) for each in columns]
    if st.session_state.get("edited"):
        first, *rest = rows[1].cells.split(";")
        rows[1] = replace(rows[1], cells=";".join(["C100k" if first != "C100k" else "N", *rest]))
    sort = st.session_state.get("sort", "name")
    if sort == "-name":
        rows = rows[::-1]
    density: Density = st.session_state.get("density", "compact" if "compact" in asked else "wide")
    data = drawn(
        key="matrix",
        label="Class 7b",
        modules=columns,
        students=rows,
        sort=sort,
        density=density,
        can_edit="teacher" not in asked,
        module_href="module?module=",
        read_only_note="Teachers see progress; coordinators change it."
        if "teacher" in asked
        else None,
        cleared=st.session_state.get("cleared", 0),
        outlined=asked.get("outlined"),
    )
    ids = {each.id for each in columns}, {each.id for each in rows}
    show("matrix", data, lambda: ids, remember)
    if opened := st.session_state.pop("opened", None):
        panel(opened)


@st.dialog("Cell")
def panel(words: str) -> None:
    st.text(f"opened {words}")
    if "dialog_badge" not in st.session_state:
        st.html(status.badge("Completed", marks="f"))


def show_table() -> None:
    table(
        key="register",
        caption="Classes",
        columns=[
            Column("Class", "link"),
            Column("Students", "number"),
            Column("Progress", "buckets", help="of students × modules"),
            Column("Done", "bar"),
            Column("State", "status"),
            Column("Last weeks", "spark"),
            Column("Seen", "date"),
            Column("Needs a look", "lines"),
        ],
        rows=[
            [
                Link(f"Class {at}" if at else HOSTILE, "class", {"class": f"k & {at}"}),
                str(20 + at),
                Buckets(210 + at, 40, 30),
                ShareBar(0.25 * at, f"{25 * at} %"),
                StatusCell(
                    ("NotStarted", "InProgress", "Completed", "Odd")[at], "fe" if at == 2 else ""
                ),
                Spark([3, 5, None, 8, 6, at], f"from 3 to {at} in six weeks"),
                ("", None, "4 Nov", "5 Nov")[at],
                ["2 failed", "1 stuck"] if at else [],
            ]
            for at in range(4)
        ],
    )
    order: Order = "descending" if asked.get("sort") == "-students" else "none"
    on: dict[str, bool] = st.session_state.setdefault("on", {"a": True, "b": False})
    table(
        key="chosen",
        caption="To undo",
        columns=[
            Column(
                "Student",
                "link",
                sort=ColumnSort("none", "class", {"show": "table", "sort": "name"}),
            ),
            Column("Mail", "email"),
            Column(
                "Students",
                "number",
                sort=ColumnSort(order, "", {"show": "table", "sort": "-students"}),
            ),
            Column("Undo", "tick"),
        ],
        rows=[
            [Link(name, "class", {"of": name}), f"{name}@x.example", "1", Tick(name, name, is_on)]
            for name, is_on in on.items()
        ],
        on_tick=on.update,
    )
    st.text(" ".join(f"{name} {is_on}" for name, is_on in on.items()))
    table(key="none", caption="History", columns=[Column("When", "date")], rows=[])
    table(
        key="ways",
        caption="New",
        columns=[Column("Class"), Column("What is new", "links")],
        rows=[["7b", Ways([Way("\u062e\u0627\u0644\u062f newly stuck", "class")])]],
    )
    table(
        key="said",
        caption="Said above",
        columns=[Column("When", "date")],
        rows=[],
        empty="None yet.",
        is_captioned=False,
    )


asked = st.query_params.to_dict()
if st.button("Rerun", key="rerun"):
    st.session_state.setdefault("events", []).append("ran again")
if st.button("Edit", key="edit"):
    st.session_state.edited = not st.session_state.get("edited")
if st.button("Group", key="group"):
    st.session_state.grouped = not st.session_state.get("grouped")
if st.button("Clear", key="clear"):
    st.session_state.cleared = st.session_state.get("cleared", 0) + 1
if asked.get("show") == "table":
    show_table()
    st.html("".join(status.badge(name, marks="f") for name in (*status.STATUSES, "<b>odd</b>")))
elif not st.toggle("Elsewhere", key="elsewhere"):
    show_matrix(asked)
st.text("\n".join(st.session_state.get("events", ["no event"])[-3:]))

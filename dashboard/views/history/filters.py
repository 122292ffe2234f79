"""What the history page is asked for: read from the URL, judged, and drawn as one bar of native controls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links, pager, section_bar
from dashboard.components.formats import PERIODS, began, zone
from dashboard.components.table import Link, table
from dashboard.components.toolbar import Control, FilterSet, ToolbarEvent, by_address, toolbar
from dashboard.reads import namesakes
from data.reading.classes import overview
from data.reading.history.changes import ASKED_SOURCES, HistoryFilter
from data.reading.history.options import history_modules, history_people
from data.reading.students import students
from data.reading.students.students import Student, find_students
from data.rules.ids import as_uuid

SUMMED_UP, CHANGES, SAVES = "days", "changes", "saves"
SHOWN: Final = {SUMMED_UP: "Summed up by day", CHANGES: "Every change", SAVES: "Saves"}
"""A line per student, module and day; a line a change; or what was saved together."""

SINCE: Final = ("since", "until")

LABELS: Final = {
    "student": "Student",
    "class": "Class",
    "module": "Module",
    "person": "Changed by",
    "source": "Source",
    "since": "From",
    "until": "To",
}


@dataclass(frozen=True)
class HistoryQuery:
    """`entries` is what was asked for; `name` a part of a name that fits not exactly one student, and
    `students` those it fits; `unread` the labels of what fits nothing here."""

    entries: HistoryFilter
    student: Student | None
    name: str
    students: Sequence[Student]
    unread: Sequence[str]


def read() -> HistoryQuery:
    """What the URL asks for."""
    written = {key: st.query_params[key] for key in LABELS if st.query_params.get(key)}
    read: dict[str, Any] = {}
    for key, value in written.items():
        found = _READERS[key](value)
        if found is not None:
            read[key] = found
    unread = [LABELS[key] for key in written if key not in read]
    student: Student | None = read.get("student")
    name = "" if student else st.query_params.get("name", "").strip()
    entries = HistoryFilter(
        student_id=student.id if student else None,
        module_id=read.get("module"),
        class_id=read.get("class"),
        author_id=read.get("person"),
        source=read.get("source"),
        since=read.get("since"),
        until=read["until"] + timedelta(days=1) if "until" in read else None,
    )
    return HistoryQuery(
        entries, student, name, reads.ask(find_students, name) if name else (), unread
    )


def named(student: Student | None) -> str:
    """The student whose history it is, told apart from others of the same name; '' where it is everybody's."""
    return namesakes.label(student.id, student.name) if student else ""


def _student(written: str) -> Student | None:
    found = as_uuid(written)
    return reads.ask(students.student, found) if found else None


def _among(offered: Callable[[], Mapping[UUID, str]]) -> Callable[[str], UUID | None]:
    def read(written: str) -> UUID | None:
        found = as_uuid(written)
        return found if found in offered() else None

    return read


def _day(written: str) -> datetime | None:
    """The first moment of a day in the viewer's zone, or of a period that a word names."""
    if written in PERIODS:
        return began(written)
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=zone()) if 1970 <= day.year < 9999 else None


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "student": _student,
    "class": _among(lambda: reads.ask(overview.options, None).classes),
    # Of any class: what a link names stays, whichever class is chosen.
    "module": _among(lambda: reads.ask(history_modules, None)),
    "person": _among(lambda: reads.ask(history_people)),
    "source": lambda written: written if written in ASKED_SOURCES else None,
    "since": _day,
    "until": _day,
}


def shown() -> str:
    """Which of SHOWN the URL asks for; else every change for whoever may restore one."""
    asked = st.query_params.get("show", "")
    return asked if asked in SHOWN else _usual()


def _usual() -> str:
    return CHANGES if reads.visit().actor.may_edit else SUMMED_UP


def draw_periods() -> None:
    """The ways to what is new, and back to all."""
    asked = st.query_params.to_dict()
    kept = {key: value for key, value in asked.items() if key not in (*SINCE, pager.TRAIL)}
    chosen = [asked.get(key, "") for key in SINCE]
    ways = {"": "All", **PERIODS}
    section_bar.draw(
        "history",
        [
            section_bar.SectionLink(
                title, kept | ({"since": key} if key else {}), chosen == [key, ""]
            )
            for key, title in ways.items()
        ],
        label="Period",
        key="periods",
    )


def draw(asked: HistoryQuery, sentence: str, panels: Sequence[str]) -> str | None:
    """The bar over what the page shows; returns the panel that is open."""
    usual, value = _usual(), shown()
    show = Control(
        "show",
        "Show",
        "choice",
        "" if value == usual else value,
        [("", SHOWN[usual]), *(one for one in SHOWN.items() if one[0] != usual)],
    )
    return toolbar(
        key="history_bar",
        label="Filters",
        controls=[show, *_controls(asked)],
        sentence=sentence,
        can_clear=any(key in st.query_params for key in (*LABELS, "name")),
        panels=panels,
        on_event=_follow,
    )


def draw_students(asked: HistoryQuery) -> None:
    """Those whom the typed name fits, each a way to their history."""
    kept = {key: value for key, value in st.query_params.to_dict().items() if key != "name"}
    names = namesakes.labels_beside_emails(asked.students)
    table(
        key="which_student",
        caption="Whose history?",
        columns=("Student", "Classes", "E-mail"),
        rows=[
            (
                Link(names[one.id], "history", kept | {"student": str(one.id)}),
                ", ".join(one.classes),
                one.email,
            )
            for one in asked.students
        ],
        empty=f"No student of yours matches “{asked.name}”.",
    )


def _controls(asked: HistoryQuery) -> list[Control]:
    entries = asked.entries
    modules = dict(reads.ask(history_modules, entries.class_id))
    if entries.module_id and entries.module_id not in modules:
        modules[entries.module_id] = reads.ask(history_modules, None)[entries.module_id]
    return [
        Control(
            "student",
            LABELS["student"],
            "text",
            asked.student.name if asked.student else asked.name,
            help="Part of a name or e-mail.",
        ),
        _choice("class", reads.ask(overview.options, None).classes, entries.class_id),
        _choice("source", ASKED_SOURCES, entries.source),
        _choice("module", modules, entries.module_id, is_extra=True),
        _choice("person", reads.ask(history_people), entries.author_id, is_extra=True),
        _date("since", entries.since),
        _date("until", entries.until and entries.until - timedelta(days=1)),
    ]


def _choice(
    key: str, names: Mapping[Any, str], chosen: object, *, is_extra: bool = False
) -> Control:
    options = [(str(value), name) for value, name in names.items()]
    value = str(chosen or "")
    return Control(key, LABELS[key], "choice", value, options, "Any", is_extra=is_extra)


def _date(key: str, moment: datetime | None) -> Control:
    day = moment.astimezone(zone()).date().isoformat() if moment else ""
    return Control(key, LABELS[key], "date", day, is_extra=True)


def _follow(event: ToolbarEvent) -> None:
    """Other filters begin at the newest entry again."""
    st.query_params.pop(pager.TRAIL, None)
    match event:
        case FilterSet("student", written):
            _ask_for_student(written)
        case _:
            by_address(*LABELS, "name")(event)


def _ask_for_student(written: str) -> None:
    """The one whom the words fit; else the words, for the page to say whom they fit."""
    found = reads.ask(find_students, written) if written else ()
    one = str(found[0].id) if len(found) == 1 else ""
    links.write_address({"student": one, "name": "" if one else written})

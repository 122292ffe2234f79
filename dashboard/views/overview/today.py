"""Who needs me first, in all my classes, why, and what to do about it."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import day, zone
from dashboard.components.table import Cell, Column, Link, Way, Ways, table
from dashboard.components.text import count, heading, paragraph
from dashboard.reads import student_list
from data.reading.attention import Flagged, MostUrgent, Urgent, most_urgent
from data.rules.flags import Flag

FIRST: Final = 5
MOST: Final = 200
"""How many students come first, and how many at most."""

ALL: Final = "all"
COLUMNS: Final = (
    Column("Student", "link"),
    Column("Class", "lines"),
    Column("Why", "links", help="The gravest together come first, then the newest."),
    Column("Since", "date"),
    Column("What to do", "links", on_paper=False),
)


def draw(class_names: Mapping[UUID, str]) -> None:
    """The list; classes by the names that this page has for them."""
    shows_all = st.query_params.get("today") == ALL
    found = reads.ask(most_urgent, MOST if shows_all else FIRST)
    heading("Today", 2)
    if not found.students:
        paragraph("Nobody needs attention. Have a good day.")
        return
    student_list.show("Today", (one.flagged.id for one in found.students))
    paragraph(_answer(found))
    table(
        key="today",
        caption="Who needs attention first",
        columns=COLUMNS,
        rows=[_row(one, class_names) for one in found.students],
        is_captioned=False,
    )
    if found.of_all > len(found.students) and not shows_all:
        more = f"all {found.of_all:,}" if found.of_all <= MOST else f"the first {MOST}"
        links.to("overview", f"Show {more}", today=ALL)
    elif shows_all:
        links.to("overview", f"Show only the first {FIRST}")


def _answer(found: MostUrgent) -> str:
    need = count(found.of_all, "student needs", "students need")
    if found.of_all == len(found.students):
        return f"{need} attention."
    return f"{need} attention, the gravest first."


def _row(one: Urgent, class_names: Mapping[UUID, str]) -> list[Cell]:
    return [
        Link(one.name, "student", {"student": str(one.flagged.id)}),
        _classes(one.flagged.flags, class_names),
        _why(one.flagged, class_names),
        day(one.flagged.flags[0].since, zone()),
        _what_to_do(one),
    ]


def _classes(flags: Sequence[Flag], names: Mapping[UUID, str]) -> list[str]:
    return [names[one] for one in dict.fromkeys(flag.class_id for flag in flags) if one in names]


def _why(one: Flagged, class_names: Mapping[UUID, str]) -> Ways:
    """The gravest reason with its facts, of the first modules; the rest in a few words."""
    gravest, others = one.why(class_names, zone())
    ways = [Way(each.sentence, links.of_reason(each, one.id).href, each.rule) for each in gravest]
    return Ways(ways, f"Also {others}" if others else "", beside=True)


def _what_to_do(one: Urgent) -> Ways:
    address = links.mail_address(one.email)
    ways = [Way("Mail", f"mailto:{address}")] if address else []
    if reads.visit().actor.may_write:
        note = Link(
            "Note a contact", "student", {"student": str(one.flagged.id), "show": "attention"}
        )
        ways.insert(0, Way(note.label, note.href))
    return Ways(ways, beside=True)

"""What changed, as a table people can read: before → after, by whom, why."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dashboard.components.formats import day, minute
from dashboard.components.table import Cell, Column, Link, Tick, table
from dashboard.editing import change_words
from dashboard.reads import namesakes
from data.access.session import Actor
from data.i18n.formats import from_details, listed
from data.reading.history.changes import SOURCES, Change
from data.reading.locks import LockEvent
from data.rules.progress import Field, Key, Status

LATEST: Final = 20
"""How many of the latest changes are asked for where they are told."""
GONE_STUDENT: Final = "A student who is no longer there"
NOTHING: Final = "Nothing to show. Where filters are set, clear them or choose others."
GONE_MODULE: Final = "A module that is no longer there"
WHEN: Final = Column("When", "date", align="left")
REASON: Final = Column("Reason", if_any=True)


@dataclass(frozen=True)
class Choosing:
    """A column of check boxes: its head, the students' modules that are not chosen, and what a click does."""

    title: str
    left: Collection[Key]
    choose: Callable[[Mapping[Key, bool]], None]

    def tick(self, change: Change, student: str) -> Tick:
        """The check box of a change of the student of this name."""
        row = change.student_id, change.module_id
        label = f"{self.title}: {student}, {change.module_name or GONE_MODULE}"
        return Tick(f"{row[0]} {row[1]}", label, row not in self.left)

    def ticked(self, boxes: Mapping[str, bool]) -> None:
        """The check boxes of the page as they stand after a click; their names are of our making."""
        self.choose({_row(name): is_on for name, is_on in boxes.items()})


def _row(name: str) -> Key:
    student, module = map(UUID, name.split())
    return student, module


def draw(
    changes: Sequence[Change], here: tzinfo, *, key: str, lock_events: Sequence[LockEvent] = ()
) -> None:
    """The changes of one cell, newest first, and among them what was locked and unlocked meanwhile; the page
    says above what they are."""
    table(
        key=key,
        caption="What changed lately",
        is_captioned=False,
        columns=(WHEN, Column("Change", "lines"), "By", REASON),
        rows=[
            (
                minute(one.at, here),
                lines(one, here) if isinstance(one, Change) else lock_event_lines(one, here),
                one.author or (source(one) if isinstance(one, Change) else None),
                one.reason,
            )
            for one in _in_time(changes, lock_events)
        ],
        empty="Nothing has changed yet.",
    )


def _in_time(
    changes: Sequence[Change], lock_events: Sequence[LockEvent]
) -> Sequence[Change | LockEvent]:
    """Both, newest first; of a list that shows the latest changes only, what was locked as lately."""
    since = changes[-1].at if len(changes) >= LATEST else None
    lately = [one for one in lock_events if since is None or one.at >= since]
    return in_order(changes, lately)


def in_order(
    changes: Sequence[Change], lock_events: Sequence[LockEvent]
) -> Sequence[Change | LockEvent]:
    """Both, newest first."""
    if not lock_events:
        return changes
    return sorted([*changes, *lock_events], key=lambda one: one.at, reverse=True)


def module_name(one: Change | LockEvent) -> str:
    """The module it is about, or words for one that is gone."""
    return (one.module_name if isinstance(one, Change) else one.lock.module_name) or GONE_MODULE


def source(change: Change) -> str:
    """Where it came from, in words."""
    return SOURCES.get(change.source, change.source.capitalize())


def by(change: Change) -> str:
    """Whose work it was: 'The student's own work', or who of the staff, and by which way."""
    way = source(change)
    return f"{change.author} ({way.lower()})" if change.author else way


def draw_entries(
    changes: Sequence[Change],
    here: tzinfo,
    *,
    key: str,
    caption: str,
    reader: Actor,
    of_student: str = "",
    lock_events: Sequence[LockEvent] = (),
    choosing: Choosing | None = None,
) -> None:
    """Entries of many students, newest first; of one student (`of_student` is the name) also what was
    locked and unlocked between them. An editor who reads gets a way to the cell's earlier values, `choosing`
    check boxes."""
    columns: tuple[Column | str, ...] = (
        WHEN,
        "Student",
        "Module",
        Column("Change", "lines"),
        "By",
        REASON,
        Column("Restore", "link", on_paper=False, if_any=True),
    )
    if choosing:
        columns = (*columns, Column(choosing.title, "tick", on_paper=False))
    students = namesakes.labels((one.student_id, one.student_name) for one in changes)

    def row(one: Change | LockEvent) -> list[Cell]:
        if not isinstance(one, Change):
            return _lock_event(one, students.get(one.lock.student_id, of_student), here)
        student = students.get(one.student_id, GONE_STUDENT)
        ticks = [choosing.tick(one, student)] if choosing else []
        return _entry(one, student, here, reader) + ticks

    table(
        key=key,
        caption=caption,
        columns=columns,
        on_tick=choosing.ticked if choosing else None,
        rows=[row(one) for one in in_order(changes, lock_events)],
        empty=NOTHING,
    )


def _entry(change: Change, name: str, here: tzinfo, reader: Actor) -> list[Cell]:
    student, hand = str(change.student_id), by(change)
    row: list[Cell] = [
        minute(change.at, here),
        Link(name, "student", {"student": student}) if change.student_name else name,
        change.module_name or GONE_MODULE,
        lines(change, here),
        Link(hand, "history", {"batch": str(change.batch_id)}) if change.batch_id else hand,
        change.reason,
    ]
    of_cell = {"student": student, "module": str(change.module_id), "entry": str(change.id)}
    is_there = change.student_name and change.module_name and change.operation != "delete"
    may_restore = is_there and reader.may_edit and reader.may_correct(change.student_id)
    return [*row, Link("Restore", "history", of_cell) if may_restore else None]


def _lock_event(one: LockEvent, student: str, here: tzinfo) -> list[Cell]:
    return [
        minute(one.at, here),
        Link(student, "student", {"student": str(one.lock.student_id)}),
        one.lock.module_name or GONE_MODULE,
        lock_event_lines(one, here),
        one.author,
        one.reason,
        None,
    ]


def lock_event_lines(one: LockEvent, here: tzinfo) -> list[str]:
    """'Locked: status Completed, percentage 100 %', or 'Unlocked: status and percentage'."""
    if one.is_unlock:
        return [f"Unlocked: {names(one.lock.values)}"]
    return [f"Locked: {values_in_words(one.lock.values, here)}"]


def values_in_words(values: Mapping[Field, Any], here: tzinfo) -> str:
    """'status Completed, percentage 100 %, no score'."""
    return ", ".join(
        f"no {named(name)}" if value is None else f"{name.label.lower()} {shown(name, value, here)}"
        for name, value in values.items()
    )


def names(fields: Iterable[Field]) -> str:
    """'status, percentage and completed date'."""
    return listed([named(name) for name in Field if name in set(fields)])


def named(name: Field) -> str:
    """A field within a sentence."""
    return "completed date" if name is Field.COMPLETED_AT else name.label.lower()


def lines(change: Change, here: tzinfo) -> list[str]:
    """One line a changed field: 'Status: In progress → Completed'."""
    changed = [
        f"{name.label}: {_before(change.before, name, here)}{shown(name, change.after.get(name), here)}"
        for name in Field
        if name in change.after
        and not (change.operation == "insert" and change.after[name] is None)
    ]
    details = change.after.get("progress_details") or change.before.get("progress_details")
    if isinstance(details, Mapping) and change.operation != "delete":
        changed.append(f"Details: {change_words.changed(details)}")
    return changed or [change_words.unseen(change)]


def _before(before: Mapping[str, Any], name: Field, here: tzinfo) -> str:
    return f"{shown(name, before[name], here)} → " if name in before else ""


def shown(name: Field, value: Any, here: tzinfo, in_details: Decimal | None = None) -> str:
    """A field's value as the history's JSON, the form or the table holds it. `in_details` is the score that
    pages show where there is none."""
    if value is None:
        return (
            from_details(in_details) if name is Field.SCORE and in_details is not None else "none"
        )
    if name is Field.STATUS:
        return Status(str(value)).label
    if name is Field.PERCENTAGE:
        return f"{value} %"
    if name is Field.COMPLETED_AT:
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return day(moment, here) or ""
        except (ValueError, OverflowError):
            return f"unreadable ({value})"
    return str(value)

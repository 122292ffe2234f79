"""Locks in sentences: what is locked, what was undone, what a save did to it."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, tzinfo
from uuid import UUID

from dashboard import reads
from dashboard.components.formats import day, minute
from dashboard.components.text import count, notice, paragraph
from dashboard.editing.change_table import named, names, shown, values_in_words
from data.access.errors import DataError
from data.i18n.dates import short_date
from data.reading import locks
from data.reading.history.changes import HistoryFilter, HistoryPage, history
from data.reading.history.options import history_modules
from data.reading.locks import Attempt, Lock, LockEvent, locks_of_batch, locks_of_student
from data.rules.progress import Field
from data.writing.save import Outcome

MOST_ATTEMPTS = 5


def current(student_id: UUID, module_id: UUID) -> Lock | None:
    """The lock on this module of this student, if there is one now."""
    for one in reads.ask(locks_of_student, student_id):
        if one.module_id == module_id and one.is_current:
            return one
    return None


def lock_events(student_id: UUID, module_id: UUID | None = None) -> Sequence[LockEvent]:
    """What of a student was locked and unlocked, newest first."""
    return [
        one
        for one in locks.lock_events(reads.ask(locks_of_student, student_id))
        if module_id is None or one.lock.module_id == module_id
    ]


def sentence(one: Lock, here: tzinfo) -> str:
    """'Locked by Cora since 12 Nov 2026, 14:05: status Completed, percentage 100 %. Reason: “…”'"""
    who = one.author or "somebody"
    since = minute(one.at, here)
    return f"Locked by {who} since {since}: {values_in_words(one.values, here)}. Reason: “{one.reason}”"


def draw(one: Lock, here: tzinfo) -> None:
    """What is locked and why, and what was written over it and undone."""
    paragraph(sentence(one, here))
    tried = reads.ask(locks.attempts, one.student_id, one.module_id)
    lines = attempts([each for each in tried if each.last_at >= one.at], here)
    paragraph(" ".join(lines) or "Nothing has tried to change it since.", quiet=True)


def attempts(tried: Sequence[Attempt], here: tzinfo) -> list[str]:
    """A sentence for each of the latest, and how many more there are."""
    lines = [_attempt(each, here) for each in tried[:MOST_ATTEMPTS]]
    further = len(tried) - len(lines)
    return [*lines, f"There were {further} more before."] if further > 0 else lines


def _attempt(one: Attempt, here: tzinfo) -> str:
    times = f"{one.times} times, last on" if one.times > 1 else "on"
    who = one.author or {"platform": "The platform"}.get(one.source, "Somebody")
    return f"{who} tried to {_tried(one)}, {times} {minute(one.last_at, here)}."


def _tried(one: Attempt) -> str:
    if one.field is None:
        return "remove it" if one.attempted == "deleted" else "move it elsewhere"
    if one.attempted is None:
        return f"clear the {named(one.field)}"
    return f"set the {named(one.field)} to {_value(one.field, one.attempted)}"


def _value(name: Field, attempted: str) -> str:
    if name is Field.COMPLETED_AT:
        try:
            return short_date(date.fromisoformat(attempted))
        except ValueError:
            return attempted
    return shown(name, attempted, UTC) if attempted != "another value" else attempted


def on_page(asked: HistoryFilter, page: HistoryPage, *, is_first: bool) -> Sequence[LockEvent]:
    """Of one student's history, what was locked and unlocked between the entries of one of its pages."""
    if asked.student_id is None or asked.source or asked.batch_id:
        return ()
    of_class = reads.ask(history_modules, asked.class_id) if asked.class_id else None
    fitting = [
        one
        for one in lock_events(asked.student_id, asked.module_id)
        if (asked.author_id is None or one.author_id == asked.author_id)
        and (of_class is None or one.lock.module_id in of_class)
        and (asked.since is None or one.at >= asked.since)
        and (asked.until is None or one.at < asked.until)
    ]
    if not is_first and page.changes:
        fitting = [one for one in fitting if one.at <= page.changes[0].at]
    if fitting and page.next_before_id:
        older = reads.ask(history, asked, page.next_before_id, 1).changes
        fitting = [one for one in fitting if not older or one.at > older[0].at]
    return fitting


def draw_before(
    student_id: UUID, module_id: UUID, changing: Collection[Field], here: tzinfo
) -> None:
    """Before a save: whose decision it would change."""
    one = current(student_id, module_id)
    if one is not None and set(changing) & set(one.values):
        who, since = one.author or "somebody", day(one.at, here)
        paragraph(
            f"Locked by {who} since {since}: {names(one.values)}. Saving changes "
            "the locked values: from then on the new ones are locked."
        )


def followed(result: Outcome) -> str:
    """After a save of many: how many of its rows are locked, and at other values since; '' where none is.
    What is saved is saved: where the database is away by now, nothing is said."""
    try:
        found = len(reads.ask(locks_of_batch, result.batch_id)) if result.batch_id else 0
    except DataError:
        return ""
    if not found:
        return ""
    if len(result.saved) == 1:
        return "The locked values changed with it."
    return f"{count(found, 'of them is', 'of them are')} locked: the locked values changed too."


def draw_after(batch_id: UUID, here: tzinfo) -> None:
    """After a save: what is locked at other values since."""
    for one in reads.ask(locks_of_batch, batch_id):
        values = ", ".join(
            f"{name.label.lower()} {shown(name, value, here)}" for name, value in one.values.items()
        )
        notice(f"The locked values changed with it: {values}.")

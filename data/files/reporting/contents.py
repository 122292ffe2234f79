"""What stands in a report, in the words of somebody who hands it to a parent. Pure: of what was read, JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Final
from uuid import UUID

from data.files.reporting.chart import Course, chart, completion_days
from data.files.reporting.texts import paragraphs, plain, stored
from data.i18n.dates import day, long_date, whole_day
from data.i18n.formats import count, figure, figure_beside, local, share
from data.reading.students.report import Reported, ReportedModule
from data.rules.details import is_scored
from data.rules.progress import Status

NO_NAME: Final = "(no name)"
UNREADABLE: Final = "unreadable"
OTHER: Final = Status("Other")
"""Statuses of the platform's own, together."""
_REST: Final = {
    Status.IN_PROGRESS: "in progress",
    Status.NOT_STARTED: "not started yet",
    OTHER: "in another status",
}
FAR_BEYOND: Final = 10_000  # any scale of scores


@dataclass(frozen=True)
class ReportOptions:
    """What a person chose. `made_at` knows its zone; days are days in `zone`; `author` is a name.

    `notes` are the ids of the notes to print, of one student.
    """

    made_at: datetime
    zone: tzinfo
    author: str
    over_time: bool = True
    attention: bool = False
    signature: bool = False
    notes: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True)
class PrintedNote:
    """A note as it is printed: `kind` in words, such as 'Note' or 'Contact by phone'."""

    day: date
    kind: str
    author: str
    text: str


def document(
    options: ReportOptions, title: str, students: Sequence[dict[str, Any]], cover: Any = None
) -> dict[str, Any]:
    """A whole file, as the template takes it."""
    made = local(options.made_at, options.zone)
    author = plain(options.author, "the school")
    day = whole_day(options.made_at, options.zone)
    return {
        "title": title,
        "author": author,
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "day": day,
        "made": f"Made on {day} by {author}.",
        "signature": options.signature,
        "cover": cover,
        "students": students,
    }


def cover(options: ReportOptions, name: str, students: Sequence[Reported]) -> dict[str, Any]:
    """The first page of a class: who is in it."""
    schools = dict.fromkeys(one.organisation for one in students if one.organisation)
    reports = count(len(students), "report", "reports")
    sentence = f"{reports}, made on {whole_day(options.made_at, options.zone)}."
    return {
        "name": stored(name, NO_NAME),
        "school": list(map(stored, schools)),
        "sentence": sentence,
    }


def student(
    one: Reported, options: ReportOptions, notes: Iterable[PrintedNote] = ()
) -> dict[str, Any]:
    """One student's report."""
    eligible = [each for each in one.modules if each.in_class]
    others = [each for each in one.modules if not each.in_class]
    days = completion_days(one.completions)
    buckets = {status: _in(eligible, status) for status in reversed(Status)}
    if in_others := sum(each.status.is_other for each in eligible):
        buckets[OTHER] = in_others
    return {
        "name": stored(one.name, NO_NAME),
        "short_name": stored(one.name, NO_NAME, longest=40),
        "school": stored(one.organisation, ""),
        "classes": list(map(stored, one.classes)),
        "answer": _answer(buckets),
        "buckets": {status.value: number for status, number in buckets.items()}
        if eligible
        else None,
        "buckets_alt": _buckets_alt(buckets),
        "chart": _chart(one, eligible, options) if options.over_time else None,
        "attention": list(_attention(one.modules)) if options.attention else [],
        "modules": [_row(each, days, options.zone) for each in eligible],
        "others": [_row(each, days, options.zone) for each in others],
        "notes": [_note(each) for each in notes],
        "replaced": None,
    }


def _in(modules: Sequence[ReportedModule], status: Status) -> int:
    return sum(each.status is status for each in modules)


def _answer(buckets: dict[Status, int]) -> str:
    completed, total = buckets[Status.COMPLETED], sum(buckets.values())
    if not total:
        return "There are no modules yet."
    if completed == total:
        return "All modules are completed." if total > 1 else "The only module is completed."
    verb = "is" if 1 in (completed, total) else "are"
    answer = f"{completed} of {count(total, 'module', 'modules')} {verb} completed"
    *rest, last = (
        f"{number} {_REST[status]}"
        for status, number in buckets.items()
        if number and status in _REST
    )
    words = f"{', '.join(rest)} and {last}" if rest else last
    return f"{answer} ({share(completed, total)}); {words}."


def _buckets_alt(buckets: dict[Status, int]) -> str:
    parts = ", ".join(f"{status.label.lower()} {number}" for status, number in buckets.items())
    return f"A bar in {'four' if OTHER in buckets else 'three'} parts: {parts}."


def _chart(
    one: Reported, eligible: Sequence[ReportedModule], options: ReportOptions
) -> dict[str, Any] | None:
    if one.known_since is None:
        return None
    return chart(
        Course(
            completions=one.completions,
            modules={each.module.id for each in eligible},
            completed=_in(eligible, Status.COMPLETED),
            since=one.known_since,
            now=options.made_at,
            zone=options.zone,
        )
    )


def _attention(modules: Iterable[ReportedModule]) -> Iterable[tuple[Any, str]]:
    """What is in the way, without blame: the module, and a few words."""
    for each in modules:
        name = stored(each.module.name, NO_NAME)
        if each.stuck:
            tried = f"a quiz was tried {each.stuck} times without passing"
            yield name, f"{tried}. The teacher can open it again."
        if each.is_failed:
            score, mark = _score(each), figure(each.module.pass_mark)
            yield name, f"the score is {score}; {mark} is needed to pass."


def _row(each: ReportedModule, days: Mapping[UUID, datetime], zone: tzinfo) -> dict[str, Any]:
    scored = is_scored(each.module.type)
    percentage = each.percentage
    if each.status is Status.NOT_STARTED and percentage == 0:
        percentage = None
    return {
        "name": stored(each.module.name, NO_NAME),
        "status": OTHER.value if each.status.is_other else each.status.value,
        "word": plain(each.status.label, OTHER.label),
        "remark": "not passed" if each.is_failed else None,
        "percentage": percentage,
        "score": _score(each),
        "pass_mark": figure(each.module.pass_mark) if scored or each.is_failed else None,
        "completed": _completed(each, days, zone),
    }


def _score(each: ReportedModule) -> str | None:
    """As on the screen; what no parent can read is said to be that, and figures of hundreds of digits are
    written short, or the table would not fit the page."""
    score = each.shown_score
    if score is None:
        return None
    if not score.is_finite():
        return "?"  # as on the screen
    if abs(score) >= FAR_BEYOND:
        return f"{score:.1E}"
    return figure_beside(score, each.module.pass_mark)


def _completed(each: ReportedModule, days: Mapping[UUID, datetime], zone: tzinfo) -> str | None:
    """The day that is stored, else the one that the sentence above the table goes by."""
    if each.completed_at is None and each.completed_at_text is not None:
        return UNREADABLE
    return day(each.completed_at or days.get(each.module.id), zone)


def _note(note: PrintedNote) -> dict[str, Any]:
    about = f"{long_date(note.day)}, {plain(note.kind, 'note').lower()}"
    return {
        "about": f"{about}, by" if note.author else about,
        "author": stored(note.author),
        "text": paragraphs(note.text),
    }

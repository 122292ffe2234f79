"""Reports made: of one student, or of a whole class as one PDF or as a ZIP of PDFs."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data.access import audit
from data.files.exporting.names import safe_name
from data.files.reporting import contents
from data.files.reporting.contents import PrintedNote, ReportOptions
from data.files.reporting.texts import plain
from data.files.reporting.typesetting import NotMade, Typesetting
from data.i18n.formats import local
from data.reading.notes import notes
from data.reading.students.report import Reported, reported
from data.writing.disclosures import disclosed
from data.writing.notes import CHANNELS

Kind = Literal["pdf", "zip"]

AT_ONCE: Final = 25
"""Students read from the database in one go."""

MOST_ROWS: Final = 4_000
"""Of one PDF, students × modules: about 1 GB while it is set. A ZIP takes the same little for any number."""


@dataclass(frozen=True)
class Report:
    """A finished file. `problems` are sentences for whoever made it."""

    content: bytes
    filename: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfClass:
    """Whose reports: these students of a class, in this order. `name` is what the class is called."""

    id: UUID
    name: str
    students: Sequence[UUID]


class Cancelled(Exception):
    """Whoever asked for it does not want it any more."""


@dataclass
class Making:
    """How far a report is, and the way to end it: shared between who makes it and who waits."""

    done: int = 0
    total: int = 0
    on_progress: Callable[[int, int], None] | None = None
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _running: Typesetting | None = None

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """End it, in the middle of a page too. From any thread."""
        self._cancelled.set()
        running = self._running
        if running is not None:
            running.stop()

    def step(self, done: int, total: int) -> None:
        """So many students are done. Raises Cancelled where nobody waits any more."""
        if self.is_cancelled:
            raise Cancelled
        self.done, self.total = done, total
        if self.on_progress is not None:
            self.on_progress(done, total)

    @contextmanager
    def typesetting(self) -> Iterator[Typesetting]:
        """The program that sets pages, which ends when this is cancelled."""
        with Typesetting() as running:
            self._running = running
            if self.is_cancelled:
                running.stop()
            try:
                yield running
            except NotMade:
                if self.is_cancelled:
                    raise Cancelled from None
                raise
            finally:
                self._running = None


def student_report(
    connection: Connection, student_id: UUID, options: ReportOptions, making: Making | None = None
) -> Report:
    """One student's report as a PDF. Raises NotMade where there is no such student that I may see."""
    making = making or Making()
    making.step(0, 1)
    found = reported(connection, [student_id])
    if not found:
        raise NotMade("This student was not found among yours.")
    one = found[0]
    report = contents.student(one, options, _notes(connection, student_id, options))
    title = f"Report on {plain(one.name, contents.NO_NAME)}"
    with making.typesetting() as typesetting:
        pdf, lacking = typesetting.pdf(contents.document(options, title, [report]))
    making.step(1, 1)
    _note(connection, [student_id])
    return Report(pdf, _file_name(one.name, "Student", options, "pdf"), _problems(0, lacking))


def _notes(connection: Connection, student_id: UUID, options: ReportOptions) -> list[PrintedNote]:
    """The chosen notes that still stand, the oldest first."""
    chosen = notes(connection, student_id) if options.notes else []
    return [
        PrintedNote(
            one.current.happened_on or local(one.versions[0].written_at, options.zone).date(),
            CHANNELS.get(one.current.channel or "", "Note"),
            one.author or "",
            one.current.text,
        )
        for one in reversed(chosen)
        if one.id in options.notes and one.withdrawn_at is None
    ]


def class_report(
    connection: Connection,
    asked: OfClass,
    options: ReportOptions,
    kind: Kind = "pdf",
    making: Making | None = None,
) -> Report:
    """Reports of students of a class, as one PDF or as a ZIP of PDFs.

    Raises Cancelled, and NotMade where nobody is found, or one PDF of so many would be too large.
    """
    making = making or Making()
    making.step(0, len(asked.students))
    make = _one_pdf if kind == "pdf" else _zip
    return make(connection, asked, options, making)


def _one_pdf(
    connection: Connection, asked: OfClass, options: ReportOptions, making: Making
) -> Report:
    total, found = len(asked.students), list[Reported]()
    for some in _read(connection, asked):
        found += some
        making.step(len(found), total)
        if sum(len(one.modules) for one in found) > MOST_ROWS:
            raise NotMade("One PDF of so many students is too large. Choose one PDF per student.")
    if not found:
        raise NotMade("None of these students was found among yours.")
    pages = [contents.student(one, options) for one in found]
    cover = contents.cover(options, asked.name, found)
    title = f"Reports of {plain(asked.name, 'a class')}"
    with making.typesetting() as typesetting:
        pdf, lacking = typesetting.pdf(contents.document(options, title, pages, cover))
    making.step(total, total)
    _note(connection, [one.id for one in found], asked.id)
    file_name = _file_name(f"{asked.name} reports", "Class", options, "pdf")
    return Report(pdf, file_name, _problems(total - len(found), lacking))


def fits_one_pdf(students: int, modules: int) -> bool:
    """May a class of this size be one PDF?"""
    return students * modules <= MOST_ROWS


def _zip(connection: Connection, asked: OfClass, options: ReportOptions, making: Making) -> Report:
    total, told = len(asked.students), list[UUID]()
    file, lacking, names = io.BytesIO(), set[str](), set[str]()
    # A PDF is packed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as parts, making.typesetting() as setting:
        for some in _read(connection, asked):
            for one in some:
                title = f"Report on {plain(one.name, contents.NO_NAME)}"
                report = contents.student(one, options)
                pdf, missing = setting.pdf(contents.document(options, title, [report]))
                lacking.update(missing)
                parts.writestr(f"{_unlike(names, safe_name(one.name, 'Student'))}.pdf", pdf)
                told.append(one.id)
                making.step(len(told), total)
    if not told:
        raise NotMade("None of these students was found among yours.")
    _note(connection, told, asked.id)
    file_name = _file_name(f"{asked.name} reports", "Class", options, "zip")
    return Report(file.getvalue(), file_name, _problems(total - len(told), sorted(lacking)))


def _read(connection: Connection, asked: OfClass) -> Iterator[list[Reported]]:
    for first in range(0, len(asked.students), AT_ONCE):
        yield reported(connection, asked.students[first : first + AT_ONCE], asked.id)


def _unlike(names: set[str], wanted: str) -> str:
    """A name that no file in the folder has; capitals make none another."""
    for number in count(1):
        name = wanted if number == 1 else f"{wanted} ({number})"
        if name.casefold() not in names:
            names.add(name.casefold())
            return name
    raise AssertionError("numbers never end")


def _file_name(title: str, kind: str, options: ReportOptions, ending: str) -> str:
    day = local(options.made_at, options.zone).date()
    return f"{safe_name(title, kind)} {day}.{ending}"


def _problems(gone: int, lacking: Sequence[str]) -> tuple[str, ...]:
    problems = []
    if gone:
        problems.append(
            f"{gone} of the students could not be found any more and {'is' if gone == 1 else 'are'} left out."
        )
    if lacking:
        some = ", ".join(lacking[:12]) + (" and more" if len(lacking) > 12 else "")
        problems.append(f"Some characters could not be printed and are shown as \ufffd: {some}.")
    return tuple(problems)


def _note(connection: Connection, students: list[UUID], class_id: UUID | None = None) -> None:
    """Who gets whose report: in the record, and in the log without a name or a score."""
    disclosed(connection, "report", students, class_id)
    about = (
        {"of_class": class_id, "students": len(students)} if class_id else {"student": students[0]}
    )
    audit.record(
        "report made", connection.execute(text("select internal.me()")).scalar_one(), **about
    )

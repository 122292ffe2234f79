"""The only cache. A result is kept for one person and one version of the database.

The version is the database's own snapshot: any write anywhere makes a new one, so nothing can be stale
that was written before the rerun began. Answers are frozen, so the very object is kept (cache_resource): taking
a pickled copy of 500 students at each rerun (cache_data) cost as much as drawing them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import streamlit as st

from data import queries
from data.arrangement import Arranged, Arrangement, arrange
from data.facts_summed import Summed
from data.filters import Chosen
from data.funnel import Funnel
from data.importing import Roster
from data.progress import Field, Status
from data.progress_rows import Key
from data.queries import roster as roster_queries
from data.saved_views import SavedView
from data.session import Actor, Database, acting_as
from data.sittings import Sittings
from data.times_taken import TimesTaken

VISIT = "visit"

SAVES_A_PAGE: Final = 50

MOST_ROWS: Final = 100_000
"""Of a batch, and in a file of the history."""


@dataclass(frozen=True)
class Visit:
    """What one rerun knows: who, as of which version of the database, and its clock."""

    actor: Actor
    version: str
    now: datetime


def begin(database: Database, person: UUID, session: UUID | None = None) -> Visit | None:
    """Read who this is, in the database's words; None for a stranger or somebody switched off, or where the
    `session` in which they signed in is over."""
    with acting_as(Actor(person, "", "", session=session, database=database)) as connection:
        actor = queries.actor(connection, database, session)
        if actor is None:
            return None
        visit = Visit(actor, queries.version(connection), queries.clock(connection))
    st.session_state[VISIT] = visit
    return visit


def visit() -> Visit:
    """This rerun's visit; `begin()` has made it."""
    found: Visit = st.session_state[VISIT]
    return found


def forget() -> None:
    """After a write: what is read from here on in this rerun is read anew."""
    actor = visit().actor
    begin(actor.database, actor.id, actor.session)


def _identity(actor: Actor) -> tuple[str, str, str | None, str]:
    return str(actor.id), actor.role, actor.organisation, str(actor.database.engine.url)


@st.cache_resource(show_spinner=False, max_entries=400, ttl="1h", hash_funcs={Actor: _identity})
def _answer(
    question: str,
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key: another version is another answer
    arguments: tuple[Any, ...],
) -> Any:
    with acting_as(actor) as connection:
        return getattr(queries, question)(connection, *arguments)


def _ask(question: str, *arguments: Any) -> Any:
    now = visit()
    return _answer(question, now.actor, now.version, arguments)


def overview() -> list[queries.ClassSummary]:
    """Every class I may see."""
    found: list[queries.ClassSummary] = _ask("overview")
    return found


def options(class_id: UUID | None) -> queries.Options:
    """What the filters offer."""
    found: queries.Options = _ask("options", class_id)
    return found


def class_page(asked: Chosen, day_end: datetime | None = None) -> queries.ClassPage:
    """What the class page is made of; with `day_end` as it stood then."""
    found: queries.ClassPage = _ask("class_page", dict(asked), day_end)
    return found


def arranged(asked: Chosen, wanted: Arrangement, day_end: datetime | None = None) -> Arranged:
    """The class page's table as it is shown: kept whole, so that a rerun pays for neither."""
    now = visit()
    return _arranged(now.actor, now.version, dict(asked), wanted, day_end)


@st.cache_resource(show_spinner=False, max_entries=100, ttl="1h", hash_funcs={Actor: _identity})
def _arranged(
    actor: Actor, version: str, asked: Chosen, wanted: Arrangement, day_end: datetime | None
) -> Arranged:
    found: queries.ClassPage = _answer("class_page", actor, version, (asked, day_end))
    return arrange(found.matrix or queries.Matrix((), ()), wanted)


def module_page(module_id: UUID, asked: Chosen) -> queries.ModulePage | None:
    """What the module page is made of, or None where no class of mine has such a module."""
    found: queries.ModulePage | None = _ask("module_page", module_id, dict(asked))
    return found


def module_classes(module: queries.Module) -> Sequence[queries.ClassStanding]:
    """How my classes stand in a module."""
    found: Sequence[queries.ClassStanding] = _ask("module_classes", module)
    return found


def module_funnel(page: queries.ModulePage) -> Funnel:
    """How far the page's students come in a course."""
    found: Funnel = _of_module("module_funnel", page)
    return found


def module_sittings(page: queries.ModulePage) -> Sittings:
    """What the details of an assessment tell."""
    found: Sittings = _of_module("module_sittings", page)
    return found


def module_recorded(page: queries.ModulePage) -> Summed:
    """What the details of any other type tell."""
    found: Summed = _of_module("module_recorded", page)
    return found


def module_times(page: queries.ModulePage) -> TimesTaken:
    """How long the module took."""
    found: TimesTaken = _of_module("module_times", page)
    return found


def _of_module(question: str, page: queries.ModulePage) -> Any:
    now = visit()
    return _module_answer(question, now.actor, now.version, page.module.id, page.chosen, page)


@st.cache_resource(show_spinner=False, max_entries=100, ttl="1h", hash_funcs={Actor: _identity})
def _module_answer(
    question: str,
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key, as are the filters
    module_id: UUID,
    chosen: Chosen,  # noqa: ARG001
    _page: queries.ModulePage,  # follows from all of these
) -> Any:
    with acting_as(actor) as connection:
        return getattr(queries, question)(connection, module_id, _page.found.students)


def drawn(
    asked: Chosen, wanted: Arrangement, seen_by: tuple[str | int, ...], draw: Callable[[], bytes]
) -> bytes:
    """The class page's table as the browser gets it. `draw` makes it, of nothing but what is named here:
    `seen_by` is what else it depends on, such as the viewer's zone."""
    now = visit()
    return _drawn(now.actor, now.version, dict(asked), wanted, seen_by, draw)


@st.cache_resource(show_spinner=False, max_entries=100, ttl="1h", hash_funcs={Actor: _identity})
def _drawn(
    actor: Actor,  # noqa: ARG001 - part of the key, as are the next four
    version: str,  # noqa: ARG001
    asked: Chosen,  # noqa: ARG001
    wanted: Arrangement,  # noqa: ARG001
    seen_by: tuple[str | int, ...],  # noqa: ARG001
    _draw: Callable[[], bytes],  # another closure each run, of the same making: no part of the key
) -> bytes:
    return _draw()


def saved_views() -> Sequence[SavedView]:
    """Views of the class page: mine, and those shared with my organisation."""
    found: Sequence[SavedView] = _ask("saved_views")
    return found


def student(student_id: UUID) -> queries.Student | None:
    """One student, or None where there is none that I may see."""
    found: queries.Student | None = _ask("student", student_id)
    return found


def student_page(student_id: UUID, opened: UUID | None) -> queries.StudentPage | None:
    """What the student page is made of, or None where there is no such student that I may see."""
    found: queries.StudentPage | None = _ask("student_page", student_id, opened)
    return found


def class_median(class_id: UUID) -> queries.ClassMedian | None:
    """How the middle student of a class stands: of a whole class, and so the one answer that may be a minute
    old. (Counting 500 students anew for each that is opened would cost as much as the rest of the page.)"""
    return _class_median(visit().actor, class_id)


@st.cache_resource(show_spinner=False, max_entries=400, ttl="1m", hash_funcs={Actor: _identity})
def _class_median(actor: Actor, class_id: UUID) -> queries.ClassMedian | None:
    with acting_as(actor) as connection:
        return queries.class_median(connection, class_id)


def completions(student_id: UUID) -> queries.CompletionHistory:
    """When a student's modules became completed, as far as the history tells."""
    found: queries.CompletionHistory = _ask("completions", student_id)
    return found


def class_scores(student_id: UUID) -> Mapping[UUID, Sequence[queries.ClassScores]]:
    """What a student's classes scored in the modules in which the student has a score."""
    found: Mapping[UUID, Sequence[queries.ClassScores]] = _ask("class_scores", student_id)
    return found


def cell_page(student_id: UUID, module_id: UUID) -> queries.CellPage | None:
    """What the panel of a cell is made of, or None where there is no such cell that I may see."""
    found: queries.CellPage | None = _ask("cell_page", student_id, module_id)
    return found


def find_students(name: str) -> Sequence[queries.Student]:
    """Students by a part of their name or e-mail."""
    found: Sequence[queries.Student] = _ask("find_students", name)
    return found


def students_of_class(class_id: UUID) -> Sequence[queries.Student]:
    """Everybody in a class."""
    found: Sequence[queries.Student] = _ask("students_of_class", class_id)
    return found


def student_modules(student_id: UUID) -> Sequence[queries.StudentModule]:
    """A student's modules in order."""
    found: Sequence[queries.StudentModule] = _ask("student_modules", student_id)
    return found


def grid(chosen: Chosen, also: Collection[Key]) -> Sequence[queries.GridRow]:
    """The class's rows that fit the filters, and these besides."""
    found: Sequence[queries.GridRow] = _ask("grid", dict(chosen), sorted(also))
    return found


def draft(class_id: UUID) -> queries.Draft:
    """What I typed in this class and did not save."""
    found: queries.Draft = _ask("draft", class_id)
    return found


def drafts() -> Sequence[queries.DraftSummary]:
    """The classes in which I typed something that is not saved."""
    found: Sequence[queries.DraftSummary] = _ask("drafts")
    return found


def first_day() -> datetime | None:
    """The earliest moment the history can answer for."""
    found: datetime | None = _ask("first_day")
    return found


def history(
    asked: queries.HistoryFilter, before_id: int | None = None, limit: int = 100
) -> queries.HistoryPage:
    """A page of what happened, newest first."""
    found: queries.HistoryPage = _ask("history", asked, before_id, limit)
    return found


def history_count(asked: queries.HistoryFilter, most: int) -> int:
    """How many entries there are, counted up to `most`."""
    found: int = _ask("history_count", asked, most)
    return found


def history_people() -> Mapping[UUID, str]:
    """Staff who changed something that I may see."""
    found: Mapping[UUID, str] = _ask("history_people")
    return found


def history_modules(class_id: UUID | None) -> Mapping[UUID, str]:
    """Modules of a class of mine, or of all."""
    found: Mapping[UUID, str] = _ask("history_modules", class_id)
    return found


def history_of_cell(student_id: UUID, module_id: UUID) -> Sequence[queries.CellValue]:
    """Every value that a cell ever had."""
    found: Sequence[queries.CellValue] = _ask("history_of_cell", student_id, module_id)
    return found


def batches(
    asked: queries.HistoryFilter, before: queries.Batch | None = None
) -> Sequence[queries.Batch]:
    """A page of what was saved together, newest first."""
    found: Sequence[queries.Batch] = _ask("batches", before, SAVES_A_PAGE, asked)
    return found


def batch(batch_id: UUID) -> queries.Batch | None:
    """What was saved together, as a whole; None where it is not there, or not mine to see."""
    found: queries.Batch | None = _ask("batch", batch_id)
    return found


def batch_changes(batch_id: UUID) -> Sequence[queries.Change]:
    """The rows that were saved together."""
    found: Sequence[queries.Change] = _ask("batch_changes", batch_id, MOST_ROWS)
    return found


def left_as_it_is() -> Sequence[queries.Left]:
    """What was judged and is to be left as it is."""
    found: Sequence[queries.Left] = _ask("left_as_it_is")
    return found


def roster(class_id: UUID | None = None) -> Roster:
    """Whom a file or a pasted list may name: everybody I may see, or those of one class."""
    now = visit()
    return _roster(now.actor, now.version, class_id)


@st.cache_resource(show_spinner=False, max_entries=50, ttl="1h", hash_funcs={Actor: _identity})
def _roster(
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key
    class_id: UUID | None,
) -> Roster:
    with acting_as(actor) as connection:
        return roster_queries.roster(connection, class_id)


def notes(student_id: UUID) -> Sequence[queries.Note]:
    """What staff wrote about a student, newest first."""
    found: Sequence[queries.Note] = _ask("notes", student_id)
    return found


def kept(student_id: UUID) -> Sequence[queries.Kept]:
    """Everything that was ever kept for a student, newest first."""
    found: Sequence[queries.Kept] = _ask("kept_of_student", student_id)
    return found


def keepings(student_id: UUID, module_id: UUID | None = None) -> Sequence[queries.Keeping]:
    """What of a student was kept and released, newest first."""
    return [
        one
        for one in queries.keepings(kept(student_id))
        if module_id is None or one.kept.module_id == module_id
    ]


def attempts(student_id: UUID, module_id: UUID) -> Sequence[queries.Attempt]:
    """What was written over what is kept, and put back."""
    found: Sequence[queries.Attempt] = _ask("attempts", student_id, module_id)
    return found


def kept_by_batch(batch_id: UUID) -> Sequence[queries.Kept]:
    """What is kept at other values since a save."""
    found: Sequence[queries.Kept] = _ask("kept_by_batch", batch_id)
    return found


def kept_with(fields: Sequence[Field], status: Status, module_type: str) -> tuple[Field, ...]:
    """All that is kept where these fields are."""
    found: tuple[Field, ...] = _ask("kept_with", tuple(fields), status, module_type)
    return found

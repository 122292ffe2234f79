"""The only cache. A result is kept for one person and one version of the database.

The version is the database's own snapshot: any write anywhere makes a new one, so nothing can be stale
that was written before the rerun began. Answers are frozen, so the very object is kept (cache_resource): taking
a pickled copy of 500 students at each rerun (cache_data) cost as much as drawing them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import streamlit as st

from data import queries
from data.arrangement import Arranged, Arrangement, arrange
from data.details import Lesson
from data.filters import Chosen
from data.findings import Finding
from data.importing import CurrentRow, FilledRow, Roster
from data.progress_rows import Key
from data.queries import roster as roster_queries
from data.saved_views import SavedView
from data.session import Actor, Database, acting_as

VISIT = "visit"


@dataclass(frozen=True)
class Visit:
    """What one rerun knows: who, as of which version of the database, and its clock."""

    actor: Actor
    version: str
    now: datetime


def begin(database: Database, person: UUID) -> Visit | None:
    """Read who this is, in the database's words; None for a stranger or somebody switched off."""
    with acting_as(Actor(person, "", "", database=database)) as connection:
        actor = queries.actor(connection, database)
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
    begin(actor.database, actor.id)


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


def class_page(asked: Chosen) -> queries.ClassPage:
    """What the class page is made of."""
    found: queries.ClassPage = _ask("class_page", dict(asked))
    return found


def arranged(asked: Chosen, wanted: Arrangement) -> Arranged:
    """The class page's table as it is shown: kept whole, so that a rerun pays for neither."""
    now = visit()
    return _arranged(now.actor, now.version, dict(asked), wanted)


@st.cache_resource(show_spinner=False, max_entries=100, ttl="1h", hash_funcs={Actor: _identity})
def _arranged(actor: Actor, version: str, asked: Chosen, wanted: Arrangement) -> Arranged:
    found: queries.ClassPage = _answer("class_page", actor, version, (asked,))
    return arrange(found.matrix or queries.Matrix((), ()), wanted)


def saved_views() -> Sequence[SavedView]:
    """Views of the class page: mine, and those shared with my organisation."""
    found: Sequence[SavedView] = _ask("saved_views")
    return found


def student(student_id: UUID) -> queries.Student | None:
    """One student, or None where there is none that I may see."""
    found: queries.Student | None = _ask("student", student_id)
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


def lessons(student_id: UUID) -> Mapping[UUID, Sequence[Lesson]]:
    """The lessons of the student's modules."""
    found: Mapping[UUID, Sequence[Lesson]] = _ask("lessons", student_id)
    return found


def changes(student_id: UUID, module_id: UUID | None = None) -> Sequence[queries.Change]:
    """What changed lately."""
    found: Sequence[queries.Change] = _ask("changes", student_id, module_id)
    return found


def kept_among(keys: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], queries.Kept]:
    """What is kept of these students and modules; asked once a preview, so never cached."""
    with acting_as(visit().actor) as connection:
        return queries.kept_among(connection, keys)


def check_counts() -> dict[str, int]:
    """How many rows break each rule of the data check. It looks at every row and takes seconds: not kept here,
    or any write anywhere would have a page count anew."""
    with acting_as(visit().actor) as connection:
        return queries.counts(connection)


def findings(key: str, limit: int, after: Finding | None = None) -> Sequence[Finding]:
    """Rows that break a rule, the page behind `after`; not kept here either."""
    with acting_as(visit().actor) as connection:
        return queries.findings_of(connection, key, limit, after)


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


def current_values(keys: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], CurrentRow]:
    """What is stored now for each student and module; asked once a preview, so never cached."""
    with acting_as(visit().actor) as connection:
        return roster_queries.current_values(connection, keys)


def stored_rows(actor: Actor, class_id: UUID) -> Sequence[FilledRow]:
    """Every module of every student of a class. Takes the person: a download is made outside of any run."""
    with acting_as(actor) as connection:
        return roster_queries.stored_rows(connection, class_id)

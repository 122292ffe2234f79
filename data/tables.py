"""The tables and views that the product reads and writes, as SQLAlchemy has them: one truth of their columns.

`PROGRESS` is the contract with the school's platform and is never altered by us; `ROSTER` is what any school's
names, classes and modules are read through; `OURS` is what we add, where people write. A test holds them to the
catalogue. Statements that say more than which columns they write stay SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FetchedValue,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from data.rules.progress import Status

METADATA: Final = MetaData()

ME: Final = select(func.internal.me()).scalar_subquery()
"""Whoever acts in the transaction."""

_STATUS: Final = ENUM(
    *(status.value for status in Status), name="progress_status", schema="public", create_type=False
)
_MOMENT: Final = DateTime(timezone=True)


def _needed(name: str, kind: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **options)


def _given(name: str, kind: Any) -> Column[Any]:
    """A column that the database fills in where nothing is said."""
    return Column(name, kind, nullable=False, server_default=FetchedValue())


def _table(name: str, *parts: Any) -> Table:
    # Nothing is asked back by itself: what a person may insert they need not be allowed to read.
    return Table(name, METADATA, *parts, schema="dashboard", implicit_returning=False)


def _kept(schema: str, name: str, *parts: Any, key: Sequence[str] = ("id",)) -> Table:
    """A table of the roster: people change its rows through `data.roster`."""
    return Table(name, METADATA, *parts, PrimaryKeyConstraint(*key), schema=schema)


def _view(name: str, /, **columns: Any) -> Table:
    """A view has no keys, and the catalogue calls each of its columns optional."""
    listed = [Column(column, kind) for column, kind in columns.items()]
    return Table(name, METADATA, *listed, schema="roster")


PROGRESS: Final = Table(
    "student_module_progress",
    METADATA,
    _needed("student_id", Uuid),
    _needed("module_id", Uuid),
    _given("status", _STATUS),
    Column("score", Numeric),
    Column("progress_details", JSONB),
    _given("last_updated", _MOMENT),
    Column("completed_at", _MOMENT),
    Column("progress_percentage", Integer),
    PrimaryKeyConstraint("student_id", "module_id"),
    schema="public",
)
"""What a platform must have; a live table may have more columns."""

STAFF: Final = _view(
    "staff", id=Uuid, organisation_id=Uuid, full_name=Text, role=Text, is_active=Boolean
)

ROSTER: Final = (
    _view("organisation", id=Uuid, name=Text),
    _view(
        "student",
        id=Uuid,
        organisation_id=Uuid,
        full_name=Text,
        email=Text,
        is_active=Boolean,
        number=Text,
        left_on=Date,
        merged_into=Uuid,
    ),
    _view(
        "module",
        id=Uuid,
        name=Text,
        type=Text,
        sequence=Integer,
        pass_mark=Numeric,
        retired_at=_MOMENT,
    ),
    _view("lesson", id=Uuid, module_id=Uuid, title=Text, sequence=Integer, has_quiz=Boolean),
    _view(
        "class",
        id=Uuid,
        organisation_id=Uuid,
        name=Text,
        school_year=Text,
        archived_at=_MOMENT,
    ),
    _view("class_student", class_id=Uuid, student_id=Uuid),
    _view("class_module", class_id=Uuid, module_id=Uuid, position=Integer),
    _view("class_teacher", class_id=Uuid, staff_id=Uuid),
    STAFF,
)

DRAFT: Final = _table(
    "draft",
    _given("person_id", Uuid),
    _needed("class_id", Uuid),
    _needed("edits", JSONB),
    _given("updated_at", _MOMENT),
    PrimaryKeyConstraint("person_id", "class_id"),
)

SAVED_VIEW: Final = _table(
    "saved_view",
    _given("id", Uuid),
    _given("owner_id", Uuid),
    Column("organisation_id", Uuid),
    _needed("name", Text),
    _needed("parameters", JSONB),
    _given("is_default", Boolean),
    _given("created_at", _MOMENT),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("owner_id", "name"),
)

NOTE: Final = _table(
    "note",
    _needed("id", Uuid),
    _given("number", BigInteger),
    _needed("student_id", Uuid),
    _given("author_id", Uuid),
    _needed("note_id", Uuid),
    Column("revises", Uuid),
    _needed("act", Text),
    Column("kind", Text),
    Column("channel", Text),
    Column("happened_on", Date),
    Column("text", Text),
    _given("written_at", _MOMENT),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("revises"),
    UniqueConstraint("id", "note_id", "student_id", "author_id"),
)

DISMISSAL: Final = _table(
    "dismissal",
    _needed("rule", Text),
    _needed("student_id", Uuid),
    _needed("module_id", Uuid),
    _needed("values_digest", Text),
    _given("author_id", Uuid),
    Column("reason", Text),
    _given("at", _MOMENT),
    PrimaryKeyConstraint("rule", "student_id", "module_id"),
)

LOCK: Final = _table(
    "lock",
    _given("id", BigInteger),
    _needed("student_id", Uuid),
    _needed("module_id", Uuid),
    _needed("fields", ARRAY(Text)),
    _needed("locked_values", JSONB),
    _given("author_id", Uuid),
    _needed("reason", Text),
    _given("at", _MOMENT),
    Column("batch_id", Uuid),
    Column("unlocked_at", _MOMENT),
    Column("unlocked_by", Uuid),
    Column("unlock_reason", Text),
    PrimaryKeyConstraint("id"),
)

OURS: Final = (DRAFT, SAVED_VIEW, NOTE, DISMISSAL, LOCK)

SCHOOL: Final = {
    "organisation": _kept("public", "organisations", _given("id", Uuid), _needed("name", Text)),
    "module": _kept(
        "public",
        "modules",
        _given("id", Uuid),
        _needed("type", Text),
        _needed("name", Text),
        Column("sequence", Integer),
        Column("configuration", JSONB),
    ),
    "lesson": _kept(
        "public",
        "lessons",
        _given("id", Uuid),
        _needed("module_id", Uuid),
        _needed("title", Text),
        Column("sequence", Integer),
        _given("has_quiz", Boolean),
    ),
    "staff": _kept(
        "school",
        "staff",
        _needed("id", Uuid),
        Column("organisation_id", Uuid),
        _needed("full_name", Text),
        _needed("email", Text),
        _needed("role", Text),
        _given("is_active", Boolean),
    ),
    "student": _kept(
        "school",
        "student",
        _needed("id", Uuid),
        _needed("organisation_id", Uuid),
        _needed("full_name", Text),
        Column("email", Text),
        _given("is_active", Boolean),
        Column("number", Text),
        Column("left_on", Date),
        Column("merged_into", Uuid),
    ),
    "class": _kept(
        "school",
        "class",
        _given("id", Uuid),
        _needed("organisation_id", Uuid),
        _needed("name", Text),
        Column("school_year", Text),
        Column("archived_at", _MOMENT),
    ),
    "class_teacher": _kept(
        "school",
        "class_teacher",
        _needed("class_id", Uuid),
        _needed("staff_id", Uuid),
        key=("class_id", "staff_id"),
    ),
    "class_student": _kept(
        "school",
        "class_student",
        _needed("class_id", Uuid),
        _needed("student_id", Uuid),
        key=("class_id", "student_id"),
    ),
    "class_module": _kept(
        "school",
        "class_module",
        _needed("class_id", Uuid),
        _needed("module_id", Uuid),
        _needed("position", Integer),
        key=("class_id", "module_id"),
    ),
    "retired_module": _kept(
        "school",
        "retired_module",
        _needed("module_id", Uuid),
        _given("retired_at", _MOMENT),
        key=("module_id",),
    ),
    "source_id": _kept(
        "school",
        "source_id",
        _needed("organisation_id", Uuid),
        _needed("source", Text),
        _needed("kind", Text),
        _needed("source_id", Text),
        _needed("our_id", Uuid),
        key=("organisation_id", "source", "kind", "source_id"),
    ),
    "roster_lock": _kept(
        "school",
        "roster_lock",
        _needed("organisation_id", Uuid),
        _needed("kind", Text),
        _needed("locked_id", Uuid),
        _needed("field", Text),
        key=("locked_id", "field"),
    ),
}
"""The roster where it is ours, by the names that its history uses; what others refer to comes first."""

"""The tables and views that the product reads and writes, as SQLAlchemy has them: one truth of their columns.

`PROGRESS` is the contract with the school's platform and is never altered by us: whoever acts as a person reads
it as `dashboard.progress` and writes it as `dashboard.editable_progress`. `ROSTER` is what any school's names,
classes and modules are read through; `OURS` is what we add, where people write. A test holds them to the
catalogue. Statements that say more than which columns they write stay SQL.
"""

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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import UserDefinedType

METADATA: Final = MetaData()

ME: Final = select(func.internal.me()).scalar_subquery()
"""Whoever acts in the transaction."""


class _StatusType(UserDefinedType[str]):
    """With whatever words a platform's has: SQLAlchemy's own refuses to read those that it was not told of."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "public.progress_status"


MOMENT: Final = DateTime(timezone=True)
"""The type of moments: with a zone, always."""


def needed(name: str, kind: Any, **options: Any) -> Column[Any]:
    """A column that is never empty."""
    return Column(name, kind, nullable=False, **options)


def given(name: str, kind: Any) -> Column[Any]:
    """A column that the database fills in where nothing is said."""
    return Column(name, kind, nullable=False, server_default=FetchedValue())


def _table(name: str, *parts: Any) -> Table:
    # Nothing is asked back by itself: what a person may insert they need not be allowed to read.
    return Table(name, METADATA, *parts, schema="dashboard", implicit_returning=False)


def _view(name: str, /, **columns: Any) -> Table:
    """A view has no keys, and the catalogue calls each of its columns optional."""
    listed = [Column(column, kind) for column, kind in columns.items()]
    return Table(name, METADATA, *listed, schema="roster")


PROGRESS: Final = Table(
    "student_module_progress",
    METADATA,
    needed("student_id", Uuid),
    needed("module_id", Uuid),
    given("status", _StatusType),
    Column("score", Numeric),
    Column("progress_details", JSONB),
    given("last_updated", MOMENT),
    Column("completed_at", MOMENT),
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
        plain_name=Text,
        plain_email=Text,
    ),
    _view(
        "module",
        id=Uuid,
        name=Text,
        type=Text,
        sequence=Integer,
        pass_mark=Numeric,
        retired_at=MOMENT,
    ),
    _view("lesson", id=Uuid, module_id=Uuid, title=Text, sequence=Integer, has_quiz=Boolean),
    _view(
        "class",
        id=Uuid,
        organisation_id=Uuid,
        name=Text,
        school_year=Text,
        archived_at=MOMENT,
    ),
    _view("class_student", class_id=Uuid, student_id=Uuid),
    _view("class_module", class_id=Uuid, module_id=Uuid, position=Integer),
    _view("class_teacher", class_id=Uuid, staff_id=Uuid),
    STAFF,
)

DRAFT: Final = _table(
    "draft",
    given("person_id", Uuid),
    needed("class_id", Uuid),
    needed("edits", JSONB),
    given("updated_at", MOMENT),
    PrimaryKeyConstraint("person_id", "class_id"),
)

SAVED_VIEW: Final = _table(
    "saved_view",
    given("id", Uuid),
    given("owner_id", Uuid),
    Column("organisation_id", Uuid),
    needed("name", Text),
    needed("parameters", JSONB),
    given("is_default", Boolean),
    given("created_at", MOMENT),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("owner_id", "name"),
)

NOTE: Final = _table(
    "note",
    needed("id", Uuid),
    given("number", BigInteger),
    needed("student_id", Uuid),
    given("author_id", Uuid),
    needed("note_id", Uuid),
    Column("revises", Uuid),
    needed("act", Text),
    Column("kind", Text),
    Column("channel", Text),
    Column("happened_on", Date),
    Column("text", Text),
    given("written_at", MOMENT),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("revises"),
    UniqueConstraint("id", "note_id", "student_id", "author_id"),
)

FLAG_RESPONSE: Final = _table(
    "flag_response",
    needed("id", Uuid),
    given("number", BigInteger),
    needed("class_id", Uuid),
    needed("student_id", Uuid),
    needed("rule", Text),
    given("author_id", Uuid),
    needed("response", Text),
    Column("modules", Integer),
    Column("since", MOMENT),
    Column("note_id", Uuid),
    given("at", MOMENT),
    PrimaryKeyConstraint("id"),
)

CLASS_TARGET: Final = _table(
    "class_target",
    needed("id", Uuid),
    given("number", BigInteger),
    needed("class_id", Uuid),
    given("author_id", Uuid),
    Column("share", Integer),
    Column("by_day", Date),
    Column("completed", Integer),
    Column("cells", Integer),
    given("at", MOMENT),
    PrimaryKeyConstraint("id"),
)

DISMISSAL: Final = _table(
    "dismissal",
    needed("rule", Text),
    needed("student_id", Uuid),
    needed("module_id", Uuid),
    needed("values_digest", Text),
    given("author_id", Uuid),
    Column("reason", Text),
    given("at", MOMENT),
    PrimaryKeyConstraint("rule", "student_id", "module_id"),
)

LOCK: Final = _table(
    "lock",
    given("id", BigInteger),
    needed("student_id", Uuid),
    needed("module_id", Uuid),
    needed("fields", ARRAY(Text)),
    needed("locked_values", JSONB),
    given("author_id", Uuid),
    needed("reason", Text),
    given("at", MOMENT),
    Column("batch_id", Uuid),
    Column("unlocked_at", MOMENT),
    Column("unlocked_by", Uuid),
    Column("unlock_reason", Text),
    PrimaryKeyConstraint("id"),
)

OURS: Final = (DRAFT, SAVED_VIEW, NOTE, FLAG_RESPONSE, CLASS_TARGET, DISMISSAL, LOCK)

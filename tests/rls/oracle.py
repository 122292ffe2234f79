"""Who may do what, told in plain Python from facts about people alone: no SQL, nothing asked of the database.

A table or view of ours that has no row in RELATIONS fails tests/rls/test_matrix.py. To add one: say what it
means, which rows stand for it (what finds each, and whose it is), and who sees, adds, changes and removes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tests import people
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    DISABLED,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
)
from tests.rls.facts import (
    HOME,
    PUPILS,
    Identity,
    at_home,
    in_charge,
    in_class,
    is_known,
    is_staff,
    may_see,
    role,
    staffs,
)

# --- what is asked ---


@dataclass(frozen=True)
class Row:
    """One row that stands for its kind: what finds it, and whose it is."""

    where: str
    student: UUID | None = None
    class_: UUID | None = None
    organisation: UUID | None = None
    person: UUID | None = None  # who made it
    target: UUID | None = None  # the class that one is added for

    def is_own(self, who: Identity) -> bool:
        """Is it their own, or of somebody in their charge?"""
        if self.person is not None and self.student is None:
            return who.person == self.person
        return (
            (self.student is not None and may_see(who, self.student))
            or (self.class_ is not None and in_class(who, self.class_))
            or (self.organisation is not None and at_home(who, self.organisation))
        )


Rule = Callable[[Identity, Row], bool]
Statement = Callable[[Identity, Row], str]


def nobody(who: Identity, row: Row) -> bool:
    return False


@dataclass(frozen=True)
class Relation:
    """A table or view: what it means, the rows that stand for it, and who may do what with them.

    `asked` are the roles that may ask at all: others are refused, where these find nothing. `adding` and
    `changing` write a row as whoever tries would; None where nobody may.
    """

    means: str
    rows: tuple[Row, ...] = (Row("true"),)
    sees: Rule = nobody
    adds: Rule = nobody
    changes: Rule = nobody
    removes: Rule = nobody
    asked: tuple[str | None, ...] = ("authenticated",)
    adding: Statement | None = None
    changing: Statement | None = None
    removing: bool = False
    unsigned_change_fails: bool = (
        False  # the history notes who changed, before it sees that nothing was
    )


def _of_student(where: str = "student_id = '{}'") -> tuple[Row, ...]:
    return tuple(Row(where.format(one), student=one) for one in (ANN, BEN, CLEO, DAN))


def _of_class(where: str = "class_id = '{}'") -> tuple[Row, ...]:
    return tuple(Row(where.format(one), class_=one) for one in PUPILS)


def _sees_student(who: Identity, row: Row) -> bool:
    return row.student is not None and may_see(who, row.student)


def _staff_sees_student(who: Identity, row: Row) -> bool:
    return is_staff(who) and _sees_student(who, row)


def _in_charge(who: Identity, row: Row) -> bool:
    return row.student is not None and in_charge(who, row.student)


def _staffs(who: Identity, row: Row) -> bool:
    return row.class_ is not None and staffs(who, row.class_)


def _in_class(who: Identity, row: Row) -> bool:
    return row.class_ is not None and in_class(who, row.class_)


def _known(who: Identity, row: Row) -> bool:
    return is_known(who)


def _own(who: Identity, row: Row) -> bool:
    return is_staff(who) and who.person == row.person


def _own_or_shared(who: Identity, row: Row) -> bool:
    return _own(who, row) or (row.organisation is not None and at_home(who, row.organisation))


def _me(who: Identity) -> str:
    """Whom they would write down as the author: themselves, as far as they are anybody."""
    return str(who.person or who.claims_to_be or STRANGER)


def _adds_own_view(who: Identity, row: Row) -> bool:
    return is_staff(who) and (row.organisation is None or at_home(who, row.organisation))


def _opens_batch(who: Identity, row: Row) -> bool:
    return role(who) in ("coordinator", "admin") and who.person == row.person


def _sees_batch(who: Identity, row: Row) -> bool:
    made_it = role(who) in ("coordinator", "admin") and who.person == row.person
    return made_it or _sees_student(who, row)


def _sees_staff(who: Identity, row: Row) -> bool:
    return is_staff(who) and (row.organisation is None or at_home(who, row.organisation))


def batch_of(person: UUID) -> UUID:
    """The id of the batch that this member of the staff saved."""
    return UUID(int=person.int + 1000)


BATCHES: Final = {COORDINATOR: ANN, ADMIN: CLEO, SOUTH_COORDINATOR: DAN, DISABLED: BEN}
"""Who saved a batch, and about whom."""

DRAFTS: Final = {TEACHER: CLASS_1B} | dict.fromkeys(
    (OTHER_TEACHER, COORDINATOR, SOUTH_COORDINATOR, ADMIN, DISABLED, ANN), CLASS_1A
)
"""Who set edits aside, and of which class."""

VIEWS: Final = {
    **dict.fromkeys((TEACHER, ADMIN, ANN)),
    **dict.fromkeys((COORDINATOR, DISABLED), NORTH),
    SOUTH_COORDINATOR: SOUTH,
}
"""Who saved a view, and with whom it is shared."""

PROGRESS: Final = "public.student_module_progress"

UNREACHABLE: Final = {
    "auth.users": "the platform's accounts",
    "public.organisations": "the platform's institutions",
    "public.modules": "the platform's modules, with their configuration",
    "public.lessons": "the platform's lessons",
    "school.organisation": "all organisations",
    "school.student": "all students",
    "school.staff": "all staff, with e-mail",
    "school.class": "all classes",
    "school.class_student": "who is in which class",
    "school.class_module": "what each class learns",
    "school.class_teacher": "who teaches which class",
    "school.module": "all modules",
    "school.lesson": "all lessons",
    "internal.checked_row": "everybody's rows as the data check judges them",
    "internal.demo_marker": "that the demo may be opened without a password",
    "internal.claims_key": "the keys that signatures are checked with",
    "internal.app_login": "the logins that speak for the app",
}
"""What nobody reaches but the owner of the tables."""

RELATIONS: Final[Mapping[str, Relation]] = {
    **{name: Relation(means, asked=()) for name, means in UNREACHABLE.items()},
    PROGRESS: Relation(
        "progress, a row a student and module",
        _of_student(f"student_id = '{{}}' and module_id = '{COURSE}'"),
        sees=_sees_student,
        adds=_in_charge,
        changes=_in_charge,
        adding=lambda who, row: (
            f"insert into {PROGRESS} (student_id, module_id, status) "
            f"values ('{row.student}', '{people.UNUSED}', 'InProgress')"
        ),
        changing=lambda who, row: f"update {PROGRESS} set score = 1",
        unsigned_change_fails=True,
    ),
    "dashboard.fact": Relation("what pages draw of progress", _of_student(), sees=_sees_student),
    "dashboard.history": Relation(
        "that something changed, by whom and when", _of_student(), sees=_sees_student
    ),
    "dashboard.change": Relation(
        "the history with what stood before and after", _of_student(), sees=_sees_student
    ),
    "dashboard.batch": Relation(
        "what was saved together, and why",
        tuple(
            Row(f"id = '{batch_of(person)}'", student=student, person=person)
            for person, student in BATCHES.items()
        ),
        sees=_sees_batch,
        adds=_opens_batch,
        adding=lambda who, row: (
            "insert into dashboard.batch (id, author_id, source) "
            f"values (gen_random_uuid(), '{row.person}', 'form')"
        ),
    ),
    "dashboard.kept": Relation(
        "corrections that hold against the platform",
        _of_student(),
        sees=_staff_sees_student,
        adds=_in_charge,
        changes=_in_charge,
        adding=lambda who, row: (
            "insert into dashboard.kept (student_id, module_id, fields, author_id, reason) "
            f"values ('{row.student}', '{COURSE}', '{{score}}', '{_me(who)}', 'why')"
        ),
        changing=lambda who, row: f"update dashboard.kept set released_by = '{_me(who)}'",
    ),
    "dashboard.kept_attempt": Relation(
        "what the platform tried to write over them", _of_student(), sees=_staff_sees_student
    ),
    "dashboard.checked_row": Relation(
        "rows as the data check judges them", _of_student(), sees=_staff_sees_student
    ),
    "dashboard.left_as_is": Relation(
        "rows that are to be left as they are",
        _of_student(),
        sees=_staff_sees_student,
        adds=_in_charge,
        changes=_in_charge,
        removes=_in_charge,
        adding=lambda who, row: (
            "insert into dashboard.left_as_is (rule, student_id, module_id, judged, author_id) "
            f"values ('new', '{row.student}', '{COURSE}', repeat('0', 32), '{_me(who)}')"
        ),
        changing=lambda who, row: f"update dashboard.left_as_is set author_id = '{_me(who)}'",
        removing=True,
    ),
    "dashboard.draft": Relation(
        "edits that were typed and not saved yet (added for classes one works with)",
        tuple(
            Row(f"person_id = '{one}' and class_id = '{class_}'", None, class_, None, one, target)
            for one, class_ in DRAFTS.items()
            for target in PUPILS
            if target != class_
        ),
        sees=_own,
        adds=lambda who, row: _own(who, row) and row.target is not None and staffs(who, row.target),
        changes=_own,
        removes=_own,
        adding=lambda who, row: (
            "insert into dashboard.draft (person_id, class_id, edits) "
            f"values ('{row.person}', '{row.target}', '[]')"
        ),
        changing=lambda who, row: "update dashboard.draft set edits = '[]'",
        removing=True,
    ),
    "dashboard.saved_view": Relation(
        "named views of the class page (added in one's own name)",
        tuple(
            Row(f"owner_id = '{person}'", person=person, organisation=shared)
            for person, shared in VIEWS.items()
        ),
        sees=lambda who, row: is_staff(who) and _own_or_shared(who, row),
        adds=_adds_own_view,
        changes=_own,
        removes=_own,
        adding=lambda who, row: (
            "insert into dashboard.saved_view (organisation_id, name, parameters) values ("
            + (f"'{row.organisation}'" if row.organisation else "null")
            + ", 'new', '{}')"
        ),
        changing=lambda who, row: "update dashboard.saved_view set name = 'another'",
        removing=True,
    ),
    "dashboard.note": Relation(
        "what staff noted about a student",
        _of_student(),
        sees=_staff_sees_student,
        adds=_staff_sees_student,
        adding=lambda who, row: (
            "insert into dashboard.note (id, student_id, author_id, act, kind, text) values "
            f"(gen_random_uuid(), '{row.student}', '{_me(who)}', 'written', 'note', 'x')"
        ),
    ),
    "dashboard.class_cell": Relation("the cells of a class", _of_class(), sees=_staffs),
    "dashboard.class_count": Relation("how a class stands", _of_class(), sees=_staffs),
    "dashboard.class_completion": Relation(
        "when cells of a class were completed", _of_class()[:1], sees=_staffs
    ),
    "roster.student": Relation("names of students", _of_student("id = '{}'"), sees=_sees_student),
    "roster.class": Relation("classes", _of_class("id = '{}'"), sees=_in_class),
    "roster.class_student": Relation(
        "who is in which class", _of_student(), sees=_sees_student
    ),
    "roster.class_module": Relation("what a class learns", _of_class(), sees=_in_class),
    "roster.class_teacher": Relation("who teaches a class", _of_class()[:2], sees=_staffs),
    "roster.organisation": Relation(
        "organisations",
        tuple(Row(f"id = '{one}'", organisation=one) for one in (NORTH, SOUTH)),
        sees=lambda who, row: at_home(who, row.organisation),
    ),
    "roster.staff": Relation(
        "names of colleagues (administrators are everybody's)",
        tuple(
            Row(f"id = '{one}'", organisation=HOME.get(one))
            for one in (TEACHER, COORDINATOR, SOUTH_COORDINATOR, ADMIN)
        ),
        sees=_sees_staff,
    ),
    "roster.module": Relation("modules", sees=_known),
    "roster.lesson": Relation("lessons", sees=_known),
    "dashboard_migrations.alembic_version": Relation(
        "which release the tables are at",
        sees=lambda who, row: True,
        asked=(None, "anon", "authenticated"),
    ),
}  # fmt: skip


# --- columns ---

CORRECTED: Final = {"status", "score", "last_updated", "completed_at", "progress_percentage"}

HIDDEN: Final = {
    "dashboard.history": {"before", "after", "completions"},
    "dashboard.saved_view": {"created_at"},
}
"""Columns of reachable relations that nobody reads there."""

ADDED: Final = {
    PROGRESS: CORRECTED | {"student_id", "module_id"},
    "dashboard.batch": {"id", "author_id", "source", "reason", "undoes", "digest"},
    "dashboard.kept": {"student_id", "module_id", "fields", "author_id", "reason"},
    "dashboard.left_as_is": {"rule", "student_id", "module_id", "judged", "author_id", "reason"},
    "dashboard.note": {
        *("id", "student_id", "author_id", "revises", "act", "kind", "channel", "happened_on", "text"),
    },
    "dashboard.draft": {"person_id", "class_id", "edits"},
    "dashboard.saved_view": {"organisation_id", "name", "parameters", "is_default"},
}  # fmt: skip
"""Columns that whoever adds a row may give."""

CHANGED: Final = {
    PROGRESS: CORRECTED,
    "dashboard.kept": {"released_by", "release_reason"},
    "dashboard.left_as_is": {"judged", "author_id", "reason", "at"},
    "dashboard.draft": {"edits", "updated_at"},
    "dashboard.saved_view": {"organisation_id", "name", "parameters", "is_default"},
}
"""Columns that whoever changes a row may change."""

"""What a table or view means, the rows that stand for it, and the rules by which people see and write them.

Plain Python from facts about people (facts.py): no SQL is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tests.people import ANN, BEN, CLEO, DAN, STRANGER
from tests.rls.facts import (
    PUPILS,
    Identity,
    at_home,
    in_charge,
    in_class,
    is_known,
    is_manager,
    is_staff,
    may_see,
    staffs,
    works_with,
    writes,
)
from tests.rls.staff_students import STAFF_STUDENTS


@dataclass(frozen=True)
class Row:
    """One row that stands for its kind: what finds it, and whose it is."""

    where: str
    student: UUID | None = None
    class_: UUID | None = None
    organisation: UUID | None = None
    person: UUID | None = None  # who made it
    target: UUID | None = None  # the class or module that one is added for
    colleague: UUID | None = None  # whom it is about
    module: UUID | None = None  # which it is about

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
    `changing` write a row as whoever tries would; None where nobody may. What `is_in_use` nobody removes.
    """

    means: str
    rows: tuple[Row, ...] = (Row("true"),)
    sees: Rule = nobody
    adds: Rule = nobody
    changes: Rule = nobody
    removes: Rule = nobody
    asked: tuple[str | None, ...] = ("dashboard_person",)
    adding: Statement | None = None
    changing: Statement | None = None
    removing: bool = False
    is_in_use: Callable[[Row], bool] = lambda row: False
    unsigned_change_fails: bool = (
        False  # the history notes who changed, before it sees that nothing was
    )


STUDENTS = (ANN, BEN, CLEO, DAN, *STAFF_STUDENTS)


def of_student(where: str = "student_id = '{}'") -> tuple[Row, ...]:
    return tuple(Row(where.format(one), student=one) for one in STUDENTS)


def of_class(where: str = "class_id = '{}'") -> tuple[Row, ...]:
    return tuple(Row(where.format(one), class_=one) for one in PUPILS)


def sees_student(who: Identity, row: Row) -> bool:
    return row.student is not None and may_see(who, row.student)


def staff_sees_student(who: Identity, row: Row) -> bool:
    return row.student is not None and works_with(who, row.student)


def is_in_charge(who: Identity, row: Row) -> bool:
    return row.student is not None and in_charge(who, row.student)


def staffs_class(who: Identity, row: Row) -> bool:
    return row.class_ is not None and staffs(who, row.class_)


def plans_class(who: Identity, row: Row) -> bool:
    return writes(who) and staffs_class(who, row)


def is_in_class(who: Identity, row: Row) -> bool:
    return row.class_ is not None and in_class(who, row.class_)


def known(who: Identity, row: Row) -> bool:
    return is_known(who)


def own(who: Identity, row: Row) -> bool:
    return is_staff(who) and who.person == row.person


def writes_own(who: Identity, row: Row) -> bool:
    return writes(who) and who.person == row.person


def notes_student(who: Identity, row: Row) -> bool:
    return writes(who) and staff_sees_student(who, row)


def own_or_shared(who: Identity, row: Row) -> bool:
    return own(who, row) or (row.organisation is not None and at_home(who, row.organisation))


def me(who: Identity) -> str:
    """Whom they would write down as the author: themselves, as far as they are anybody."""
    return str(who.person or who.claims_to_be or STRANGER)


def adds_own_view(who: Identity, row: Row) -> bool:
    if row.organisation is None:
        return is_staff(who)
    return writes(who) and at_home(who, row.organisation)


def opens_batch(who: Identity, row: Row) -> bool:
    return is_manager(who) and who.person == row.person


def sees_batch(who: Identity, row: Row) -> bool:
    return opens_batch(who, row) or sees_student(who, row)


def sees_staff(who: Identity, row: Row) -> bool:
    return is_staff(who) and (row.organisation is None or at_home(who, row.organisation))

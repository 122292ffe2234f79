"""Who people are, and what follows from it: told in plain Python, nothing asked of the database."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    DAN,
    DISABLED,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
    VIEWER,
)
from tests.rls import staff_students
from tests.rls.spare_roster import NEW_STUDENT
from tests.rls.staff_students import IDA, KAI, LEA, LEARNS_IN


@dataclass(frozen=True)
class Identity:
    """Somebody at the door. `person` is None where nobody was signed for."""

    label: str
    role: str | None
    person: UUID | None = None
    claims_to_be: UUID | None = None  # without a signature


NONE: Final = Identity("the app before it acts", None)
GUEST: Final = Identity("not signed in", "dashboard_guest")
FORGER: Final = Identity("claims without signature", "dashboard_person", claims_to_be=ADMIN)

IDENTITIES: Final = (
    NONE,
    GUEST,
    FORGER,
    Identity("stranger, signed in", "dashboard_person", STRANGER),
    Identity("student Ann (1A)", "dashboard_person", ANN),
    Identity("student Ben (1A)", "dashboard_person", BEN),
    Identity("teacher of 1A", "dashboard_person", TEACHER),
    Identity("teacher of 1B", "dashboard_person", OTHER_TEACHER),
    Identity("coordinator, North", "dashboard_person", COORDINATOR),
    Identity("coordinator, South", "dashboard_person", SOUTH_COORDINATOR),
    Identity("coordinator of all", "dashboard_person", EVERYWHERE),
    Identity("viewer, North", "dashboard_person", VIEWER),
    Identity("viewer of all", "dashboard_person", INSPECTOR),
    Identity("coordinator, disabled", "dashboard_person", DISABLED),
    Identity("administrator", "dashboard_person", ADMIN),
    Identity("coordinator and student", "dashboard_person", KAI),
    Identity("teacher and student", "dashboard_person", LEA),
    Identity("administrator, student", "dashboard_person", IDA),
)

ROLE: Final = {
    ANN: "student",
    BEN: "student",
    TEACHER: "teacher",
    OTHER_TEACHER: "teacher",
    COORDINATOR: "coordinator",
    SOUTH_COORDINATOR: "coordinator",
    ADMIN: "admin",
    EVERYWHERE: "coordinator",
    VIEWER: "viewer",
    INSPECTOR: "viewer",
    **{one: role for one, (role, _) in staff_students.STAFF.items()},
}
"""What the school says they are; strangers and the disabled are nothing."""

HOME: Final = {
    **dict.fromkeys((ANN, BEN, CLEO, TEACHER, OTHER_TEACHER, COORDINATOR, DISABLED, VIEWER), NORTH),
    **dict.fromkeys((DAN, SOUTH_COORDINATOR), SOUTH),
    CLASS_1A: NORTH,
    CLASS_1B: NORTH,
    CLASS_SOUTH: SOUTH,
    **{one: home for one, (_, home) in staff_students.STAFF.items() if home},
}
"""Where somebody works, or studies; of both, where they work. Who is not here is everywhere."""

STUDIES_AT: Final = {
    **{one: HOME[one] for one in (ANN, BEN, CLEO, DAN)},
    **staff_students.STUDIES_AT,
    **{one: home for home, one in NEW_STUDENT.items()},
}
PUPILS: Final = {CLASS_1A: {ANN, BEN}, CLASS_1B: {CLEO}, CLASS_SOUTH: {DAN}}
"""Of the cast; beside them learn staff (LEARNS_IN)."""

TEACHES: Final = {TEACHER: CLASS_1A, OTHER_TEACHER: CLASS_1B, LEA: CLASS_SOUTH}


def role(who: Identity) -> str:
    return ROLE.get(who.person, "") if who.person else ""


def is_staff(who: Identity) -> bool:
    return role(who) in ("viewer", "teacher", "coordinator", "admin")


def is_manager(who: Identity) -> bool:
    """Do they correct progress, and keep the roster, wherever they are at home?"""
    return role(who) in ("coordinator", "admin")


def writes(who: Identity) -> bool:
    """Do they leave anything that others see?"""
    return is_staff(who) and role(who) != "viewer"


def is_everywhere(who: Identity) -> bool:
    return role(who) == "admin" or (is_staff(who) and who.person not in HOME)


def is_known(who: Identity) -> bool:
    return role(who) != ""


def at_home(who: Identity, organisation: UUID | None) -> bool:
    """Does this organisation's business concern them?"""
    return is_everywhere(who) or (is_staff(who) and HOME.get(who.person) == organisation)  # type: ignore[arg-type]


def manages(who: Identity, organisation: UUID | None) -> bool:
    """Do they keep the roster there? Of None (colleagues of no organisation) whoever is everywhere."""
    return is_manager(who) and (
        is_everywhere(who) if organisation is None else at_home(who, organisation)
    )


def pupils(class_: UUID) -> set[UUID]:
    """Everybody who learns in it."""
    return PUPILS[class_] | LEARNS_IN.get(class_, set())


def in_charge(who: Identity, student: UUID) -> bool:
    """May they correct this student's progress? Nobody corrects their own."""
    return is_manager(who) and at_home(who, STUDIES_AT[student]) and who.person != student


def works_with(who: Identity, student: UUID) -> bool:
    """Is this a student of theirs, as staff? Never they themselves."""
    if role(who) == "teacher" and who.person:
        return student in pupils(TEACHES[who.person]) - {who.person}
    if role(who) == "viewer":
        return at_home(who, STUDIES_AT[student]) and who.person != student
    return in_charge(who, student)


def may_see(who: Identity, student: UUID) -> bool:
    return works_with(who, student) or (is_known(who) and who.person == student)


def staffs(who: Identity, class_: UUID) -> bool:
    """Do they work with this class?"""
    if role(who) == "teacher" and who.person:
        return TEACHES[who.person] == class_
    return at_home(who, HOME[class_])


def in_class(who: Identity, class_: UUID) -> bool:
    return staffs(who, class_) or (is_known(who) and who.person in pupils(class_))

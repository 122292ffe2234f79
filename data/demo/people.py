"""The people of the demo data: staff by hand, students by the seed."""

import re
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from data.demo.ids import (
    ADMIN,
    COORDINATOR_ONE,
    COORDINATOR_TWO,
    INSTITUTE,
    SCHOOL,
    TEACHER_ONE,
    TEACHER_TWO,
    identity,
)
from data.demo.names import LANGUAGES, LONGEST, NAMESAKES, ONE_WORD


class Staff(NamedTuple):
    """A row of school.staff."""

    id: UUID
    organisation: UUID | None
    name: str
    email: str
    role: str


class DemoStudent(NamedTuple):
    """A row of school.student. `id` is text: it is written thousands of times."""

    id: str
    organisation: UUID
    name: str
    email: str
    is_active: bool


ORGANISATIONS: Final = {
    SCHOOL: "Linden Grove School",
    INSTITUTE: "Harbour Institute of Applied Studies",
}

DOMAINS: Final = {SCHOOL: "lindengrove.example.org", INSTITUTE: "harbour.example.org"}

STAFF: Final = (
    Staff(TEACHER_ONE, SCHOOL, "Margaret Osei", "m.osei@lindengrove.example.org", "teacher"),
    Staff(TEACHER_TWO, INSTITUTE, "Tomás Bērziņš", "t.berzins@harbour.example.org", "teacher"),
    Staff(
        COORDINATOR_ONE,
        SCHOOL,
        "Priya Hollingsworth",
        "p.hollingsworth@lindengrove.example.org",
        "coordinator",
    ),
    Staff(
        COORDINATOR_TWO,
        INSTITUTE,
        "Yusuf Lindqvist",
        "y.lindqvist@harbour.example.org",
        "coordinator",
    ),
    Staff(ADMIN, None, "Ines Achterberg", "admin@example.org", "admin"),
)

# The first places of the first class: what names can be like, where everybody looks first.
FIRST_NAMES: Final = (
    NAMESAKES,
    ONE_WORD,
    LONGEST,
    NAMESAKES,
    "欧阳子涵",
    "فاطمة الخطيب",
    "Олена Шевченко",
)


def students(
    count: int, organisation: UUID, label: str, rng: Random, active: float = 1
) -> list[DemoStudent]:
    """`count` students of one organisation; `label` makes their ids, `active` is the share still active."""
    names = _names(rng)
    found = []
    for number in range(1, count + 1):
        name = next(names)
        if label == "Mathematics 9A" and number <= len(FIRST_NAMES):
            name = FIRST_NAMES[number - 1]
        student = identity(f"student: {label} {number}")
        # A piece of the id makes it unique, as the numbers that schools append do.
        email = f"{_mailbox(name)}.{student.hex[:6]}@{DOMAINS[organisation]}"
        found.append(DemoStudent(str(student), organisation, name, email, rng.random() < active))
    return found


def _names(rng: Random) -> Iterator[str]:
    """Names without a repetition."""
    weights = [language.weight for language in LANGUAGES]
    used = {NAMESAKES, ONE_WORD, LONGEST, *FIRST_NAMES}
    while True:
        language = rng.choices(LANGUAGES, weights)[0]
        name = language.pattern.format(
            given=rng.choice(language.given), family=rng.choice(language.family)
        )
        name = name.replace("~", " ")
        if name not in used:
            used.add(name)
            yield name


def _mailbox(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ".".join(re.findall("[a-z]+", plain)[:2]) or "student"

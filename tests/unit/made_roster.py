"""A small school as it is, for files to be compared with, and what a comparison comes to in words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from data.roster.files.comparing.compare import UNASKED, RosterAnswers, compare
from data.roster.files.comparing.verdicts import Comparison
from data.roster.files.present import Known, KnownClass, Present
from data.roster.files.reading.file import ReadAs, read_pasted

NOW: Final = datetime(2026, 9, 1, 8, tzinfo=UTC)


def made(number: int) -> UUID:
    return UUID(int=number)


NORTH, CORA = made(1), made(2)
C10, D10, OLD = made(11), made(12), made(13)
ANN, BEN, CLEO, EVE, LEFT, TWICE = (made(at) for at in range(31, 37))
TESS, HEAD, INES = made(41), made(42), made(43)


def student(id_: UUID, name: str, **values: Any) -> Known:
    return Known(id_, "student", name, **values)


PEOPLE: Final = (
    student(ANN, "Ann Ågren", email="ann@example.org", number="1001"),
    student(BEN, "Ben O'Neill", email="ben@example.org", number="1002"),
    student(CLEO, "Cleo Zhang", number="1003"),
    student(EVE, "Eve Moss"),
    student(LEFT, "Lee Gone", number="1009", is_active=False, left_on=date(2025, 7, 1)),
    student(TWICE, "Anne Ågren", number="1010", is_active=False, merged_into=ANN),
    Known(TESS, "staff", "Tess Teacher", "tess@example.org", role="teacher"),
    Known(HEAD, "staff", "Hedy Head", "hedy@example.org", role="coordinator"),
    Known(INES, "staff", "Ines All", "ines@example.org", role="viewer", everywhere=True),
)
CLASSES: Final = (
    KnownClass(C10, "10C"),
    KnownClass(D10, "10D"),
    KnownClass(OLD, "9C", "2024/25", is_archived=True),
)
SCHOOL: Final = Present(
    NORTH,
    CORA,
    NOW,
    {one.id: one for one in PEOPLE},
    {one.id: one for one in CLASSES},
    frozenset({(C10, ANN), (C10, BEN), (D10, CLEO), (C10, EVE), (OLD, ANN)}),
    frozenset({(C10, TESS)}),
)


def listed(
    text: str, school: Present = SCHOOL, answers: RosterAnswers = UNASKED, **how: Any
) -> Comparison:
    """What a pasted list comes to."""
    return compare(read_pasted(text, school, ReadAs(**how)), school, answers)


def said(comparison: Comparison) -> list[str]:
    """Every verdict: '2 Ann Ågren: changed. E-mail: none → ann@example.org.'"""
    return [
        " ".join(
            [
                str(one.place.line if one.place else "–"),
                f"{one.who}: {one.verdict}.",
                *one.sentences,
            ]
        )
        for one in comparison.verdicts
    ]


def with_people(count: int, class_id: UUID = C10) -> Present:
    """A school of so many students more, all in one class."""
    more = {
        made(100 + at): student(made(100 + at), f"Student {at}", number=f"S{at}")
        for at in range(count)
    }
    return replace(
        SCHOOL,
        people={**SCHOOL.people, **more},
        members=SCHOOL.members | {(class_id, one) for one in more},
    )

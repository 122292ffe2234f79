"""What is the same in every load of the demo data: the ids, which tests and links may name, and chance."""

from random import Random
from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6f1a2c5e-7d40-4b8e-9a53-0c2e8d1f4b70")


def identity(name: str) -> UUID:
    """The id of what the demo data calls by this name."""
    return uuid5(NAMESPACE, name)


def seeded(what: str) -> Random:
    """Chance that is the same in every load; another stream for everything, so that they do not mix."""
    return Random(f"progress-dashboard demo 1: {what}")  # noqa: S311  # names and scores are no secret


SCHOOL: Final = identity("organisation: school")
INSTITUTE: Final = identity("organisation: institute")

TEACHER_ONE: Final = identity("staff: teacher one")
TEACHER_TWO: Final = identity("staff: teacher two")
COORDINATOR_ONE: Final = identity("staff: coordinator one")
COORDINATOR_TWO: Final = identity("staff: coordinator two")
ADMIN: Final = identity("staff: admin")

CLASS_ONE: Final = identity("class: Mathematics 9A")
CLASS_TWO: Final = identity("class: Science 9B")
CLASS_THREE: Final = identity("class: History 10C")
CLASS_FOUR: Final = identity("class: Web development, evening group")
CLASS_FIVE: Final = identity("class: Business English B2")
CLASS_SIX: Final = identity("class: Bookkeeping 2")
COHORT: Final = identity("class: Foundation year")

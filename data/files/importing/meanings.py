"""What a column may mean."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from data.rules.progress import Field


class Meaning(StrEnum):
    """What a column may hold; its value is the heading that the template gives it."""

    STUDENT_ID = "Student id"
    EMAIL = "E-mail"
    USERNAME = "User name"
    STUDENT = "Student"
    FIRST_NAME = "First name"
    LAST_NAME = "Last name"
    MODULE_ID = "Module id"
    MODULE = "Module"
    STATUS = "Status"
    PERCENTAGE = "Percentage"
    SCORE = "Score"
    POSSIBLE = "Points possible"
    """Of how many points the score beside it is."""
    COMPLETED = "Completed on"


FIELDS: Final[Mapping[Meaning, Field]] = {
    Meaning.STATUS: Field.STATUS,
    Meaning.PERCENTAGE: Field.PERCENTAGE,
    Meaning.SCORE: Field.SCORE,
    Meaning.COMPLETED: Field.COMPLETED_AT,
}
"""What is stored of a student and module, by the meaning of its column."""

VALUES: Final = tuple(FIELDS)
WHO: Final = (Meaning.STUDENT_ID, Meaning.EMAIL, Meaning.USERNAME, Meaning.STUDENT)
STUDENT_NAMED_BY: Final = (*WHO, Meaning.FIRST_NAME, Meaning.LAST_NAME)
WHICH: Final = (Meaning.MODULE_ID, Meaning.MODULE)

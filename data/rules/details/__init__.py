"""`progress_details`, read tolerantly: a malformed part never hides the rest, no key is dropped.

`parse()` takes whatever JSON a row holds. A new module type is one file in `types/`; without one its details
are `OtherDetails`.
"""

from dataclasses import dataclass
from uuid import UUID

from data.rules.details.module_type import ModuleType
from data.rules.details.stored import Details, Path, Unreadable, read
from data.rules.details.types import MODULE_TYPES
from data.rules.details.types.assessment import AssessmentDetails
from data.rules.details.types.course import (
    CourseDetails,
    Mark,
    Quiz,
    QuizAttempt,
    QuizResult,
    Scale,
)
from data.rules.details.types.project import ProjectDetails
from data.rules.details.values import FINISHED, Finished

__all__ = [
    "FINISHED",
    "MODULE_TYPES",
    "AssessmentDetails",
    "CourseDetails",
    "Details",
    "Finished",
    "Lesson",
    "Mark",
    "ModuleType",
    "OtherDetails",
    "Path",
    "ProjectDetails",
    "Quiz",
    "QuizAttempt",
    "QuizResult",
    "Scale",
    "Unreadable",
    "is_scored",
    "known_type",
    "model_of",
    "parse",
    "type_key",
    "type_label",
]


@dataclass(frozen=True)
class Lesson:
    """A lesson as the catalogue knows it; `sequence` is its place in the module, from 1."""

    id: UUID
    title: str
    sequence: int | None
    has_quiz: bool

    @property
    def named(self) -> str:
        """'lesson 4, Loops'"""
        number = "" if self.sequence is None else f" {self.sequence},"
        return f"lesson{number} {self.title}"


class OtherDetails(Details):
    """Details of a type without a vocabulary: every key is in `unknown`."""


def type_key(module_type: str) -> str:
    """A module type as we compare it: platforms write 'Course', 'COURSE ' and 'course'."""
    return module_type.strip().casefold()


def known_type(module_type: str) -> ModuleType | None:
    """What we know of this type; None for a type without a file in `types/`."""
    return MODULE_TYPES.get(type_key(module_type))


def is_scored(module_type: str) -> bool:
    """Does the score tell how it went, so that the percentage may be a grade? It does in an assessment."""
    known = known_type(module_type)
    return known is not None and known.scored


def type_label(module_type: str) -> str:
    """The word people read: 'Course', 'Expert session'."""
    known = known_type(module_type)
    return known.label if known else module_type.strip().capitalize()


def model_of(module_type: str) -> type[Details]:
    """What reads the details of this type."""
    known = known_type(module_type)
    return known.model if known else OtherDetails


def parse(module_type: str, details: object) -> Details:
    """Read `details` (any JSON value, or None) of a module of this type. Never raises."""
    return read(model_of(module_type), details)

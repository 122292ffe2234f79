"""`progress_details`, read tolerantly: a malformed part never hides the rest, no key is dropped.

`parse()` takes whatever JSON a row holds. A new module type is a model in a file here and a row in
MODELS; without one its details are `OtherDetails`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from data.rules.details.types.assessment import AssessmentDetails
from data.rules.details.types.course import Attempt, CourseDetails, Mark, Quiz, QuizResult, Scale
from data.rules.details.types.project import ProjectDetails
from data.rules.details.stored import Details, Path, Unreadable, read
from data.rules.details.values import FINISHED, Finished

__all__ = [
    "FINISHED",
    "MODELS",
    "AssessmentDetails",
    "Attempt",
    "CourseDetails",
    "Details",
    "Finished",
    "Lesson",
    "Mark",
    "OtherDetails",
    "Path",
    "ProjectDetails",
    "Quiz",
    "QuizResult",
    "Scale",
    "Unreadable",
    "parse",
    "type_key",
]


@dataclass(frozen=True)
class Lesson:
    """A lesson as the catalogue knows it; `sequence` is its place in the module, from 1."""

    id: UUID
    title: str
    sequence: int | None
    has_quiz: bool


class OtherDetails(Details):
    """Details of a type without a vocabulary: every key is in `unknown`."""


MODELS: Final[Mapping[str, type[Details]]] = {
    "course": CourseDetails,
    "assessment": AssessmentDetails,
    "project": ProjectDetails,
}


def type_key(module_type: str) -> str:
    """A module type as MODELS spells it: platforms write 'Course', 'COURSE' and 'course'."""
    return module_type.strip().casefold()


def parse(module_type: str, details: object) -> Details:
    """Read `details` (any JSON value, or None) of a module of this type. Never raises."""
    return read(MODELS.get(type_key(module_type), OtherDetails), details)

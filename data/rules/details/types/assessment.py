"""An assessment: answers, and what they came to."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from data.rules.details.module_type import ModuleType
from data.rules.details.stored import Details
from data.rules.details.values import Count, Moment, Score, Seconds, Text

Answer = str | int | float | bool | list[object] | None
"""A string or an array on the platform we know; a bare number or yes/no is an answer too."""


class AssessmentDetails(Details):
    """The details of an assessment. Older rows hold a score without its scale, newer ones a percentage."""

    correct: Count | None = Field(None, alias="correct_answers")
    total: Count | None = Field(None, alias="total_questions")
    score_percentage: Score | None = None
    older_score: Score | None = Field(None, alias="score")
    tier: Text | None = Field(None, alias="tier_achieved")
    time_spent_seconds: Seconds | None = None
    started_at: Moment | None = None
    submitted_at: Moment | None = None
    answers: Annotated[
        dict[str, Answer], BeforeValidator(lambda value: {} if value is None else value)
    ] = Field({})

    @property
    def answers_given(self) -> int:
        """How many questions have an answer; null, an empty text and an empty list are none."""
        return sum(answer not in (None, "", []) for answer in self.answers.values())


TYPE = ModuleType("assessment", "Assessment", AssessmentDetails, scored=True)

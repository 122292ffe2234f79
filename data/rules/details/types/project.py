"""A project: handed in or not, and what it came to."""

from __future__ import annotations

from pydantic import Field

from data.rules.details.stored import Details
from data.rules.details.values import Moment, Score, Text


class ProjectDetails(Details):
    """The details of a project."""

    title: Text | None = Field(None, alias="project_title")
    submitted: bool | None = Field(None, alias="project_submitted")
    score: Score | None = None
    passed: bool | None = None
    submission_id: Text | None = None
    completion_date: Moment | None = None

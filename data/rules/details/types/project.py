"""A project: handed in or not, and what it came to."""

from pydantic import Field

from data.rules.details.module_type import ModuleType
from data.rules.details.stored import Details
from data.rules.details.values import Moment, Score, Text


class ProjectDetails(Details):
    """The details of a project."""

    title: Text | None = Field(None, alias="project_title", title="Title")
    submitted: bool | None = Field(None, alias="project_submitted", title="Handed in")
    passed: bool | None = Field(None, title="Passed")
    score: Score | None = Field(None, title="Score")
    completion_date: Moment | None = Field(None, title="Completed")
    submission_id: Text | None = Field(None, title="Submission")


TYPE = ModuleType("project", "Project", ProjectDetails, personal=("project_title", "submission_id"))

"""What changed for one student, by whom and why, newest first."""

from __future__ import annotations

from dashboard import reads
from dashboard.components import history, links
from dashboard.components.moments import zone
from data.queries import StudentPage


def draw(page: StudentPage) -> None:
    """The changes, and the way to all of them."""
    history.draw(reads.changes(page.student.id), zone(), key="student_changes")
    links.to("history", "Whole history", student=str(page.student.id))

"""How a lesson is called."""

from __future__ import annotations

from data.rules.details import Lesson


def named(lesson: Lesson) -> str:
    """'lesson 4, Loops'."""
    number = "" if lesson.sequence is None else f" {lesson.sequence},"
    return f"lesson{number} {lesson.title}"

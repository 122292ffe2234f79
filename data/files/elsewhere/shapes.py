"""The shapes that other systems import."""

from enum import StrEnum

from data.files.elsewhere.gradebooks import as_canvas, as_moodle
from data.files.elsewhere.oneroster import as_oneroster
from data.files.elsewhere.scores import Made, Scores
from data.reading.classes.elsewhere import KnownElsewhere


class Shape(StrEnum):
    """Whose import takes the file; the value is what the command line takes."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    ONEROSTER = "oneroster"

    @property
    def label(self) -> str:
        """The name people know it by."""
        return {"canvas": "Canvas", "moodle": "Moodle", "oneroster": "OneRoster"}[self]


def as_shape(shape: Shape, scores: Scores, known: KnownElsewhere) -> Made:
    """These scores in that shape."""
    if shape is Shape.CANVAS:
        return as_canvas(scores)
    return as_moodle(scores) if shape is Shape.MOODLE else as_oneroster(scores, known)

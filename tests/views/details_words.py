"""A course's lessons, and the words of a piece of HTML."""

import html
import re
from uuid import UUID
from zoneinfo import ZoneInfo

from data.rules.details import Lesson
from tests.unit.stored_details import A, B

C = "7b1f6c7e-0c5f-4d53-9a52-0d3c5e6a1f03"
LESSONS = [
    Lesson(UUID(C), "Ratios", 3, False),
    Lesson(UUID(A), "Fractions", 1, True),
    Lesson(UUID(B), "Decimals", 2, True),
]
VIENNA = ZoneInfo("Europe/Vienna")


def read(markup: str) -> str:
    """The words of a piece of HTML, one space between them."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())

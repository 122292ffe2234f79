"""The orders of a module's students: both ways, equals by name, whoever has no figure last."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from data.reading.classes.matrix import MatrixStudent
from data.reading.modules.needs import InModule
from data.reading.modules.sorting import BY_KEY, ORDERS, Sorting, in_order, next_click, read_sorting
from data.rules.cell import MatrixCell
from data.rules.progress import Status


def one(
    name: str, status: Status, percentage: int | None, score: str | None, day: int | None
) -> InModule:
    done, begun = status is Status.COMPLETED, status is Status.IN_PROGRESS
    last = datetime(2026, 11, day, tzinfo=UTC) if day else None
    row = MatrixStudent(uuid4(), name, "", done, begun, not (done or begun), last)
    return InModule(row, MatrixCell(status, percentage, Decimal(score) if score else None, ""))


STUDENTS = [
    one("Ábel", Status.IN_PROGRESS, 40, None, 9),
    one("Zoë", Status.COMPLETED, 100, "55.5", 3),
    one("adam", Status.NOT_STARTED, None, None, None),
    one("Bea", Status.COMPLETED, 100, "80", 12),
]

WANTED = [
    ("name", "Ábel adam Bea Zoë"),
    ("-name", "Zoë Bea adam Ábel"),
    ("status", "adam Ábel Bea Zoë"),
    ("-status", "Bea Zoë Ábel adam"),
    ("progress", "Ábel Bea Zoë adam"),
    ("-progress", "Bea Zoë Ábel adam"),
    ("score", "Zoë Bea Ábel adam"),
    ("-score", "Bea Zoë Ábel adam"),
    ("activity", "Zoë Ábel Bea adam"),
    ("-activity", "Bea Ábel Zoë adam"),
]


@pytest.mark.parametrize(("written", "names"), WANTED)
def test_students_stand_in_the_order_that_the_url_asks_for(written: str, names: str) -> None:
    sorting = read_sorting(written)
    assert sorting is not None
    assert [student.row.name for student in in_order(STUDENTS, sorting)] == names.split()


@pytest.mark.parametrize("written", ["", "-", "--score", "email", "-email"])
def test_nonsense_is_no_order(written: str) -> None:
    assert read_sorting(written) is None


def test_a_second_click_turns_an_order_round() -> None:
    for order in ORDERS:
        first = read_sorting(next_click(order, None))
        assert first is not None
        second = read_sorting(next_click(order, first))
        assert second == Sorting(order, not first.is_downwards)
        assert read_sorting(next_click(order, second)) == first
        other = Sorting(BY_KEY["score" if order.key != "score" else "name"], True)
        assert read_sorting(next_click(order, other)) == first


def test_an_order_says_itself() -> None:
    assert Sorting(BY_KEY["score"], True).words == "by score, highest first"
    assert Sorting(BY_KEY["name"], False).words == "by name, A to Z"

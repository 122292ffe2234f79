"""What may be written down of people, classes and modules."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from data.rules.roster import check, read_mark, tidy


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "Ann Ågren"),
        ("full_name", "Ó"),
        ("email", "ann.agren+1@school.example.org"),
        ("email", None),
        ("number", "A-17/2"),
        ("number", None),
        ("school_year", "2026/27"),
        ("role", "viewer"),
        ("pass_mark", Decimal(0)),
        ("pass_mark", Decimal("66.5")),
        ("pass_mark", None),
        ("left_on", date(2026, 7, 31)),
    ],
)
def test_what_people_write_is_taken(field: str, value: Any) -> None:
    assert check({field: value}) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", "   "),
        ("full_name", "x" * 201),
        ("full_name", "Ann\u202eegren"),
        ("full_name", "Ann\x00"),
        ("name", ""),
        ("title", "\n"),
        ("email", "ann"),
        ("email", "ann@school"),
        ("email", "ann@school.example, ben@school.example"),
        ("email", "Ann <ann@school.example>"),
        ("email", "ann\u200b@school.example"),
        ("email", f"{'x' * 250}@school.example"),
        ("number", "1" * 101),
        ("school_year", "2" * 21),
        ("role", "owner"),
        ("role", None),
        ("pass_mark", Decimal(-1)),
        ("pass_mark", Decimal(101)),
        ("left_on", date(1026, 7, 31)),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, value: Any) -> None:
    (fault,) = check({field: value})
    assert fault.field == field
    assert fault.message.endswith(".")


def test_who_has_left_is_not_here() -> None:
    (fault,) = check({"left_on": date(2026, 7, 31), "is_active": True})
    assert fault.field == "left_on"
    assert check({"left_on": date(2026, 7, 31), "is_active": False}) == []


def test_white_space_around_and_between_words_is_tidied() -> None:
    assert tidy("  Ann \t  Ågren\u00a0") == "Ann Ågren"
    assert tidy(None) == ""


@pytest.mark.parametrize(
    ("written", "mark"),
    [("70", "70"), (" 66,5 % ", "66.5"), ("", None), ("much", "-1"), ("nan", "-1"), ("inf", "-1")],
)
def test_a_pass_mark_is_read_as_it_is_typed(written: str, mark: str | None) -> None:
    assert read_mark(written) == (None if mark is None else Decimal(mark))

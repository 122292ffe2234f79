"""Which classes moved least in the last 7 days."""

from uuid import uuid4

from dashboard.views.overview.institution import all_is_well
from data.reading.classes.overview import ClassSummary, moved_least


def of(name: str, gained: int, *, students: int = 10, completed: int = 40) -> ClassSummary:
    """A class of ten modules; `gained` is what the week added."""
    trend = (0,) * 7 + (completed - gained, completed)
    return ClassSummary(uuid4(), name, "", students, 10, completed, 0, 0, 0, {}, trend)


def names(*classes: ClassSummary, most: int = 5) -> list[str] | None:
    least = moved_least(classes, most)
    return None if least is None else [one.name for one in least]


def test_the_least_per_student_come_first_and_at_most_half_of_the_classes() -> None:
    # The larger class completed more, and less a student.
    classes = (
        of("small", 4, students=5),
        of("large", 6, students=20),
        of("quick", 30),
        of("none", 0),
    )
    assert names(*classes) == ["none", "large"]


def test_no_more_are_named_than_asked_for_and_what_was_taken_back_is_least() -> None:
    classes = [of(str(gained), gained) for gained in (9, 3, 1, 5, 7, -2)]
    assert names(*classes) == ["-2", "1", "3"]
    assert names(*classes, most=2) == ["-2", "1"]


def test_who_could_not_move_is_not_named() -> None:
    moving = [of(str(gained), gained) for gained in (1, 2, 3, 4)]
    unbegun, finished, empty = (
        of("unbegun", 0, completed=0),
        of("finished", 0, completed=100),
        of("empty", 0, students=0, completed=0),
    )
    assert names(unbegun, finished, empty, *moving) == ["1", "2"]


def test_where_all_moved_alike_none_is_named_and_where_none_did_that_is_told() -> None:
    assert names(of("a", 3), of("b", 3)) == []
    assert names(of("a", 0), of("b", -1)) is None
    assert names(of("alone", 0)) == []
    assert names() == []


def test_no_more_is_said_to_be_well_than_is_known() -> None:
    moved, still, new = of("A", 8), of("B", 0), of("C", 0, completed=0)
    checked = "No row is in doubt."
    for classes, is_known, expected in (
        ([moved, new], True, f"Every class moved in 7 days. {checked}"),
        ([moved, still], True, checked),
        ([moved], False, checked),
        ([new], True, f"No class has begun yet. {checked}"),
    ):
        assert all_is_well(classes, is_known=is_known, is_checked=True) == expected
    assert "doubt" not in all_is_well([moved], is_known=True, is_checked=False)

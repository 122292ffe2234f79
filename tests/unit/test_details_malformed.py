"""Details that are not as they should be: nothing raises, nothing of them is lost."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rules.details import CourseDetails, Details, Unreadable, parse
from tests.unit.stored_details import JSON, MALFORMED, NAMES, TYPES, A, B, course


@pytest.mark.parametrize(
    ("key", "value", "inside", "raw"),
    MALFORMED,
    # Some values cannot be spelled in a test's name.
    ids=[f"{key}-{at}" for at, (key, *_) in enumerate(MALFORMED)],
)
def test_one_malformed_part_is_set_aside_and_the_rest_is_read(
    key: str, value: object, inside: tuple[str | int, ...], raw: object
) -> None:
    read = course(**{"fully_watched_video_ids": [A], "odd": 1, key: value})
    assert read.unreadable == (Unreadable((key, *inside), raw),)
    assert read.fully_watched_video_ids == {UUID(A)}
    assert read.unknown == {"odd": 1}
    if key == "completed_lesson_ids" and inside:
        assert read.completed_lesson_ids == {UUID(A)}


def test_many_malformed_parts_are_each_reported_by_their_stored_place() -> None:
    read = course(completed_lesson_ids=["x", A, "y", B, "z"])
    assert [each.path[-1] for each in read.unreadable] == [0, 2, 4]
    assert read.completed_lesson_ids == {UUID(A), UUID(B)}


def test_keys_of_another_type_are_unknown_keys() -> None:
    read = course(score_percentage=55, project_title="x", completed_lesson_ids=[A])
    assert read.unknown == {"score_percentage": 55, "project_title": "x"}


def test_unknown_keys_inside_a_quiz_are_kept_with_their_path() -> None:
    read = course(
        lesson_quiz_results={A: {"hint": 1}}, lesson_quiz_attempts={A: [{}, {"device": "x"}]}
    )
    assert read.other_facts == {
        ("lesson_quiz_results", A, "hint"): 1,
        ("lesson_quiz_attempts", A, 1, "device"): "x",
    }


@pytest.mark.parametrize(
    "key", ["unreadable", "_unreadable", "unknown", "quizzes", "model_config", "__class__", "", "A"]
)
def test_a_key_that_is_called_like_our_own_is_only_an_unknown_key(key: str) -> None:
    read = course(**{key: [1], "completed_lesson_ids": ["x"]})
    assert read.unknown == {key: [1]}
    assert read.unreadable == (Unreadable(("completed_lesson_ids", 0), "x"),)


def test_a_lesson_id_written_in_another_form_twice_is_found_once() -> None:
    assert course(completed_lesson_ids=[A, A.upper()]).completed_lesson_ids == {UUID(A)}


def test_details_nested_deeper_than_anyone_reads_do_not_raise() -> None:
    deep: object = 1
    for _ in range(50_000):
        deep = [deep]
    read = course(completed_lesson_ids=deep, odd=deep)
    assert read.unknown["odd"] is deep
    assert len(read.unreadable) == 1


def stored_names(read: Details) -> set[str]:
    """The stored keys that were read into fields."""
    names: set[str] = set()
    for name in read.model_fields_set - set(read.unknown):
        info = type(read).model_fields[name]
        names.add(str(info.validation_alias or info.alias or name))
    return names


@given(TYPES, JSON)
def test_no_json_value_raises_and_its_raw_parts_are_kept(module_type: str, details: object) -> None:
    read = parse(module_type, details)
    for each in read.unreadable:
        found: object = details
        for step in each.path:
            found = found[step]  # type: ignore[index]
        assert each.raw is found
    assert read.is_empty in (True, False)
    if isinstance(read, CourseDetails):
        for one in read.quizzes.values():
            for shown in (one.best, one.latest):
                assert shown is None or shown.scale in ("count", "percentage", "ambiguous")
            assert one.is_stuck(3) in (True, False)
            assert one.last_attempt is None or isinstance(one.last_attempt, date)


@given(TYPES, st.dictionaries(NAMES, JSON, max_size=8))
def test_every_key_is_found_read_or_unknown_or_unreadable(
    module_type: str, details: dict[str, object]
) -> None:
    read = parse(module_type, details)
    broken = {each.path[0] for each in read.unreadable}
    for key, value in details.items():
        assert key in stored_names(read) | broken or read.unknown[key] is value

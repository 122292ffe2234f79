"""What the history keeps of a change of details: little, and enough to tell what was before."""

import json
from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.clusters import Scratch
from tests.people import ANN, COURSE
from tests.profiles import examples

Pair = tuple[dict[str, Any], dict[str, Any]]
LESSON: Final = "5d0f1c5e-0c9f-4c5e-8f61-0b1f1a2b3c4d"
OTHER: Final = "6e1f1c5e-0c9f-4c5e-8f61-0b1f1a2b3c4d"

# Names as the platform's, as places in a list, and as the mark of what is told further within.
NAMES: Final = st.sampled_from(
    ["", "0", "1", "2", "-1", "a", "before", "progress_details", "lesson_quiz_results", "null", "é"]
)
PLAIN: Final = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "b" * 40, 1.5])
)


def _within(deeper: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.one_of(
        st.lists(deeper, max_size=6),
        st.dictionaries(NAMES, deeper, max_size=5),
        st.just({}),
        st.just([]),
    )


ANYTHING: Final = st.recursive(PLAIN, _within, max_leaves=25)
DETAILS: Final = st.dictionaries(NAMES, ANYTHING, max_size=5)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """The value after some writes of a platform: mostly as it was, longer, shorter, or another."""
    if not isinstance(value, dict | list) or draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.just(value), ANYTHING))
    if isinstance(value, list):
        found = [draw(changed(one)) if draw(st.booleans()) else one for one in value]
        cut = draw(st.integers(0, len(found)))
        return draw(
            st.sampled_from(
                [found, [*found, draw(ANYTHING)], found[cut:], found[:cut], found[::-1]]
            )
        )
    kept = {name: one for name, one in value.items() if draw(st.integers(0, 5))}
    new = draw(st.dictionaries(NAMES, ANYTHING, max_size=2))
    return {
        **{name: draw(changed(one)) if draw(st.booleans()) else one for name, one in kept.items()},
        **new,
    }


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Details before and after."""
    was = draw(DETAILS)
    became = draw(st.one_of(DETAILS, changed(was)))
    return was, became if isinstance(became, dict) else {}


@pytest.fixture(scope="module")
def asking(shared: Scratch) -> Iterator[psycopg.Connection[Any]]:
    with shared.owner() as connection:
        yield connection


def one(asking: psycopg.Connection[Any], question: str, *bound: Any) -> Any:
    written = [json.dumps(value) if isinstance(value, dict | list) else value for value in bound]
    row = asking.execute(question.encode(), written).fetchone()
    return row and row[0]


WRITE: Final = """
update public.student_module_progress
set progress_details = %s::jsonb
where student_id = %s and module_id = %s
"""
ENTRY: Final = """
select jsonb_build_object(
    'id', newest.id, 'before', newest.before, 'after', newest.after,
    'stepped_back', internal.step_back(null, to_jsonb(progress), newest.operation, newest.before, newest.after)
        -> 'progress_details',
    'bytes', pg_column_size(newest.before) + pg_column_size(newest.after),
    'today', to_jsonb(progress)
)
from public.student_module_progress as progress
cross join lateral (
    select * from dashboard.history order by id desc limit 1
) as newest
where student_id = %s and module_id = %s
""".replace("student_id", "progress.student_id").replace("module_id", "progress.module_id")
WHOLE: Final = """
select pg_column_size(jsonb_build_object('progress_details', internal.difference(was, became)))
    + pg_column_size(jsonb_build_object('progress_details', internal.difference(became, was)))
from (select %s::jsonb as was, %s::jsonb as became) as side
"""
FORWARD: Final = "select internal.value_before(%s, %s, %s, internal.details_depth())"


def write(asking: psycopg.Connection[Any], details: Any) -> dict[str, Any]:
    """Written as the platform does; the newest entry, and the row a step before it."""
    asking.execute(WRITE.encode(), (json.dumps(details), ANN, COURSE))
    found: dict[str, Any] = one(asking, ENTRY, ANN, COURSE)
    return found


def text(value: Any) -> str:
    """One text for one value: in Python true is 1."""
    return json.dumps(value, sort_keys=True)


def only(mine: dict[str, Any], theirs: dict[str, Any]) -> set[str]:
    """The names that are not there with the same value."""
    return {name for name in mine if name not in theirs or text(mine[name]) != text(theirs[name])}


@examples(150)
@given(pairs())
def test_a_step_back_from_any_details_gives_what_was_before(
    asking: psycopg.Connection[Any], pair: Pair
) -> None:
    was, became = pair
    first, entry = write(asking, was), write(asking, became)
    assert (entry["id"] == first["id"]) == (text(was) == text(became))
    if entry["id"] == first["id"]:
        return
    assert text(entry["stepped_back"]) == text(was)
    sides = entry["before"]["progress_details"], entry["after"]["progress_details"]
    assert text(one(asking, FORWARD, was, sides[1], sides[0])) == text(became)
    assert entry["bytes"] <= one(asking, WHOLE, was, became)
    # Who asks for the names of what changed need not know in which form it is told.
    assert [set(side) for side in sides] == [only(was, became), only(became, was)]


STEP: Final = """
select internal.step_back(null, jsonb_build_object('progress_details', now.details), 'update', before, after)
    -> 'progress_details'
from (select %s::jsonb as details) as now
cross join (
    select
        jsonb_build_object('progress_details', internal.difference(was, became)) as before,
        jsonb_build_object('progress_details', internal.difference(became, was)) as after
    from (select %s::jsonb as was, %s::jsonb as became) as side
) as change
"""


@examples(150)
@given(pairs(), DETAILS)
def test_an_entry_of_an_earlier_release_means_what_it_meant(
    asking: psycopg.Connection[Any], pair: Pair, since: dict[str, Any]
) -> None:
    """Wherever it is stepped back from: an entry may be missing between."""
    was, became = pair
    for now in (became, since):
        kept = {name: value for name, value in now.items() if name not in only(became, was)}
        meant = kept | {name: was[name] for name in only(was, became)}
        assert text(one(asking, STEP, now, was, became)) == text(meant)


WALK: Final = """
select internal.as_it_stood(to_jsonb(progress), history.operation, history.before, history.after
    order by history.id desc) -> 'progress_details'
from public.student_module_progress as progress
join dashboard.history using (student_id, module_id)
where student_id = %s and module_id = %s and history.id > %s
"""


@examples(40)
@given(st.lists(DETAILS, min_size=2, max_size=6), st.data())
def test_a_row_is_walked_back_over_many_changes_to_each_of_its_times(
    asking: psycopg.Connection[Any], stages: list[dict[str, Any]], data: st.DataObject
) -> None:
    stages = [*stages, data.draw(changed(stages[-1]))]
    numbers = [write(asking, details)["id"] for details in stages]
    for number, details in zip(numbers, stages, strict=True):
        if number < numbers[-1]:
            assert text(one(asking, WALK, ANN, COURSE, number)) == text(details)


QUIZ: Final = {"score": 40, "passed": False, "attempts": 1, "best_score": 40}
TOLD: Final[list[tuple[Any, Any, Any, Any]]] = [
    # (before, after, what is recorded of each)
    ({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": 3}}, {"a": {"y": 2}}, {"a": {"y": 3}}),
    ({"a": {"x": 1}}, {"a": {"x": 1, "y": None}}, {"a": {}}, {"a": {"y": None}}),
    ({"a": {"x": 1, "y": None}}, {"a": {"x": 1}}, {"a": {"y": None}}, {"a": {}}),
    ({"a": {"x": 1, "y": None}}, {"a": {"x": 1, "y": {}}}, {"a": {"y": None}}, {"a": {"y": {}}}),
    ({"a": {"x": 1, "": {"": 1}}}, {"a": {"x": 1, "": {"": 2}}}, {"a": {"": {"": 1}}}, {"a": {"": {"": 2}}}),
    # An end and a beginning are short, where a list grows or shrinks at its end …
    ({"a": [LESSON]}, {"a": [LESSON, OTHER]}, {"a": {}}, {"a": {"1": OTHER}}),
    ({"a": [LESSON, OTHER]}, {"a": [LESSON]}, {"a": {"1": OTHER}}, {"a": {}}),
    (
        {"a": [QUIZ, QUIZ]},
        {"a": [QUIZ, QUIZ | {"score": 6}]},
        {"a": {"1": {"score": 40}}},
        {"a": {"1": {"score": 6}}},
    ),
    # … and are not where all moves up.
    ({"a": [1, 2]}, {"a": [2, 1]}, {"a": [1, 2]}, {"a": [2, 1]}),
    (
        {"lesson_quiz_results": {LESSON: QUIZ, OTHER: QUIZ}},
        {"lesson_quiz_results": {LESSON: QUIZ, OTHER: QUIZ | {"attempts": 2}}},
        {"lesson_quiz_results": {OTHER: {"attempts": 1}}},
        {"lesson_quiz_results": {OTHER: {"attempts": 2}}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("was", "became", "before", "after"), TOLD)
def test_within_details_only_what_changed_is_recorded(
    asking: psycopg.Connection[Any], was: Any, became: Any, before: Any, after: Any
) -> None:
    write(asking, was)
    entry = write(asking, became)
    assert (entry["before"], entry["after"]) == (
        {"progress_details": before},
        {"progress_details": after} | ({} if (was, became) == (before, after) else {"": True}),
    )


def test_details_that_are_nested_as_deep_as_json_goes_are_recorded(
    asking: psycopg.Connection[Any],
) -> None:
    def nested(innermost: int, depth: int) -> Any:
        return {"a": nested(innermost, depth - 1), "b": [1] * 9} if depth else innermost

    for depth in (7, 8, 9, 10, 400):
        write(asking, nested(1, depth))
        entry = write(asking, nested(2, depth))
        assert text(entry["stepped_back"]) == text(nested(1, depth))
        assert entry["bytes"] <= one(asking, WHOLE, nested(1, depth), nested(2, depth))

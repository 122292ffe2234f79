"""What the details of a module tell of all its students."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.modules.other_facts import MOST_FACTS, Fact, summed

TOLD = [
    ([True, False, True], "2 yes, 1 no"),
    ([0, 3, 1], "from 0 to 3, the median is 1"),
    ([2, 2.0], "2 each"),
    ([1234567, 1234568, 1234569], "from 1234567 to 1234569, the median is 1234568"),
    ([0.125, 66.66666], "from 0.13 to 66.67, the median is 33.4"),
    ([True, 3], "not alike"),
    (["2026-11-20", "2026-10-03T10:00:00Z"], "from 3 Oct 2026 to 20 Nov 2026"),
    (["2026-11-20"], "20 Nov 2026"),
    (["gold", "silver", "gold"], "gold 2, silver 1"),
    (list("abcdef"), "in their own words"),
    ([True, 3, "x"], "not alike"),
    ([[1], {"a": 2}], "not alike"),
    ([10**400], "not alike"),
]


@pytest.mark.parametrize(("values", "told"), TOLD)
def test_a_fact_is_added_up_as_far_as_it_can_be(values: list[Any], told: str) -> None:
    found = summed([{"some_key": value} for value in values])
    assert found.facts == (Fact("Some key", len(values), told),)


def test_what_most_have_comes_first_and_what_is_everybodys_own_is_left_out() -> None:
    found = summed(
        [
            {"project_title": "A", "project_submitted": False},
            {
                "project_title": "B",
                "project_submitted": True,
                "score": 70,
                "passed": True,
                "submission_id": "x",
            },
            None,
            [],
        ],
        too_large=2,
    )
    assert found.facts == (Fact("Handed in", 2, "1 yes, 1 no"), Fact("Passed", 1, "1 yes, 0 no"))
    assert found.unreadable == 3


def test_nothing_known_is_no_fact() -> None:
    assert summed([{"a": None, "b": "", "c": [], "d": {}}]).facts == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON, max_size=5))
def test_any_json_is_told(stored: list[Any]) -> None:
    found = summed(stored)
    assert len(found.facts) <= MOST_FACTS
    assert all(fact.summary and 0 < fact.recorded <= len(stored) for fact in found.facts)

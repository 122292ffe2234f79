"""How the suite is run: what is long comes first, and one option has everything tried."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests import profiles
from tests.conftest import LONGEST_FIRST, cheapest

TESTS = Path(__file__).parent


def test_every_file_that_comes_first_is_there() -> None:
    assert [name for name in LONGEST_FIRST if not (TESTS / name).exists()] == []


def test_a_worker_takes_what_wants_the_servers_that_it_runs() -> None:
    waiting = ["tests/browser/test_menu.py", "tests/views/test_pages.py", "tests/rls/test_plans.py"]
    assert cheapest(waiting, {"database"}, {"browser", "database"}) == waiting[2]
    assert cheapest(waiting, {"unit"}, {"browser", "unit"}) == waiting[1]
    assert cheapest(waiting, {"unit"}, {"browser", "database", "unit", "views"}) == waiting[0]


@pytest.mark.parametrize(
    ("profile", "what", "examples"),
    [(profiles.SAMPLE, "some", 30), (profiles.NIGHTLY, "all", 600)],
)
def test_a_profile_decides_how_much_is_tried(profile: str, what: str, examples: int) -> None:
    before = settings.get_current_profile_name()
    settings.load_profile(profile)
    try:
        assert profiles.chosen(sample="some", nightly="all") == what
        assert profiles.examples(30).max_examples == examples
    finally:
        settings.load_profile(before)


def test_a_sample_is_the_same_every_time_and_the_night_looks_for_more() -> None:
    sample, nightly = (settings.get_profile(one) for one in (profiles.SAMPLE, profiles.NIGHTLY))
    assert (sample.derandomize, nightly.derandomize) == (True, False)
    assert nightly.max_examples > 10 * sample.max_examples

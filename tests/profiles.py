"""How much is tried: by default a sample of everything, with `--profile nightly` the whole of it.

The sample is the same every time, so that a failure is the fault of a change; the night looks for more.
"""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")
SAMPLE, NIGHTLY = "sample", "nightly"

# A busy machine is no fault of the code: nothing here fails for being slow.
settings.register_profile(
    SAMPLE,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    NIGHTLY, settings.get_profile(SAMPLE), derandomize=False, max_examples=2000, print_blob=True
)
settings.load_profile(SAMPLE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--profile",
        choices=(SAMPLE, NIGHTLY),
        default=SAMPLE,
        help="how much is tried: a sample of everything, or nightly everything",
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(config.getoption("profile"))


def chosen(*, sample: T, nightly: T) -> T:
    """The one or the other, as this run has it."""
    return nightly if settings.get_current_profile_name() == NIGHTLY else sample


def examples(sample: int, *, nightly: int | None = None) -> settings:
    """So many examples; by night twenty times as many, or as said."""
    return settings(max_examples=chosen(sample=sample, nightly=nightly or 20 * sample))

"""How much is tried: by default a sample of everything, with `--profile nightly` the whole of it.

The sample is the same every time, so that a failure is the fault of a change; the night looks for more.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

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
    config.addinivalue_line("markers", "by_night: tried with `--profile nightly` only")
    settings.load_profile(config.getoption("profile"))


def chosen(*, sample: T, nightly: T) -> T:
    """The one or the other, as this run has it."""
    return nightly if settings.get_current_profile_name() == NIGHTLY else sample


def examples(sample: int, *, nightly: int | None = None) -> settings:
    """So many examples; by night twenty times as many, or as said."""
    return settings(max_examples=chosen(sample=sample, nightly=nightly or 20 * sample))


def by_turns(everything: Sequence[T], turn: int) -> Sequence[T]:
    """One of them by default, and the next at the next turn; all by night."""
    return chosen(sample=[everything[turn % len(everything)]], nightly=everything)


# What the server itself decides: rights, upgrades, and the engine of saving.
ON_BOTH_SERVERS = (
    *("rls/test_matrix.py", "rls/test_rights.py", "rls/test_claims.py", "rls/test_escapes.py"),
    *("rls/test_locking.py", "database/test_migrations.py", "database/test_upgrade.py"),
    *("database/test_closed.py", "database/test_sign_in.py", "database/test_kinds.py"),
    "database/saving/test_save.py",
)
SERVERS = ("18", "15")


def servers_of(file: str) -> Sequence[str]:
    """Where the tests of a file (below `tests`) run: on both by night, by default on one by turns."""
    if file.startswith(ON_BOTH_SERVERS):
        return SERVERS
    return by_turns(SERVERS, crc32(file.encode()))


def is_of_this_run(item: pytest.Item) -> bool:
    """Does it run by day, and on this server, where it can run on either?"""
    if item.get_closest_marker("by_night") and not chosen(sample=False, nightly=True):
        return False
    callspec = getattr(item, "callspec", None)
    server = callspec.params.get("cluster") if callspec else None
    file = item.path.relative_to(Path(__file__).parent).as_posix()
    return server is None or server in servers_of(file)

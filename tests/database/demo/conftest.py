"""The demo's database, which these tests only look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clusters import Cluster, Scratch


@pytest.fixture(scope="session")
def demo_database(cluster_18: Cluster) -> Iterator[Scratch]:
    """Loaded once; no test here writes to it."""
    scratch = cluster_18.new_database("demo")
    yield scratch
    cluster_18.drop(scratch)

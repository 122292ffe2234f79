"""A school whose every table is its owner's."""

from collections.abc import Iterator

import pytest

from tests.clusters import Cluster, Scratch


@pytest.fixture
def school(cluster_18: Cluster) -> Iterator[Scratch]:
    """The cast of tests/people.py, to be done with at will."""
    scratch = cluster_18.new_database("cast")
    yield scratch
    cluster_18.drop(scratch)

"""The cast, to be looked at by a whole module: what writes undoes it."""

from collections.abc import Iterator

import pytest

from tests.clusters import Cluster, Scratch


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[Scratch]:
    scratch = cluster.new_database("cast")
    yield scratch
    cluster.drop(scratch)

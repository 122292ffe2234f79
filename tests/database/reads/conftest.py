"""The town that tests of reads look at, and nobody writes to: one a server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection

from data.access.session import acting_as
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.odd_school import Town, build
from tests.people import COORDINATOR

Place = tuple[Scratch, Town]


@pytest.fixture(scope="session")
def places() -> Iterator[Callable[[Cluster], Place]]:
    """For all modules: filling it takes longer than what they read of it."""
    built: dict[Path, Place] = {}
    with ExitStack() as stack:

        def built_on(cluster: Cluster) -> Place:
            if cluster.socket not in built:
                scratch = cluster.new_database("cast")
                stack.callback(scratch.database.engine.dispose)
                built[cluster.socket] = scratch, build(scratch)
            return built[cluster.socket]

        yield built_on


@pytest.fixture
def place(cluster: Cluster, places: Callable[[Cluster], Place]) -> Place:
    """The town's database, and what was put in."""
    return places(cluster)


@pytest.fixture
def town(place: Place) -> Town:
    return place[1]


@pytest.fixture
def north(place: Place) -> Iterator[Connection]:
    """A transaction of the town's coordinator, who sees the whole North."""
    with acting_as(people.actor(place[0].database, COORDINATOR)) as connection:
        yield connection

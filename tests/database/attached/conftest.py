"""Schools' own databases: `platform` on Supabase, `classes_host` on plain PostgreSQL, each for one test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.database.attached.host import Host, Hosts, hosts
from tests.database.hosts import programs
from tests.profiles import SERVERS


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str, str], Hosts]]:
    """The server of a shape and a release, started for the first who asks."""
    made: dict[tuple[str, str], Hosts] = {}
    with ExitStack() as stack:

        def server(shape: str, release: str) -> Hosts:
            if (shape, release) not in made:
                made[shape, release] = stack.enter_context(hosts(shape, programs(release)))
            return made[shape, release]

        yield server


@pytest.fixture(scope="session", params=SERVERS, ids=["pg18", "pg15"])
def cluster(request: pytest.FixtureRequest) -> str:
    """The release of the servers here, by turns as everywhere (tests/profiles.py)."""
    return str(request.param)


@contextmanager
def _new(server: Hosts) -> Iterator[Host]:
    host = server.new()
    yield host
    server.drop(host)


@pytest.fixture
def platform(servers: Callable[[str, str], Hosts], cluster: str) -> Iterator[Host]:
    """The learning platform, to be done with at will."""
    with _new(servers("institutions", cluster)) as host:
        yield host


@pytest.fixture(scope="module")
def shared_platform(servers: Callable[[str, str], Hosts], cluster: str) -> Iterator[Host]:
    """The same for a module whose tests leave it as it was: quicker than a copy for each."""
    with _new(servers("institutions", cluster)) as host:
        yield host


@pytest.fixture
def classes_host(servers: Callable[[str, str], Hosts], cluster: str) -> Iterator[Host]:
    """The school with classes and teachers, to be done with at will."""
    with _new(servers("classes", cluster)) as host:
        yield host


@pytest.fixture(params=["institutions", "classes"])
def host(
    request: pytest.FixtureRequest, servers: Callable[[str, str], Hosts], cluster: str
) -> Iterator[Host]:
    """The one and the other, for what is alike on both."""
    with _new(servers(request.param, cluster)) as one:
        yield one

"""The demo's database, which these tests only look at."""

from collections.abc import Iterator

import pytest

from data.access.session import connect
from data.database import claims_keys, embedded
from data.open import start_embedded
from data.settings import read_settings
from tests.clusters import Scratch
from tests.demo_data import demo_folder


@pytest.fixture(scope="session")
def demo_database() -> Iterator[Scratch]:
    """As the launcher loaded it for this run; no test here writes to it."""
    with demo_folder() as folder:
        server = start_embedded(read_settings({"PROGRESS_DATA_DIR": str(folder)}))
        key = claims_keys.present_key(server.owner_url)
        scratch = Scratch(server.owner_url, server.app_url, connect(server.app_url, key=key), key)
        yield scratch
        scratch.database.engine.dispose()
        embedded.stop(server)

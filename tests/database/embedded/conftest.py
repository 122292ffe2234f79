"""Data folders for the embedded server; each test starts real ones."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.database import embedded
from data.database.embedded import Server, place
from tests.database.embedded.starting import cluster_of, gone


@pytest.fixture
def above() -> Iterator[Path]:
    """A folder that any user can pass through; what was put below it is removed, and stopped."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for note in folder.rglob("embedded.json"):
        server = Server(note.parent, "", "", True)
        embedded.stop(server)
        home = cluster_of(note.parent).parent
        assert gone(home), "a server was left running"
        if home.parent == place.SYSTEM_HOME:
            shutil.rmtree(home)
    shutil.rmtree(folder)


@pytest.fixture
def folder(above: Path) -> Path:
    return above / "data"


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A data folder with a sound cluster, not running, that tests lend each other."""
    parent = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    parent.chmod(0o755)
    yield parent / "data"
    shutil.rmtree(parent)


@pytest.fixture
def existing(folder: Path, template: Path) -> Iterator[Path]:
    """The template moved to a folder of the test's own: much quicker than a new cluster."""
    if not template.exists():  # the first, or the test before broke its own
        embedded.stop(embedded.start(template))
    template.rename(folder)
    cluster = cluster_of(folder)
    fragile = [folder / "embedded.json", cluster / "PG_VERSION", cluster / "postgresql.conf"]
    sound = {path: path.read_text() for path in fragile}
    yield folder
    embedded.stop(Server(folder, "", "", True))
    assert gone(folder), "a server was left running"
    for path, text in sound.items():
        path.write_text(text)
    folder.rename(template)

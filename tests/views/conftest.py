"""Pages as AppTest runs them, on a demo database of the embedded server."""

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.web import wire
from data.database import embedded
from data.open import start_embedded
from data.settings import read_settings
from tests.demo_data import demo_folder

APP = str(Path(__file__).resolve().parents[2] / "dashboard" / "app.py")

Open = Callable[..., AppTest]
Owner = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """Each page of AppTest looks for components in all installed packages: nine tenths of its time."""
    with pytest.MonkeyPatch.context() as patched:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(scope="session")
def demo_server() -> Iterator[embedded.Server]:
    """The real launcher's server with the real demo data, in a folder of its own."""
    with demo_folder() as folder:
        os.environ["PROGRESS_DATA_DIR"] = str(folder)
        server = start_embedded(read_settings())
        yield server
        embedded.stop(server)
        del os.environ["PROGRESS_DATA_DIR"]


@pytest.fixture(autouse=True)
def no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest's browser is a mock, and its cookies are mocks: this one keeps none."""
    monkeypatch.setattr(wire, "read", lambda name: "")


@pytest.fixture
def owner(demo_server: embedded.Server) -> Iterator[Owner]:
    with psycopg.connect(demo_server.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def open_page(demo_server: embedded.Server) -> Open:
    """`open_page(person, "classroom", class=…)`: that page after its first run."""

    def opened(person: UUID | None, page: str = "overview", /, **parameters: object) -> AppTest:
        test = AppTest.from_file(APP, default_timeout=30)
        if person is not None:
            test.session_state["demo_person"] = str(person)
        if page != "overview":
            # As a link opens it: `switch_page` wants another page drawn before, for half of the time.
            test._page_hash = calc_hash(page)
        for name, value in parameters.items():
            test.query_params[name] = str(value)
        return test.run()

    return opened


def words(test: AppTest) -> str:
    """Everything the page says in HTML elements of ours; a space at which no line breaks is one, too."""
    told = "\n".join(str(each.proto.body) for each in test.get("html"))
    return told.replace("\u00a0", " ")


def mounted(test: AppTest) -> str:
    """Everything handed to our components, as it goes to the browser."""
    return "\n".join(str(each.proto) for each in test.get("bidi_component"))


def press(test: AppTest, label: str) -> None:
    """Click on the button of this name."""
    next(button for button in test.button if button.label == label).click().run()
    assert not test.exception

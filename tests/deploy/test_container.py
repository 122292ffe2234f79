"""The container: it runs as nobody on a system that it cannot write to, tells its health and lets people in."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.accounts import Service, write_secrets
from tests.browsing import free_port, wait_until_up
from tests.clusters import Cluster
from tests.deploy.container import DATABASE, Container, Image, built, running

pytestmark = pytest.mark.by_night  # some minutes, for the image


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with built() as one:
        yield one


@pytest.fixture
def service() -> Iterator[Service]:
    one = Service(("cora",))
    one.up()
    yield one
    one.down()


class Place:
    """A volume, and the secrets.toml of an installation at a port."""

    def __init__(self, folder: Path, service: Service) -> None:
        # Whom the image runs as passes through no folder of pytest's.
        self.volume, self.secrets, self.port = (
            folder / "volume",
            folder / "secrets.toml",
            free_port(),
        )
        self.volume.mkdir(0o700)
        self.url = f"http://localhost:{self.port}"
        write_secrets(self.secrets, self.url, {"school": service.section})

    def command(self, image: Image) -> tuple[str, ...]:
        return (*image.says["Cmd"], "--port", str(self.port))

    def is_up(self, container: Container) -> None:
        wait_until_up(self.url, container.process, container.log)


@pytest.fixture
def place(tmp_path: Path, service: Service) -> Place:
    return Place(tmp_path, service)


INSECURE = {"AUTHLIB_INSECURE_TRANSPORT": "1"}  # the sign-in service of tests, on this machine


def health(container: Container, port: int) -> int:
    kind, *command = container.image.says["Healthcheck"]["Test"]
    assert kind == "CMD"
    assert "8501" in command[-1]
    return container.ask(*(one.replace("8501", str(port)) for one in command)).returncode


def signs_in(chromium: Browser, url: str, who: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Sign in with School account").click()
    page.get_by_role("button", name="cora", exact=True).click()
    expect(page.get_by_text(who)).to_be_visible()
    context.close()


def test_no_tool_to_build_with_is_in_it(image: Image) -> None:
    assert (image.root / "opt/progress/.venv/bin/python").is_symlink()
    for name in ("gcc", "cc", "make", "pip", "pip3", "git", "curl"):
        for folder in ("usr/bin", "usr/local/bin", "opt/progress/.venv/bin"):
            assert not (image.root / folder / name).exists(), name
    assert not (image.root / "opt/progress/.git").exists()
    assert not (image.root / "opt/progress/tests").exists()


def test_it_serves_a_database_of_ones_own_and_writes_nothing_of_its_system(
    image: Image, place: Place, cluster_18: Cluster, chromium: Browser
) -> None:
    school = cluster_18.new_database("cast")
    assert school.key is not None
    settings = INSECURE | {
        "DATABASE_URL": school.app_url.replace(str(cluster_18.socket), DATABASE),
        "DATABASE_CLAIMS_KEY": school.key.written,
    }
    socket = cluster_18.socket / ".s.PGSQL.5432"
    with running(
        image, place.volume, *place.command(image),
        settings=settings, secrets=place.secrets, socket=socket,
    ) as container:  # fmt: skip
        place.is_up(container)
        assert health(container, place.port) == 0
        assert health(container, free_port()) != 0  # the control
        ready = httpx.get(f"{place.url}/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        assert httpx.get(place.url).status_code == 200
        signs_in(chromium, place.url, "Cora Coordinator, coordinator")
        is_nobody(container)
        for folder in (
            "/",
            "/etc",
            "/opt/progress",
            "/opt/progress/.streamlit",
            "/usr/bin",
            "/run",
        ):
            refused = container.ask("touch", f"{folder}/new")
            assert refused.returncode == 1
        for folder in ("/data", "/tmp"):  # the control
            assert container.ask("touch", f"{folder}/new").returncode == 0
        assert container.ask("python3", "-c", "open('/proc/mounts')").returncode == 0
        assert container.ends() == 0
    cluster_18.drop(school)


def is_nobody(container: Container) -> None:
    """Each of its processes, which can become nobody else."""
    found = container.ask("grep", "-hE", "^(Uid|CapEff|NoNewPrivs):", "/proc/1/status")
    assert [line.split()[1] for line in found.stdout.splitlines()] == ["10001", "0" * 16, "1"]


def test_it_takes_every_command_too(image: Image, place: Place, cluster_18: Cluster) -> None:
    owner, app = (
        url.replace(str(cluster_18.socket), DATABASE) for url in cluster_18.empty_database()
    )
    settings = {"DATABASE_OWNER_URL": owner, "DATABASE_URL": app}
    for command, code, said in (
        (("data", "migrate"), 0, "DATABASE_CLAIMS_KEY="),
        (("data", "init"), 2, "Missing option"),
    ):
        with running(
            image, place.volume, *command, settings=settings, secrets=place.secrets,
            socket=cluster_18.socket / ".s.PGSQL.5432",
        ) as container:  # fmt: skip
            assert container.process.wait(120) == code
        assert said in container.log.read_text("utf-8")


def test_its_own_database_is_in_the_volume_and_is_shut_down_with_it(
    image: Image, place: Place, chromium: Browser
) -> None:
    init = ["-m", "data", "init", "--organisation", "North", "--admin", "cora@example.org",
            "--name", "Cora Field"]  # fmt: skip
    for turn in range(2):
        with running(
            image, place.volume, *place.command(image), settings=INSECURE, secrets=place.secrets
        ) as container:
            place.is_up(container)
            if turn == 0:
                founded = container.ask("/opt/progress/.venv/bin/python", *init)
                assert founded.returncode == 0, founded.stderr
            signs_in(chromium, place.url, "Cora Field, administrator")  # what was there is there
            assert container.ends() == 0
        said = (
            (place.volume / "postgres.log").read_text("utf-8").rpartition("starting PostgreSQL")[2]
        )
        assert "database system is shut down" in said
        assert "not properly shut down" not in said

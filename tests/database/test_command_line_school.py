"""`python -m data --school …`: the database of one's own school, apart from the demo's."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data import __main__ as command_line
from data.database.embedded import Server, files
from data.settings import SettingError, Settings, read_settings
from tests.clusters import Scratch
from tests.database.command_line import at, refused, run


@pytest.fixture
def any_mask() -> Iterator[None]:
    """As where new files are the group's too."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_its_folder_is_within_the_demos_and_another(tmp_path: Path) -> None:
    settings = read_settings({"PROGRESS_DATA_DIR": str(tmp_path)})
    assert settings.of_school.data_dir == tmp_path / "school"
    with pytest.raises(SettingError, match="DATABASE_URL is set"):
        read_settings({"DATABASE_URL": "postgresql://u@h/d"}).of_school  # noqa: B018


@pytest.mark.usefixtures("any_mask")
def test_whichever_of_the_two_is_made_first_the_other_can_be_made_too(tmp_path: Path) -> None:
    demo = tmp_path / "progress"
    files.claim(demo / "school", None)
    assert stat.S_IMODE((demo / "school").stat().st_mode) == 0o700
    assert not demo.stat().st_mode & 0o022
    files.claim(demo, None)
    files.claim(tmp_path / "other", None)
    files.claim(tmp_path / "other" / "school", None)


@pytest.mark.parametrize(("options", "folder"), [([], "."), (["--school"], "school")])
def test_served_alone_none_is_filled_with_invented_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], folder: str
) -> None:
    started: list[tuple[Path, bool]] = []

    def start(settings: Settings, say: Callable[[str], None], *, with_demo: bool) -> Server:
        started.append((settings.data_dir, with_demo))
        return Server(settings.data_dir, "", "", mine=False)

    monkeypatch.setattr(command_line, "start_embedded", start)
    assert refused(run(*options, "serve", PROGRESS_DATA_DIR=str(tmp_path)), "is running already")
    assert started == [(tmp_path / folder, False)]


def test_it_takes_no_demo_data(tmp_path: Path) -> None:
    assert refused(run("--school", "demo", PROGRESS_DATA_DIR=str(tmp_path)), "no invented people")


def test_where_it_does_not_run_the_command_says_how_to_start_it(tmp_path: Path) -> None:
    done = run("--school", "url", PROGRESS_DATA_DIR=str(tmp_path))
    assert refused(done, "with the same --school or --data-dir")


def test_it_is_no_other_database(school: Scratch) -> None:
    assert refused(run("--school", "url", **at(school)), "but DATABASE_URL is set")
    assert run("url", **at(school)).exit_code == 0

"""What a command writes is whole, or not there; and nobody but its owner reads it."""

import os
import stat
import threading
from pathlib import Path

import pytest

from data.command_line.reaching import Refused
from data.command_line.writing import write_file


def test_a_new_file_and_one_in_the_place_of_another_are_for_their_owner_only(
    tmp_path: Path,
) -> None:
    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    old.write_text("before")
    old.chmod(0o644)
    for file in (new, old):
        write_file(file, b"Ann")
        assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"Ann", 0o600)
    assert sorted(tmp_path.iterdir()) == [new, old]


def test_a_link_still_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    file, link = tmp_path / "file.csv", tmp_path / "link.csv"
    link.symlink_to(file)
    write_file(link, b"Ann")
    assert link.is_symlink()
    assert file.read_bytes() == b"Ann"


def test_what_cannot_be_written_is_said_and_the_old_file_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "old.csv"
    file.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Refused, match=r"old\.csv cannot be written: No space left on device"):
        write_file(file, b"Ann")
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(Refused, match="cannot be written: No such file or directory"):
        write_file(tmp_path / "none" / "new.csv", b"Ann")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"Ann")
    reader.join(10)
    assert heard == [b"Ann"]

"""Files on their way in: a page holds its last ones, a person and all together only so many, and no more."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard.editing.tables_in import open_tables
from dashboard.editing.tables_in.open_tables import MOST_IN_ALL, OpenTable, open_table
from dashboard.web.limits import uploads
from dashboard.web.private import files as private_files
from tests import people
from tests.machine import ran

LARGE = 20 * 1024**2


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    held = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(private_files, "exists", lambda: True)
    monkeypatch.setattr(
        private_files, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=held)
    )
    monkeypatch.setattr(uploads, "_order", {})
    return held


def send(files: MemoryUploadedFileManager, page: str, name: str, data: bytes = b"x") -> None:
    files.add_file(page, UploadedFileRec(name, f"{name}.csv", "text/csv", data))


def held(files: MemoryUploadedFileManager) -> dict[str, list[str]]:
    return {page: [*names] for page, names in files.file_storage.items() if names}


def test_a_page_holds_its_last_files_and_takes_nobody_elses(
    files: MemoryUploadedFileManager,
) -> None:
    for name in ("1", "2", "3", "4", "5"):
        for page in ("mine", "other"):
            send(files, page, name)
        uploads.keep_few("mine", {"mine"})
    uploads.keep_few("unknown", set())
    assert held(files) == {"mine": ["3", "4", "5"], "other": ["1", "2", "3", "4", "5"]}


def test_a_person_holds_few_however_many_pages_are_open(files: MemoryUploadedFileManager) -> None:
    pages = {f"page {number}" for number in range(12)}
    large = b"x" * LARGE
    send(files, "other", "0", large)
    for number in range(12):
        for name in ("1", "2", "3"):
            send(files, f"page {number}", name, large)
            uploads.keep_few(f"page {number}", pages)
            assert sum(private_files.held_files().values()) <= uploads.MOST_OF_A_PERSON + LARGE
    assert held(files) == {"other": ["0"], "page 11": ["1", "2", "3"]}


def test_all_people_together_hold_so_much_and_the_file_that_just_came_stays(
    files: MemoryUploadedFileManager,
) -> None:
    large = b"x" * LARGE
    for number in range(20):
        send(files, f"page {number}", "1", large)
        uploads.keep_few(f"page {number}", {f"page {number}"})
    kept = [*held(files)]
    assert kept == [f"page {number}" for number in range(5, 20)]
    assert sum(private_files.held_files().values()) == uploads.MOST_IN_ALL


def test_files_of_one_person_are_sent_a_few_at_a_time_and_nobody_else_waits() -> None:
    async def sending() -> int:
        mine = uploads.lane(people.COORDINATOR)
        for _ in range(uploads.AT_ONCE):
            await uploads.lane(people.COORDINATOR).acquire()
        assert uploads.lane(people.COORDINATOR).locked()
        async with uploads.lane(people.TEACHER):
            assert len(uploads._lanes) == 2
        del mine
        return len(uploads._lanes)

    assert ran(sending()) == 0


def test_only_the_newest_tables_of_a_person_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_tables, "_open", [])
    other = open_table(people.ADMIN, "theirs")
    mine = [open_table(people.COORDINATOR, f"table {number}") for number in range(12)]
    assert [one.table for one in mine[-4:]] == [None, "table 9", "table 10", "table 11"]
    assert other.table == "theirs"


def test_only_the_newest_tables_of_all_stay_open_and_one_whose_page_is_left_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_tables, "_open", [])
    open_table(people.ADMIN, "left")
    here: list[OpenTable[str]] = [open_table(uuid4(), "here") for _ in range(MOST_IN_ALL)]
    assert all(one.table for one in here)
    open_table(people.ADMIN, "one more")
    assert [one.table for one in here[:2]] == [None, "here"]

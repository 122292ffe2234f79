"""Files on their way in: a page holds its last ones, and no more."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard.web import private, uploads


def test_a_page_holds_its_last_files_and_takes_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(private, "exists", lambda: True)
    monkeypatch.setattr(private, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=files))
    for name in ("1", "2", "3", "4", "5"):
        for page in ("mine", "other"):
            files.add_file(page, UploadedFileRec(name, f"{name}.csv", "text/csv", b"x"))
        uploads.keep_few("mine")
    uploads.keep_few("unknown")
    kept = {page: [*held] for page, held in files.file_storage.items()}
    assert kept == {"mine": ["3", "4", "5"], "other": ["1", "2", "3", "4", "5"]}

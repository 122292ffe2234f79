"""Files on their way in: each is held in memory until its page is left, so a page holds few."""

from __future__ import annotations

from typing import Final

from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MOST: Final = 3
"""The page reads a file when it comes; what came before it is not looked at again."""


def keep_few(page: str) -> None:
    """Forget all but the last files of the page that Streamlit calls so."""
    files = get_instance().uploaded_file_mgr if exists() else None
    if isinstance(files, MemoryUploadedFileManager):
        for old in [*files.file_storage.get(page, ())][:-MOST]:
            files.remove_file(page, old)

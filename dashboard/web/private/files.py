"""The files that browsers sent, which the server holds in memory."""

from typing import NamedTuple

from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager


class HeldFile(NamedTuple):
    """A file that the server holds: of the page that Streamlit calls so, and under which name."""

    page: str
    name: str


def held_files() -> dict[HeldFile, int]:
    """The files that the server holds, with their bytes; those of a page oldest first."""
    files = _uploads()
    if files is None:
        return {}
    return {
        HeldFile(page, name): len(file.data)
        for page, held in list(files.file_storage.items())
        for name, file in list(held.items())
    }


def forget_file(file: HeldFile) -> None:
    """Hold it no longer."""
    files = _uploads()
    if files is not None:
        files.remove_file(*file)


def _uploads() -> MemoryUploadedFileManager | None:
    files = get_instance().uploaded_file_mgr if exists() else None
    return files if isinstance(files, MemoryUploadedFileManager) else None

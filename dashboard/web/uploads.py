"""Files on their way in: each is held in memory until its page is left, so a page holds few."""

from __future__ import annotations

from typing import Final

from dashboard.web import private

MOST: Final = 3
"""The page reads a file when it comes; what came before it is not looked at again."""


def keep_few(page: str) -> None:
    """Forget all but the last files of the page that Streamlit calls so."""
    for old in private.uploaded_files(page)[:-MOST]:
        private.forget_file(page, old)

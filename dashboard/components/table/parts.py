"""What our browser components share: reading their files, and the pieces parts.js and parts.css."""

import re
from pathlib import Path

from dashboard.components import status

_HERE = Path(__file__).parent
_SCRIPT_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def script(folder: Path, *names: str) -> str:
    """One module's JavaScript: the looks, the shared parts, then the files in order."""
    files = [_HERE / "parts.js", *(folder / name for name in names)]
    return status.script_constants() + _squeezed(files, _SCRIPT_COMMENT)


def style(folder: Path, *names: str) -> str:
    """One component's style sheet: the looks' colours, the shared parts, then the files."""
    files = [_HERE / "parts.css", *(folder / name for name in names)]
    return status.css_variables() + _squeezed(files, _STYLE_COMMENT)


def _squeezed(files: list[Path], comment: re.Pattern[str]) -> str:
    """Without comments and indentation: Streamlit sends these files along with every new data."""
    text = "\n".join(comment.sub("", file.read_text(encoding="utf-8")) for file in files)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())

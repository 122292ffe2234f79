"""What our browser components share: reading their files, and the pieces browser.js and browser.css."""

import json
import re
from pathlib import Path

from dashboard.components import status
from dashboard.web import scripts
from dashboard.web.private import ComponentRenderer

_HERE = Path(__file__).parent
_SCRIPT_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def component(name: str, folder: Path, *files: str) -> ComponentRenderer:
    """What mounts one of our components, without a shadow root: its focus, its style and its way onto paper are
    the page's. `files` are its scripts and style sheets in the folder, in order."""
    return scripts.component(name, script(folder, *files), isolate_styles=False)


def script(folder: Path, *names: str) -> str:
    """One module's JavaScript: the looks, the shared parts, then the `.js` files in order.

    It brings the style sheet of the `.css` files along and puts it on the page once: Streamlit would put it
    there whenever the component is mounted, and have the browser work out every element's style anew.
    """
    scripts = [_HERE / "browser.js", *(folder / name for name in names if name.endswith(".js"))]
    own = [folder / name for name in names if name.endswith(".css")]
    adopted = f"adoptStyle({json.dumps(_shared_style())}, {json.dumps(_squeezed(own, _STYLE_COMMENT))});\n"
    return status.script_constants() + _squeezed(scripts, _SCRIPT_COMMENT) + "\n" + adopted


def _shared_style() -> str:
    """The looks' colours, and the shared parts."""
    return status.css_variables() + _squeezed([_HERE / "browser.css"], _STYLE_COMMENT)


def _squeezed(files: list[Path], comment: re.Pattern[str]) -> str:
    """Without comments and indentation."""
    text = "\n".join(comment.sub("", file.read_text(encoding="utf-8")) for file in files)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())

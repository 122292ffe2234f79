"""The page that every page of ours begins as: Streamlit's, told what it would find out by asking.

Else each would ask for the server below its own address first, and load one after another what all draw.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard.web import private, scripts

_IMPORTED: Final = re.compile(r"""\b(?:from|import)\s*["'`]\./([^"'`]+)["'`]""")

SCRIPT: Final = (
    f"{private.SERVER_IS_HERE}\n{Path(__file__).with_name('early_keys.js').read_text('utf-8')}"
)
"""Runs before Streamlit's: it hears what is typed while the page is drawn."""

STATIC: Final = Path(streamlit.__file__).with_name("static")


def front(folder: Path = STATIC) -> str:
    """Streamlit's page of this folder with our additions.

    Raises ValueError where it, or a part that our pages draw, is not as it was.
    """
    page = (folder / "index.html").read_text(encoding="utf-8")
    # Of a font that the theme does not use.
    page, preloads = re.subn(r"<link\s[^>]*rel=\"preload\"[^>]*>\s*", "", page)
    parts = folder / "static" / "js"
    links = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{one}">\n'
        for one in _with_imports(parts, private.DRAWN)
        if one not in page
    )
    before, head, after = page.partition("</head>")
    if preloads != 1 or not links or not head:
        raise ValueError("Streamlit's page is not as it was.")
    return f"{before.replace('<head>', f'<head><script>{SCRIPT}</script>', 1)}{links}{head}{after}"


def _with_imports(parts: Path, names: tuple[str, ...]) -> Iterator[str]:
    """The files of these parts and of what they import, each once."""
    waiting = [one.name for name in names for one in _only(parts, name)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield name
        waiting += _IMPORTED.findall((parts / name).read_text(encoding="utf-8"))


def _only(parts: Path, name: str) -> list[Path]:
    found = list(parts.glob(f"{name}.*.js"))
    if len(found) != 1:
        raise ValueError(f"Streamlit has {len(found)} parts called {name}.")
    return found


PAGE: Final = front()

FILES: Final = frozenset(
    f"/{one.relative_to(STATIC).as_posix()}" for one in STATIC.rglob("*") if one.is_file()
) - {"/index.html"}
"""The paths of Streamlit's files that a page loads; the page itself is ours."""


async def answer(_: Request) -> HTMLResponse:
    """As Streamlit answers: its scripts may be kept, and the page that names them not."""
    ahead = "".join(f'<link rel="modulepreload" href="{one}">\n' for one in scripts.addresses())
    page = PAGE.replace("</head>", f"{ahead}</head>", 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def nothing_here() -> HTMLResponse:
    """Where there is no page: Streamlit would answer any address with one."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>No page – Progress</title>'
        '<h1>There is no page here</h1><p><a href="/">Go to the first page</a></p></html>',
        404,
    )

"""Our components' scripts as files, which a browser keeps and loads ahead.

Streamlit sends a component's script as text along with every change of what it shows: more than all the rest.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.web.private import ComponentRenderer

PATH: Final = "/component.js"

# It runs from a blob, below which no address leads anywhere. A browser never asks again for what failed by the
# same address, and a server that starts again is there in a moment.
LOADING: Final = """
const address = location.origin + ADDRESS;
let script;
for (let tries = 0; !script; tries += 1) {
  try {
    script = await import(tries ? `${address}.${tries}` : address);
  } catch (error) {
    if (tries === 20) throw error;
    await new Promise((again) => setTimeout(again, 1500));
  }
}
export default script.default;
"""

_scripts: dict[str, tuple[str, str]] = {}
"""Each component's version and script."""


def component(name: str, script: str, *, isolate_styles: bool = True) -> ComponentRenderer:
    """What mounts the component of this name, whose script is one module."""
    _scripts[name] = sha256(script.encode()).hexdigest()[:16], script
    loading = LOADING.replace("ADDRESS", json.dumps(_address(name)))
    return st.components.v2.component(
        f"dashboard_{name}", js=loading, isolate_styles=isolate_styles
    )


def addresses() -> Iterator[str]:
    """Of the scripts of all components that were made yet."""
    return map(_address, _scripts)


async def answer(request: Request) -> Response:
    """The script that is asked for. Another version of it is what there is now, and not to be kept as that one:
    a page may come from a process that was updated, or was not yet."""
    name, _, version = request.url.query.partition(".")
    if name not in _scripts:
        return PlainTextResponse("Not Found", 404)
    current, script = _scripts[name]
    keep = "public, max-age=31536000, immutable" if version == current else "no-store"
    return Response(script, media_type="text/javascript", headers={"Cache-Control": keep})


def _address(name: str) -> str:
    return f"{PATH}?{name}.{_scripts[name][0]}"

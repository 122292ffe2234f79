"""A page's sections as a quiet row of links: each is an address, so Back, a bookmark and a second tab work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from dashboard.components.table import parts


@dataclass(frozen=True)
class Way:
    """The link to one section of the same page: its title, the page's parameters, and whether it is open."""

    title: str
    params: Mapping[str, str]
    is_open: bool


_mount = st.components.v2.component(
    "dashboard_section_bar",
    js=parts.script(Path(__file__).parent, "section_bar.js", "section_bar.css"),
    isolate_styles=False,
)


def draw(page: str, ways: Sequence[Way]) -> None:
    """The row; `page` is the page's path in the URL."""
    drawn = [[f"{page}?{urlencode(one.params)}", one.title, one.is_open] for one in ways]
    _mount(key="sections", data=drawn)

"""Words on the page: everything stored is escaped here, and never goes through Markdown."""

import html
import re
from typing import Final

import streamlit as st

from data.i18n.formats import count as count
from data.i18n.formats import others as others
from data.i18n.formats import unbroken as unbroken
from data.rules.progress import Problem

PRODUCT: Final = "Progress"


def escape(text: str) -> str:
    """As HTML, in which no line breaks between a figure and its sign."""
    return html.escape(unbroken(text))


def name_tab(*names: str) -> None:
    """What the browser calls this page, in its tab, history and bookmarks: first what tells it from others."""
    st.set_page_config(page_title=" – ".join(dict.fromkeys((*names, PRODUCT))))


def heading(text: str, level: int = 1) -> None:
    """A heading of plain text; the first names the browser's tab too."""
    if level == 1:
        name_tab(text)
    st.html(f'<h{level} class="words-h{level}">{escape(text)}</h{level}>')


def paragraph(text: str, *, quiet: bool = False, fit: bool = False) -> None:
    """A paragraph of plain text; `quiet` in the second colour, `fit` no wider than its words."""
    look = "words-quiet" if quiet else "words"
    st.html(f'<p class="{look}">{escape(text)}</p>', width="content" if fit else "stretch")


def opening(title: str, answer: str, *, who: str | None = None, beside: str = "") -> None:
    """How a page opens: its title, perhaps who it is about, the sentence that answers its question, and perhaps
    a figure beside it (escaped HTML).

    The title names the browser's tab too."""
    name_tab(title)
    about = "" if who is None else f'<p class="words-quiet">{escape(who)}</p>'
    told = (
        f'<h1 class="words-h1">{escape(title)}</h1>{about}'
        f'<p class="words-answer">{escape(answer)}</p>'
    )
    st.html(f'<div class="words-beside"><div>{told}</div>{beside}</div>' if beside else told)


def alert(text: str, *, field: str | None = None) -> None:
    """A sentence about something wrong, read out as soon as it appears; `field` is the key of the widget that
    it is about, which the browser marks (web/refusals.js)."""
    about = f' data-field="{escape(field)}"' if field else ""
    st.html(f'<p class="words-alert" role="alert"{about}>{escape(text)}</p>')


def notice(text: str, *, fit: bool = False) -> None:
    """A sentence about something that went well, read out politely; `fit` no wider than its words."""
    drawn = f'<p class="words-notice" role="status">{escape(text)}</p>'
    st.html(drawn, width="content" if fit else "stretch")


# Addresses, icons and emoji are found after the escapes are gone, in what then stands there: a character
# without width comes between. In an e-mail address it is one to break the line at.
_WORD_JOINER, _BREAK = "\u2060", "\u200b"


def said_once(key: str) -> None:
    """What became of the last click, where its callback left it in the session: a problem, or in words."""
    said = st.session_state.pop(key, None)
    if isinstance(said, Problem):
        alert(said.message)
    elif said:
        notice(said)


def markdown_safe(text: str) -> str:
    """Stored text for a label that Streamlit renders as Markdown: every mark of Markdown escaped."""
    one_line = " ".join(text.split())
    broken = re.sub(r"\S*@\S*", lambda found: re.sub(r"(?=[@.])", _BREAK, found[0]), one_line)
    parted = re.sub(r"(?i)(:|\bwww(?=\W?\.))", rf"\1{_WORD_JOINER}", broken)
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&@/])", r"\\\1", parted)

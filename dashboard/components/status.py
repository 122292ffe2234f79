"""How a status looks: its word, symbol and colours, light and dark. The only place that knows.

Statuses are the database's words (`NotStarted`, `InProgress`, `Completed`); in a matrix cell they
are one letter (`N`, `I`, `C`). Marks are one letter each and say that there is something to see.
Colour is never alone: every look has a symbol of its own shape and a word.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from data.rules.attention import RULES, AttentionRule
from data.rules.cell import LETTERS
from data.rules.cell import OTHER as LETTER

Pair = tuple[str, str]  # (light theme, dark theme)


@dataclass(frozen=True)
class Look:
    """One status or mark: `symbol` is an SVG path on a 12 × 12 field, filled even-odd."""

    name: str
    word: str
    symbol: str
    ink: Pair
    fill: Pair | None = None
    bar: Pair | None = None


_ATTENTION: Pair = ("#B3400A", "#FF9E73")
_NOTE: Pair = ("#3D4A5C", "#BAC5D3")

STATUSES: Mapping[str, Look] = {
    "NotStarted": Look(
        name="not-started",
        word="Not started",
        symbol="M6 1.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2z"
        "M6 2.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z",
        ink=("#59636F", "#9DA8B6"),
        bar=("#7E8894", "#77828F"),
    ),
    "InProgress": Look(
        name="in-progress",
        word="In progress",
        symbol="M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zM6 2.3a3.7 3.7 0 0 1 0 7.4z",
        ink=("#6B4300", "#FFD68A"),
        fill=("#FFE3A8", "#4A3606"),
        bar=("#B57700", "#E3A83B"),
    ),
    "Completed": Look(
        name="completed",
        word="Completed",
        symbol="M10 2 11.3 3.2 5 10.4.9 6.7 2 5.3l2.8 2.5z",
        ink=("#0A5C43", "#93E0BF"),
        fill=("#CDEBDD", "#123D2F"),
        bar=("#1A7F5E", "#4DBB92"),
    ),
}

OTHER = Look(
    name="other",
    word="Other",
    symbol="M6 .6 11.4 6 6 11.4.6 6zM6 2.5 2.5 6 6 9.5 9.5 6z",
    ink=_NOTE,
    bar=("#4F5B6B", "#AEB9C7"),
)
"""Of statuses that are a platform's own."""

MARKS: Mapping[str, Look] = {  # the most pressing first
    "p": Look(
        name="problem",
        word="Data problem",
        symbol="M6 .6 11.8 11.2H.2zM5.3 4.3v3.4h1.4V4.3zM5.3 8.5v1.4h1.4V8.5z",
        ink=_ATTENTION,
    ),
    "s": Look(
        name="stuck",
        word="Stuck",
        symbol="M3.8.6h4.4l3.2 3.2v4.4l-3.2 3.2H3.8L.6 8.2V3.8zM2.8 5v2h6.4V5z",
        ink=_ATTENTION,
    ),
    "f": Look(
        name="failed",
        word="Failed",
        symbol="M2.3.9 6 4.6 9.7.9l1.4 1.4L7.4 6l3.7 3.7-1.4 1.4L6 7.4l-3.7 3.7"
        "L.9 9.7 4.6 6 .9 2.3z",
        ink=_ATTENTION,
    ),
    "k": Look(
        name="locked",
        word="Locked",
        symbol="M1.8 5.4h8.4v5.9H1.8z"
        "M3.1 5.4V4a2.9 2.9 0 0 1 5.8 0v1.4H7.5V4a1.5 1.5 0 0 0-3 0v1.4z",
        ink=_NOTE,
    ),
    "e": Look(
        name="edited",
        word="Edited by staff",
        symbol="M8.3.9 11.1 3.7 4.2 10.6.7 11.3l.7-3.5z",
        ink=_NOTE,
    ),
}

_FLAG = "M2 .8h1.2v.9h7L8.4 4.4l1.8 2.7h-7v4.1H2z"

_SYMBOLS: Mapping[str, str] = {
    "inactive": "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8zM6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z"
    "M5.4 3.4h1.2v2.4l1.7 1.5-.8.9-2.1-1.9z",
    "slipped": "M5 1 1 5l4 4V6.4h2.4a2 2 0 0 1 0 4H4V12h3.4a3.6 3.6 0 0 0 0-7.2H5z",
    "not_begun": "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8z"
    "M6 2.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6z",
    "far_behind": "M5.6 1 .8 6l4.8 5V8L3.6 6l2-2zM10.8 1 6 6l4.8 5V8l-2-2 2-2z",
    "stalled": "M2.4 1.4h2.4v9.2H2.4zM7.2 1.4h2.4v9.2H7.2z",
}


def _need(rule: AttentionRule) -> Look:
    """A cell's mark where the database marks cells by the rule; a flag where it has no symbol of its own."""
    if rule.mark:
        return MARKS[rule.mark]
    if rule.key in _SYMBOLS:
        name = rule.key.replace("_", "-")
        return Look(name=name, word=rule.title, symbol=_SYMBOLS[rule.key], ink=_ATTENTION)
    return Look(name="flagged", word="Needs attention", symbol=_FLAG, ink=_ATTENTION)


NEEDS: Mapping[str, Look] = {rule.key: _need(rule) for rule in RULES}
"""The look of each rule of attention."""


def look(status: str) -> Look:
    """The look of a status as the database spells it."""
    return STATUSES.get(status, OTHER)


def css_variables() -> str:
    """CSS custom properties of every look: `--look-<name>-ink`, `-fill`, `-bar` and `-image`.

    Colours follow `color-scheme` by themselves. An image (the symbol, for where there are too many
    to be elements) cannot: it is for paper, which is light.
    """
    each_once = {
        each.name: each for each in (*STATUSES.values(), OTHER, *MARKS.values(), *NEEDS.values())
    }
    looks = each_once.values()
    colours = "".join(
        f"--look-{each.name}-{part}: {_light_dark(pair)};\n"
        for each in looks
        for part, pair in (("ink", each.ink), ("fill", each.fill), ("bar", each.bar))
        if pair is not None
    )
    images = "".join(
        f"--look-{each.name}-image: {_image(each.symbol, each.ink[0])};\n" for each in looks
    )
    return f":root {{\n{colours}{images}}}\n"


def script_constants() -> str:
    """The words and symbols as a JavaScript constant `LOOKS`, for our browser components."""
    statuses = {letter: _for_script(STATUSES[status]) for letter, status in LETTERS.items()}
    statuses[LETTER] = _for_script(OTHER)
    marks = {letter: _for_script(each) for letter, each in MARKS.items()}
    needs = {key: _for_script(each) for key, each in NEEDS.items()}
    return f"const LOOKS = {json.dumps({'statuses': statuses, 'marks': marks, 'needs': needs})};\n"


def badge(status: str, *, marks: str = "") -> str:
    """A status as escaped HTML for `st.html`: symbol, word and marks, with colour.

    Everything is in style attributes, because st.html takes neither SVG nor our style sheet.
    A status of the platform's own is shown as it is.
    """
    words = look(status).word if status in STATUSES else status
    extra = "".join(_chip(MARKS[mark], MARKS[mark].word) for mark in MARKS if mark in marks)
    return f"<span>{_chip(look(status), words)}{extra}</span>"


def bars(shares: Mapping[str, float]) -> str:
    """A CSS background: what parts of 1 have these statuses, from the bottom up."""
    stops, reached = [], 0.0
    for status, part in shares.items():
        colour = _light_dark(look(status).bar or look(status).ink)
        stops.append(f"{colour} {reached:.1%} {reached + part:.1%}")
        reached += part
    return f"linear-gradient(to top, {', '.join(stops)}, transparent {reached:.1%})"


def _chip(each: Look, words: str) -> str:
    fill = _like_text(each.fill) if each.fill else "transparent"
    style = (
        f"display:inline-flex;align-items:center;gap:.35em;color:{_like_text(each.ink)};"
        f"background:{fill};border-radius:.3em;padding:.05em .45em;white-space:nowrap;"
        "forced-color-adjust:none"
    )
    return f'<span style="{escape(style)}">{_masked(each.symbol)}{escape(words)}</span>'


def _masked(symbol: str) -> str:
    """A symbol painted in the colour of the text around it, without an SVG element."""
    style = (
        "display:inline-block;width:.75em;height:.75em;flex:none;background:currentColor;"
        "print-color-adjust:exact;"
        f"mask:{_image(symbol, 'black')} center/contain no-repeat"
    )
    return f'<span aria-hidden="true" style="{escape(style)}"></span>'


def _image(symbol: str, colour: str) -> str:
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 12'>"
        f"<path fill='{colour}' fill-rule='evenodd' d='{symbol}'/></svg>"
    )
    return f'url("data:image/svg+xml,{quote(svg)}")'


def _light_dark(pair: Pair) -> str:
    return f"light-dark({pair[0]}, {pair[1]})"


def _like_text(pair: Pair) -> str:
    """The light or the dark colour, by whether the text around is dark or light.

    Not by `color-scheme`: Streamlit sets that on the app, and a dialog floats outside of it.
    """
    light, dark = ([int(hex_[at : at + 2], 16) for at in (1, 3, 5)] for hex_ in pair)
    is_dark = "clamp(0,(g - 128)*9,1)"
    steps = (f"calc({a} + {b - a}*{is_dark})" for a, b in zip(light, dark, strict=True))
    return f"rgb(from currentColor {' '.join(steps)})"


def _for_script(each: Look) -> dict[str, object]:
    return {"name": each.name, "word": each.word, "symbol": each.symbol, "ink": each.ink}

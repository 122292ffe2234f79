"""Pieces of HTML that the renderers share. `Html` is safe to insert; a bare `str` never is.

Everything stored goes through `text()` or `raw()`, which escape it. Nothing here draws.
"""

import json
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from html import escape
from typing import Final, NewType

from data.i18n.dates import short_date
from data.i18n.formats import decimals, nearest, unbroken

Html = NewType("Html", str)

NOTHING: Final = Html('<span class="details-quiet">\u2013</span>')

SHORT: Final = 160
"""Characters of a stored value that are shown at once."""

FULL: Final = 20_000
"""Characters shown on demand: a row may hold megabytes, a page must not."""

MOST_ROWS: Final = 200
"""Rows of a table that the stored value alone makes long."""


def words(ours: str) -> Html:
    """Our own words."""
    return Html(escape(unbroken(ours)))


def joined(parts: Sequence[Html], between: str = "") -> Html:
    """Several pieces as one."""
    return Html(escape(between).join(parts))


def text(stored: str) -> Html:
    """Stored text, escaped. `bdi` keeps right-to-left marks in it from reordering what follows."""
    # Half a surrogate pair would fail on the way to the browser.
    return _shortened(stored[:FULL].encode("utf-8", "replace").decode("utf-8"), len(stored))


def _shortened(start: str, length: int) -> Html:
    """The `start` of a value of `length` characters: a few at once, the others on demand."""
    if len(start) <= SHORT:
        return Html(f"<bdi>{escape(start)}</bdi>")
    rest = f" … (the first {FULL:,} of {length:,} characters)" if length > FULL else ""
    return Html(
        f"<details><summary><bdi>{escape(start[:SHORT])}</bdi> …</summary>"
        f"<bdi>{escape(start)}</bdi>{rest}</details>"
    )


def raw(value: object) -> Html:
    """A stored value exactly as JSON, with invisible characters spelled out."""
    spelled = _json(value)
    visible = "".join(_visible(each) for each in spelled[:FULL])
    return Html(f"<code>{_shortened(visible, len(spelled))}</code>")


def _json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply to show)"
    except ValueError:
        return "(a number too long to show)"


def _visible(character: str) -> str:
    hidden = unicodedata.category(character).startswith("C")
    return json.dumps(character)[1:-1] if hidden else character


def plain(value: object) -> Html:
    """A stored value as a person would write it; what is nested stays JSON."""
    if value in (None, "", [], {}):
        return words("(empty)")
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, str | int | float):
        return text(value if isinstance(value, str) else _json(value))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return text(", ".join(value))
    return raw(value)


def yes_or_no(value: bool) -> Html:
    """A yes or a no."""
    return words("yes" if value else "no")


def number(value: float) -> str:
    """At most two decimals, and none that are zero: 66.67, 80."""
    return f"{Decimal(decimals(value, 2)):,f}".replace(",", "\u202f")


def moment(when: date, zone: tzinfo) -> Html:
    """'12 Nov 2026, 14:05' in the viewer's zone; a bare date is the same anywhere."""
    if isinstance(when, datetime):
        when = when.astimezone(zone)
        shown = f"{short_date(when)}, {when:%H:%M}"
    else:
        shown = short_date(when)
    return Html(f'<time datetime="{when.isoformat()}">{shown}</time>')


def duration(seconds: float) -> str:
    """'45 s', '12 min', '1 h 5 min'."""
    if nearest(seconds) < 60:
        return f"{nearest(seconds)} s"
    hours, minutes = divmod(nearest(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def position(seconds: float) -> str:
    """A place in a video: '4:10', '1:04:10'."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def sentence(content: Html) -> Html:
    """The answer that opens the details."""
    return Html(f'<p class="details-answer">{content}</p>')


def quiet(content: str) -> Html:
    """A sentence in the background."""
    return Html(f'<p class="details-quiet">{words(content)}</p>')


def pairs(caption: str, rows: Sequence[tuple[Html, Html]]) -> Html:
    """A table of names and values; '' without rows."""
    if not rows:
        return Html("")
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows[:MOST_ROWS]
    )
    more = len(rows) - MOST_ROWS
    return Html(
        f'<table class="details-pairs"><caption>{escape(caption)}</caption><tbody>{body}</tbody>'
        "</table>" + (quiet(f"And {more:,} more.") if more > 0 else "")
    )


def grid(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Html]]) -> Html:
    """A table with column heads; the first cell of a row names it.

    Where it is narrow the rows are stacked (details.css), each cell labelled with its head. The
    roles repeat what the elements say: stacked elements lose their meaning in some browsers.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(each)}</th>' for each in heads)
    body = "".join(_row(heads, row) for row in rows)
    return Html(
        f'<table class="details-grid" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(heads: Sequence[str], row: Sequence[Html]) -> str:
    cells = "".join(
        f'<td role="cell" data-head="{escape(head)}"><div>{cell}</div></td>'
        for head, cell in zip(heads[1:], row[1:], strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{row[0]}</th>{cells}</tr>'

"""A digest in words: as plain text, and as HTML that reads well on a phone, in light and dark."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from data.digest.contents import Digest, Linked
from data.i18n.dates import date_with_weekday
from data.i18n.formats import count, local

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (prefers-color-scheme: dark) {{
  body, .page {{ background: #16191d !important; color: #e8eaed !important; }}
  a {{ color: #9cc3ff !important; }}
  .quiet {{ color: #b4bac2 !important; }}
  li {{ border-color: #3a4047 !important; }}
}}
</style>
</head>
<body style="margin:0;background:#ffffff;color:#1f2328;font:16px/1.5 'Segoe UI',Roboto,sans-serif">
<div class="page" style="max-width:600px;margin:0 auto;padding:16px;overflow-wrap:anywhere">
{body}
</div>
</body>
</html>
"""

H1: Final = "font-size:20px;line-height:1.3;margin:0 0 16px"
H2: Final = "font-size:17px;line-height:1.3;margin:24px 0 8px"
LIST: Final = "list-style:none;margin:0;padding:0"
ITEM: Final = "margin:0;padding:10px 0;border-top:1px solid #d0d7de"
QUIET: Final = "color:#57606a"
LINK: Final = "color:#0b57d0;display:inline-block;padding:3px 0"


WHY: Final = (
    "You get this mail because you see these classes in the dashboard, and your school sends it."
)
NOTHING_NEW: Final = "Nothing new in your classes."


def subject(digest: Digest) -> str:
    """What it is about, with nobody's name."""
    return f"Progress: {_title(digest)}"


def _title(digest: Digest) -> str:
    if digest.of_students:
        return f"{count(digest.of_students, 'student needs', 'students need')} attention"
    return f"nobody needs attention, new in {count(digest.of_classes, 'class', 'classes')}"


def _first(digest: Digest) -> str:
    """What is said of those who come first, where there are more; else ''."""
    if digest.of_students == len(digest.students):
        return ""
    return f"These are the first {len(digest.students)}: their reasons are gravest together."


def _new(digest: Digest) -> str:
    return f"New since {date_with_weekday(local(digest.since, digest.here))}"


def _rest(digest: Digest) -> tuple[Linked | None, Linked | None]:
    """The way to those students and classes that are not told of."""
    students = digest.of_students - len(digest.students)
    classes = digest.of_classes - len(digest.classes)
    return (
        Linked(count(students, "more student", "more students"), f"{digest.dashboard}?today=all")
        if students
        else None,
        Linked(count(classes, "more class", "more classes"), digest.dashboard) if classes else None,
    )


def line(stored: str) -> str:
    """On one line and without what cannot be seen. What a mail program would make a link of is parted by a
    character without width: a name leads nowhere."""
    shown = "".join(one if one.isprintable() else " " for one in stored)
    return re.sub(r"(?<=\S)([.:@/])(?=[^\s\d])", "\\1\u2060", " ".join(shown.split()))


# --- as text ---


def as_text(digest: Digest, unsubscribe: str | None) -> str:
    """Lines of text; `unsubscribe` is the address of the page where one does."""
    students, classes = _rest(digest)
    lines = [_title(digest).upper(), _first(digest), "", *_students(digest)]
    lines += [*_more(students), "", _new(digest).upper(), *_classes(digest), *_more(classes)]
    return "\n".join([*lines, "", *_foot(digest, unsubscribe), ""])


def _students(digest: Digest) -> Iterator[str]:
    for number, one in enumerate(digest.students, 1):
        yield f"{number}. {line(one.who.words)}"
        yield from (f"   {line(each)}" for each in one.reasons)
        if one.others:
            yield f"   Also {one.others}"
        yield f"   {one.who.href}"
        yield ""


def _classes(digest: Digest) -> Iterator[str]:
    if not digest.classes:
        yield NOTHING_NEW
    for one in digest.classes:
        yield line(one.name.words)
        yield from (f"- {line(each.words)}" for each in one.news)
        yield f"  {one.name.href}"
        yield ""


def _more(rest: Linked | None) -> Iterator[str]:
    if rest is not None:
        yield f"{rest.words}: {rest.href}"


def _foot(digest: Digest, unsubscribe: str | None) -> Iterator[str]:
    yield f"Open the dashboard: {digest.dashboard}"
    yield WHY
    if unsubscribe:
        yield f"Unsubscribe: {unsubscribe}"


# --- as HTML ---


def as_html(digest: Digest, unsubscribe: str | None) -> str:
    """A whole page, of which nothing is loaded from anywhere."""
    title = _title(digest)
    return PAGE.format(title=title, body="\n".join(_body(digest, title, unsubscribe)))


def _body(digest: Digest, title: str, unsubscribe: str | None) -> Iterator[str]:
    students, classes = _rest(digest)
    yield f'<h1 style="{H1}">{title[0].upper()}{title[1:]}</h1>'
    if first := _first(digest):
        yield f"<p>{first}</p>"
    yield from _list(
        [
            "<br>".join(
                [
                    f"<strong>{_link(one.who)}</strong>",
                    *(escape(line(each)) for each in one.reasons),
                    *([_quiet(f"Also {one.others}")] if one.others else []),
                ]
            )
            for one in digest.students
        ]
    )
    yield from (f"<p>{_link(one)}</p>" for one in (students,) if one)
    yield f'<h2 style="{H2}">{_new(digest)}</h2>'
    if not digest.classes:
        yield f"<p>{NOTHING_NEW}</p>"
    yield from _list(
        [
            "<br>".join([f"<strong>{_link(one.name)}</strong>", *map(_link, one.news)])
            for one in digest.classes
        ]
    )
    yield from (f"<p>{_link(one)}</p>" for one in (classes,) if one)
    yield f"<p>{_link(Linked('Open the dashboard', digest.dashboard))}</p>"
    out = f" {_link(Linked('Unsubscribe', unsubscribe))}" if unsubscribe else ""
    yield f"<p>{_quiet(WHY)}{out}</p>"


def _list(items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f'<ul style="{LIST}">'
        yield from (f'<li style="{ITEM}">{one}</li>' for one in items)
        yield "</ul>"


def _link(one: Linked) -> str:
    return f'<a href="{escape(one.href)}" style="{LINK}">{escape(line(one.words))}</a>'


def _quiet(words: str) -> str:
    return f'<span class="quiet" style="{QUIET}">{escape(words)}</span>'

"""progress_details as Streamlit sends it: one piece of HTML, in which every stored text is only text."""

from collections.abc import Sequence
from datetime import UTC
from html.parser import HTMLParser
from uuid import UUID

import pytest
from hypothesis import example, given
from streamlit.testing.v1 import AppTest

from dashboard.details import NOTHING_YET, markup, page
from data.rules.details import Lesson
from tests.unit.stored_details import JSON, TYPES, A
from tests.views.details_words import LESSONS, VIENNA, read

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "javascript:alert(1)",
    "</td></table><script>alert(1)</script>",
    "\" onmouseover='alert(1)",
    "<style>*{display:none}</style>",
    "&lt;b&gt;",
    "\u202edetrever",
    "\ud800",
]

OUR_TAGS = {
    *("p", "span", "small", "code", "bdi", "time", "div", "details", "summary", "ol", "li"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "style"),
}
OUR_ATTRIBUTES = {"class", "scope", "role", "data-head", "aria-hidden", "datetime"}


class Inspector(HTMLParser):
    """Collects the text, and anything in the HTML that is not ours."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.foreign += [tag] * (tag not in OUR_TAGS)
        self.foreign += [name for name, _ in attrs if name not in OUR_ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        self.text += data


def draw(stored, lessons, zone):  # type: ignore[no-untyped-def]  # runs elsewhere
    import streamlit as st

    from dashboard.details import page

    for module_type, details in stored:
        st.html(page(module_type, details, lessons, zone))


def sent(stored: Sequence[tuple[str, object]], lessons: Sequence[Lesson] = LESSONS) -> list[str]:
    """The one piece of HTML that Streamlit sends to the browser for each."""
    app = AppTest.from_function(draw, args=(stored, lessons, VIENNA)).run(timeout=30)
    assert not app.exception
    elements = app.get("html")
    assert len(elements) == len(stored)
    assert not any(one.proto.unsafe_allow_javascript for one in elements)
    assert not app.markdown
    return [str(one.proto.body) for one in elements]


@pytest.mark.parametrize(
    ("module_type", "details", "words"),
    [
        ("Course", {"completed_lesson_ids": [A]}, "1 of 3 lessons done"),
        ("Assessment", {"score_percentage": 55}, "55 %"),
        ("Project", {"project_title": "Bridge"}, "Bridge"),
        ("interview", {"by": "Ada"}, "Ada"),
        ("course", None, NOTHING_YET),
        ("course", [1], "Could not be read"),
    ],
)
def test_each_kind_is_one_piece_of_html(module_type: str, details: object, words: str) -> None:
    (html,) = sent([(module_type, details)])
    assert words in read(html)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_reaches_the_browser_only_as_text(hostile: str) -> None:
    lessons = [Lesson(UUID(A), hostile, 1, True)]
    course = {
        "completed_lesson_ids": [hostile],
        "lesson_quiz_results": {A: {hostile: hostile, "score": hostile}},
        hostile: {hostile: [hostile]},
    }
    stored = [
        ("course", course),
        ("assessment", {"tier_achieved": hostile, "score": hostile, hostile: hostile}),
        ("project", {"project_title": hostile, "submission_id": hostile, "passed": hostile}),
        ("interview", {hostile: hostile, "list": [hostile], "deep": {hostile: hostile}}),
        (hostile, {"a": hostile}),
        ("course", hostile),
    ]
    for html in sent(stored, lessons):
        found = Inspector(html)
        assert found.foreign == []
        spelled = hostile.encode("utf-8", "replace").decode()
        as_json = "".join(markup._visible(each) for each in markup._json(hostile))
        assert spelled in found.text or as_json in found.text


@example("Project", {"note": {"\ud800": None}})
@given(TYPES, JSON)
def test_no_json_value_breaks_the_page(module_type: str, details: object) -> None:
    drawn = page(module_type, details, LESSONS, UTC)
    assert Inspector(drawn).foreign == []
    drawn.encode("utf-8")

"""What is typed in response to a flag and not saved yet: kept through refusals, outages and other pages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components.empty_and_error import tried
from dashboard.components.text import alert, notice
from dashboard.views.student.note_form import day_field
from data.rules.flags import Flag
from data.rules.progress import Problem
from data.writing import flag_responses
from data.writing.flag_responses import RESPONSES, FlagResponse
from data.writing.notes import CHANNELS, Content

Key = tuple[UUID, str]
"""Of a flag: its class and its rule."""

K = TypeVar("K")

DRAFTS: Final = "response_drafts"
SAVED: Final = "The response is saved."
CONTACTED: Final = "contacted"
REFUSED: Final = dict.fromkeys(("empty", "too_long", "unseen", "unreadable"), "text") | {
    "day": "day"
}
"""By a problem's code the field that it is about; others are about no field."""


def _token() -> str:
    return uuid4().hex[:8]


@dataclass
class ResponseDraft:
    """A response as far as it is chosen and typed. `key` is what it is written under: a retry meets it; `token`
    is in its widgets' keys."""

    flag: Key | None = None
    response: str = CONTACTED
    channel: str = "phone"
    day: date | None = None
    text: str = ""
    done: str | None = None
    problem: Problem | None = None
    key: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=_token)

    def widget(self, name: str) -> str:
        """A widget's key."""
        return f"response_{name}_{self.token}"

    def write(self, given: FlagResponse, note: Content | None, key: UUID) -> None:
        """Write it; `problem` is what is wrong, the database's absence included."""
        self.done = None
        self.problem = tried(
            lambda: flag_responses.respond(reads.visit().actor, given, note, key=key)
        )


def draft_of(student_id: UUID) -> ResponseDraft:
    """What this person has typed of this student in this session."""
    return all_drafts().setdefault(student_id, ResponseDraft())


def all_drafts() -> dict[UUID, ResponseDraft]:
    """By student, what this person has typed in this session; nobody who signs in after them sees it."""
    everybodys: dict[UUID, dict[UUID, ResponseDraft]] = st.session_state.setdefault(DRAFTS, {})
    return everybodys.setdefault(reads.visit().actor.id, {})


def look_again(student_id: UUID, given: Collection[UUID]) -> None:
    """After a lost answer: what is there was saved."""
    if draft_of(student_id).key in given:
        all_drafts()[student_id] = ResponseDraft(done=SAVED)


def draw(
    draft: ResponseDraft, student_id: UUID, flags: Mapping[Key, Flag], labels: Mapping[Key, str]
) -> None:
    """The form, where something is flagged; what was just done, and what stood in the way."""
    if draft.done is not None:
        notice(draft.done)
    if flags:
        _draw_choices(draft, flags, labels)
        st.text_area(
            "What came of it" if draft.response == CONTACTED else "Note (may be left empty)",
            draft.text,
            key=draft.widget("text"),
            height=100,
            placeholder="Plain text. It is written among the notes, which the student cannot read.",
            on_change=_typed,
            args=(draft,),
        )
    if draft.problem is not None:
        about = REFUSED.get(draft.problem.code) if flags else None
        alert(draft.problem.message, field=about and draft.widget(about))
    if flags:
        st.button(
            "Save response",
            key=draft.widget("save"),
            type="primary",
            on_click=_save,
            args=(draft, student_id, flags),
        )


def _draw_choices(
    draft: ResponseDraft, flags: Mapping[Key, Flag], labels: Mapping[Key, str]
) -> None:
    if draft.flag not in flags or draft.widget("text") not in st.session_state:
        # Widgets that were not on the page for a while have forgotten what they held.
        draft.flag = draft.flag if draft.flag in flags else next(iter(flags))
        draft.token = _token()
    with st.container(horizontal=True):
        _choice(draft, "flag", "Reason", labels)
        _choice(draft, "response", "Response", RESPONSES)
        if draft.response == CONTACTED:
            _choice(draft, "channel", "How", CHANNELS)
            draft.day = day_field(draft.day, draft.widget("day"), lambda: _typed(draft))


def _choice(draft: ResponseDraft, name: str, label: str, options: Mapping[K, str]) -> None:
    st.selectbox(
        label,
        [*options],
        [*options].index(getattr(draft, name)),
        format_func=lambda one: options.get(one, str(one)),
        key=draft.widget(name),
        on_change=_typed,
        args=(draft,),
        width=240,
    )


def _typed(draft: ResponseDraft) -> None:
    """Take what the widgets hold, where they are on the page."""
    for name in ("flag", "response", "channel", "day", "text"):
        setattr(draft, name, st.session_state.get(draft.widget(name), getattr(draft, name)))


def _save(draft: ResponseDraft, student_id: UUID, flags: Mapping[Key, Flag]) -> None:
    """Write what is typed. A second click on the same button finds another form open, and does nothing."""
    if draft is not draft_of(student_id):
        return
    _typed(draft)
    flag = flags.get(draft.flag) if draft.flag else None
    if flag is None:
        return
    given = FlagResponse(
        flag.class_id, student_id, flag.rule, draft.response, flag.modules, flag.since
    )
    draft.write(given, _note(draft), draft.key)
    if draft.problem is None:
        all_drafts()[student_id] = ResponseDraft(done=SAVED)
    elif draft.problem is flag_responses.ALREADY:
        draft.key = uuid4()


def _note(draft: ResponseDraft) -> Content | None:
    if draft.response == CONTACTED:
        return Content(draft.text, draft.channel, draft.day)
    return Content(draft.text) if draft.text.strip() else None

"""What is typed in the school's forms and not saved: kept through outages, other pages and people's changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from data.roster.changes import RosterChange
from data.roster.save import RosterOutcome
from data.rules.roster import RosterFault

DRAFTS: Final = "roster_drafts"

Typed = Mapping[str, Any]
Kind = Literal["text", "lines", "choice", "many", "tick", "day"]


def _token() -> str:
    return uuid4().hex[:8]


class FormField(NamedTuple):
    """One field: the column it is of, its label, how it is filled in, and what there is to choose from."""

    name: str
    label: str
    kind: Kind = "text"
    options: Mapping[Any, str] = {}
    help: str | None = None
    is_ordered: bool = False

    def taken(self, value: Any, seen: Any) -> Any:
        """What the browser says, as far as it is to be chosen here; what was `seen` and is not, stays."""
        if self.kind == "many":
            offered = [one for one in seen if one in self.options]
            chosen = [one for one in value if one in self.options]
            hidden = [one for one in seen if one not in self.options]
            return seen if chosen == offered else (*chosen, *hidden)
        if self.kind == "choice" and value not in self.options:
            return None if seen in self.options else seen
        return value


@dataclass(frozen=True)
class Plan:
    """What saving would do with what was typed: changes, or what is wrong."""

    changes: Sequence[RosterChange] = ()
    faults: Sequence[RosterFault] = ()


Planned = Callable[[Typed], Plan]
"""From what is typed."""


@dataclass
class RosterForm:
    """One opening: of `subject`, called `title`, over what was `seen` then, which `plan` goes by.

    `typed` is what is typed by now, `way` the address that shows it. `token` is in its widgets' keys, and stays
    while they are on the page. `is_tried` once somebody pressed Save over what could not be saved, `moved` says
    what was just put in another place. `tried` is what was last to be saved, with what was typed then.
    """

    subject: str
    title: str
    seen: Typed
    plan: Planned
    typed: dict[str, Any] = field(default_factory=dict)
    fields: Mapping[str, FormField] = field(default_factory=dict)
    way: Mapping[str, str] = field(default_factory=dict)
    outcome: RosterOutcome | None = None
    is_tried: bool = False
    moved: str = ""
    tried: Sequence[RosterChange] = ()
    typed_then: Typed = field(default_factory=dict)
    batch_id: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=_token)

    def __post_init__(self) -> None:
        self.typed = {**self.seen, **self.typed}

    def key(self, name: str) -> str:
        return f"roster_{name}_{self.token}"

    @property
    def is_typed(self) -> bool:
        """Is there something in it that would be lost?"""
        return self.typed != self.seen

    @property
    def is_on_page(self) -> bool:
        """Were its widgets drawn last? Others have forgotten what they held."""
        return any(self.key(name) in st.session_state for name in self.fields)

    def to_save(self, planned: Plan) -> Sequence[RosterChange]:
        """What is to be saved now: while the same is typed the very same, with the ids of whoever is new.

        After an outage nobody knows whether the first was saved, and it must not be saved twice."""
        if not self.tried or self.typed_then != self.typed:
            self.tried, self.typed_then = planned.changes, dict(self.typed)
        return self.tried

    def draw_anew(self) -> None:
        """Other widgets take the place of those on the page, and begin with what is typed by now."""
        self.token = _token()

    def take(self) -> None:
        """Take what the widgets hold, where they are on the page."""
        for name, one in self.fields.items():
            if self.key(name) in st.session_state:
                value = st.session_state[self.key(name)]
                self.typed[name] = one.taken(value, self.seen[name])


def all_drafts() -> dict[str, RosterForm]:
    """Every form that this person has begun in this session: whoever signs in after them sees nothing of it."""
    everybodys: dict[UUID, dict[str, RosterForm]] = st.session_state.setdefault(DRAFTS, {})
    return everybodys.setdefault(reads.visit().actor.id, {})


def opened(subject: str, title: str, stored: Typed, plan: Planned) -> RosterForm:
    """The form as it was left, over what was seen then; where nothing is typed, over what is there now."""
    drafts = all_drafts()
    for other in [one for one in drafts.values() if one.subject != subject and not one.is_typed]:
        del drafts[other.subject]
    form = drafts.get(subject)
    if form is None or (not form.is_typed and not (form.is_on_page and form.seen == stored)):
        form = drafts[subject] = RosterForm(subject, title, dict(stored), plan)
    if not form.is_on_page:
        form.draw_anew()
    if form.seen == stored:
        form.plan = plan
    form.title, form.way = title, st.query_params.to_dict()
    return form


def renew(form: RosterForm, stored: Typed, plan: Planned) -> None:
    """Open it over what is there now, with what was typed: the person has seen both."""
    form.take()
    typed = {name: value for name, value in form.typed.items() if value != form.seen[name]}
    renewed = RosterForm(form.subject, form.title, dict(stored), plan, typed, way=form.way)
    all_drafts()[form.subject] = renewed


def discard(form: RosterForm) -> None:
    """It was saved, or is not wanted any more: what opens next is opened anew."""
    all_drafts().pop(form.subject, None)

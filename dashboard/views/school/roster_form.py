"""The form for one person, class or module: it remembers what it was opened over, and saves only over that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID, uuid4

import streamlit as st

from dashboard.components.text import alert, heading, paragraph
from dashboard.views.school import roster_preview
from data.roster.changes import RosterChange
from data.roster.save import RosterOutcome
from data.rules.roster import RosterFault

OPEN: Final = "roster_form"

Typed = Mapping[str, Any]
Kind = Literal["text", "lines", "choice", "many", "tick", "day"]


class FormField(NamedTuple):
    """One field: the column it is of, its label, how it is filled in, and what there is to choose from."""

    name: str
    label: str
    kind: Kind = "text"
    options: Mapping[Any, str] = {}
    help: str | None = None

    def taken(self, value: Any) -> Any:
        """What the browser says, as far as it is to be chosen here."""
        if self.kind == "many":
            return tuple(one for one in value if one in self.options)
        if self.kind == "choice" and value not in self.options:
            return None
        return value

    @property
    def labels(self) -> Mapping[Any, str]:
        """The options' labels, all different: Streamlit tells options apart by their labels alone."""
        times: Counter[str] = Counter()
        found: dict[Any, str] = {}
        for option, label in self.options.items():
            times[label] += 1
            found[option] = f"{label} ({times[label]})" if times[label] > 1 else label
        return found


@dataclass(frozen=True)
class Plan:
    """What saving would do with what was typed: changes, or what is wrong."""

    changes: Sequence[RosterChange] = ()
    faults: Sequence[RosterFault] = ()


Planned = Callable[[Typed], Plan]
"""From what is typed."""


@dataclass
class RosterForm:
    """One opening: of `subject`, over what was seen then. `token` is in its widgets' keys; `is_tried` once
    somebody pressed Save over what could not be saved."""

    subject: str
    seen: Typed
    fields: Mapping[str, FormField] = field(default_factory=dict)
    outcome: RosterOutcome | None = None
    is_tried: bool = False
    batch_id: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def key(self, name: str) -> str:
        return f"roster_{name}_{self.token}"

    def typed(self) -> dict[str, Any]:
        """What its widgets hold; of those that are not drawn yet, what was seen."""
        return {name: self._typed(name, value) for name, value in self.seen.items()}

    def _typed(self, name: str, seen: Any) -> Any:
        key = self.key(name)
        if key not in st.session_state or name not in self.fields:
            return seen
        return self.fields[name].taken(st.session_state[key])


def forget() -> None:
    """What opens next is opened anew."""
    st.session_state.pop(OPEN, None)


def draw(
    subject: str,
    stored: Typed,
    fields: Sequence[FormField],
    plan: Planned,
    on_saved: Callable[[], None] = lambda: None,
) -> None:
    """The form over what is `stored`, what saving would do, and what became of the last save. `on_saved` is
    called after one that wrote something."""
    form = _opened(subject, stored)
    form.fields = {one.name: one for one in fields}
    if form.outcome is not None:
        _draw_trouble(form, stored)
    planned = plan(form.typed())
    faults = planned.faults if form.is_tried or form.typed() != form.seen else ()
    left, right = st.columns([3, 2], gap="large")
    with left:
        for one in fields:
            # A place of its own: where the next field moved down, what is being typed in it would be lost.
            with st.container():
                _draw_field(form, one)
                for fault in faults:
                    if fault.field == one.name:
                        alert(fault.message, field=form.key(one.name))
        for fault in faults:
            if fault.field not in form.fields:
                alert(fault.message)
        st.button(
            "Save", key="roster_save", type="primary", on_click=_save, args=(form, plan, on_saved)
        )
    with right:
        _draw_plan(form, planned)


def _opened(subject: str, stored: Typed) -> RosterForm:
    form = st.session_state.get(OPEN)
    if not isinstance(form, RosterForm) or form.subject != subject:
        form = RosterForm(subject, dict(stored))
        st.session_state[OPEN] = form
    elif form.seen != stored and form.typed() == form.seen:
        form = RosterForm(subject, dict(stored))  # nothing is typed: over what is there now
        st.session_state[OPEN] = form
    return form


def _draw_field(form: RosterForm, one: FormField) -> None:
    key, begins = form.key(one.name), form.seen[one.name]
    options, labels = list(one.options), one.labels

    def words(option: Any) -> str:
        return labels.get(option, "")

    match one.kind:
        case "text":
            st.text_input(one.label, begins or "", key=key, help=one.help)
        case "lines":
            st.text_area(one.label, begins, key=key, help=one.help, height=240)
        case "tick":
            st.checkbox(one.label, begins, key=key, help=one.help)
        case "day":
            st.date_input(one.label, begins, key=key, help=one.help, format="YYYY-MM-DD")
        case "choice":
            place = options.index(begins) if begins in options else None
            st.selectbox(one.label, options, place, format_func=words, key=key, help=one.help)
        case "many":
            chosen = [option for option in begins if option in one.options]
            st.multiselect(one.label, options, chosen, format_func=words, key=key, help=one.help)


def _draw_plan(form: RosterForm, planned: Plan) -> None:
    heading("What saving will do", 2)
    if form.typed() == form.seen and not form.is_tried:
        paragraph("Nothing yet.", quiet=True)
    elif planned.faults:
        paragraph("Correct the marked fields, then save.")
    elif not planned.changes:
        paragraph("Nothing: no value was changed.", quiet=True)
    else:
        roster_preview.draw_lines(roster_preview.in_words(planned.changes), len(planned.changes))


def _save(form: RosterForm, plan: Planned, on_saved: Callable[[], None]) -> None:
    planned = plan(form.typed())
    form.outcome, form.is_tried = None, bool(planned.faults)
    if planned.faults or not planned.changes:
        return
    outcome = roster_preview.save_or_say(planned.changes, "form", form.batch_id)
    if outcome.batch_id is None:
        form.outcome, form.batch_id = outcome, uuid4()
        return
    forget()
    roster_preview.offer(outcome)
    on_saved()


def _draw_trouble(form: RosterForm, stored: Typed) -> None:
    outcome = form.outcome
    if outcome is None:
        return
    roster_preview.draw_trouble(outcome, "after you opened the form.")
    if outcome.overtaken:
        with st.container(horizontal=True):
            st.button(
                "Save mine instead", key=form.key("mine"), on_click=_over, args=(form, stored)
            )
            st.button("Use theirs", key=form.key("theirs"), on_click=forget)


def _over(form: RosterForm, stored: Typed) -> None:
    """Go on over what is there now, with what was typed: the person has seen both."""
    typed = form.typed()
    renewed = RosterForm(form.subject, dict(stored))
    for name, value in typed.items():
        if value != form.seen[name]:
            st.session_state[renewed.key(name)] = value
    st.session_state[OPEN] = renewed

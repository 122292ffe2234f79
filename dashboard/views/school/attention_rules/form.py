"""Changing the figures of the rules: what is drafted, what it would do, and saving it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import alert, heading, said_once
from dashboard.views.school.attention_rules import preview
from dashboard.web import wire
from data.access.errors import DataError
from data.reading.attention_rules.chosen import AttentionChoice, OrganisationRules
from data.reading.attention_rules.preview import proposed_figures
from data.rules.attention import RULES, AttentionRule, called
from data.rules.attention_figures import BY_KEY, FIGURES, Figures, RuleFigure, check_figures
from data.writing.attention_rules.figures import choose_figures

SAID: Final = "attention_said"
"""What became of the last click, to be said once."""


@dataclass(frozen=True)
class Scope:
    """Whose figures are changed, and how they are: what was chosen, and what holds where nothing is."""

    rules: OrganisationRules
    class_id: UUID | None

    @property
    def id(self) -> UUID:
        return self.class_id or self.rules.id

    @property
    def choice(self) -> AttentionChoice:
        return self.rules.choice_of(self.class_id)

    def key(self, what: str) -> str:
        """A widget's: whoever signs in next finds nothing of it."""
        return f"attention_{what}_{self.id.hex}_{reads.visit().actor.id.hex[:8]}"


def draw(rules: OrganisationRules, class_id: UUID | None, name: str) -> None:
    """A line a rule, which unfolds to a control a figure; below them what the draft would do."""
    scope = Scope(rules, class_id)
    heading(f"Rules of {name}", 2)
    meanwhile = _take_what_is_new(scope)
    changes = _changes(scope)
    for rule in RULES:
        figures = [one for one in FIGURES if one.rule == rule.key]
        # Whoever comes back to a draft finds it open.
        is_drafted = any(one.key in changes for one in figures)
        with (
            st.expander(_line(scope, rule), expanded=is_drafted, key=scope.key(f"of_{rule.key}")),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            for figure in figures:
                _draw_control(scope, figure)
    said_once(SAID)  # here the button was: above the controls nobody sees it who has just clicked
    if meanwhile:
        alert(f"A colleague changed this meanwhile: {'; '.join(meanwhile)}.")
    if changes:
        wire.ask_before_leaving()
        _draw_what_follows(scope, changes)


def _line(scope: Scope, rule: AttentionRule) -> str:
    """What the rule says here, and what of it was chosen here; none of it is stored text."""
    held, own = scope.rules.held(scope.class_id), scope.choice.own
    said = [rule.sentence(held) if held[rule.key] else "Switched off."]
    if mine := chosen({key: value for key, value in own.items() if BY_KEY[key].rule == rule.key}):
        said.append(f"Chosen here: {mine}.")
    return f"**{rule.title}.** {' '.join(said)}"


def chosen(own: Figures, *, is_named: bool = False) -> str:
    """'days at least: 10', or named 'Inactive: days at least: 10'."""
    return "; ".join(
        f"{called(figure) if is_named else (figure.label or 'on or off').lower()}: {figure.words(own[key])}"
        for key, figure in BY_KEY.items()
        if key in own
    )


def _draw_control(scope: Scope, figure: RuleFigure) -> None:
    below = figure.words(scope.rules.below(scope.class_id)[figure.key])
    otherwise = f"{below}, as {'all classes' if scope.class_id else 'usual'}"
    key = scope.key(figure.key)
    if figure.label:
        st.number_input(
            # Limits of its own would refuse a figure by a hint that is only seen by pointing at it.
            f"{called(figure)} ({figure.lowest} to {figure.highest})",
            value=None,  # else a field that is cleared would come to hold the lowest
            step=1,
            key=key,
            placeholder=otherwise,
            width=320,
        )
    else:
        words = {None: otherwise.capitalize(), 1: "On", 0: "Off"}
        st.selectbox(
            called(figure),
            list(words),
            format_func=words.__getitem__,
            key=key,
            placeholder=otherwise.capitalize(),
            width=240,
        )


def _take_what_is_new(scope: Scope) -> list[str]:
    """Controls show what is stored until somebody changes them. Of what a colleague changed since, below a
    control that was changed here, it is told."""
    seen = _seen(scope)
    told = []
    for figure in FIGURES:
        key, now = scope.key(figure.key), _now(scope, figure)
        before = seen.get(figure.key)
        if key not in st.session_state or (before and st.session_state[key] == before[1]):
            if st.session_state.get(key, ...) != now[1]:
                st.session_state[key] = now[1]
            seen[figure.key] = now
        elif before is None:
            seen[figure.key] = now
        elif before != now:
            said = "not chosen" if now[1] is None else figure.words(now[1])
            told.append(f"{called(figure)} is {said} now")
    return told


def _seen(scope: Scope) -> dict[str, tuple[int | None, int | None]]:
    """Of each figure, the change that its control was drawn with, and its value."""
    found: dict[str, tuple[int | None, int | None]] = st.session_state.setdefault(
        scope.key("seen"), {}
    )
    return found


def _now(scope: Scope, figure: RuleFigure) -> tuple[int | None, int | None]:
    return scope.choice.newest.get(figure.key), scope.choice.own.get(figure.key)


def _changes(scope: Scope) -> dict[str, int | None]:
    drafted = {one.key: st.session_state.get(scope.key(one.key)) for one in FIGURES}
    own = scope.choice.own
    return {key: value for key, value in drafted.items() if value != own.get(key)}


def _draw_what_follows(scope: Scope, changes: Mapping[str, int | None]) -> None:
    for figure, value in changes.items():
        if check_figures({figure: value}):
            known = BY_KEY[figure]
            limits = f"from {known.lowest} to {known.highest}"
            alert(f"{called(known)} must be {limits}.", field=scope.key(figure))
            return
    preview.draw(proposed_figures(scope.id, changes), {BY_KEY[figure].rule for figure in changes})
    with st.container(horizontal=True):
        st.button(
            "Save rules",
            key="attention_save",
            type="primary",
            on_click=_save,
            args=(scope, changes),
        )
        st.button("Discard", key="attention_discard", on_click=_discard, args=(scope, changes))


def _save(scope: Scope, changes: Mapping[str, int | None]) -> None:
    seen = _seen(scope)
    follows = {key: number for key, (number, _) in seen.items() if number is not None}
    try:
        problem = choose_figures(
            reads.visit().actor, scope.rules.id, scope.class_id, changes, follows
        )
    except DataError as error:
        problem = empty_and_error.unsure(error)
    st.session_state[SAID] = problem or "Saved."
    if problem is None:
        _forget(scope, changes)
    elif problem.code == "changed_meanwhile":
        # They are told: what they save next follows what holds by then.
        for figure in changes:
            seen.pop(figure, None)


def _discard(scope: Scope, changes: Iterable[str]) -> None:
    _forget(scope, changes)
    st.session_state[SAID] = "Discarded."


def _forget(scope: Scope, changes: Iterable[str]) -> None:
    for figure in changes:
        st.session_state.pop(scope.key(figure), None)

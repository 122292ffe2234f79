"""A page's controls in one bar: native selects and inputs, and the buttons of the panels drawn beneath it.

Native controls are what a phone and a screen reader know best. They are also what a page can afford: each
Streamlit widget or popover costs 12 to 15 ms until it stands, this whole bar about as much as one of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard.components import browser, links

Kind = Literal["choice", "tick", "text", "range", "date"]


@dataclass(frozen=True)
class Control:
    """One control. `value` and the options' values are texts as they stand in the URL; '' is off.

    `nothing` is the words of the option that is off; None where something must be chosen. A tick box
    that is ticked stands for its only option.
    `is_extra` puts it behind "More filters".
    """

    key: str
    label: str
    kind: Kind
    value: str
    options: Sequence[tuple[str, str]] = ()
    nothing: str | None = None
    help: str | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class FilterSet:
    """A person gave a control another value; '' turned it off."""

    control: str
    value: str


@dataclass(frozen=True)
class FiltersCleared:
    """Everything off that can be."""


ToolbarEvent = FilterSet | FiltersCleared
"""What a page hears of; which panel is open the bar knows by itself."""


@dataclass(frozen=True)
class PanelOpened:
    """A panel was opened, or the open one closed (None)."""

    name: str | None


_mount = browser.component("toolbar", Path(__file__).parent, "toolbar.js", "toolbar.css")


def toolbar(
    *,
    key: str,
    label: str,
    controls: Sequence[Control],
    sentence: str,
    can_clear: bool,
    on_event: Callable[[ToolbarEvent], None],
    panels: Sequence[str] = (),
    locked: bool = False,
) -> str | None:
    """Draw the bar; returns the panel that is open. `sentence` says what is shown, and is read out when it
    changes; `on_event` is called before the rerun that an event leads to. Locked, every control is shown and
    none can be changed."""
    panel = f"{key}_panel"
    opened = st.session_state.get(panel)
    opened = opened if opened in panels else None
    data = [
        label,
        [_drawn(one) for one in controls],
        sentence,
        can_clear,
        panels,
        opened,
        locked,
    ]
    known = {one.key for one in controls}

    def heard() -> None:
        match _event(st.session_state.get(key, {}).get("event"), known, panels):
            case PanelOpened(name) if not locked:
                st.session_state[panel] = name
            case FilterSet() | FiltersCleared() as event if not locked:
                on_event(event)

    _mount(key=key, data=data, on_event_change=heard)
    return opened


def by_address(*controls: str) -> Callable[[ToolbarEvent], None]:
    """For a bar whose values stand in the URL under its controls' names: what to do of an event. `controls` are
    those that go when all are cleared."""

    def heard(event: ToolbarEvent) -> None:
        if isinstance(event, FilterSet):
            links.write_address({event.control: event.value})
        else:
            links.write_address(dict.fromkeys(controls, ""))

    return heard


def _drawn(one: Control) -> list[object]:
    """A control as the browser gets it."""
    lead = [one.key, one.label, one.kind, one.value]
    return [*lead, one.options, one.nothing, one.help, one.is_extra]


def _event(
    value: object, controls: set[str], panels: Sequence[str]
) -> ToolbarEvent | PanelOpened | None:
    """The browser's word, taken only where it speaks of what was drawn."""
    match value:
        case ["set", str(control), str(written)] if control in controls:
            return FilterSet(control, written)
        case ["clear"]:
            return FiltersCleared()
        case ["panel", None]:
            return PanelOpened(None)
        case ["panel", str(name)] if name in panels:
            return PanelOpened(name)
    return None

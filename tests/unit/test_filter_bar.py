"""What a changed control makes of the filters; what the bar believes of the browser."""

from typing import Any
from uuid import UUID

import pytest

from dashboard.components.filter_bar import with_choice
from dashboard.components.toolbar import (
    FiltersCleared,
    FilterSet,
    PanelOpened,
    ToolbarEvent,
    _event,
)
from data.rules.progress import Status

ONE, TWO = UUID(int=1), UUID(int=2)


def test_a_choice_joins_the_others() -> None:
    chosen = with_choice({"class": ONE, "name": "ann"}, "status", "InProgress")
    assert chosen == {"class": ONE, "name": "ann", "status": Status.IN_PROGRESS}


def test_nothing_turns_a_filter_off() -> None:
    assert with_choice({"class": ONE, "name": "ann"}, "name", "") == {"class": ONE}


def test_another_class_drops_the_modules_of_the_last_one() -> None:
    chosen = {"class": ONE, "module": TWO, "type": "course", "name": "ann"}
    assert with_choice(chosen, "class", str(TWO)) == {"class": TWO, "name": "ann"}


@pytest.mark.parametrize("written", ["nonsense", "x-y", "\x00", "9" * 400, "2026-99-99"])
def test_nonsense_turns_a_filter_off(written: str) -> None:
    for key in ("status", "score", "since", "module"):
        assert with_choice({"class": ONE}, key, written) == {"class": ONE}


@pytest.mark.parametrize(
    ("value", "event"),
    [
        (["set", "name", "ann"], FilterSet("name", "ann")),
        (["clear"], FiltersCleared()),
        (["panel", "Export"], PanelOpened("Export")),
        (["panel", None], PanelOpened(None)),
        (["set", "secret", "ann"], None),
        (["set", "name", 5], None),
        (["panel", "Vault"], None),
        (["panel", 7], None),
        ([], None),
        ("set", None),
        (None, None),
        ({"set": 1}, None),
    ],
)
def test_the_browser_is_believed_only_of_what_was_drawn(
    value: Any, event: ToolbarEvent | PanelOpened | None
) -> None:
    assert _event(value, {"name"}, ["Export"]) == event

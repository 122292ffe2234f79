"""A component's event that comes without what it tells of: nobody did anything, and nothing fails."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import streamlit as st

from dashboard.components import toolbar
from dashboard.views.classroom import matrix
from dashboard.views.student import note_list

Did = Callable[..., None]
NOTE = uuid4()


def draw_matrix(did: Did) -> None:
    matrix.show("matrix", b"", lambda: ([], []), did)


def draw_toolbar(did: Did) -> None:
    toolbar.toolbar(
        key="toolbar", label="", controls=[], sentence="", can_clear=True,
        on_event=did,
    )  # fmt: skip


def draw_notes(did: Did) -> None:
    entry = note_list.ListedNote(NOTE, "", "", "", None, (), mine=True)
    note_list.draw([entry], empty="", correcting=None, on_correct=did, on_withdraw=did)


@pytest.mark.parametrize(
    ("component", "draw", "key", "event"),
    [
        (matrix, draw_matrix, "matrix", {"kind": "sort", "by": "name"}),
        (toolbar, draw_toolbar, "toolbar", ["clear"]),
        (note_list, draw_notes, note_list.KEY, ["correct", str(NOTE)]),
    ],
)
def test_an_event_without_its_component_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
    component: Any,
    draw: Callable[[Did], None],
    key: str,
    event: object,
) -> None:
    done: list[object] = []
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(component, "_mount", lambda **given: given["on_event_change"]())
    draw(done.append)
    state[key] = {}
    draw(done.append)
    assert not done
    state[key] = {"event": event}
    draw(done.append)
    assert len(done) == 1  # the control

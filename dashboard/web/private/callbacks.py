"""What widgets' callbacks do is done whole.

Streamlit ends a callback silently, wherever it looks into the session's state, once the browser asks for
another run; asked just before the first callback, none is called at all, and the click is lost."""

import threading
from typing import Any, Final

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.safe_session_state import SafeSessionState

_applying: Final = threading.local()
_apply: Final = SafeSessionState.on_script_will_rerun
_give_way: Final = ScriptRunner._maybe_handle_execution_control_request


def run_whole() -> None:
    """From now on a run gives way to the next one only before its clicks are told or after."""
    for patched, name, ours in (
        (SafeSessionState, "on_script_will_rerun", _applied_whole),
        (ScriptRunner, "_maybe_handle_execution_control_request", _give_way_later),
    ):
        setattr(patched, name, ours)


def _applied_whole(state: SafeSessionState, *states: Any, **options: Any) -> None:
    _applying.now = True
    try:
        _apply(state, *states, **options)
    finally:
        _applying.now = False


def _give_way_later(runner: ScriptRunner) -> None:
    if not getattr(_applying, "now", False):
        _give_way(runner)

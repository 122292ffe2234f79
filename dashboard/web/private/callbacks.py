"""What widgets' callbacks do is done whole, with all that was typed for them.

Streamlit ends a callback silently, wherever it looks into the session's state, once the browser asks for
another run; asked just before the first callback, none is called at all, and the click is lost. And where two
runs are asked for before one begins, it keeps the clicks of the first, but not what was typed there, if the
second is of another page, which has other fields."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState

_applying: Final = threading.local()
_reading: Final[set[ScriptRequests]] = set()
_apply: Final = SafeSessionState.on_script_will_rerun
_give_way: Final = ScriptRunner._maybe_handle_execution_control_request
_ask: Final = ScriptRunner.request_rerun
_coalesced: Final = script_requests._coalesce_widget_states


def run_whole() -> None:
    """From now on a run gives way to the next one only before its clicks are told or after, and the next one is
    told all that the browser said until it begins."""
    for patched, name, ours in (
        (SafeSessionState, "on_script_will_rerun", _applied_whole),
        (ScriptRunner, "_maybe_handle_execution_control_request", _give_way_later),
        (ScriptRunner, "request_rerun", _asked_or_left),
        (script_requests, "_coalesce_widget_states", _all_that_was_told),
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


def _all_that_was_told(old: WidgetStates | None, new: WidgetStates | None) -> WidgetStates | None:
    """What two runs that have not begun are told of fields: of the same field what the newer is."""
    found = _coalesced(old, new)
    if found is not None and old is not None:
        known = {one.id for one in found.widgets}
        found.widgets.extend(one for one in old.widgets if one.id not in known)
    return found


@contextmanager
def reading() -> Iterator[None]:
    """A read that a run is in the midst of. Who asks for the next page meanwhile does not wait for it: the run
    is left alone with it, and ends after it. In a callback, and outside of a run, nothing is left alone."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None or getattr(_applying, "now", False):
        yield
        return
    _reading.add(context.script_requests)
    try:
        yield
    finally:
        _reading.discard(context.script_requests)


def _asked_or_left(runner: ScriptRunner, asked: RerunData) -> bool:
    """As Streamlit's: false has a new runner made for what is asked."""
    requests = runner._requests
    is_free = requests._state is ScriptRequestType.CONTINUE and not asked.fragment_id
    if is_free and requests in _reading:
        runner.request_stop()
        return False
    return _ask(runner, asked)

"""How long the runs of pages take, and what a page costs that runs nothing."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner


def time_runs(tell: Callable[[float], object]) -> None:
    """From now on each run of a page, or of a part of one, is told with its seconds: from when its turn came to
    its end, with the runs that it asked for itself."""
    run = ScriptRunner._run_script

    def timed(runner: ScriptRunner, asked: RerunData) -> None:
        began = time.perf_counter()
        try:
            run(runner, asked)
        finally:
            tell(time.perf_counter() - began)

    setattr(ScriptRunner, "_run_script", timed)  # noqa: B010 (mypy refuses a method that is assigned)


def share_one_loop() -> None:
    """Each session would keep an event loop of its own, which is three open files, for scripts that want one.
    Ours do not."""
    shared = asyncio.new_event_loop()
    begin = AppSession.__init__

    def begin_without(session: AppSession, *given: Any, **named: Any) -> None:
        begin(session, *given, **named)
        session._script_event_loop.close()
        session._script_event_loop = shared

    setattr(AppSession, "__init__", begin_without)  # noqa: B010
    setattr(app_session, "_close_script_event_loop", lambda _: None)  # noqa: B010

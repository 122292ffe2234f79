"""How long the runs of pages take."""

import time
from collections.abc import Callable

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

"""Programs that run apart from the server: one that breaks, or asks for all there is, ends itself alone.

The server asks for `command()` and `environment()`. The same file, run by its path, sets the limits and then
runs the program, so it imports nothing of ours.
"""

import os
import resource
import runpy
import sys
from contextlib import suppress
from pathlib import Path

OURS = ("DATABASE_", "PROGRESS_")
"""How our settings begin, of which some are secrets."""


def command(program: Path, *arguments: str, memory: int, seconds: int) -> list[str]:
    """What runs a program with at most so many bytes of memory and seconds of a processor.

    Nothing of ours is on its path, nor is the folder it stands in.
    """
    limits = (str(memory), str(seconds))
    return [sys.executable, "-P", __file__, *limits, str(program), *arguments]


def environment() -> dict[str, str]:
    """Ours without the settings: who reads a stranger's file is told no password."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    return kept | {"PYTHONUTF8": "1", "RUST_BACKTRACE": "0"}


def main(memory: str, seconds: str, program: str, *arguments: str) -> None:
    """Become the program, under the limits."""
    _limit(int(memory), int(seconds))
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")


def _limit(memory: int, seconds: int) -> None:
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with suppress(ValueError, OSError):  # macOS takes no limit of memory
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])

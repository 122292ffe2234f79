"""Runs one PostgreSQL server for as long as the process behind standard input lives.

A script of its own (`python -I -S watch.py uid gid lock socket_folder postgres ...`), so that the
server's fate hangs on the application's process and not on the thread that happened to start it:
the kernel closes the pipe when that process ends, however it ends. A parent-death signal in turn
ties the server to this watcher. Uses the standard library only and imports nothing of ours.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# PostgreSQL's own words for them: fast, immediate (recovers from its log at the next start), gone.
STEPS: tuple[tuple[signal.Signals, float | None], ...] = (
    (signal.SIGINT, 10),
    (signal.SIGQUIT, 5),
    (signal.SIGKILL, None),
)


def _dying_with_me() -> Callable[[], None]:
    """What the server's process does just before it becomes PostgreSQL."""
    watcher = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def tie() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != watcher:
            os._exit(1)

    return tie


def _launch(uid: str, gid: str, lock: int, command: list[str]) -> subprocess.Popen[bytes]:
    # preexec_fn runs after the change of user, which would have cleared the parent-death signal.
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=[lock],
        user=int(uid) if uid else None,
        group=int(gid) if gid else None,
        extra_groups=[] if uid else None,
        preexec_fn=_dying_with_me(),
    )


def _signals() -> int:
    """The end of a pipe from which each signal that reaches us can be read as one byte."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    for number in (*ENDING, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _wait_for_the_end(server: subprocess.Popen[bytes], signals: int) -> None:
    while server.poll() is None:
        ready, _, _ = select.select([0, signals], [], [])
        if 0 in ready or set(os.read(signals, 64)) & set(ENDING):
            return


def _shut_down(server: subprocess.Popen[bytes]) -> None:
    for number, patience in STEPS:
        if server.poll() is None:
            server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(patience)
            return


def main(uid: str, gid: str, lock: str, socket_folder: str, *command: str) -> int:
    """Run `command` (as user `uid`, unless empty) until standard input closes; its exit status.

    `lock` is an open, flocked file that the server inherits: it stays locked until the last of
    the server's processes is gone.
    """
    signals = _signals()
    server = _launch(uid, gid, int(lock), list(command))
    _wait_for_the_end(server, signals)
    _shut_down(server)
    with contextlib.suppress(OSError):
        os.rmdir(socket_folder)  # noqa: PTH106 (pathlib would double our start)
    status: int = server.returncode
    return abs(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

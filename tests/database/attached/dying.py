"""Work in a process of its own that is killed at a statement: while the server runs it, or right after it."""

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import psycopg

from tests.database.attached.attaching import asked
from tests.database.attached.host import Host


def killed(host: Host, work: Callable[[], object], said: str, *, after: bool) -> None:
    """The work until it says so, then `kill -9`; it is over when the server has noticed."""
    child = os.fork()
    if child == 0:
        _work_and_die(work, said, after=after)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it never says {said}"
    others = "select count(*) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()"
    while asked(host, others) != [(0,)]:
        pass


def _work_and_die(work: Callable[[], object], said: str, *, after: bool) -> None:
    run = psycopg.Cursor.execute

    def dying(cursor: psycopg.Cursor[Any], query: Any, *bound: Any, **how: Any) -> Any:
        told = query.decode() if isinstance(query, bytes) else query
        told = told if isinstance(told, str) else told.as_string(cursor)
        if said in told and not after:
            cursor.connection.pgconn.send_query(told.encode())
        elif said in told:
            run(cursor, query, *bound, **how)
        if said in told:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(cursor, query, *bound, **how)

    setattr(psycopg.Cursor, "execute", dying)  # noqa: B010 (of this process alone, which ends)
    try:
        work()
    except BaseException:  # noqa: BLE001 (nothing of the tests' own may go on here)
        traceback.print_exc()
    os._exit(1)

"""What a probe is told: that this process lives, and whether it can serve people just now."""

import asyncio
import time
from functools import cache
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from data.readiness import Checks, Readiness, unanswered
from data.reading import replica
from data.settings import read_settings

LIVE: Final = "/healthz"
READY: Final = "/readyz"

FRESH: Final = 1.0  # seconds for which an answer is told again: who probes often costs no more
PATIENCE: Final = 3.0  # seconds that the database may take


class Prober:
    """Asks whether it is ready, for all who probe: never twice at once, however long the answer takes."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness
        self._asking: asyncio.Task[Checks] | None = None
        self._since = 0.0

    async def checks(self) -> Checks:
        """Each check, within PATIENCE."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._since >= FRESH):
            self._asking = asyncio.create_task(asyncio.to_thread(self._readiness.checks))
            self._since = now
        rest = self._since + PATIENCE - now
        await asyncio.wait({self._asking}, timeout=max(rest, 0))
        return self._asking.result() if self._asking.done() else unanswered("silent")


@cache
def _prober() -> Prober:
    return Prober(Readiness(read_settings()))


async def live(_: Request) -> JSONResponse:
    """Asks nothing of anybody."""
    return _told(200, {"status": "ok"})


async def ready(_: Request) -> JSONResponse:
    """Each check is `ok`, or says why not. How a replica is, is told beside: without it all goes on."""
    checks = await _prober().checks()
    is_ready = all(one == "ok" for one in checks.values())
    status = "ready" if is_ready else "not ready"
    found = replica.state()
    beside = {} if found is None else {"replica": found}
    return _told(200 if is_ready else 503, {"status": status, "checks": checks, **beside})


def _told(status: int, what: dict[str, object]) -> JSONResponse:
    return JSONResponse(what, status, headers={"Cache-Control": "no-store"})

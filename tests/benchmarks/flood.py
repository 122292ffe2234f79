"""What a click costs while somebody else floods the server, against the same click on a server at rest: each
against a trivial rerun of another server at that time, which whatever else the machine does slows as much."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import cycle
from statistics import median
from typing import Any, Final
from uuid import UUID

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.benchmarks import serving
from tests.benchmarks.pages import STATUSES
from tests.benchmarks.sessions import Session
from tests.browsing import ROOT

CONNECTIONS: Final = 3
MESSAGES_A_SECOND: Final = 1000
SECONDS: Final = 14.0
CLICKS: Final = 25
BETWEEN: Final = 0.3  # seconds between two clicks


def measured(url: str, flooding: UUID, clicking: UUID, class_id: UUID) -> Mapping[str, Any]:
    """Median milliseconds of one person's click, at rest and while another floods."""
    with serving.trivial() as trivial:
        return asyncio.run(_measured(url, trivial.url, flooding, clicking, class_id))


async def _measured(
    url: str, trivial: str, flooding: UUID, clicking: UUID, class_id: UUID
) -> Mapping[str, Any]:
    session, floor = await Session.open(url, clicking), await Session.open(trivial, clicking)
    await session.go_to("classroom", **{"class": class_id})
    await _clicks(session, floor)
    at_rest, floor_at_rest = await _clicks(session, floor)
    command = [sys.executable, "-m", "tests.benchmarks.flood", url, str(flooding), str(class_id)]
    # A process of its own: it must not slow the one that measures.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as flood:
        await asyncio.to_thread(_first_line, flood)
        # A server that is stopped answers the first of these only once the flood is over.
        flooded, floor_flooded = await _clicks(session, floor, lambda: flood.poll() is None)
        sent = int(flood.communicate(timeout=10 * SECONDS)[0])
    return {
        "rest_ms": round(at_rest, 1),
        "flood_ms": round(flooded, 1),
        "floor_rest_ms": round(floor_at_rest, 1),
        "floor_flood_ms": round(floor_flooded, 1),
        "ratio": round(flooded / floor_flooded / (at_rest / floor_at_rest), 2),
        "sent": sent,
        "seconds": SECONDS,
    }


def _first_line(process: subprocess.Popen[str]) -> None:
    if process.stdout is None or not process.stdout.readline():
        raise RuntimeError("The flood did not begin.")


async def _clicks(
    session: Session, floor: Session, goes_on: Callable[[], bool] = lambda: True
) -> tuple[float, float]:
    taken: list[float] = []
    floors: list[float] = []
    for status in cycle(STATUSES):
        if len(taken) == CLICKS or (taken and not goes_on()):
            break
        taken.append(1000 * await session.choose("filters", "status", status))
        floors.append(1000 * await floor.go_to(""))
        await asyncio.sleep(BETWEEN)
    return median(taken), median(floors)


# --- the process that floods ---


async def _flood(url: str, person: UUID, class_id: UUID) -> int:
    sessions = [await Session.open(url, person) for _ in range(CONNECTIONS)]
    for session in sessions:
        await session.go_to("classroom", **{"class": class_id})
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    until = time.monotonic() + SECONDS
    return sum(await asyncio.gather(*(_send(session, until) for session in sessions)))


async def _send(session: Session, until: float) -> int:
    """As many as are wanted of one connection; whoever does not take them in slows the sender."""
    written = BackMsg(rerun_script=session.state).SerializeToString()
    listening = asyncio.create_task(_listen(session))
    began, sent = time.monotonic(), 0
    with suppress(TimeoutError):
        async with asyncio.timeout(until - began):
            while True:
                wanted = (time.monotonic() - began) * MESSAGES_A_SECOND / CONNECTIONS
                while sent < wanted:
                    await session.socket.send(written)
                    sent += 1
                await asyncio.sleep(0.005)
    listening.cancel()
    return sent


async def _listen(session: Session) -> None:
    async for _ in session.socket:
        pass


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(_flood(sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])))}\n")

"""How long a platform's own writes take while its database is attached, read, upgraded and detached.

A process upserts 200 rows a second by the platform's statement; the floor is the same before it is attached.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from data.database.attaching.adapter import read
from data.database.attaching.detach import detach
from data.database.attaching.making import Wanted
from data.database.attaching.proof import prove
from data.database.attaching.steps import attach
from data.database.migrate import migrate
from tests.database.attached.attaching import asked, nobody_told
from tests.database.attached.host import Host, hosts
from tests.database.attached.writer import Written, writing
from tests.database.hosts import programs

SECONDS: Final = 10
"""How long is written at rest: before, and when it is attached."""


def measured(rows: int) -> dict[str, dict[str, float]]:
    """Median, 99th percentile and longest wait in milliseconds, and seconds, of each step; none may fail."""
    with hosts("institutions", programs("18")) as servers:
        host = servers.new()
        host.grow(rows)
        numbers = range(1001, 1001 + rows // 50), range(101, 151)
        found = {}
        for name, step in _steps(host).items():
            began = time.monotonic()
            with writing(host, numbers) as written:
                step()
            found[name] = _figures(written) | {"seconds": time.monotonic() - began}
        return found


def _steps(host: Host) -> dict[str, Callable[[], object]]:
    wanted = Wanted(read(host.adapter))
    rest = partial(time.sleep, SECONDS)
    return {
        "floor": rest,
        "proof": lambda: prove(host.owner_url, host.app_url, wanted),
        "attach": lambda: attach(host.owner_url, host.app_url, wanted, nobody_told),
        "attached": rest,
        "refresh": lambda: asked(host, "select internal.refresh_roster()"),
        "upgrade": lambda: _upgrade(host),
        "detach": lambda: detach(host.owner_url, nobody_told),
    }


def _upgrade(host: Host) -> None:
    """As one to a release whose every file says otherwise."""
    asked(host, "update dashboard_migrations.in_force set digest = ''")
    migrate(host.owner_url, host.app_url)


def _figures(written: Written) -> dict[str, float]:
    if written.failed:
        raise AssertionError(f"{len(written.failed)} writes failed: {written.failed[0]}")
    waits = sorted(written.waits)
    return {
        "median_ms": waits[len(waits) // 2],
        "p99_ms": waits[len(waits) * 99 // 100],
        "max_ms": waits[-1],
    }

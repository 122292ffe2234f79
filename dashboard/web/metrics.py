"""What Prometheus is told, at an address of its own: numbers of this process, and nothing of anybody."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    Metric,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from dashboard.web import connections, live
from dashboard.web.private import runs
from data import counts
from data.access import outage_log
from data.database.embedded import files
from data.reading import replica
from data.settings import Settings

BUCKETS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds

COUNTED: Final[tuple[tuple[counts.Event, str, str], ...]] = (
    ("save", "progress_saves", "Saves of progress that wrote something"),
    ("conflict", "progress_conflicts", "Edits that met another value than their editor saw"),
    ("refused sign-in", "progress_refused_sign_ins", "Sign-ins that led nowhere"),
    ("replica read", "progress_replica_reads", "Reads that a replica answered"),
)


def start(settings: Settings) -> None:
    """Tell them from now on where the settings name an address for it."""
    if settings.metrics is None:
        return
    host, port = settings.metrics
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)  # open files, their limit, memory, CPU
    registry.register(_Numbers(settings))
    seconds = Histogram(
        "progress_rerun_seconds",
        "A page's run, from click to end",
        registry=registry,
        buckets=BUCKETS,
    )
    runs.time_runs(seconds.observe)
    start_http_server(port, host, registry)


class _Numbers(Collector):
    """Read when they are asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        people = [actor.id for _, actor in connections.signed_in()]
        yield _gauge("progress_pages", "Open pages on which somebody is signed in", len(people))
        yield _gauge("progress_people", "People who are signed in on one", len({*people}))
        yield from _of_databases()
        for event, name, words in COUNTED:
            yield CounterMetricFamily(name, words, value=counts.counted(event))
        begun = CounterMetricFamily("progress_outages", "That began", labels=["kind"])
        now = GaugeMetricFamily("progress_outage", "1 during one", labels=["kind"])
        for kind, is_now in outage_log.now().items():
            begun.add_metric([kind], counts.counted(("outage", kind)))
            now.add_metric([kind], is_now)
        yield from (begun, now)
        with suppress(OSError, AttributeError):  # it may be gone just now
            if self._settings.is_embedded:
                note = files.read_note(self._settings.data_dir)
                free = shutil.disk_usage(note.cluster).free  # type: ignore[union-attr]
                yield _gauge(
                    "progress_disk_free_bytes", "Free where the embedded database is", free
                )


def _of_databases() -> Iterator[Metric]:
    """Of the one that is served; nothing before somebody came."""
    if (state := replica.state()) is not None:
        yield _gauge("progress_replica", "1 while it serves", state == "serves")
    yield _gauge("progress_pool_waiting", "Who waits for a connection", counts.waiting())
    if (served := live.served()) is not None:
        database, listener = served
        yield _gauge("progress_pool_size", "Connections that are kept", database.pool.size)
        yield _gauge("progress_pool_in_use", "Connections that are used", database.pool.in_use)
        if (age := listener.age()) is not None:
            words = "Since it was last known what changed; none a minute after the last page"
            yield _gauge("progress_listener_age_seconds", words, age)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)

"""What Prometheus is told of a running dashboard, where, and that it is of nobody."""

import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from prometheus_client.parser import text_string_to_metric_families

from dashboard.web import metrics
from dashboard.web.private import runs
from data import demo
from data.access import outage_log
from tests.browsing import App, Visitor, free_port, serving, visiting
from tests.machine import until

LABELS = {
    "kind": set(outage_log.BEGINS),
    "le": {*(str(one) for one in metrics.BUCKETS), "+Inf"},
}
"""All that a label may be called, and say."""

Told = dict[str, float]


@pytest.fixture(scope="module")
def monitored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, int]]:
    port = free_port()
    with serving(tmp_path_factory.mktemp("metrics"), PROGRESS_METRICS=str(port)) as started:
        yield started, port


def asked(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        return str(answer.read().decode())


def told(port: int) -> Told:
    return {
        " ".join(
            [one.name, *(f"{label}={value}" for label, value in one.labels.items())]
        ): one.value
        for family in text_string_to_metric_families(asked(port))
        for one in family.samples
    }


def test_it_tells_of_who_is_there_and_of_nobody_by_name(
    monitored: tuple[App, int], chromium: Browser
) -> None:
    app, port = monitored
    before = told(port)
    assert (before["progress_pages"], before["progress_people"]) == (0, 0)
    assert before["progress_rerun_seconds_count"] == 0
    visitors: list[Visitor] = []
    with visiting(app, chromium, visitors) as visit:
        page = visit(demo.COORDINATOR_ONE, "/classroom")
        until(lambda: told(port)["progress_people"] == 1)
        until(lambda: told(port)["progress_rerun_seconds_count"] > 0)
        now = told(port)
        shown = page.locator("body").inner_text()
        said = asked(port)
    for other in visitors:
        other.page.context.close()
    assert now["progress_pages"] == 1
    assert 0 < now["progress_rerun_seconds_sum"] < 60
    assert now["progress_rerun_seconds_bucket le=+Inf"] == now["progress_rerun_seconds_count"]
    assert (now["progress_pool_size"], now["progress_pool_waiting"] <= 2) == (10, True)
    assert 0 <= now["progress_pool_in_use"] <= 20
    assert 0 <= now["progress_listener_age_seconds"] < 20
    assert now["progress_disk_free_bytes"] > 0
    assert 0 < now["process_open_fds"] < now["process_max_fds"]
    for name in ("saves", "conflicts", "refused_sign_ins"):
        assert now[f"progress_{name}_total"] == 0
    for kind in outage_log.BEGINS:
        assert (
            now[f"progress_outages_total kind={kind}"],
            now[f"progress_outage kind={kind}"],
        ) == (
            0,
            0,
        )
    _is_of_nobody(said, {*re.findall(r"[A-Z][a-zé]{3,} [A-Z][a-zé]{3,}", shown)})


def _is_of_nobody(said: str, names: set[str]) -> None:
    assert len(names) > 5
    assert not {one for one in names if one in said}
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|@", said)
    for family in text_string_to_metric_families(said):
        for one in family.samples:
            for label, value in one.labels.items():
                assert value in LABELS[label], one


def test_the_pages_own_address_tells_nothing_of_it(monitored: tuple[App, int]) -> None:
    app, port = monitored
    assert urlsplit(app.url).port != port
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{app.url}/metrics", timeout=30)


def test_without_the_setting_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from data.settings import read_settings

    started: list[object] = []
    monkeypatch.setattr(metrics, "start_http_server", lambda *given: started.append(given))
    monkeypatch.setattr(runs, "time_runs", started.append)
    metrics.start(read_settings({}))
    assert started == []
    metrics.start(read_settings({"PROGRESS_METRICS": "10.0.0.5:9101"}))
    assert started[-1][:2] == (9101, "10.0.0.5")  # type: ignore[index]

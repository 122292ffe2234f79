"""Fixtures for everybody: servers, databases of one's own, the cast."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from data.access.session import Actor
from data.reading import live
from tests import people
from tests.clusters import DEBIAN_15, Cluster, Scratch, embedded_programs, running_cluster
from tests.machine import need
from tests.profiles import SERVERS, is_of_this_run

pytest_plugins = ["tests.browsing", "tests.demo_data", "tests.profiles"]

# A worker takes a whole file at a time: these first, lest one of them be alone at the end.
LONGEST_FIRST = [
    "database/attached/test_pages.py",
    "browser/test_attached.py",
    "browser/test_own_school.py",
    "browser/test_new_school.py",
    "accessibility/test_axe.py",
    "browser/test_class_page.py",
    "browser/test_payloads.py",
    "browser/test_panel_places.py",
    "browser/test_school_keys.py",
    "accessibility/test_school.py",
    "browser/components/test_matrix.py",
    "browser/test_sign_in.py",
    "test_style.py",
    "database/demo/test_loading.py",
    "views/figures/test_figures.py",
    "database/test_checks.py",
    "browser/test_history.py",
    "browser/test_grid.py",
    "browser/test_report.py",
    "database/backup/test_restoring.py",
    "database/embedded/test_upgrading.py",
    "database/embedded/test_processes.py",
    "rls/test_mutation.py",
    "database/embedded/test_places.py",
    "database/test_data_check.py",
    "database/embedded/test_obstacles.py",
    "oidc/test_certified_provider.py",
    "browser/components/test_accessible.py",
    "browser/test_edit_many.py",
    "views/test_grid_page.py",
    "database/test_kills.py",
    "database/test_as_of.py",
    "database/test_migrations.py",
    "browser/test_journey.py",
    "database/test_restoring.py",
    "database/test_many_editors.py",
    "database/test_drafts.py",
    "browser/test_filters.py",
    "database/test_history_reading.py",
    "views/test_pages.py",
    "browser/test_notes.py",
    "benchmarks/test_benchmark_parts.py",
    "rls/test_plans.py",
    "database/test_save_at_once.py",
    "database/test_activity.py",
    "database/test_edits_machine.py",
    "database/test_live.py",
    "database/test_importing_command.py",
    "database/test_command_line.py",
    "views/test_upload_page.py",
    "database/locks/test_any_write.py",
    "browser/test_errors.py",
    "browser/test_menu.py",
    "views/test_edit_page.py",
    "database/reads/test_students.py",
    "database/test_facts_of_anything.py",
    "database/test_facts.py",
    "rls/test_soak.py",
    "database/test_hostile_input.py",
    "browser/test_refused_fields.py",
    "database/test_history_replay.py",
    "browser/components/test_table.py",
    "views/test_locks.py",
    "unit/test_exporting.py",
    "browser/test_module_page.py",
    "database/test_upgrade.py",
]


# These share what takes long to make, so one worker takes them all.
TOGETHER = ("tests/database/demo/", "tests/database/attached/")


# What a worker starts for one of these serves the other too.
ALIKE = {"accessibility": "browser", "oidc": "database", "rls": "database"}


def wants(unit: str) -> str:
    """Whose servers the tests of a file or folder want: all under `tests/browser` share theirs, and so on."""
    _, folder, *_ = unit.split("/")
    return ALIKE.get(folder, folder)


def cheapest(waiting: Iterable[str], mine: set[str], everybodys: set[str]) -> str:
    """The first that wants servers which this worker runs, else servers that nobody runs, else anything."""
    return min(waiting, key=lambda unit: (wants(unit) not in mine, wants(unit) in everybodys))


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # the plugin has no types
    """A worker takes a file at a time, or a folder whose files share their database, and starts few servers."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    def _assign_work_unit(self, node: Any) -> None:
        runs = {worker: set(map(wants, units)) for worker, units in self.assigned_work.items()}
        best = cheapest(self.workqueue, runs[node], set().union(*runs.values()))
        self.workqueue.move_to_end(best, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[one for one in items if not is_of_this_run(one)])
    items[:] = filter(is_of_this_run, items)
    tests = Path(__file__).parent
    order = {tests / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


# Databases go with their tests: nobody watches one that is gone.
live.LINGERS = 0.0  # type: ignore[misc]


@pytest.fixture(autouse=True)
def same_main() -> Iterator[None]:
    """A page of AppTest leaves its script as `__main__`, which every process that a test starts runs first."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def cluster_18() -> Iterator[Cluster]:
    with running_cluster(embedded_programs()) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def cluster_15() -> Iterator[Cluster]:
    need(DEBIAN_15, "Debian's PostgreSQL 15")
    with running_cluster(DEBIAN_15) as cluster:
        yield cluster


@pytest.fixture(scope="session", params=SERVERS, ids=["pg18", "pg15"])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The embedded 18 or Debian's 15, or one after the other (tests/profiles.py)."""
    found: Cluster = request.getfixturevalue(f"cluster_{request.param}")
    return found


@pytest.fixture
def fresh_database(cluster: Cluster) -> Iterator[Scratch]:
    """Migrated and empty."""
    scratch = cluster.new_database("migrated")
    yield scratch
    cluster.drop(scratch)


@pytest.fixture
def school(cluster: Cluster) -> Iterator[Scratch]:
    """With the cast of tests/people.py, to be written to at will."""
    scratch = cluster.new_database("cast")
    yield scratch
    cluster.drop(scratch)


@pytest.fixture
def act(school: Scratch) -> Callable[..., Actor]:
    """`act(people.TEACHER)`: that person at the test's database."""
    return lambda person: people.actor(school.database, person)

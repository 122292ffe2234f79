"""What compares the works on an attached database with the same on one of our own."""

from data.database.kinds import Kind
from tests.benchmarks import figures, stored_databases
from tests.benchmarks.test_benchmark_parts import report


def test_an_attached_database_is_told_where_it_was_measured() -> None:
    works = report()["works"]
    (name, one), *_ = works.items()
    attached = {name: one | {"ms": one["ms"] * 1.5}}
    told = figures.section(report(attached=attached))
    assert f"{name} {one['ms'] * 1.5:.0f} ms (1.50 times); at most 1.2 times wanted." in told
    assert "attached" not in figures.section(report())


def test_what_a_platform_waits_for_is_told_beside_what_it_waits_anyway() -> None:
    one = {"median_ms": 0.71, "p99_ms": 5, "max_ms": 12.3, "seconds": 10}
    told = figures.section(report(writers={"floor": one, "attach": one | {"max_ms": 99}}))
    assert "floor 0.7, 5, 12 ms in 10 s; attach 0.7, 5, 99 ms in 10 s." in told


def test_each_kind_is_stored_by_itself() -> None:
    assert len({stored_databases.fingerprint("S", kind) for kind in Kind}) == len(Kind)

"""Whatever guards the rows is dropped or loosened, one by one: each time something here notices."""

from collections.abc import Iterator

import click
import pytest

from tests.clusters import Cluster, Scratch
from tests.profiles import chosen
from tests.rls import listening, mutating
from tests.rls.furnishing import furnished_database


@pytest.fixture(scope="module")
def furnished(cluster_18: Cluster) -> Iterator[Scratch]:
    scratch = furnished_database(cluster_18)
    yield scratch
    cluster_18.drop(scratch)


def test_nothing_is_noticed_where_nothing_was_changed(
    cluster_18: Cluster, furnished: Scratch
) -> None:
    assert mutating.healthy(furnished) == []
    assert listening.heard(cluster_18, None) == [True, True, True]


def test_the_probes_come_out_alike_on_the_other_server(cluster_15: Cluster) -> None:
    scratch = furnished_database(cluster_15)
    assert mutating.healthy(scratch) == []
    cluster_15.drop(scratch)


def test_whatever_is_dropped_or_loosened_is_noticed(
    cluster_18: Cluster, furnished: Scratch
) -> None:
    """By what people and programs meet; by its definition alone only where there is a reason for that.
    Every sixtieth is tried by default, each with `--profile nightly`.

    What fails here wants a probe (tests/rls/probes) or, with its reason, a group in tests/rls/equivalents.py.
    """
    everything = mutating.everything(furnished)
    found = mutating.run(cluster_18, furnished, chosen(sample=everything[::60], nightly=everything))
    click.echo(f"\n{mutating.told(found)}")
    assert [what for what, noticed in found.items() if not noticed] == []
    by_definition = {what for what, noticed in found.items() if noticed == "definition"}
    equivalent = {what for group in mutating.equivalents(furnished) for what in group.mutants}
    assert by_definition - equivalent == set(), "only their definition tells these"
    assert (equivalent & found.keys()) - by_definition == set(), "these are noticed"
    assert equivalent - {one.what for one in everything} == set(), "these are no more"
    assert len(everything) > 800

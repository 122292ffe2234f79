"""Whatever guards the rows is dropped or loosened, one by one: each time something here notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import click
import pytest

from tests.clusters import Cluster, Scratch
from tests.rls import matrix, mutating


@pytest.fixture(scope="module")
def furnished(cluster_18: Cluster) -> Iterator[Scratch]:
    scratch = matrix.furnished(cluster_18)
    yield scratch
    cluster_18.drop(scratch)


def test_nothing_is_noticed_where_nothing_was_changed(furnished: Scratch) -> None:
    assert mutating.healthy(furnished) == []


def test_the_probes_come_out_alike_on_the_other_server(cluster_15: Cluster) -> None:
    scratch = matrix.furnished(cluster_15)
    assert mutating.healthy(scratch) == []
    cluster_15.drop(scratch)


def test_whatever_is_dropped_or_loosened_is_noticed(furnished: Scratch) -> None:
    found = mutating.run(furnished)
    survivors = [what for what, noticed in found.items() if not noticed]
    assert survivors == []
    counted = Counter(found.values())
    told = ", ".join(f"{count} by {noticed}" for noticed, count in counted.most_common())
    click.echo(f"\n{len(found)} mutants, all noticed: {told}")
    assert len(found) > 500
    # The questions that everything rests on are noticed by what they do, and not only by how they are written.
    by_text = [
        what
        for what, noticed in found.items()
        if noticed == "definition"
        and what.startswith("internal.m")
        and "caller" not in what
        and not what.startswith("internal.mo")
    ]
    assert by_text == []

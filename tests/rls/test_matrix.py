"""Everybody × every table and view × every action × own and foreign rows, against plain Python."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.clusters import Cluster, Scratch
from tests.people import ANN
from tests.rls import matrix
from tests.rls.__main__ import WRITTEN
from tests.rls.facts import IDENTITIES
from tests.rls.furnishing import furnished_database
from tests.rls.matrix import Cell
from tests.rls.oracle import RELATIONS
from tests.rls.printing import printed


@pytest.fixture(scope="module")
def furnished(cluster: Cluster) -> Iterator[Scratch]:
    scratch = furnished_database(cluster)
    yield scratch
    cluster.drop(scratch)


@pytest.fixture(scope="module")
def found(furnished: Scratch) -> list[Cell]:
    return matrix.run(furnished)


def test_every_table_and_view_is_in_the_oracle(furnished: Scratch) -> None:
    """A new one: give it a row in RELATIONS of tests/rls/oracle.py, and rows in matrix.furnish()."""
    with furnished.owner() as owner:
        there = matrix.relations_there(owner)
    assert there - set(RELATIONS) == set(), "the oracle does not know these"
    assert set(RELATIONS) - there == set(), "the oracle knows these, and they are not there"


def test_every_cell_is_as_the_oracle_says(found: list[Cell]) -> None:
    wrong = [
        f"{cell.who.label}: {cell.statement}: {cell.expected}, not {cell.found}"
        for cell in found
        if not cell.is_as_expected
    ]
    assert wrong == []
    assert len(found) >= 4000
    assert len({cell.who for cell in found}) == len(IDENTITIES) >= 10


def test_every_row_that_is_refused_to_somebody_is_there(
    furnished: Scratch, found: list[Cell]
) -> None:
    assert matrix.rows_missing(furnished, found) == set()
    # The control of the control: with a row gone, it is missed.
    with furnished.owner() as owner:
        kept = owner.execute("delete from dashboard.draft where person_id = %s returning *", (ANN,))
        (row,) = kept.fetchall()
        assert {name for name, _ in matrix.rows_missing(furnished, found)} == {"dashboard.draft"}
        owner.execute("insert into dashboard.draft values (%s, %s, '[]', %s)", (*row[:2], row[3]))


def test_what_the_oracle_allows_is_not_nothing(found: list[Cell]) -> None:
    done = [cell for cell in found if cell.succeeds]
    assert {cell.action for cell in done} == set(matrix.ACTIONS)
    strangers = [
        cell for cell in done if cell.who.label in ("not signed in", "claims without signature")
    ]
    assert {cell.relation for cell in strangers} == {"dashboard_migrations.alembic_version"}


def test_what_stands_beside_the_readme_is_what_was_found(found: list[Cell]) -> None:
    """Where it is not: python -m tests.rls --write."""
    assert printed(found) == WRITTEN.read_text(encoding="utf-8")


def test_a_policy_that_lets_too_much_through_is_seen(furnished: Scratch) -> None:
    """The control of the whole: one policy loosened, and the matrix says so."""
    with furnished.owner() as owner:
        owner.execute("alter policy people_see_their_students on dashboard.fact using (true)")
        try:
            with psycopg.connect(furnished.app_url, autocommit=True) as connection:
                asked = matrix.cells(connection, ["dashboard.fact"])
                assert furnished.key is not None
                wrong = [
                    c
                    for c in matrix.tried(connection, asked, furnished.key)
                    if not c.is_as_expected
                ]
        finally:
            owner.execute(
                "alter policy people_see_their_students on dashboard.fact "
                "using (student_id in (select internal.my_students()))"
            )
    assert "student Ann (1A)" in {cell.who.label for cell in wrong}

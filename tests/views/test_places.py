"""What comes and goes on a page moves nothing in which somebody may be typing: a field that is drawn at another
place begins anew in the browser, without what it was not told yet."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from dashboard.views.grid import state
from data.access.errors import DataError
from data.rules.progress import Field
from tests.views import bulk_choices
from tests.views.conftest import Open, Owner, words
from tests.views.edit_form import Cell, begun, open_form, reset, type_into
from tests.views.test_grid_page import open_grid, started
from tests.views.test_grid_page import type_into as type_into_table

TYPED_IN = ("text_input", "text_area", "date_input", "number_input", "dataframe")


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    found = begun(owner)
    yield found
    reset(owner, found)
    owner.execute("delete from dashboard.draft")


def places(test: AppTest) -> dict[str, list[int]]:
    """Where each thing is that is typed in, by its id."""
    return dict(_below(test.main, []))


def _below(node: Node, path: list[int]) -> Iterator[tuple[str, list[int]]]:
    if not isinstance(node, Block):
        if node.type in TYPED_IN:
            yield node.proto.id, path
        return
    for at, child in node.children.items():
        yield from _below(child, [*path, at])


def test_a_first_draft_is_told_above_a_form_that_stays_where_it_is(
    open_page: Open, cell: Cell
) -> None:
    test = open_form(open_page, cell)
    before = places(test)
    type_into(test, "Percentage", "55")
    assert "You have unsaved changes in 1 row" in words(test)
    assert places(test) == before != {}


def test_a_table_stays_where_it_is_while_its_draft_cannot_be_stored(
    open_page: Open, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = open_grid(open_page, cell[1])
    before = places(test)

    def fail(*_: object, **__: object) -> None:
        raise DataError("away")

    with monkeypatch.context() as away:
        away.setattr(state, "save_draft", fail)
        type_into_table(test, {started(test): {"Percentage": "55"}})
        assert state.AWAY.message in words(test)
        assert places(test) == before != {}
    type_into_table(test, {started(test): {"Percentage": "56"}})
    assert state.AWAY.message not in words(test)
    assert places(test) == before


def test_who_was_not_recognised_is_told_above_values_that_stay_where_they_are(
    open_page: Open,
) -> None:
    test = bulk_choices.opened(open_page)
    test.radio[0].set_value("pasted").run()
    test.multiselect(key="bulk_fields").set_value([Field.PERCENTAGE]).run()
    before = places(test)
    test.text_area(key="paste_people").set_value("Nobody at all").run()
    assert "Not in this class" in words(test)
    assert places(test) == before != {}

"""A short text for status and figure, as it is typed into a cell of the matrix."""

from decimal import Decimal

import pytest

from data.rules.progress import Field, Status, cell_typed, typed_cell
from data.rules.progress.typed_cells import UNCLEAR

S, P, R = Field.STATUS, Field.PERCENTAGE, Field.SCORE
NOT, IN, DONE = Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED


@pytest.mark.parametrize(
    ("text", "scored", "status", "fields"),
    [
        ("c", False, NOT, {S: DONE}),
        (" I ", False, NOT, {S: IN}),
        ("n", True, DONE, {S: NOT}),
        ("Completed", False, NOT, {S: DONE}),
        ("in progress 40 %", False, NOT, {S: IN, P: "40 %"}),
        ("InProgress", False, NOT, {S: IN}),
        ("Not started", False, IN, {S: NOT}),
        ("i40", False, NOT, {S: IN, P: "40"}),
        ("c 85,5", True, NOT, {S: DONE, R: "85,5"}),
        ("40", False, IN, {P: "40"}),
        ("55", True, IN, {R: "55"}),
        ("55 %", True, IN, {P: "55 %"}),
        ("55%", True, NOT, {S: IN, P: "55%"}),
        # What was not started is begun by a percentage above 0, and by nothing else.
        ("40", False, NOT, {S: IN, P: "40"}),
        ("0", False, NOT, {P: "0"}),
        ("n 40", False, NOT, {S: NOT, P: "40"}),
        ("55", True, NOT, {R: "55"}),
        ("40", False, DONE, {P: "40"}),
        # Whether it is a figure, check() says.
        ("1e2", False, IN, {P: "1e2"}),
        ("-", False, IN, {P: ""}),
        ("-", True, IN, {R: ""}),
        ("c -", True, IN, {S: DONE, R: ""}),
        ("", False, IN, {}),
        ("   ", False, IN, {}),
    ],
)
def test_a_text_is_taken_apart(
    text: str, scored: bool, status: Status, fields: dict[Field, str]
) -> None:
    found = typed_cell(text, scored, status)
    assert (found.fields, found.problem) == (fields, None)


@pytest.mark.parametrize("text", ["done", "abc 40", "x", "cc", "Paused", "c c", "ç"])
@pytest.mark.parametrize("scored", [False, True])
def test_a_word_that_is_no_status_is_kept_as_it_was_typed(text: str, scored: bool) -> None:
    found = typed_cell(text, scored, IN)
    assert found.problem == UNCLEAR
    assert found.fields == {R if scored else P: text}


@pytest.mark.parametrize("scored", [False, True])
@pytest.mark.parametrize(
    ("changes", "unread"),
    [
        ({S: DONE}, {}),
        ({S: IN, P: 40}, {}),
        ({P: 40}, {}),
        ({S: IN}, {P: "140 %"}),
    ],
)
def test_a_draft_is_a_text_that_means_the_same(
    scored: bool, changes: dict[Field, object], unread: dict[Field, str]
) -> None:
    text = cell_typed(changes, unread)  # type: ignore[arg-type]
    found = typed_cell(text, scored, IN)
    assert found.problem is None
    assert set(found.fields) == {*changes, *unread}
    assert all(str(found.fields[name]) == value for name, value in unread.items())
    if S in changes:
        assert found.fields[S] == changes[S]


def test_a_score_is_one_where_scores_are_and_two_figures_are_no_text() -> None:
    assert cell_typed({R: Decimal("85.5")}, {}) == "85.5"
    assert typed_cell("85.5", True, IN).fields == {R: "85.5"}
    assert cell_typed({R: Decimal(80), P: 40}, {}) == ""
    assert cell_typed({}, {}) == ""
    # A stroke empties what the module's figure is: which one was meant here is not told.
    assert cell_typed({P: None}, {}) == ""

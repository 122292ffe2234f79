"""Many rows at once: what was typed, and where it is set."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from data.rules import bulk
from data.rules.progress import EMPTY_ROW, Field, Status, Value

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANN, BEN, COURSE = UUID(int=1), UUID(int=2), UUID(int=3)
HELD: dict[Field, Value] = {
    Field.STATUS: Status.IN_PROGRESS,
    Field.PERCENTAGE: 40,
    Field.SCORE: None,
    Field.COMPLETED_AT: None,
}


def test_what_was_typed_is_read_as_everywhere() -> None:
    values, problems = bulk.read(
        {Field.SCORE: "66,5", Field.PERCENTAGE: "101", Field.COMPLETED_AT: date(2026, 3, 31)}, NOW
    )
    assert values == {
        Field.SCORE: Decimal("66.5"),
        Field.COMPLETED_AT: datetime(2026, 3, 31, 12, tzinfo=UTC),
    }
    assert [problem.field for problem in problems] == [Field.PERCENTAGE]


def test_an_empty_field_is_asked_for_and_only_the_sign_clears() -> None:
    values, problems = bulk.read({Field.SCORE: " ", Field.PERCENTAGE: "-"}, NOW)
    assert values == {Field.PERCENTAGE: None}
    assert [problem.code for problem in problems] == ["missing"]


def test_every_row_gets_the_values_over_what_it_holds() -> None:
    made = bulk.edits({(ANN, COURSE): HELD, (BEN, COURSE): EMPTY_ROW}, {Field.PERCENTAGE: 50})
    assert [(edit.student_id, edit.changes, edit.seen) for edit in made] == [
        (ANN, {Field.PERCENTAGE: 50}, HELD),
        (BEN, {Field.PERCENTAGE: 50}, EMPTY_ROW),
    ]


def test_only_where_empty_leaves_what_is_there() -> None:
    wanted: dict[Field, Value] = {
        Field.STATUS: Status.COMPLETED,
        Field.PERCENTAGE: 50,
        Field.SCORE: Decimal(80),
    }
    rows = {(ANN, COURSE): HELD, (BEN, COURSE): EMPTY_ROW}
    made = bulk.edits(rows, wanted, only_where_empty=True)
    assert [edit.changes for edit in made] == [{Field.SCORE: Decimal(80)}, wanted]

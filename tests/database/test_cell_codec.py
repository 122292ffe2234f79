"""What PostgreSQL writes as a cell is what Python and the browser read: the real column, over odd rows."""

import re
from decimal import Decimal
from itertools import product

from data.rules.cell import MARKS, MatrixCell, parse_cell
from data.rules.progress import Status
from tests.cells_in_browser import same
from tests.clusters import Scratch
from tests.test_architecture import ROOT

SCORES = [
    None,
    "0",
    "66.6666666666666667",
    "100.0",
    "-3",
    "9999",
    "10000",
    "NaN",
    "Infinity",
    "1e-9",
]

CELLS = """
insert into written (
    student_id, module_id, status, percentage, shown_score, edited_by_staff, has_problem
)
select gen_random_uuid(), gen_random_uuid(), status, percentage, score::numeric, edited, problem
from unnest(enum_range(null::public.progress_status)) as status,
    unnest(array[null, 0, 40, 100]) as percentage,
    unnest(%s::text[]) as score,
    unnest(array[true, false]) as edited,
    unnest(array[true, false]) as problem
returning status::text, percentage, shown_score, edited_by_staff, has_problem, cell
"""

Row = tuple[str, int | None, Decimal | None, bool, bool, str]


def written_by(school: Scratch) -> list[Row]:
    """Cells as the column `cell` of dashboard.fact says them, and what they were made of."""
    with school.owner() as owner, owner.transaction():
        owner.execute(
            "create temporary table written (like dashboard.fact including generated including defaults)"
        )
        return owner.execute(CELLS.encode(), [SCORES]).fetchall()  # type: ignore[return-value]


def meant(row: Row) -> MatrixCell:
    status, percentage, score, edited, problem, _ = row
    word = Status(status.translate(str.maketrans(";{}", ",()")))
    said = {"e": edited, "p": problem}
    # A score that no cell has room for is left to the panel.
    shown = score if score is not None and score.is_finite() and abs(score) <= 9999 else None
    return MatrixCell(word, percentage, shown, "".join(m for m in MARKS if said.get(m)))


def test_python_reads_what_the_database_writes(shared: Scratch) -> None:
    rows = written_by(shared)
    assert len(rows) == 3 * 4 * len(SCORES) * 4
    for row in rows:
        assert parse_cell(row[-1]) == meant(row), row


def test_the_browser_reads_what_the_database_writes_with_any_mark_behind_it(
    shared: Scratch,
) -> None:
    cells = [row[-1] for row in written_by(shared)]
    same([cell + marks for cell, marks in product(cells, ("", "k", "f", "kf", "s", "kfs"))])


def test_the_database_writes_a_cell_in_one_place(shared: Scratch) -> None:
    mark = re.compile(r"then '/?[a-z]?' (\|\|.*)?else '' end|coalesce\([\w.]*cell, 'N'\)")
    places = [
        file.name
        for file in (*ROOT.glob("data/**/*.py"), *ROOT.glob("data/database/sql/*.sql"))
        if mark.search(file.read_text(encoding="utf-8"))
    ]
    assert places == ["facts.sql"]


def test_a_cell_costs_no_call(shared: Scratch) -> None:
    """PostgreSQL writes the functions into the question that calls them."""
    question = """
        explain (verbose, costs off)
        select
            dashboard.cell_with_marks(cell, is_locked, dashboard.is_failed(shown_score, 60), attempts >= 3),
            internal.cell_of(status, percentage, shown_score, edited_by_staff, has_problem)
        from dashboard.fact
    """
    with shared.owner() as owner:
        plan = "\n".join(str(line) for (line,) in owner.execute(question).fetchall())
    assert "CASE" in plan  # the control: the question was planned with what they say
    assert "cell_with_marks" not in plan
    assert "cell_of" not in plan
    assert "is_failed" not in plan

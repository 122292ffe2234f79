"""Whatever comes in, by whichever way: refused by a named problem, or read back equal; never a traceback.

The form's values are tried in test_save_at_once.py: 200 of the 500 inputs of CI.
"""

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.grid.frame import FIELDS, Frame, judge
from data.access.session import acting_as
from data.files.importing.reading.file import read_pasted
from data.files.importing.sheet import UnreadableFile
from data.reading.classes.arrangement import ARRANGEMENT_KEYS, read_arrangement, write_arrangement
from data.reading.classes.grid import grid_rows
from data.reading.classes.page import class_page
from data.reading.drafts import draft
from data.reading.filters import FILTERS, read_filters, write_filters
from data.reading.people import clock
from data.rules.progress import Edit
from data.writing.drafts import save_draft
from data.writing.save import Outcome, save
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import P, ask, stored
from tests.database.test_importing import judged
from tests.people import ANN, BEN, CLASS_1A, COORDINATOR, COURSE, STRANGER
from tests.unit import any_input
from tests.unit.any_input import NASTY, inputs

TEXT = st.sampled_from(NASTY) | st.text(st.characters(codec=None), max_size=40)
WRITTEN = any_input.NUMBERS.map(str) | any_input.STATUSES | any_input.DATES | TEXT
CORA = "cora@example.org"


@pytest.fixture(scope="module")
def place(cluster_18: Cluster) -> Iterator[Scratch]:
    scratch = cluster_18.new_database("cast")
    yield scratch
    cluster_18.drop(scratch)


def verdict(place: Scratch, edits: tuple[Edit, ...], outcome: Outcome) -> str:
    """What became of it; what was saved is read back equal, what was not says why by name."""
    for one in outcome.saved:
        now = stored(place, one.student_id, one.module_id)
        assert {name: now[name] for name in one.after} == dict(one.after)
    for problem in [*outcome.problems, *(p for r in outcome.refusals for p in r.problems)]:
        assert problem.code
        assert problem.message
    if edits and not outcome.saved:
        assert outcome.problems or outcome.refusals or outcome.unchanged or outcome.conflicts
    return "saved" if outcome.saved else "refused"


def test_by_the_form_any_reason_and_any_row(place: Scratch) -> None:
    cora, ended = people.actor(place.database, COORDINATOR), Counter[str]()

    @inputs(60)
    @given(TEXT, st.sampled_from([ANN, BEN, STRANGER, uuid4()]), st.integers(0, 100))
    def any_reason(reason: str, student: Any, percentage: int) -> None:
        wish = Edit(student, COURSE, {P: percentage}, stored(place, student, COURSE))
        outcome = save(cora, [wish], reason)
        ended[verdict(place, (wish,), outcome)] += 1
        if outcome.saved and reason.strip():
            told = ask(place, "select reason from dashboard.batch where id = %s", outcome.batch_id)
            assert told[0]["reason"] == reason.strip()

    any_reason()
    assert min(ended["saved"], ended["refused"]) > 3, ended


CELLS = st.dictionaries(
    st.sampled_from([*FIELDS, *FIELDS, "Student", ""]),
    st.integers(0, 100).map(str) | WRITTEN | st.none() | st.booleans() | st.floats(),
    max_size=2,
) | st.fixed_dictionaries({"Percentage": st.integers(0, 100).map(str)})
"""Anything in any cell; or what is right in one, so that some of it is saved."""


def test_by_the_table_any_cell_anywhere_in_it(place: Scratch) -> None:
    cora, ended = people.actor(place.database, COORDINATOR), Counter[str]()

    @inputs(80)
    @given(st.dictionaries(st.integers(-2, 8), CELLS, max_size=3))
    def any_cells(edited: dict[int, dict[str, Any]]) -> None:
        with acting_as(cora) as connection:
            rows, now = grid_rows(connection, {"class": CLASS_1A}), clock(connection)
        frame = Frame({"class": CLASS_1A}, rows, UTC)
        frame.take(edited)
        found = judge(frame, now)
        ended["typed"] += bool(frame.typed)
        assert all(one.problem.code and one.problem.message for one in found.problems)
        aside = save_draft(cora, CLASS_1A, found.edits, found.unread)
        if aside is None:
            with acting_as(cora) as connection:
                kept = draft(connection, CLASS_1A)
            assert {(e.student_id, e.module_id) for e in kept.edits} == {
                (e.student_id, e.module_id) for e in found.edits
            }
        if found.ready:
            ended[verdict(place, found.ready, save(cora, found.ready, "typed"))] += 1

    any_cells()
    assert min(ended["typed"], ended["saved"]) > 2, ended


HEADINGS = ("Student", "E-mail", "Module", "Status", "Percentage", "Score", "Completed on")
KNOWN = ("Ann Ågren", "ann@example.org", "Fractions")
LINES = st.lists(
    st.tuples(
        *(st.sampled_from([one] * 80 + [*NASTY[:12]]) for one in KNOWN),
        st.sampled_from(["", "", "Completed", "In progress"]) | WRITTEN,
        *[st.sampled_from(["", "", "5", "70"]) | WRITTEN] * 2,
        st.just("") | st.just("") | WRITTEN,
    ),
    min_size=1,
    max_size=2,
)

# Some that can be saved: else the test would show only that nothing is.
PLAIN = st.tuples(
    *map(st.just, KNOWN),
    st.sampled_from(["Completed", "In progress"]),
    st.just(""),
    st.sampled_from(["", "5", "70"]),
    st.just(""),
).map(lambda line: [line])


def as_csv(lines: list[tuple[str, ...]]) -> bytes:
    told = io.StringIO()
    csv.writer(told).writerows([HEADINGS, *lines])
    return told.getvalue().encode("utf-8", "surrogatepass")


def test_by_a_file_any_line_and_any_bytes(place: Scratch) -> None:
    cora, ended = people.actor(place.database, COORDINATOR), Counter[str]()

    @inputs(80)
    @given((LINES | LINES | PLAIN).map(as_csv) | st.binary(max_size=300))
    def any_file(content: bytes) -> None:
        with suppress(UnreadableFile):
            read_pasted(content.decode("utf-8", "replace"))
        try:
            found = judged(cora, content)
        except UnreadableFile:
            ended["unreadable"] += 1
            return
        for line in found.lines:
            assert line.edit or line.problems or line.verdict
        ended["judged"] += 1
        if found.edits:
            ended[verdict(place, tuple(found.edits), save(cora, found.edits, "file"))] += 1

    any_file()
    assert min(ended["judged"], ended["saved"]) > 1, ended


KEYS = [one.key for one in FILTERS] + [*ARRANGEMENT_KEYS]
GOOD = ["50-80", "2026-03-01", "Completed", "course", "Ann", str(CLASS_1A), str(COURSE)]


def test_by_the_address_any_value_of_any_part(place: Scratch) -> None:
    cora = people.actor(place.database, COORDINATOR)
    ended = Counter[str]()

    @inputs(50)
    @given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(GOOD) | TEXT, max_size=5))
    def any_address(written: dict[str, str]) -> None:
        asked, unread = read_filters(written)
        assert read_filters(write_filters(asked)) == (asked, [])
        wanted = read_arrangement(written)
        assert read_arrangement(write_arrangement(wanted)) == wanted
        assert len(unread) <= len(written)
        with acting_as(cora) as connection:
            page = class_page(connection, asked)
        assert page.chosen["class"] in page.options.classes
        ended["read" if asked else "unread"] += 1

    any_address()
    assert min(ended.values()) > 5, ended


def test_by_the_command_line_any_file_and_any_words(place: Scratch) -> None:
    ended = Counter[int]()

    @inputs(30)
    @given(
        LINES.map(as_csv) | st.binary(max_size=100),
        TEXT,
        st.sampled_from([CORA, CORA, "\x00", "\udcff"]),
        st.booleans(),
    )
    def any_command(content: bytes, reason: str, email: str, dry: bool) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "any.csv"
            file.write_bytes(content)
            options = ["--dry-run"] if dry else ["--skip-problems"]
            told = run(
                "import", str(file), "--actor", email, f"--reason={reason}", *options, **at(place)
            )
        assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
        assert told.exit_code in (0, 1, 2)
        assert "Traceback" not in told.output
        ended[told.exit_code] += 1

    any_command()
    assert ended[0] > 2, ended
    assert ended[1] > 2, ended

"""The template comes back unchanged, problems come out with their reasons, pasted people are recognised."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.importing.cells.written_back import shown
from data.files.importing.columns.headings import recognise
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import CurrentRow, Verdict
from data.files.importing.people import recognise_people
from data.files.importing.reading.file import read_file, read_pasted
from data.files.importing.refused import RefusedRow, not_saved_csv, problems_csv
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.template import FilledRow, template_csv, template_xlsx
from data.rules.progress import EMPTY_ROW, Edit, Field, Status, Value
from tests.profiles import examples
from tests.unit.made_tables import (
    ANN,
    BEN,
    COURSE,
    DONE,
    IVAN,
    NOW,
    OTHER_TWIN,
    OTHER_ZOE,
    ROSTER,
    SC,
    STORED,
    TEST,
    TWIN,
    ZOE,
    C,
    P,
    S,
    judged,
)

WRITERS = {"csv": template_csv, "xlsx": template_xlsx}


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", WRITERS)
def test_the_template_has_the_headings_that_are_recognised_and_nothing_below(kind: str) -> None:
    heads = ["Student", "E-mail", "Module", "Status", "Percentage", "Score", "Completed on"]
    assert rows_of(template_csv()) == [heads]
    assert recognise(heads).problems == ()
    with pytest.raises(ValueError, match="nothing below"):
        read_file("template", WRITERS[kind]())


ODD: dict[Field, Value] = {
    S: Status.COMPLETED, P: 1, SC: Decimal("NaN"), C: datetime(1, 1, 1, tzinfo=UTC),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("hours", [-11, 0, 13])
def test_a_filled_template_comes_back_without_a_change(kind: str, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    stored = {
        (who.id, what.id): FilledRow(who, what, values)
        for what, values in zip(ROSTER.modules, (STORED, DONE, ODD, EMPTY_ROW), strict=True)
        for who in ROSTER.students
    }
    content = WRITERS[kind](list(stored.values()), zone, ROSTER)
    sheet = read_file("class", content)
    assert sheet.headings[-2:] == ("Student id", "Module id")
    columns = recognise(sheet.headings)
    assert set(concerned(sheet, columns, ROSTER)) == set(stored)
    current = {key: CurrentRow(row.values, True) for key, row in stored.items()}
    judgement = judge(sheet, columns, ROSTER, current, NOW, zone)
    assert judgement.counts[Verdict.NO_CHANGE] == len(stored) == 20


def test_ids_are_written_only_where_names_do_not_tell_apart() -> None:
    def headings(row: FilledRow, among: Roster | None = None) -> list[str]:
        return rows_of(template_csv([row], UTC, among))[0]

    assert headings(FilledRow(ANN, COURSE, STORED))[-1] == "Completed on (UTC)"
    assert headings(FilledRow(OTHER_ZOE, COURSE, STORED))[-1] == "Student id"
    assert headings(FilledRow(ANN, TWIN, STORED))[-1] == "Completed on (UTC)"
    few = Roster((ANN,), (TWIN, OTHER_TWIN))
    assert headings(FilledRow(ANN, TWIN, STORED), few)[-1] == "Module id"


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@examples(40)
@given(
    st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=4),
    st.one_of(st.none(), st.decimals(0, 100, allow_nan=False)),
    st.one_of(st.none(), st.integers(0, 100)),
    st.one_of(st.none(), st.integers(0, 10**9).map(lambda ago: NOW - timedelta(seconds=ago))),
    st.sampled_from(sorted(WRITERS)),
)  # fmt: skip
def test_any_names_and_values_come_back_without_a_change(
    names: list[tuple[str, str]], score: Any, percentage: Any, moment: Any, kind: str
) -> None:
    values: dict[Field, Value] = {S: Status.IN_PROGRESS, P: percentage, SC: score, C: moment}
    students = tuple(KnownStudent(UUID(int=at), name) for at, (name, _) in enumerate(names))
    modules = tuple(KnownModule(UUID(int=at), name, "course") for at, (_, name) in enumerate(names))
    known = Roster(students, modules)
    rows = [
        FilledRow(who, what, values) for who, what in zip(students, modules, strict=True)
    ]  # fmt: skip
    sheet = read_file("any", WRITERS[kind](rows, UTC, known))
    columns = recognise(sheet.headings)
    current = {(row.student.id, row.module.id): CurrentRow(values, True) for row in rows}
    judgement = judge(sheet, columns, known, current, NOW)
    told = [line.problems for line in judgement.lines if line.verdict is not Verdict.NO_CHANGE]
    # A name that is nothing but marks, or that a spreadsheet cannot hold, may read as another: then it is
    # told, and never taken for a change.
    assert judgement.edits == ()
    assert len(judgement.lines) == len(rows), told


def test_problems_come_out_with_the_files_own_columns_and_reasons_safe_to_open() -> None:
    text = """Note,Student,Module,Score
=1+1,Ann Ågren,Fractions,600
fine,Ben O'Neill,Fractions,60
"-x, y",Nobody,Fractions,60
long,Ann Ågren,Fractions test,60,7
"""
    sheet = read_pasted(text)
    judgement = judged(sheet)
    written = rows_of(problems_csv(sheet, judgement))
    assert written[0] == ["Note", "Student", "Module", "Score", "", "Line", "Why not"]
    assert [row[:6] for row in written[1:]] == [
        ["'=1+1", "Ann Ågren", "Fractions", "600", "", "2"],
        ["'-x, y", "Nobody", "Fractions", "60", "", "4"],
        ["long", "Ann Ågren", "Fractions test", "60", "7", "5"],
    ]
    assert written[1][6] == "Score: “600”: The score must be a number from 0 to 100."
    assert written[2][6].startswith("Student: No student “Nobody” is known here.")
    corrected = problems_csv(sheet, judgement).decode("utf-8-sig").replace("600", "60")
    again = judged(read_pasted(corrected))
    assert again.lines[0].verdict is Verdict.CHANGE


def test_problems_with_unwritable_characters_come_out() -> None:
    sheet = read_pasted("Student\tModule\tScore\n\ud800\tFractions\t5")
    assert "�" in problems_csv(sheet, judged(sheet)).decode("utf-8-sig")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Ågren\nBen O'Neill",
        "ann agren, BEN ONEILL",
        "Ågren, Ann\nO'Neill, Ben",
        "ann@example.org;ben@example.org",
        f"{ANN.id}\t{BEN.id}",
        "Ann Ågren <ann@example.org>, Ben <ben@example.org>",
        '"Ågren, Ann" <ann@example.org>; Ben O’Neill',
        "\r\n Ann Ågren ,\r\n\r\nann@example.org\r\nBen O'Neill,",
        "Ann Ågren, ben@example.org, Ågren Ann <ann@example.org>",
        "Ågren, Ann <ann@example.org> Ben <ben@example.org>",
    ],
)
def test_pasted_people_are_recognised_however_they_are_separated(text: str) -> None:
    recognised = recognise_people(text, ROSTER)
    assert (recognised.found, recognised.unknown, recognised.ambiguous) == (
        (ANN.id, BEN.id),
        (),
        (),
    )


def test_who_was_not_recognised_is_listed_with_who_may_be_meant() -> None:
    text = "Ann Agern\nQuinn, Zoe\nivan@exmaple.org\nNobody, Known\nIvan Zak, Cleo\n17"
    recognised = recognise_people(text, ROSTER)
    assert recognised.found == (IVAN.id,)
    assert recognised.ambiguous == (("Quinn, Zoe", (ZOE, OTHER_ZOE)),)
    assert recognised.unknown == (
        ("Ann Agern", (ANN,)),
        ("ivan@exmaple.org", (IVAN,)),
        ("Nobody, Known", ()),
        ("Cleo", ()),
        ("17", ()),
    )


@given(st.text(max_size=200))
def test_any_pasted_text_raises_nothing(text: str) -> None:
    recognised = recognise_people(text, ROSTER)
    assert set(recognised.found) <= {one.id for one in ROSTER.students}
    assert TEST.id not in recognised.found


def test_what_was_not_saved_is_a_file_that_asks_for_the_same_again() -> None:
    wished: dict[Field, Value] = {
        Field.STATUS: Status.COMPLETED,
        Field.PERCENTAGE: 100,
        C: datetime(2026, 3, 1, 12, tzinfo=UTC),
    }
    edits = [
        Edit(ANN.id, COURSE.id, wished, EMPTY_ROW),
        Edit(BEN.id, COURSE.id, {SC: Decimal("7.5")}, EMPTY_ROW),
    ]
    names = {one.id: one.name for one in ROSTER.students}
    content = not_saved_csv(
        [RefusedRow(one, names[one.student_id], COURSE.name, "=why") for one in edits], UTC
    )
    sheet = read_file("not saved.csv", content)
    columns = recognise(sheet.headings)
    keys = concerned(sheet, columns, ROSTER)
    current = {key: CurrentRow(EMPTY_ROW, eligible=True) for key in keys}
    judgement = judge(sheet, columns, ROSTER, current, NOW, UTC)
    assert [one.verdict for one in judgement.lines] == [Verdict.CHANGE] * 2
    found = {one.student_id: dict(one.changes) for one in judgement.edits}
    for one in edits:
        assert found[one.student_id].keys() == one.changes.keys()
        for name, value in one.changes.items():
            assert shown(found[one.student_id][name], UTC) == shown(value, UTC)
    assert rows_of(content)[1][-1] == "'=why"

"""Scores go out in the shape that another system imports, and read back they are the same."""

import io
import zipfile
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.elsewhere.oneroster import NO_IDS, TABLES
from data.files.elsewhere.scores import Made, Scores, scores_of
from data.files.elsewhere.shapes import Shape, as_shape
from data.files.importing.judging.verdicts import Verdict
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.reading.classes.elsewhere import KnownBy, KnownElsewhere
from tests.unit.made_tables import ANN, BEN, COURSE, OTHER_TWIN, TEST, TWIN, ZOE
from tests.unit.scored_class import PEOPLE, page_of, read_back, scores_in, table, told

CLASS = UUID(int=900)
UNKNOWN = KnownElsewhere(CLASS, PEOPLE)
KNOWN = KnownElsewhere(
    CLASS, PEOPLE, "Northern SIS", {CLASS: "c-1", ANN.id: "u-1", COURSE.id: "li-1", TEST.id: "li-2"},
    frozenset({BEN.id}),
)  # fmt: skip


def made(shape: Shape, scores: Scores | None = None, known: KnownElsewhere = UNKNOWN) -> Made:
    return as_shape(shape, scores or scores_in(), known)


def files(one: Made) -> dict[str, bytes]:
    if one.ending == "csv":
        return {"": one.content}
    with zipfile.ZipFile(io.BytesIO(one.content)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_canvas_gets_points_of_100_no_number_that_is_not_known_and_no_empty_cell() -> None:
    found = made(Shape.CANVAS)
    lead = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    points = ["    Points Possible", "", "", "", "", "100"]
    ben = ["Ben O'Neill", "", "S2", "ben@example.org", "7 Blue"]
    assert {name: table(content) for name, content in files(found).items()} == {
        "Fractions.csv": [
            [*lead, "Fractions"],
            points,
            ["Ann Ågren", "", "S1", "ann@example.org", "7 Blue", "85.5"],
            [*ben, "66.6666666666666667"],
        ],
        "Fractions test.csv": [[*lead, "Fractions test"], points, [*ben, "0"]],
    }
    full = made(Shape.CANVAS, scores_in({ANN: "C/1;C/2", BEN: "C/3;C/4"}))
    assert [row[5:] for row in table(full.content)] == [
        ["Fractions", "Fractions test"], ["100", "100"], ["1", "2"], ["3", "4"],
    ]  # fmt: skip


def test_of_namesakes_it_is_said_that_canvas_could_take_one_for_the_other() -> None:
    twin = KnownStudent(BEN.id, ANN.name.upper(), None)
    notes = made(Shape.CANVAS, scores_in({ANN: "C/1;C/2", twin: "C/3;C/4"})).notes
    assert any("Several students are called so: Ann Ågren" in note for note in notes)
    assert not any("called so" in note for note in made(Shape.CANVAS).notes)


def test_moodle_gets_no_empty_cell_for_it_would_clear_a_grade() -> None:
    found = made(Shape.MOODLE)
    tables = {name: table(content) for name, content in files(found).items()}
    lead = ["Full name", "ID number", "Email address"]
    ben = ["Ben O'Neill", "S2", "ben@example.org"]
    assert tables == {
        "Fractions.csv": [
            [*lead, "Fractions (Percentage)"],
            ["Ann Ågren", "S1", "ann@example.org", "85.5"],
            [*ben, "66.6666666666666667"],
        ],
        "Fractions test.csv": [[*lead, "Fractions test (Percentage)"], [*ben, "0"]],
    }
    assert any("an empty cell would clear" in note for note in found.notes)


def test_moodle_gets_one_file_where_everybody_has_every_score() -> None:
    found = made(Shape.MOODLE, scores_in({ANN: "C/1;C/2", BEN: "C/3;C/4"}))
    assert found.ending == "csv"
    assert [row[3:] for row in table(found.content)[1:]] == [["1", "2"], ["3", "4"]]


def test_moodle_gets_nobody_whom_it_cannot_find() -> None:
    people = {ANN.id: KnownBy(None, None), BEN.id: KnownBy(None, "S2")}
    found = made(Shape.MOODLE, scores_of(page_of({ANN: "C/1;C/2", BEN: "C/3;C/4"}), people))
    assert [row[0] for row in table(found.content)] == ["Full name", "Ben O'Neill"]
    assert any("Ann Ågren" in note and "neither a number" in note for note in found.notes)


def test_oneroster_gets_results_of_those_whose_ids_are_known() -> None:
    found = made(Shape.ONEROSTER, known=KNOWN)
    parts = {name: table(content) for name, content in files(found).items()}
    heads, *results = parts["results.csv"]
    assert heads[3:8] == [
        "lineItemSourcedId",
        "studentSourcedId",
        "scoreStatus",
        "score",
        "scoreDate",
    ]
    assert [row[1:8] for row in results] == [
        ["active", "2026-11-22T23:30:00.000Z", "li-1", "u-1", "fully graded", "85.5", "2026-11-23"]
    ]
    items = parts["lineItems.csv"]
    assert [(row[0], row[3], row[7], row[10], row[11]) for row in items[1:]] == [
        ("li-1", "Fractions", "c-1", "0", "100")
    ]
    assert len(parts["manifest.csv"]) == 4 + len(TABLES)
    assert ["file.results", "delta"] in parts["manifest.csv"]
    assert not any(content.startswith(b"\xef\xbb\xbf") for content in files(found).values())
    assert any("Ben O'Neill" in note and "several ids" in note for note in found.notes)
    assert (
        made(Shape.ONEROSTER, known=KNOWN).content == found.content
    )  # the same results, not doubled


def test_without_a_crosswalk_oneroster_gets_nothing_and_it_is_said() -> None:
    found = made(Shape.ONEROSTER)
    assert len(table(files(found)["results.csv"])) == 1
    assert NO_IDS in found.notes


def test_progress_that_is_no_score_and_scores_that_cannot_be_stay_here() -> None:
    scores = scores_in({ANN: "C100;C100/104p", BEN: "I40;garbage", ZOE: "C/12;"})
    assert [(one.name, list(one.scores.values())) for one in scores.students] == [
        ("Zoë Quinn", [Decimal(12)])
    ]
    assert any("1 score is not from 0 to 100" in note for note in scores.notes)
    assert any("nobody has a score there: Fractions test" in note for note in scores.notes)


def test_only_what_changed_goes_out_where_that_is_asked() -> None:
    changed = {(BEN.id, TEST.id), (ANN.id, TEST.id)}
    rows = table(made(Shape.CANVAS, scores_in(changed=changed)).content)
    assert [(row[0], row[5:]) for row in rows[2:]] == [("Ben O'Neill", ["0"])]
    assert rows[0][5:] == ["Fractions test"]


@pytest.mark.parametrize("shape", [Shape.CANVAS, Shape.MOODLE])
def test_modules_of_one_name_are_left_out_and_named(shape: Shape) -> None:
    page = page_of({ANN: "C/1;C/2;C/3"}, (TWIN, COURSE, OTHER_TWIN))
    found = made(shape, scores_of(page, PEOPLE))
    assert len(table(found.content)[0]) == (6 if shape is Shape.CANVAS else 4)
    assert any("several modules are called so: Garden" in note for note in found.notes)


@pytest.mark.parametrize("shape", [Shape.CANVAS, Shape.MOODLE])
def test_what_a_spreadsheet_would_take_for_a_formula_is_defused(shape: Shape) -> None:
    bad = KnownStudent(ANN.id, "=1+1", "ann@example.org")
    worse = KnownModule(COURSE.id, "@SUM(A1)", "course")
    found = made(shape, scores_of(page_of({bad: "C/1"}, (worse,)), PEOPLE))
    rows = table(found.content)
    assert rows[-1][0] == "'=1+1"
    assert any(head.startswith("'@SUM(A1)") for head in rows[0])


names = st.from_regex(r"[A-Z][a-zéøł]{2,8} [A-Z][a-z]{2,8}", fullmatch=True)
figures = (
    st.none() | st.decimals(0, 100, places=3) | st.sampled_from([Decimal("66.6666666666666667")])
)


@given(
    st.lists(names, min_size=1, max_size=5, unique_by=str.casefold),
    st.lists(
        st.from_regex(r"(Unit|Chapter) [A-Z][a-z]{2,6}", fullmatch=True),
        min_size=1, max_size=3, unique_by=str.casefold,
    ),
    st.data(),
)  # fmt: skip
def test_any_class_read_back_tells_the_same_scores_and_changes_nothing(
    called: list[str], works: list[str], data: st.DataObject
) -> None:
    students = [
        KnownStudent(UUID(int=at), one, f"s{at}@example.org") for at, one in enumerate(called, 1)
    ]
    modules = tuple(KnownModule(UUID(int=500 + at), one, "course") for at, one in enumerate(works))
    figure = {(one.id, work.id): data.draw(figures) for one in students for work in modules}
    stored = {key: score for key, score in figure.items() if score is not None}
    cells = {
        one: ";".join(
            "I40" if (score := figure[one.id, work.id]) is None else f"C100/{score}"
            for work in modules
        )
        for one in students
    }
    people = {one.id: KnownBy(one.email, None) for one in students}
    scores = scores_of(page_of(cells, modules), people)
    roster = Roster(tuple(students), modules)
    if not stored:
        return
    for shape in (Shape.CANVAS, Shape.MOODLE):
        read: dict[tuple[UUID, UUID], object] = {}
        for content in files(made(shape, scores)).values():
            columns, judgement = read_back(content, roster, {})
            assert columns.problems == ()
            read |= told(judgement)
            _, again = read_back(content, roster, stored)
            assert {line.verdict for line in again.lines} <= {Verdict.NO_CHANGE}
        assert read == stored

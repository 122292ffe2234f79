"""What the tests of files for other systems share: a class with scores, as its page shows it."""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from data.files.elsewhere.scores import Scores, scores_of
from data.files.exporting.rows import Export
from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.recognising import recognise_table
from data.files.importing.judging.lines import concerned, judge
from data.files.importing.judging.verdicts import CurrentRow, Judgement
from data.files.importing.reading.file import read_file
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.reading.catalogue import Module
from data.reading.classes.elsewhere import KnownBy
from data.reading.classes.matrix import MatrixModule, MatrixStudent
from data.rules.progress import EMPTY_ROW, Field, Key
from tests.unit.exported import BERLIN, LATE
from tests.unit.made_tables import ANN, BEN, COURSE, NOW, TEST, ZOE

NUMBERS = {ANN.id: "S1", BEN.id: "S2", ZOE.id: None}
PEOPLE = {one.id: KnownBy(one.email, NUMBERS[one.id]) for one in (ANN, BEN, ZOE)}
CELLS = {ANN: "C100/85.5;I40", BEN: "C100/66.6666666666666667e;C/0", ZOE: "N;N"}


def page_of(
    cells: Mapping[KnownStudent, str],
    modules: tuple[KnownModule, ...] = (COURSE, TEST),
    title: str = "7 Blue",
) -> Export:
    """The class page's table of these students."""
    columns = tuple(
        MatrixModule(Module(one.id, one.name, one.type, Decimal(50)), 0, 0, 0) for one in modules
    )
    rows = tuple(
        MatrixStudent(one.id, one.name, written, 0, 0, 0, None) for one, written in cells.items()
    )
    order = tuple(one.id for one in modules)
    return Export(title, columns, rows, order, "All", "Ms Ito", LATE, BERLIN)


def scores_in(cells: Mapping[KnownStudent, str] = CELLS, **how: object) -> Scores:
    return scores_of(page_of(cells), PEOPLE, **how)  # type: ignore[arg-type]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def read_back(
    content: bytes, roster: Roster, stored: Mapping[Key, Decimal]
) -> tuple[Columns, Judgement]:
    """What our own import makes of a file, where these scores are stored and all is eligible."""
    sheet = read_file("grades.csv", content, known=roster.texts)
    columns = recognise_table(sheet, roster)
    current = {
        (student, module): CurrentRow(
            {**EMPTY_ROW, Field.SCORE: stored.get((student, module))}, True
        )
        for student, module in concerned(sheet, columns, roster)
    }
    return columns, judge(sheet, columns, roster, current, NOW)


def told(judgement: Judgement) -> dict[tuple[UUID, UUID], object]:
    """The scores that a file tells: what it changes where nothing is stored."""
    return {
        (line.edit.student_id, line.edit.module_id): line.edit.changes[Field.SCORE]
        for line in judgement.lines
        if line.edit
    }

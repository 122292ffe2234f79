"""The lines of a gradebook that are no students: points above them, a test student, sums below."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from data.files.importing.columns.mapping import Columns
from data.files.importing.columns.titles import number
from data.files.importing.folding import fold, visible
from data.files.importing.meanings import STUDENT_NAMED_BY, Meaning
from data.files.importing.roster import Roster
from data.files.importing.sheet import Row, Sheet, as_text, is_blank

MOST_ABOVE: Final = 3
"""Lines between the headings and the first student: policies, dates, points."""
_POINTS: Final = re.compile(
    r"(points possible|possible points|points|max(imum)?( points| score)?|out of|punkte|bareme|puntos|punti"
    r"|maximale punktzahl|mogliche punkte|points possibles|puntos posibles|pontos possiveis|punti possibili"
    r"|mogelijke punten)"
)
_ABOVE: Final = re.compile(rf"{_POINTS.pattern}|date|due( date)?|weight|category")
_OF_POINTS: Final = re.compile(
    r"(?:.*\D)?(?:out of|max\.?|/)\s*(\d+(?:[.,]\d+)?)\D*"
    r"|(?:.*\s)?(\d+(?:[.,]\d+)?)\s*(?:points?|pts?\.?|marks?)",
    re.IGNORECASE,
)
_TEST_STUDENTS: Final = {"student test", "test student"}
_SUMS: Final = {"total", "totals", "sum", "average", "mean", "overall average", "class average"}


def lines_above(sheet: Sheet, columns: Columns, roster: Roster) -> Iterator[Row]:
    """The lines before the first student, which name nobody."""
    for row in sheet.rows[:MOST_ABOVE]:
        names = [text for _, text in _keys(row, columns)]
        is_label = len(names) == 1 and _ABOVE.fullmatch(fold(names[0])) is not None
        if names and not is_label:
            return
        if is_label and _is_known(row, columns, roster):
            return
        yield row


def _keys(row: Row, columns: Columns) -> Iterator[tuple[Meaning, str]]:
    """What a line says of its student."""
    for at, meaning in enumerate(columns.guesses):
        if meaning in STUDENT_NAMED_BY and not is_blank(row.at(at)):
            yield meaning, visible(as_text(row.at(at)))


def _is_known(row: Row, columns: Columns, roster: Roster) -> bool:
    keys = list(_keys(row, columns))
    return any(roster.students_by(meaning, written) for meaning, written in keys)


def lines_of_nobody(sheet: Sheet, columns: Columns, roster: Roster) -> Iterator[Row]:
    """Lines of a program's own test student, or of sums, that are nobody here."""
    for row in sheet.rows:
        name = " ".join(
            text for meaning, text in _keys(row, columns)
            if meaning in (Meaning.STUDENT, Meaning.FIRST_NAME, Meaning.LAST_NAME)
        )  # fmt: skip
        if fold(name) in _TEST_STUDENTS | _SUMS and not _is_known(row, columns, roster):
            yield row


def says_points_beside(sheet: Sheet, at: int) -> bool:
    """Is the column after it one of points, as Teams writes them?"""
    return at + 1 < len(sheet.headings) and bool(_POINTS.fullmatch(fold(sheet.headings[at + 1])))


def points_beside(sheet: Sheet, at: int) -> Decimal | None:
    """Of how many points a column is, where the column after it says the same in every line, and enough."""
    rows = [row for row in sheet.rows if not is_blank(row.at(at))]
    written = {as_text(row.at(at + 1)) for row in rows}
    most = number(written.pop()) if len(written) == 1 and says_points_beside(sheet, at) else None
    values = (number(as_text(row.at(at))) for row in rows)
    return most if most and all(one <= most for one in values if one) else None


def says_points(row: Row) -> bool:
    """Is it the line that says of how many points each column is?"""
    return any(_POINTS.fullmatch(fold(as_text(cell))) for cell in row.cells[:3])


def points_above(at: int, above: Sequence[Row]) -> Decimal | None:
    """Of how many points a column is, as a line below the headings says."""
    for row in above:
        written = as_text(row.at(at))
        if says_points(row) and (points := number(written)):
            return points
        if (found := _OF_POINTS.fullmatch(written)) and (points := number(found[1] or found[2])):
            return points
    return None

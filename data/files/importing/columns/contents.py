"""What a column means by what is in it, where its heading does not tell, or tells wrongly."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from data.files.importing.columns.mapping import Columns
from data.files.importing.folding import visible
from data.files.importing.meanings import WHICH, WHO, Meaning
from data.files.importing.roster import Roster
from data.files.importing.sheet import Cell, Sheet, as_text, is_blank
from data.i18n.formats import quoted

MOST_LOOKED_AT: Final = 200
"""Lines that are looked at to guess what a column means; whether a key matches anybody is asked of all."""
ENOUGH: Final = 0.5


def students_by_contents(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """Where no heading names the student, the columns in which most are known."""
    if not _names_students(columns):
        columns = _guessed(sheet, columns, roster, Meaning.EMAIL)
        columns = _guessed(sheet, columns, roster, Meaning.STUDENT)
    return columns if _names_students(columns) else _guessed_in_two(sheet, columns, roster)


def turned_round(columns: Columns, roster: Roster) -> Columns:
    """A table with a column per student cannot be read: it is said how it can."""
    students = sum(bool(roster.students_named(one)) for one in columns.headings)
    if students < 2:
        return columns
    words = (
        f"{students} columns are called as students are. A table needs a line per student: in a spreadsheet, "
        "copy it and paste it transposed."
    )
    return columns.saying(words)


def module_by_contents(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """Where no heading names the module of a line, the column in which most are known."""
    if set(columns.places).isdisjoint(WHICH):
        return _guessed(sheet, columns, roster, Meaning.MODULE)
    return columns


def without_idle_keys(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """The key that matches nobody is not the key, where another matches somebody."""
    matches = {
        meaning: _matches(_cells(sheet, columns.places[meaning]), meaning, roster)
        for meaning in WHO
        if meaning in columns.places
    }
    in_two = {Meaning.FIRST_NAME, Meaning.LAST_NAME} <= set(columns.places)
    serving = [columns.headings[columns.places[one]] for one, many in matches.items() if many]
    if not serving and not in_two:
        return _nobody_known(columns, matches)
    for meaning, many in matches.items():
        place = columns.places[meaning]
        if many or not any(not is_blank(one) for one in _cells(sheet, place)):
            continue
        by = " and ".join(quoted(serving)) or "first and last name"
        words = f"“{columns.headings[place]}” matches nobody here, so students are found by {by}."
        columns = columns.choose(place, None).saying(words)
    return columns


def _nobody_known(columns: Columns, matches: Mapping[Meaning, int]) -> Columns:
    """Every line will be refused: here it is said why, once."""
    names = " and ".join(quoted(columns.headings[columns.places[one]] for one in matches))
    if not names:
        return columns
    words = (
        f"{names}: nobody is known here by that in any line. Ids of another program cannot be matched; "
        "a column with names or e-mails can."
    )
    return columns.saying(words)


def without_idle_module(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """One id of another system in every line names no module: a person says which all lines are of."""
    place = columns.places.get(Meaning.MODULE_ID)
    if place is None:
        return columns
    cells = _cells(sheet, place)
    written = {as_text(one) for one in cells if not is_blank(one)}
    if len(written) != 1 or _matches(cells, Meaning.MODULE_ID, roster):
        return columns
    words = f"“{columns.headings[place]}” says “{written.pop()}” in every line: no module here."
    return columns.choose(place, None).saying(words)


def _names_students(columns: Columns) -> bool:
    known = {one for one in columns.guesses if one is not None}
    return bool(known.intersection(WHO)) or {Meaning.FIRST_NAME, Meaning.LAST_NAME} <= known


def _guessed(sheet: Sheet, columns: Columns, roster: Roster, meaning: Meaning) -> Columns:
    """The unused column with the most matches, if it has enough."""
    shares = {
        at: _share(_cells(sheet, at, MOST_LOOKED_AT), meaning, roster)
        for at, guess in enumerate(columns.guesses)
        if guess is None and at not in columns.modules
    }
    best = max(shares, key=lambda at: shares[at], default=None)
    if best is None or shares[best] < ENOUGH:
        return columns
    words = f"{columns.called(best)} was taken for “{meaning.value}”, by what is in it."
    return columns.choose(best, meaning).saying(words)


def _guessed_in_two(sheet: Sheet, columns: Columns, roster: Roster) -> Columns:
    """Two columns side by side that together are names of students."""
    free = [at for at, guess in enumerate(columns.guesses) if guess is None]
    for one, other in pairwise(free):
        pairs = [
            (visible(as_text(row.at(one))), visible(as_text(row.at(other))))
            for row in sheet.rows[:MOST_LOOKED_AT]
        ]
        for first, last in ((one, other), (other, one)):
            names = [f"{a} {b}" if first == one else f"{b} {a}" for a, b in pairs]
            if _share(names, Meaning.STUDENT, roster) >= ENOUGH:
                columns = columns.choose(first, Meaning.FIRST_NAME)
                return columns.choose(last, Meaning.LAST_NAME)
    return columns


def _cells(sheet: Sheet, place: int, most: int | None = None) -> list[Cell]:
    return [row.at(place) for row in sheet.rows[:most]]


def _share(cells: Sequence[Cell], meaning: Meaning, roster: Roster) -> float:
    written = sum(not is_blank(one) for one in cells)
    return _matches(cells, meaning, roster) / written if written else 0.0


def _matches(cells: Sequence[Cell], meaning: Meaning, roster: Roster) -> int:
    """How many of the cells name somebody, or a module, that is known."""
    written = (visible(as_text(one)) for one in cells if not is_blank(one))
    return sum(_names(roster, meaning, one) for one in written)


def _names(roster: Roster, meaning: Meaning, written: str) -> bool:
    if meaning in WHICH:
        return bool(roster.modules_named(written) or roster.module_with_id(written))
    if meaning is Meaning.STUDENT:  # a column of "students" may hold their addresses or ids
        sorted_out = (Meaning.STUDENT, Meaning.EMAIL, Meaning.STUDENT_ID)
        known = any(roster.students_by(one, written) for one in sorted_out)
        return known or bool(roster.students_surname_first(written))
    return bool(roster.students_by(meaning, written))

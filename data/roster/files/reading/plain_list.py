"""The list that an office has, as people and classes: one list, or one a class."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from data.files.importing.folding import fold
from data.i18n.formats import count, quoted
from data.roster.files.given import (
    Covers,
    Given,
    GivenClass,
    GivenMember,
    GivenPerson,
    Kind,
    Place,
    RefusedLine,
)
from data.roster.files.reading.headings import Column, is_surname_first
from data.roster.files.reading.tables import Row, Table, Tables
from data.rules.roster import check, tidy

Complete = Literal["nothing", "classes", "school"]
"""Of what a list is the whole: of nothing, of the classes that it names, or of the school."""

UNNAMED: Final = re.compile(
    r"(sheet|tabelle|feuil|feuille|hoja|foglio|planilha|folha|blad|arkusz|list|ark|taul(ukko)?)\s*\d*",
    re.IGNORECASE,
)
"""What spreadsheets call a worksheet that nobody named."""

STUDENTS: Final = (
    "student|students|pupil|learner|schüler|schülerin|élève|alumno|alumna|estudiante|alunno|studente|aluno"
    "|leerling|uczeń|žák|elev|oppilas"
)
TEACHERS: Final = (
    "teacher|teachers|staff|lehrer|lehrerin|lehrkraft|enseignant|enseignante|professeur|profesor|profesora"
    "|docente|insegnante|professor|professora|docent|leraar|nauczyciel|učitel|lärare|lærer|opettaja"
)
_KINDS: Final[dict[str, Kind]] = {
    **{fold(one): "student" for one in STUDENTS.split("|")},
    **{fold(one): "staff" for one in TEACHERS.split("|")},
}

NAMES: Final = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
UNCOMPUTED: Final = (
    "A formula has no stored result. Open the file in a spreadsheet, and save it there."
)


SURNAME: Final = "Which part is the surname? Write it in two columns, or with a comma: “Doe, Jane”."


class Unclear(ValueError):
    """What a line says can be read in more than one way, or not at all; the sentence says what to write."""


@dataclass
class _Reading:
    """What was gathered so far; `known` are folded names of classes."""

    year: str | None
    known: Collection[str]
    classes: dict[str, GivenClass] = field(default_factory=dict)
    people: list[GivenPerson] = field(default_factory=list)
    members: list[GivenMember] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)


def read_list(
    tables: Tables,
    *,
    class_name: str | None = None,
    year: str | None = None,
    complete: Complete = "nothing",
    known_classes: Collection[str] = (),
) -> Given:
    """Everybody in these tables. Where no column names the class it is `class_name`, else the worksheet's name.

    `known_classes` are names that are one class, though they hold a comma.
    """
    reading = _Reading(year, {fold(one) for one in known_classes})
    are_several = len(tables.tables) > 1
    notices = [*_how_many(tables), *tables.assumed]
    for table in tables.tables:
        named, words = _class_of(table, class_name)
        notices += [*words, *_told(table, are_several)]
        for row in table.rows:
            _take(reading, table, row, named, are_several)
    if tables.empty:
        notices.append(f"Nobody was found in {', '.join(quoted(tables.empty))}.")
    covers = Covers(people=complete == "school", members=complete != "nothing")
    return Given(
        None,
        tuple(reading.classes.values()),
        tuple(reading.people),
        tuple(reading.members),
        tuple(reading.refused),
        covers,
        tuple(notices),
    )


def _how_many(tables: Tables) -> Iterator[str]:
    """So that a person sees whether it is all: a text that was cut off after a line looks whole."""
    rows = [(line, table.name) for table in tables.tables for line, _ in table.rows]
    if rows:
        line, name = rows[-1]
        where = f" of “{name}”" if name else ""
        yield f"{count(len(rows), 'line was', 'lines were')} read; the last is line {line:,}{where}."


def _class_of(table: Table, class_name: str | None) -> tuple[str, list[str]]:
    """Which class the lines are of that do not say it."""
    if class_name:
        return class_name, []
    if Column.CLASS in table.headings:
        return "", []
    if table.name and not UNNAMED.fullmatch(table.name.strip()):
        return table.name, [
            f"Everybody in the worksheet “{table.name}” is in the class of that name."
        ]
    return "", ["No column names a class: nobody is put into one."]


def _told(table: Table, are_several: bool) -> Iterator[str]:
    where = f" of “{table.name}”" if are_several else ""
    if table.unused:
        yield f"Not used{where}: {', '.join(quoted(table.unused))}."
    if table.private:
        yield f"Never read{where}: {', '.join(quoted(table.private))}."
    if table.hidden:
        lines = count(table.hidden, "line is", "lines are")
        yield f"{lines} hidden in the spreadsheet{where}, and read like the others."


def _take(reading: _Reading, table: Table, row: Row, class_name: str, are_several: bool) -> None:
    line, cells = row
    place = Place(line, table.name if are_several else "")
    try:
        if line in table.uncomputed:
            raise Unclear(UNCOMPUTED)
        person = _person(table, cells, place)
    except Unclear as unclear:
        who = tidy(" ".join(cells.get(one, "") for one in NAMES))
        reading.refused.append(RefusedLine(place, who, str(unclear)))
        return
    year = tidy(cells.get(Column.YEAR)) or reading.year
    names = _class_names(cells.get(Column.CLASS, ""), reading.known) or [class_name]
    if faults := " ".join(_faults(person, names, year)):
        reading.refused.append(RefusedLine(place, person.full_name, faults))
        return
    reading.people.append(person)
    for name in filter(None, names):
        key = _class(reading.classes, name, year, place)
        reading.members.append(GivenMember(place, person.key, key))


def _person(table: Table, cells: Mapping[Column, str], place: Place) -> GivenPerson:
    """Raises Unclear."""
    return GivenPerson(
        f"{place.table}:{place.line}",
        place,
        _kind(cells.get(Column.ROLE, "")),
        _full_name(cells, table.headings.get(Column.NAME, "")),
        _address(cells.get(Column.EMAIL, "")),
        tidy(cells.get(Column.NUMBER)) or None,
    )


def _kind(written: str) -> Kind:
    if not written:
        return "student"
    found = _KINDS.get(fold(written))
    if found is None:
        raise Unclear(f"“{written[:40]}” is no role that is known here. Write Student or Teacher.")
    return found


def _address(written: str) -> str | None:
    return tidy(written).removeprefix("mailto:").strip("<>") or None


def _faults(person: GivenPerson, classes: Iterable[str], year: str | None) -> Iterator[str]:
    yield from (one.message for one in check(person.values))
    for name in filter(None, classes):
        yield from (f"Class: {one.message}" for one in check({"name": name, "school_year": year}))


def _class_names(written: str, known: Collection[str]) -> list[str]:
    """ "10C; Choir" are two. At a comma they are divided only where each part is a class that is known."""
    names = [tidy(one) for one in re.split(r"[;|\n]", written)]
    found: list[str] = []
    for name in filter(None, names):
        parts = [tidy(one) for one in name.split(",")]
        apart = fold(name) not in known and all(fold(one) in known for one in parts)
        found += parts if apart else [name]
    return list(dict.fromkeys(found))


def _class(classes: dict[str, GivenClass], name: str, year: str | None, place: Place) -> str:
    """Its key; it is noted where it is named first."""
    key = f"{fold(name) or name}|{year or ''}"
    classes.setdefault(key, GivenClass(key, place, name, year))
    return key


def _full_name(row: Mapping[Column, str], heading: str) -> str:
    """The name as it is said aloud: "Jane Doe". `heading` is that of the column with the whole name.

    Raises Unclear where the surname comes first and nothing says where it ends.
    """
    parts = [
        row.get(one, "")
        for one in (Column.FIRST_NAME, Column.INFIX, Column.LAST_NAME, Column.SECOND_LAST_NAME)
    ]
    in_parts = tidy(" ".join(parts))
    return in_parts or _turned(tidy(row.get(Column.NAME)), is_surname_first(heading))


def _turned(written: str, surname_first: bool) -> str:
    surname, comma, first = written.partition(",")
    if comma and first.strip() and "," not in first:
        return tidy(f"{first} {surname}")
    words = written.split()
    if not surname_first or len(words) < 2:
        return written.strip(" ,")
    if len(words) > 2:
        raise Unclear(SURNAME)
    return f"{words[1]} {words[0]}"

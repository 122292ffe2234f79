"""In what order and shape a class's matrix is shown: sorted, grouped, pinned, finished modules hidden.

Pure: the screen and the exported file are arranged by the same function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from uuid import UUID

from data.reading.classes.matrix import Matrix, MatrixModule, MatrixStudent, sort_key
from data.rules.attention import LONG_AGO, RULES_BY_KEY, urgency
from data.rules.cell import LETTERS, OTHER, join_cells, letters, parse_cell, split_cells
from data.rules.details import is_scored
from data.rules.ids import as_uuid

Density = Literal["compact", "wide"]
DENSITIES: Final[tuple[Density, ...]] = get_args(Density)
"""Symbols alone, or figures too."""

SORTS: Final = ("name", "attention", "completion", "activity")
"""What students are sorted by, besides a module."""

NEED: Final = "need"
"""Students grouped by the gravest reason why they need attention, and not by their status in a module."""


@dataclass(frozen=True)
class Arrangement:
    """What a person chose. `sort` is one of SORTS or module:<id>, with '-' for descending; `group` is a
    module's id or NEED."""

    sort: str = "name"
    group: UUID | str | None = None
    pins: tuple[UUID, ...] = ()
    hide_finished: bool = False
    density: Density | None = None


@dataclass(frozen=True)
class Arranged:
    """A matrix ready to be drawn or exported.

    `cells` of a student are in the order of `modules`; `groups` has a heading for each student, or is empty.
    """

    modules: tuple[MatrixModule, ...]
    students: tuple[MatrixStudent, ...]
    pins: frozenset[UUID]
    groups: tuple[str, ...]
    hidden: int


def read_arrangement(written: Mapping[str, str]) -> Arrangement:
    """The arrangement a URL asks for; what cannot be read is left at its default."""
    sort = written.get("sort", "name")
    what = sort.removeprefix("-")
    if what not in SORTS and as_uuid(what.removeprefix("module:")) is None:
        sort = "name"
    pins = (as_uuid(pin) for pin in written.get("pin", "").split(","))
    return Arrangement(
        sort=sort,
        group=NEED if written.get("group") == NEED else as_uuid(written.get("group", "")),
        pins=tuple(dict.fromkeys(pin for pin in pins if pin is not None)),
        hide_finished=written.get("hide") == "finished",
        density=next((one for one in DENSITIES if one == written.get("density")), None),
    )


def write_arrangement(one: Arrangement) -> dict[str, str]:
    """The URL's text of what differs from the default."""
    parameters = {
        "sort": "" if one.sort == "name" else one.sort,
        "group": str(one.group or ""),
        "pin": ",".join(map(str, one.pins)),
        "hide": "finished" if one.hide_finished else "",
        "density": one.density or "",
    }
    return {key: value for key, value in parameters.items() if value}


ARRANGEMENT_KEYS: Final = ("sort", "group", "pin", "hide", "density")


def arrange(found: Matrix, wanted: Arrangement) -> Arranged:
    """The matrix in the wanted order; modules that the class does not have are ignored."""
    places = {column.module.id: place for place, column in enumerate(found.modules)}
    students = _sorted(found, wanted.sort, places)
    groups: tuple[str, ...] = ()
    if isinstance(wanted.group, UUID) and wanted.group in places:
        students, groups = _grouped(students, found.modules[places[wanted.group]], places)
    elif wanted.group == NEED and any(student.flags for student in students):
        students, groups = _by_need(students)
    shown = _columns(found, wanted, places)
    if shown != tuple(range(len(found.modules))):
        students = tuple(_with_cells(student, shown) for student in students)
    return Arranged(
        modules=tuple(found.modules[place] for place in shown),
        students=students,
        pins=frozenset(wanted.pins) & places.keys(),
        groups=groups,
        hidden=len(found.modules) - len(shown),
    )


def _columns(found: Matrix, wanted: Arrangement, places: Mapping[UUID, int]) -> tuple[int, ...]:
    """Places of the columns to show: pinned ones first, finished ones left out unless pinned."""
    pinned = [places[pin] for pin in wanted.pins if pin in places]
    rest = [
        place
        for place, column in enumerate(found.modules)
        if place not in pinned and not (wanted.hide_finished and _is_finished(column))
    ]
    return (*pinned, *rest)


def _is_finished(column: MatrixModule) -> bool:
    return column.in_progress == column.not_started == column.other == 0


def _with_cells(student: MatrixStudent, shown: tuple[int, ...]) -> MatrixStudent:
    cells = split_cells(student.cells)
    wanted = [cells[place] for place in shown]
    statuses = letters(wanted)
    completed, in_progress, other = (statuses.count(each) for each in ("C", "I", OTHER))
    return replace(
        student,
        cells=join_cells(wanted),
        completed=completed,
        in_progress=in_progress,
        not_started=len(wanted) - completed - in_progress - other,
        other=other,
    )


def _sorted(found: Matrix, sort: str, places: Mapping[UUID, int]) -> tuple[MatrixStudent, ...]:
    students, what = found.students, sort.removeprefix("-")
    keys: dict[str, Callable[[MatrixStudent], object]] = {
        "name": lambda student: sort_key(student.name),
        "attention": lambda student: urgency(student.flags),
        "completion": lambda student: (student.completed, student.in_progress),
        "activity": lambda student: student.last_activity or LONG_AGO,
    }
    key = keys.get(what)
    if key is None:
        place = places.get(UUID(what.removeprefix("module:")))
        if place is None:
            return students
        scored = is_scored(found.modules[place].module.type)
        key = lambda student: parse_cell(split_cells(student.cells)[place]).rank(scored)  # noqa: E731 - one of KEYS
    # Sorted by name already: equals stay in that order, descending too.
    return tuple(sorted(students, key=key, reverse=sort.startswith("-")))  # type: ignore[arg-type]


def _by_need(
    students: tuple[MatrixStudent, ...],
) -> tuple[tuple[MatrixStudent, ...], tuple[str, ...]]:
    """By their gravest reason, those who need nobody last; and a heading for each."""
    order = list(RULES_BY_KEY)

    def rank(student: MatrixStudent) -> tuple[int, int]:
        first = next(iter(student.flags), None)
        return (-first.weight, order.index(first.rule)) if first else (0, len(order))

    ordered = tuple(sorted(students, key=rank))
    return ordered, tuple(
        RULES_BY_KEY[one.flags[0].rule].title if one.flags else "Needs no attention"
        for one in ordered
    )


def _grouped(
    students: tuple[MatrixStudent, ...], column: MatrixModule, places: Mapping[UUID, int]
) -> tuple[tuple[MatrixStudent, ...], tuple[str, ...]]:
    """By status, those who have most to do first; and a heading for each."""
    place, words = places[column.module.id], {one: LETTERS[one].label for one in LETTERS}
    words[OTHER] = "Other"
    order = list(words)
    letter_of = {student.id: split_cells(student.cells)[place][:1] for student in students}
    ordered = sorted(students, key=lambda student: order.index(letter_of[student.id]))
    statuses = [letter_of[student.id] for student in ordered]
    names = {
        letter: f"{column.module.name}: {words[letter].lower()} ({statuses.count(letter)})"
        for letter in set(statuses)
    }
    return tuple(ordered), tuple(names[letter] for letter in statuses)

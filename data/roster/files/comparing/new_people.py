"""Lines of people who are not here yet: which of them are one person, and of which that cannot be told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal
from uuid import UUID

from data.files.importing.folding import fold
from data.files.importing.roster import address
from data.roster.files.comparing.known_people import WRITE, other_address, other_number
from data.roster.files.given import GivenPerson

Namesakes = Literal["one", "several"]
"""What lines of one name are that nothing else tells apart."""

Classes = Mapping[str, Collection[UUID]]

ONLY_NAME: Final = "only the name is there to tell"

MOST_PLACES: Final = 5
MOST_COMPARED: Final = 300
"""Lines that share an address, a number or a name, and are compared with one another."""


@dataclass(frozen=True)
class Doubtful:
    """Lines that may be one person or several, and what to do about it."""

    lines: tuple[GivenPerson, ...]
    why: str


def one_person_each(
    new: Iterable[GivenPerson], classes_of: Classes, namesakes: Namesakes | None
) -> Iterator[list[GivenPerson] | Doubtful]:
    """The lines of each person, or lines of which that cannot be told."""
    for group in _groups(new):
        if len(group) == 1:
            yield group
        elif len(group) > MOST_COMPARED:
            yield Doubtful(
                tuple(group), f"{len(group)} lines share one e-mail address or name. {WRITE}"
            )
        else:
            yield from _told_apart(group, classes_of, namesakes)


def _groups(people: Iterable[GivenPerson]) -> Iterator[list[GivenPerson]]:
    """Those who share a number, an address or a name. Another system tells its people apart itself."""
    group_of: dict[tuple[str, str], int] = {}
    groups: list[list[GivenPerson]] = []
    for one in people:
        keys = _keys(one)
        first, *others = sorted({group_of[key] for key in keys if key in group_of}) or [len(groups)]
        if first == len(groups):
            groups.append([])
        for other in others:
            group_of.update((key, first) for each in groups[other] for key in _keys(each))
            groups[first] += groups[other]
            groups[other] = []
        groups[first].append(one)
        group_of.update(dict.fromkeys(keys, first))
    return filter(None, groups)


def _keys(one: GivenPerson) -> list[tuple[str, str]]:
    if one.source_id is not None:
        return [("id", one.source_id)]
    said = {"number": one.number, "e-mail": address(one.email or ""), "name": fold(one.full_name)}
    return [(name, value) for name, value in said.items() if value]


def _told_apart(
    group: Sequence[GivenPerson], classes_of: Classes, namesakes: Namesakes | None
) -> Iterator[list[GivenPerson] | Doubtful]:
    people: list[list[GivenPerson]] = []
    for line in group:
        same = (
            lines
            for lines in people
            if any(_is_same(one, line, classes_of, namesakes) for one in lines)
        )
        found = next(same, None)
        if found is None:
            people.append([line])
        else:
            found.append(line)
    doubtful: dict[int, str] = {}
    for (one, first), (other, second) in combinations(enumerate(people), 2):
        if why := _doubt([*first, *second], first[0], second[0], namesakes):
            doubtful.setdefault(one, why)
            doubtful.setdefault(other, why)
    for at, lines in enumerate(people):
        yield Doubtful(tuple(lines), doubtful[at]) if at in doubtful else lines


def _is_same(
    one: GivenPerson, other: GivenPerson, classes_of: Classes, namesakes: Namesakes | None
) -> bool:
    """Do they share the number, the id, name and address, or all that they say?"""
    if one.number and other.number:
        return one.number == other.number
    if one.source_id is not None:
        return one.source_id == other.source_id
    if fold(one.full_name) != fold(other.full_name) or _is_other(one, other):
        return False
    if one.email and other.email:
        return True
    are_alike = (one.email, one.number) == (other.email, other.number)
    same_classes = set(classes_of.get(one.key, ())) == set(classes_of.get(other.key, ()))
    return namesakes == "one" or (namesakes is None and are_alike and same_classes)


def _is_other(one: GivenPerson, other: GivenPerson) -> bool:
    """Do their numbers or, without these, their addresses say that they are two?"""
    return (other_number if one.number and other.number else other_address)(one, other)


def _doubt(
    lines: Sequence[GivenPerson],
    one: GivenPerson,
    other: GivenPerson,
    namesakes: Namesakes | None,
) -> str:
    """Why two people may be one; nothing where they are two."""
    if _is_other(one, other) or one.source_id is not None:
        return ""
    if fold(one.full_name) != fold(other.full_name):
        if not (one.email and other.email):
            return ""
        # Two of one family, or one of them mistyped.
        return f"{places_of(lines)} share an e-mail address, but not the name. {WRITE}"
    if namesakes is not None:
        return ""
    return f"{places_of(lines)} may be one person or two: {ONLY_NAME}. {WRITE}"


def places_of(lines: Sequence[GivenPerson]) -> str:
    """'Line 4 and line 9'"""
    places = [str(one.place) for one in lines[:MOST_PLACES]]
    rest = len(lines) - len(places)
    *first, last = [*places, f"{rest} more lines"] if rest else places
    lower = [one[0].lower() + one[1:] if one.startswith("Line ") else one for one in (*first, last)]
    words = f"{', '.join(lower[:-1])} and {lower[-1]}"
    return words[0].upper() + words[1:]

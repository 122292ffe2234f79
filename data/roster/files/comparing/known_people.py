"""Whom of those who are here a line is about: by another system's id, the school's number, e-mail, or name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

from data.files.importing.folding import fold
from data.files.importing.roster import address
from data.roster.files.given import GivenPerson
from data.roster.files.present import Known, Present

LIKENESS: Final = 0.7
"""Of two first names, from which on they may be one, written in two ways."""

WRITE: Final = "Write the school number or the e-mail address."


@dataclass(frozen=True)
class Ask:
    """Nobody can say who is meant: the sentence says between whom."""

    why: str


@dataclass(frozen=True)
class Match:
    """Somebody who is here. `by` says what matched; where `becomes_another`, nothing else speaks for it.

    `is_duplicate` where it was found by what was entered twice, and is the other one.
    """

    known: Known
    by: str
    becomes_another: bool = False
    is_duplicate: bool = False


class KnownPeople:
    """Those of one kind who are here, found by what a file says of them."""

    def __init__(self, present: Present, people: Iterable[Known], source: str | None) -> None:
        self._present, self._source = present, source
        self._by_email: dict[str, list[Known]] = {}
        self._by_number: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        self._classes: dict[UUID, set[UUID]] = {}
        for class_id, person in present.members | present.teachers:
            self._classes.setdefault(person, set()).add(class_id)
        for one in people:
            self._note(one)

    def _note(self, one: Known) -> None:
        if one.email:
            _add(self._by_email, address(one.email), one)
        if one.number:
            self._by_number[one.number] = one
        _add(self._by_name, fold(one.full_name), one)

    def _match(self, person: GivenPerson, found: Known, by: str) -> Match:
        """Somebody entered twice is the other one."""
        known = found
        while known.merged_into is not None and known.merged_into in self._present.people:
            known = self._present.people[known.merged_into]
        return Match(known, by, _becomes_another(person, found, by), known is not found)

    def find(self, person: GivenPerson, classes: Collection[UUID]) -> Match | Ask | None:
        """Who it is; None of somebody new. `classes` are those of ours that the file puts the person into."""
        return (
            self._of_source(person)
            or self._of_number(person)
            or self._of_address(person)
            or self._of_name(person, classes)
        )

    def _of_source(self, person: GivenPerson) -> Match | None:
        our_id = self._present.ours(self._source, person.kind, person.source_id)
        known = None if our_id is None else self._present.people.get(our_id)
        return None if known is None else self._match(person, known, "id")

    def _of_number(self, person: GivenPerson) -> Match | None:
        known = self._by_number.get(person.number or "")
        return None if known is None else self._match(person, known, "school number")

    def _of_address(self, person: GivenPerson) -> Match | Ask | None:
        found = self._by_email.get(address(person.email or ""), [])
        found = [
            one for one in found if not (_is_unlike(person, one) and other_number(person, one))
        ]
        if len(found) > 1:
            named = [one for one in found if fold(one.full_name) == fold(person.full_name)]
            if len(named) != 1:
                return Ask(f"{_listed(found)} have this e-mail address. Write the school number.")
            found = named
        return self._match(person, found[0], "e-mail") if found else None

    def _of_name(self, person: GivenPerson, classes: Collection[UUID]) -> Match | Ask | None:
        named = self._by_name.get(fold(person.full_name), [])
        named = [one for one in named if not other_number(person, one)]
        active = [one for one in named if one.is_active]
        here = [one for one in active if not self._classes.get(one.id, set()).isdisjoint(classes)]
        found = here or [one for one in active if not other_address(person, one)]
        if len(found) > 1:
            return Ask(f"It may be {_listed(found)}. {WRITE}")
        if not found and named and not (person.number or person.email):
            return Ask(f"{_listed(named)} has left. Is it the same person? {WRITE}")
        return Match(found[0], "name") if found else None


def _becomes_another(person: GivenPerson, known: Known, by: str) -> bool:
    """Does only what it was found by speak for it?"""
    same_number = bool(known.number) and known.number == person.number
    is_sure = same_number if by == "e-mail" else _same_address(person, known)
    return not is_sure and _is_unlike(person, known)


def _is_unlike(person: GivenPerson, known: Known) -> bool:
    """Is it another's name? A surname may change, a first name be written in full; sisters share a surname."""
    ours, theirs = fold(known.full_name).split(), fold(person.full_name).split()
    if not ours or not theirs or set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return False
    return SequenceMatcher(None, ours[0], theirs[0]).ratio() < LIKENESS


def _same_address(one: GivenPerson, other: GivenPerson | Known) -> bool:
    mine, theirs = one.email or "", other.email or ""
    return bool(mine and theirs) and address(mine) == address(theirs)


def other_address(one: GivenPerson, other: GivenPerson | Known) -> bool:
    """Has each an address, and another?"""
    return bool(one.email and other.email) and not _same_address(one, other)


def other_number(one: GivenPerson, other: GivenPerson | Known) -> bool:
    """Has each a number, and another?"""
    return bool(one.number and other.number) and one.number != other.number


def _listed(found: Iterable[Known]) -> str:
    return " or ".join(described(one) for one in found)


def described(known: Known) -> str:
    """Somebody so that a colleague knows who is meant."""
    beside = [known.number and f"number {known.number}", known.email]
    return f"{known.full_name} ({', '.join(filter(None, beside)) or 'no number, no e-mail'})"


def _add(groups: dict[str, list[Known]], key: str, one: Known) -> None:
    found = groups.setdefault(key, [])
    if key and one not in found:
        found.append(one)

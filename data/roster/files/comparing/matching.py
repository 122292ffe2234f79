"""Who is who: every person of a file as somebody here, as somebody new, or as a question."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid4

from data.files.importing.folding import fold
from data.files.importing.roster import address
from data.roster.files.comparing.known_people import Ask, KnownPeople, Match
from data.roster.files.comparing.new_people import Doubtful, Namesakes, one_person_each, places_of
from data.roster.files.given import Given, GivenPerson, Kind, Place
from data.roster.files.present import Known, Present


@dataclass(frozen=True)
class Someone:
    """One person: all that the file says, who it is here (None of somebody new), and under which id.

    `by` says what matched; `becomes_another` where only that speaks for it, and name and address against it.
    `says_nothing` where the lines are of an entry made twice, and count for classes alone.
    """

    id: UUID
    lines: tuple[GivenPerson, ...]
    known: Known | None = None
    by: str = ""
    becomes_another: bool = False
    says_nothing: bool = False

    @property
    def place(self) -> Place:
        return self.lines[0].place

    @property
    def kind(self) -> Kind:
        return self.lines[0].kind

    @property
    def is_gone(self) -> bool:
        """Does the file say, in every line, that this person has left?"""
        return all(one.is_gone for one in self.lines)

    @cached_property
    def found(self) -> tuple[UUID, Kind, str]:
        """The id, of which kind, and called how."""
        name = self.known.full_name if self.known else self.said["full_name"]
        return self.id, self.kind, name

    @cached_property
    def said(self) -> dict[str, str]:
        """Name, e-mail and number, as far as any of the lines has them."""
        found: dict[str, str] = {}
        for one in () if self.says_nothing else self.lines:
            found |= {name: said for name, said in one.values.items() if said and name not in found}
        return found


@dataclass
class Matched:
    """Everybody by the key that the file uses; and why of some lines nobody can say who it is."""

    people: dict[str, Someone] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)
    outside: dict[str, Known] = field(default_factory=dict)

    def find(self, key: str) -> tuple[UUID, Kind, str] | None:
        """Who it is, of which kind, and called how: of the file, or one whom an earlier one brought."""
        someone = self.people.get(key)
        if someone is None:
            known = self.outside.get(key)
            return None if known is None else (known.id, known.kind, known.full_name)
        return someone.found

    def doubt(self, someone: Someone, why: str) -> None:
        """Nothing can be done of this person, for this reason."""
        for one in someone.lines:
            self.people.pop(one.key, None)
            self.asks[one.key] = why

    def everybody(self) -> list[Someone]:
        return list({id(one): one for one in self.people.values()}.values())


def match_people(
    given: Given,
    present: Present,
    classes_of: Mapping[str, Collection[UUID]],
    namesakes: Namesakes | None = None,
) -> Matched:
    """`classes_of` are our classes, by the key of who is in them."""
    matched = Matched()
    for kind in ("student", "staff"):
        people = [one for one in given.people if one.kind == kind]
        if not people:
            continue
        here = KnownPeople(
            present, [one for one in present.people.values() if one.kind == kind], given.source
        )
        found: dict[UUID, list[tuple[GivenPerson, Match]]] = {}
        new: list[GivenPerson] = []
        for person in people:
            match = here.find(person, classes_of.get(person.key, ()))
            if isinstance(match, Ask):
                matched.asks[person.key] = match.why
            elif match is None:
                new.append(person)
            else:
                found.setdefault(match.known.id, []).append((person, match))
        for lines in found.values():
            _one_who_is_here(matched, lines)
        _new_people(matched, new, classes_of, namesakes)
    matched.outside |= dict(_outside(given, present))
    return matched


def _outside(given: Given, present: Present) -> Iterator[tuple[str, Known]]:
    """A file that says only what changed names people by ids that an earlier one brought."""
    keys = {one.key for one in given.people}
    for key in {one.person for one in given.members} - keys:
        for kind in ("student", "staff"):
            our_id = present.ours(given.source, kind, key)
            if our_id is not None and our_id in present.people:
                yield key, present.people[our_id]


def _one_who_is_here(matched: Matched, lines: Sequence[tuple[GivenPerson, Match]]) -> None:
    """Lines that are of an entry made twice put the person into classes, and say nothing else."""
    known = lines[0][1].known
    people = tuple(one for one, match in lines if not match.is_duplicate)
    if differing := _differ(people):
        matched.asks |= dict.fromkeys(
            (one.key for one in people), _differing(people, known.full_name, differing)
        )
        return
    someone = Someone(
        known.id,
        people or tuple(one for one, _ in lines),
        known,
        lines[0][1].by,
        all(match.becomes_another for _, match in lines),
        says_nothing=not people,
    )
    matched.people |= {one.key: someone for one, _ in lines}


def _new_people(
    matched: Matched,
    new: Sequence[GivenPerson],
    classes_of: Mapping[str, Collection[UUID]],
    namesakes: Namesakes | None,
) -> None:
    """Each line is somebody new, unless it repeats another; those that may repeat another are asked about."""
    for lines in one_person_each(new, classes_of, namesakes):
        if isinstance(lines, Doubtful):
            matched.asks |= dict.fromkeys((one.key for one in lines.lines), lines.why)
        elif differing := _differ(lines):
            why = _differing(lines, "one person", differing)
            matched.asks |= dict.fromkeys((one.key for one in lines), why)
        else:
            someone = Someone(uuid4(), tuple(lines))
            matched.people |= {one.key: someone for one in lines}


def _differ(lines: Sequence[GivenPerson]) -> str:
    """What lines of one person say differently; nothing where they agree."""
    said = {
        "name": {fold(one.full_name) for one in lines},
        "e-mail address": {address(one.email) for one in lines if one.email},
        "school number": {one.number for one in lines if one.number},
    }
    return next((name for name, values in said.items() if len(values) > 1), "")


def _differing(lines: Sequence[GivenPerson], who: str, what: str) -> str:
    return f"{places_of(lines)} are {who}, but differ in the {what}. Correct one."

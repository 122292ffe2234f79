"""People pasted: names, e-mails or ids, however they are separated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from data.files.importing.folding import visible
from data.files.importing.roster import MOST_LOOKED_UP, KnownStudent, Roster
from data.rules.ids import as_uuid

_WITH_ADDRESS: Final = re.compile(r"<([^<>\s]{1,200}@[^<>\s]{1,200})>")


@dataclass(frozen=True)
class Recognised:
    """`found` in the order written, nobody twice; `unknown` with who may be meant; `ambiguous` with all
    who are called so."""

    found: tuple[UUID, ...]
    unknown: tuple[tuple[str, tuple[KnownStudent, ...]], ...]
    ambiguous: tuple[tuple[str, tuple[KnownStudent, ...]], ...]


def recognise_people(text: str, roster: Roster) -> Recognised:
    """Who is meant: one a line, or with commas, semicolons or tabs between; raises nothing.

    "Surname, First name" and "Name <address>" are understood.
    """
    found: dict[UUID, None] = {}
    unknown: dict[str, tuple[KnownStudent, ...]] = {}
    ambiguous: dict[str, tuple[KnownStudent, ...]] = {}
    for written in _people(text, roster):
        matches = _matches(written, roster)
        if len(matches) == 1:
            found[matches[0].id] = None
        elif matches:
            ambiguous[written] = tuple(matches)
        elif written not in unknown:
            near = roster.students_like(written) if len(unknown) < MOST_LOOKED_UP else []
            unknown[written] = tuple(near)
    return Recognised(tuple(found), tuple(unknown.items()), tuple(ambiguous.items()))


def _people(text: str, roster: Roster) -> Iterator[str]:
    for line in re.split(r"[\r\n\t;]+", text):
        *addressed, rest = _WITH_ADDRESS.split(line)
        for before, mail in zip(addressed[::2], addressed[1::2], strict=True):
            yield from _before(before, roster)
            yield mail
        yield from filter(None, _divided(visible(rest).strip(" ,"), roster))


def _before(written: str, roster: Roster) -> list[str]:
    """Who stands before "Name <address>": "Ågren, Ann" is but that person's name."""
    *others, _ = [visible(part).strip("\"“”' ") for part in written.split(",")]
    anybody = any("@" in part or _matches(part, roster) for part in others)
    return list(filter(None, others)) if anybody else []


def _divided(line: str, roster: Roster) -> list[str]:
    """At its commas; but "Surname, First name" is one person, also where nobody is called so."""
    parts = [visible(part).strip("\"“”' ") for part in line.split(",")]
    if len(parts) != 2:
        return parts
    if roster.students_named(line):
        return [line]
    anybody = any("@" in part or _matches(part, roster) for part in parts)
    return parts if anybody else [line]


def _matches(written: str, roster: Roster) -> list[KnownStudent]:
    identity = as_uuid(written)
    if identity and identity in roster.student_by_id:
        return [roster.student_by_id[identity]]
    return roster.students_with_email(written) or roster.students_named(written)

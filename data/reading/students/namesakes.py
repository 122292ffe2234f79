"""Students of one name, and what stands beside it so that they can be told apart."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.classes.matrix import sort_key

ENDS: Final = (6, 12, 36)
"""How much of an id is shown where there is no e-mail: the least that tells it from the others."""


class Named(NamedTuple):
    """A student, as far as telling them apart takes."""

    id: UUID
    name: str
    email: str | None


def apart(students: Iterable[Named]) -> dict[UUID, str]:
    """What stands beside the name of each who shares it with another of these: the e-mail, or the end of the
    id where there is none, or another has it too. Of a name that nobody shares, nothing."""
    by_name: defaultdict[str, dict[UUID, Named]] = defaultdict(dict)
    for one in students:
        by_name[_seen(one.name)][one.id] = one
    return {
        one: beside
        for same in by_name.values()
        if len(same) > 1
        for one, beside in _beside([*same.values()])
    }


def _beside(same: Sequence[Named]) -> Iterator[tuple[UUID, str]]:
    emails = [one.email.casefold() for one in same if one.email]
    ids = [str(one.id) for one in same]
    end = next(end for end in ENDS if len({each[-end:] for each in ids}) == len(ids))
    for one in same:
        is_own = one.email and emails.count(one.email.casefold()) == 1
        yield one.id, one.email if is_own and one.email else f"id …{str(one.id)[-end:]}"


def _seen(name: str) -> str:
    """A name as the eye compares it: without capitals, accents, and what cannot be seen."""
    if name.isascii():
        return " ".join(name.lower().split())
    shown = "".join(one for one in sort_key(name) if unicodedata.category(one) != "Cf")
    return " ".join(shown.split())


def sharing(names: Mapping[UUID, str]) -> dict[UUID, str]:
    """Those of these students whose name another of them has."""
    seen = {one: _seen(name) for one, name in names.items()}
    counts = Counter(seen.values())
    return {one: names[one] for one, shown in seen.items() if counts[shown] > 1}


def labelled(name: str, beside: str | None) -> str:
    """'Kim Lee', or 'Kim Lee (kim.lee@school.example)'."""
    return f"{name} ({beside})" if beside else name


def told_apart(connection: Connection, students: Sequence[tuple[UUID, str]]) -> Mapping[UUID, str]:
    """What stands beside the names of these students (id and name), where anybody whom I may see shares one."""
    listed = dict(students)
    rows = connection.execute(text(_NAMESAKES), {"names": [*set(listed.values())]})
    found = apart(Named(row.id, row.full_name, row.email) for row in rows)
    return {one: beside for one, beside in found.items() if one in listed}


_NAMESAKES: Final = """
select student.id, student.full_name, student.email
from roster.student
where lower(student.full_name) in (select lower(name) from unnest(cast(:names as text[])) as name)
"""

"""Which of our classes a file means by each of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from data.files.importing.folding import fold
from data.roster.changes import RosterChange, added, changed
from data.roster.files.given import Given, GivenClass
from data.roster.files.present import KnownClass, Present


@dataclass
class MatchedClasses:
    """Ours by the file's key; `new` are among them. Of those in `refused` it says why they are none of ours."""

    ours: dict[str, UUID] = field(default_factory=dict)
    new: dict[UUID, GivenClass] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    archived: set[UUID] = field(default_factory=set)
    outside: dict[str, UUID] = field(default_factory=dict)

    def id_of(self, key: str) -> UUID | None:
        """Ours, whether the file has a line for it or only names what it brought before."""
        return self.ours.get(key) or self.outside.get(key)

    def take(self, given: GivenClass, known: KnownClass | None) -> None:
        our_id = uuid4() if known is None else known.id
        self.ours[given.key] = our_id
        if known is None:
            self.new[our_id] = given
        elif known.is_archived:
            self.archived.add(our_id)


def match_classes(given: Given, present: Present) -> MatchedClasses:
    """By another system's id, else by name and school year among those that are not archived."""
    matched = MatchedClasses()
    by_name: dict[str, list[KnownClass]] = {}
    for class_ in present.classes.values():
        by_name.setdefault(fold(class_.name), []).append(class_)
    of_source = present.brought(given.source, "class")
    for one in given.classes:
        known = _known(given, one.source_id, present)
        if known is not None or one.is_gone:
            if known is not None:
                matched.take(one, known)
            continue
        named = [each for each in by_name.get(fold(one.name), []) if each.id not in of_source]
        found = _named(one, named)
        if isinstance(found, str):
            matched.refused[one.key] = found
        else:
            matched.take(one, found)
    _outside(given, present, matched)
    return matched


def _outside(given: Given, present: Present, matched: MatchedClasses) -> None:
    """A file that says only what changed names classes by ids that an earlier one brought."""
    keys = {one.key for one in given.classes}
    for key in {one.class_ for one in given.members} - keys:
        if (known := _known(given, key, present)) is not None:
            matched.outside[key] = known.id
            if known.is_archived:
                matched.archived.add(known.id)


def _known(given: Given, source_id: str | None, present: Present) -> KnownClass | None:
    our_id = present.ours(given.source, "class", source_id)
    return None if our_id is None else present.classes.get(our_id)


def _named(one: GivenClass, named: list[KnownClass]) -> KnownClass | str | None:
    """The class of this name; None of a new one; a sentence where that cannot be told."""
    of_year = [each for each in named if each.year == one.year]
    if one.year is not None:
        of_year = of_year or [each for each in named if each.year is None and not each.is_archived]
        found = of_year
    else:
        found = [each for each in named if not each.is_archived] or of_year
    if len(found) > 1:
        years = ", ".join(sorted(each.year or "no year" for each in found))
        return f"There are several classes “{one.name}” ({years}). Say the school year."
    if found and found[0].is_archived:
        return f"The class “{one.name}” is archived. Say another school year, or restore it first."
    return found[0] if found else None


def class_changes(
    given: Given, present: Present, matched: MatchedClasses
) -> Iterator[tuple[GivenClass, RosterChange]]:
    """New classes, and those that are called otherwise by now; a name that staff corrected stays."""
    by_key = {one.key: one for one in given.classes}
    for key, our_id in matched.ours.items():
        one = by_key[key]
        if our_id in matched.new:
            values = {"name": one.name, "school_year": one.year}
            yield (
                one,
                added("class", {"id": our_id}, organisation_id=present.organisation, **values),
            )
        elif not one.is_gone and our_id not in matched.archived:
            known = present.classes[our_id]
            said = {"name": one.name if one.source_id else None, "school_year": one.year}
            locked = present.locks_of(our_id)
            after = {name: value for name, value in said.items() if value and name not in locked}
            before = {"name": known.name, "school_year": known.year}
            if (change := changed("class", {"id": our_id}, before, after)) is not None:
                yield one, change

"""A file compared with what is there: a verdict on every line, and the changes that they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from data.roster.changes import RosterChange, added
from data.roster.files.comparing.known_classes import MatchedClasses, class_changes, match_classes
from data.roster.files.comparing.leaving import (
    Leaving,
    leavers_stops,
    leaving_changes,
    place_in_class,
    who_leaves,
)
from data.roster.files.comparing.matching import Matched, match_people
from data.roster.files.comparing.new_people import Namesakes
from data.roster.files.comparing.people_changes import people_changes
from data.roster.files.comparing.verdicts import Comparison, RosterVerdict, Told
from data.roster.files.given import Covers, Given
from data.roster.files.present import Present

KEPT: Final = "Nobody is taken to have left: lines that are unclear may be about them."

UNCLEAR: Final = "It is not clear who this is."


@dataclass(frozen=True)
class RosterAnswers:
    """What a person said: what lines of one name are, and whether that which stops may be done."""

    namesakes: Namesakes | None = None
    allow_leavers: bool = False
    allow_renames: bool = False


UNASKED: Final = RosterAnswers()


def compare(given: Given, present: Present, answers: RosterAnswers = UNASKED) -> Comparison:
    """What becomes of every line. Nobody leaves while a line is unclear: it may be about that very person."""
    told = Told()
    for line in given.refused:
        told.say(line.place, line.who, RosterVerdict.REFUSED, line.why)
    classes = match_classes(given, present)
    matched = match_people(given, present, _classes_of(given, classes), answers.namesakes)
    of_people, stops = people_changes(present, matched, answers.allow_renames, told)
    changes = [*_classes(given, present, classes, matched, told), *of_people]
    changes += _joining(given, present, classes, matched, told)
    changes += _crosswalk(given, present, classes, matched)
    _ask(given, classes, matched, told)
    notices = [*given.notices]
    if not (given.refused or matched.asks or classes.refused):
        left = who_leaves(given, present, classes, matched)
        changes += leaving_changes(left, present)
        stops += () if answers.allow_leavers else leavers_stops(left, present)
        _tell_leavers(left, present, matched, told)
    elif given.covers != Covers():
        notices.append(KEPT)
    return Comparison(told.verdicts(), tuple(changes), tuple(stops), tuple(notices))


def _classes_of(given: Given, classes: MatchedClasses) -> dict[str, list[UUID]]:
    """Our classes by the key of whoever is in them."""
    return {
        person: [classes.ours[key] for key in keys if key in classes.ours]
        for person, keys in given.classes_of().items()
    }


def _classes(
    given: Given, present: Present, classes: MatchedClasses, matched: Matched, told: Told
) -> Iterator[RosterChange]:
    """In a list no line is a class's own, and one that nobody joins is none; in a package each has a line."""
    joined = {one.class_ for one in given.members if matched.find(one.person)}
    for one, change in class_changes(given, present, classes):
        is_new = change.operation == "insert"
        if is_new and one.source_id is None and one.key not in joined:
            continue
        outcome = RosterVerdict.NEW if is_new else RosterVerdict.CHANGED
        words = "New class." if is_new else "The class has another name or school year."
        told.say(None if one.source_id is None else one.place, one.label, outcome, words)
        yield change
    for one in given.classes:
        if one.source_id is None or one.key in classes.refused:
            continue
        is_archived = classes.ours.get(one.key) in classes.archived and not one.is_gone
        stays = ["The class is archived here, and stays so."] if is_archived else []
        told.say(one.place, one.label, RosterVerdict.SAME, *stays)


def _joining(
    given: Given, present: Present, classes: MatchedClasses, matched: Matched, told: Told
) -> Iterator[RosterChange]:
    """Who comes into a class."""
    there = set(present.members | present.teachers)
    names = {one.key: one.label for one in given.classes}
    for one in given.members:
        found, class_id = matched.find(one.person), classes.id_of(one.class_)
        if one.is_gone or found is None or class_id is None:
            continue
        person, kind, who = found
        if (class_id, person) in there or class_id in classes.archived:
            told.say(one.place, who, RosterVerdict.SAME)
            continue
        there.add((class_id, person))
        verb = "Teaches" if kind == "staff" else "Joins"
        name = names.get(one.class_) or present.classes[class_id].name
        told.say(one.place, who, RosterVerdict.CHANGED, f"{verb} {name}.")
        yield added(*place_in_class(kind, class_id, person))


def _ask(given: Given, classes: MatchedClasses, matched: Matched, told: Told) -> None:
    """The lines that are not taken, with what is asked of them."""
    for person in given.people:
        if person.key in matched.asks:
            told.say(person.place, person.full_name, RosterVerdict.ASKS, matched.asks[person.key])
        elif person.is_gone or person.place not in told.lines:
            told.say(person.place, person.full_name, RosterVerdict.SAME)
    for one in given.classes:
        if one.source_id is not None and one.key in classes.refused:
            told.say(one.place, one.label, RosterVerdict.ASKS, classes.refused[one.key])
    for member in given.members:
        if (why := classes.refused.get(member.class_)) is not None:
            told.say(member.place, "", RosterVerdict.ASKS, why)
        elif member.person in matched.asks:
            if not told.is_unclear(member.place):
                told.say(member.place, "", RosterVerdict.ASKS, UNCLEAR)
        elif classes.id_of(member.class_) is None:
            why = f"No class has the id {member.class_}."
            told.say(member.place, "", RosterVerdict.LEFT_OUT, why)
        elif matched.find(member.person) is None:
            why = f"Nobody has the id {member.person}."
            told.say(member.place, "", RosterVerdict.LEFT_OUT, why)
        elif member.is_gone:
            told.say(member.place, "", RosterVerdict.SAME)


def _crosswalk(
    given: Given, present: Present, classes: MatchedClasses, matched: Matched
) -> Iterator[RosterChange]:
    """Where the file's ids lead, as far as that was not known."""
    if given.source is None:
        return
    # Who is gone, and never was here, is nobody.
    here = [one for one in matched.everybody() if one.known or not one.is_gone]
    ids: list[tuple[str, str | None, UUID]] = [
        (one.kind, line.source_id, one.id) for one in here for line in one.lines
    ]
    ids += [
        ("class", one.source_id, classes.ours[one.key])
        for one in given.classes
        if one.key in classes.ours
    ]
    ids += [("module", source_id, our_id) for source_id, our_id in _modules(given, present)]
    for kind, source_id, our_id in dict.fromkeys(ids):
        if source_id is None or (given.source, kind, source_id) in present.ids:
            continue
        key = {
            "organisation_id": present.organisation,
            "source": given.source,
            "kind": kind,
            "source_id": source_id,
        }
        yield added("source_id", key, our_id=our_id)


def _modules(given: Given, present: Present) -> Iterator[tuple[str, UUID]]:
    """Work that is called as exactly one module is."""
    called: dict[str, list[UUID]] = {}
    for our_id, name in present.modules.items():
        called.setdefault(name.casefold(), []).append(our_id)
    for source_id, title in given.modules:
        found = called.get(title.casefold(), [])
        if len(found) == 1:
            yield source_id, found[0]


def _tell_leavers(left: Leaving, present: Present, matched: Matched, told: Told) -> None:
    """On the line of whoever is in the file; else of their own."""
    places = {one.id: one.place for one in matched.everybody()}
    for person, reason in left.people.items():
        words = f"Leaves the school: {reason}. Nothing of the progress is removed."
        told.say(places.get(person), present.people[person].full_name, RosterVerdict.LEAVES, words)
    for (class_id, person), reason in left.members.items():
        if person not in left.people:
            words = f"Leaves {present.classes[class_id].name}: {reason}."
            who = present.people[person].full_name
            told.say(places.get(person), who, RosterVerdict.LEAVES, words)
    for class_id, reason in left.classes.items():
        words = f"The class is archived: {reason}."
        told.say(None, present.classes[class_id].name, RosterVerdict.LEAVES, words)

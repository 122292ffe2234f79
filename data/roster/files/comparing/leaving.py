"""Who leaves a class or the school by a file: who is not in it where it is whole, and of whom it says so.

Where more would leave than usually do, nothing of it is done without a person's word.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from data.i18n.formats import count
from data.roster.changes import RosterChange, removed
from data.roster.files.comparing.known_classes import MatchedClasses
from data.roster.files.comparing.matching import Matched
from data.roster.files.comparing.verdicts import Stop
from data.roster.files.given import Given, Kind
from data.roster.files.present import Known, Present

NOT_IN_THE_FILE: Final = "not in the file"
SAID: Final = "the file says so"

Pair = tuple[UUID, UUID]
"""A class and who is in it."""


@dataclass
class Leaving:
    """Who leaves which class, which classes end, and who leaves the school; each with the reason."""

    members: dict[Pair, str] = field(default_factory=dict)
    classes: dict[UUID, str] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)


def who_leaves(
    given: Given, present: Present, classes: MatchedClasses, matched: Matched
) -> Leaving:
    """A file with ids of another system says something of those alone whom it brought."""
    left = Leaving()
    in_file = {one.id for one in matched.everybody() if not one.is_gone}
    left.classes |= dict(_ending_classes(given, present, classes))
    left.people |= dict(_leaving_school(given, present, matched, in_file))
    current = {
        one for one, each in present.classes.items() if not each.is_archived
    } - left.classes.keys()
    for pair in present.members | present.teachers:
        if pair[0] in current and pair[1] in left.people:
            left.members[pair] = left.people[pair[1]]
    for pair, reason in _leaving_classes(given, present, classes, matched):
        if pair[0] in current:
            left.members.setdefault(pair, reason)
    return left


def _ending_classes(
    given: Given, present: Present, classes: MatchedClasses
) -> Iterator[tuple[UUID, str]]:
    gone = {
        classes.ours[one.key] for one in given.classes if one.is_gone and one.key in classes.ours
    }
    named = set(classes.ours.values())
    for class_id in present.brought(given.source, "class"):
        known = present.classes.get(class_id)
        if known is None or known.is_archived:
            continue
        if class_id in gone:
            yield class_id, SAID
        elif given.covers.classes and class_id not in named:
            yield class_id, NOT_IN_THE_FILE


def _leaving_school(
    given: Given, present: Present, matched: Matched, in_file: set[UUID]
) -> Iterator[tuple[UUID, str]]:
    gone = {one.id for one in matched.everybody() if one.is_gone} - in_file
    brought = {kind: present.brought(given.source, kind) for kind in ("student", "staff")}
    for known in present.people.values():
        if not known.is_active or not _may_leave(known, present):
            continue
        is_theirs = known.id in brought[known.kind] if given.source else known.kind == "student"
        if known.id in gone:
            yield known.id, SAID
        elif given.covers.people and is_theirs and known.id not in in_file:
            yield known.id, NOT_IN_THE_FILE


def _may_leave(known: Known, present: Present) -> bool:
    """Not who asks, nor whom staff said to be here, nor an account that files do not touch."""
    is_locked = "is_active" in present.locks_of(known.id)
    return not is_locked and known.id != present.me and not known.is_above_files


def _leaving_classes(
    given: Given, present: Present, classes: MatchedClasses, matched: Matched
) -> Iterator[tuple[Pair, str]]:
    said: set[Pair] = set()
    there = present.members | present.teachers
    for one in given.members:
        found, class_id = matched.find(one.person), classes.id_of(one.class_)
        if found is None or class_id is None:
            continue
        if not one.is_gone:
            said.add((class_id, found[0]))
        elif (class_id, found[0]) in there:
            yield (class_id, found[0]), SAID
    if not given.covers.members:
        return
    brought = present.brought(given.source, "student") | present.brought(given.source, "staff")
    named = set(classes.ours.values())
    for pair in there if given.source else present.members:
        is_theirs = given.source is None or pair[1] in brought
        if pair[0] in named and pair not in said and is_theirs:
            yield pair, NOT_IN_THE_FILE


def place_in_class(kind: Kind, class_id: UUID, person: UUID) -> tuple[str, dict[str, UUID]]:
    """The relation of who is in a class, and the key there."""
    if kind == "staff":
        return "class_teacher", {"class_id": class_id, "staff_id": person}
    return "class_student", {"class_id": class_id, "student_id": person}


def leaving_changes(left: Leaving, present: Present) -> Iterator[RosterChange]:
    """Only places in classes are removed: who has left stays, with the day, and a class is archived."""
    for class_id, person in left.members:
        yield removed(*place_in_class(present.people[person].kind, class_id, person))
    for person in left.people:
        known = present.people[person]
        before, after = {"is_active": True}, {"is_active": False}
        if known.kind == "student":
            yield RosterChange(
                "student",
                {"id": person},
                {**before, "left_on": known.left_on},
                {**after, "left_on": present.now.date()},
            )
        else:
            yield RosterChange("staff", {"id": person}, before, after)
    for class_id in left.classes:
        yield RosterChange(
            "class", {"id": class_id}, {"archived_at": None}, {"archived_at": present.now}
        )


OF_A_CLASS: Final = 0.05
OF_THE_SCHOOL: Final = 0.02
FEWEST: Final = 2
"""One who leaves is nothing to ask about, however small the class."""


def is_too_many(leaving: int, all_: int, share: float) -> bool:
    """Is it more than the share, and more than one?"""
    return leaving >= FEWEST and leaving > share * all_


def leavers_stops(left: Leaving, present: Present) -> Iterator[Stop]:
    """What must be asked, by name: of the school, of each class, and of classes that end."""
    yield from _of_the_school(left, present)
    sizes: dict[UUID, int] = {}
    for class_id, _ in present.members:
        sizes[class_id] = sizes.get(class_id, 0) + 1
    leaving: dict[UUID, list[str]] = {}
    for class_id, person in left.members:
        if present.people[person].kind == "student":
            leaving.setdefault(class_id, []).append(present.people[person].full_name)
    for class_id, names in leaving.items():
        if is_too_many(len(names), sizes[class_id], OF_A_CLASS):
            words = f"{len(names)} of {sizes[class_id]} students would leave {present.classes[class_id].name}."
            yield Stop("leavers", words, tuple(sorted(names)))
    if ending := [one for one in left.classes if sizes.get(one, 0) >= FEWEST]:
        names = sorted(f"{present.classes[one].name} ({sizes[one]} students)" for one in ending)
        classes = count(len(ending), "class would be archived", "classes would be archived")
        yield Stop("leavers", f"{classes}.", tuple(names))


def _of_the_school(left: Leaving, present: Present) -> Iterator[Stop]:
    for kind, words in (
        ("student", "students would leave the school"),
        ("staff", "colleagues would lose access"),
    ):
        everybody = [one for one in present.people.values() if one.kind == kind and one.is_active]
        names = sorted(one.full_name for one in everybody if one.id in left.people)
        if is_too_many(len(names), len(everybody), OF_THE_SCHOOL):
            yield Stop("leavers", f"{len(names):,} of {len(everybody):,} {words}.", tuple(names))

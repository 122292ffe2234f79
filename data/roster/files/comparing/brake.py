"""When a file would take away more people than usually leave: nothing of it is done without a person's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from data.i18n.formats import count
from data.roster.files.comparing.leaving import Leaving
from data.roster.files.comparing.verdicts import Stop
from data.roster.files.present import Present

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

"""The scores of a class, ready to be written in the shape of another system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from uuid import UUID

from data.files.exporting.rows import Export
from data.i18n.formats import count, few
from data.reading.catalogue import Module
from data.reading.classes.elsewhere import KnownBy
from data.rules.cell import parse_cell, split_cells
from data.rules.progress import HIGHEST, Key, in_range


@dataclass(frozen=True)
class Scored:
    """A student with at least one score, and by what others may know them."""

    id: UUID
    name: str
    reached: KnownBy
    scores: Mapping[UUID, Decimal]


@dataclass(frozen=True)
class Scores:
    """Out of 100, of the students and modules that have any. `notes` says in sentences what was left out."""

    title: str
    modules: tuple[Module, ...]
    students: tuple[Scored, ...]
    made_at: datetime
    zone: tzinfo
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many scores there are."""
        return sum(len(one.scores) for one in self.students)

    def only(self, students: Collection[UUID], modules: Collection[UUID], *notes: str) -> Scores:
        """The same of these alone, with more to say."""
        students, modules = frozenset(students), frozenset(modules)
        kept = tuple(
            replace(one, scores={key: score for key, score in one.scores.items() if key in modules})
            for one in self.students
            if one.id in students
        )
        kept = tuple(one for one in kept if one.scores)
        return replace(
            self,
            students=kept,
            modules=tuple(one for one in self.modules if _has(kept, one)),
            notes=(*self.notes, *notes),
        )


@dataclass(frozen=True)
class Made:
    """A file of another system's shape, with the scores that are in it; `notes` says in sentences what its
    reader must know."""

    scores: Scores
    content: bytes
    ending: str
    notes: tuple[str, ...]


def scores_of(
    export: Export,
    people: Mapping[UUID, KnownBy],
    changed: Collection[Key] | None = None,
) -> Scores:
    """The scores that the class page shows, or those of the cells in `changed`. Progress that is no score, and
    a score that cannot be, is nobody else's."""
    students, impossible = [], 0
    places = {module: place for place, module in enumerate(export.cell_order)}
    for student in export.students:
        cells = split_cells(student.cells)
        found = {}
        for one in export.modules:
            key = one.module.id
            score = parse_cell(cells[places[key]]).score if places[key] < len(cells) else None
            if score is None or (changed is not None and (student.id, key) not in changed):
                continue
            if in_range(score):
                found[key] = unmistakable(score)
            else:
                impossible += 1
        students.append(Scored(student.id, student.name, people.get(student.id, KnownBy()), found))
    modules = tuple(one.module for one in export.modules)
    notes = [_impossible(impossible)] if impossible else []
    if changed is None and (empty := [one.name for one in modules if not _has(students, one)]):
        notes.append(f"Left out, for nobody has a score there: {few(empty)}.")
    everybody = Scores(export.title, modules, tuple(students), export.made_at, export.zone)
    return everybody.only([one.id for one in students], [one.id for one in modules], *notes)


def told_apart(scores: Scores) -> Scores:
    """Without modules of one name, which another system cannot tell apart by it."""
    counts = Counter(_key(one) for one in scores.modules)
    same = [one for one in scores.modules if counts[_key(one)] > 1]
    if not same:
        return scores
    names = few(dict.fromkeys(one.name for one in same))
    words = f"Left out, for several modules are called so: {names}."
    kept = [one.id for one in scores.modules if one not in same]
    return scores.only([one.id for one in scores.students], kept, words)


def unmistakable(number: Decimal) -> Decimal:
    """With a digit more where 94.722 might be read as thousands."""
    return number if number.as_tuple().exponent != -3 else number.quantize(Decimal("0.0001"))


def _key(module: Module) -> str:
    return " ".join(module.name.casefold().split())


def _has(students: Sequence[Scored], module: Module) -> bool:
    return any(module.id in one.scores for one in students)


def _impossible(found: int) -> str:
    scores = count(found, "score is", "scores are")
    return f"{scores} not from 0 to {HIGHEST} and left out. The data check lists such scores."

"""Any sequence of roster files and undos leaves what plain Python says; a cut file changes nothing."""

from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access.session import Actor, acting_as
from data.files.importing.sheet import UnreadableFile
from data.roster.files.comparing.compare import RosterAnswers, compare
from data.roster.files.comparing.verdicts import Comparison
from data.roster.files.present import present_roster
from data.roster.files.reading.file import ReadAs, read_roster
from data.roster.files.reading.plain_list import Complete
from data.roster.save import save
from data.roster.undo import undo_changes
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.profiles import examples
from tests.unit.packages import OneRoster

ALLOWED: Final = RosterAnswers(allow_leavers=True)


@dataclass(frozen=True)
class Pupil:
    """Somebody as the model has them."""

    name: str
    email: str | None
    is_active: bool = True
    classes: frozenset[str] = frozenset()


Model = dict[str, Pupil]
"""By school number, or by the name of whoever has none."""


@dataclass(frozen=True)
class Entry:
    """A line of a list. The first name goes with the number: nobody becomes another."""

    number: int
    surname: str
    has_email: bool
    classes: frozenset[str]

    @property
    def name(self) -> str:
        return f"Pupil{'abcde'[self.number]} {self.surname}"

    @property
    def email(self) -> str:
        return f"{self.number}.{self.surname}@example.org".lower() if self.has_email else ""


@dataclass(frozen=True)
class Step:
    """A list of some people, whole or not; or an undo, where there is none."""

    entries: tuple[Entry, ...] = ()
    complete: Complete = "nothing"
    is_undo: bool = False

    def text(self) -> str:
        lines = [
            f"{one.name},{one.email},N{one.number},{'; '.join(sorted(one.classes))}"
            for one in self.entries
        ]
        return "\n".join(["Name,E-mail,School number,Class", *lines, ""])


ENTRIES: Final = st.builds(
    Entry,
    st.integers(0, 4),
    st.sampled_from(["Moss", "Berg"]),
    st.booleans(),
    st.frozensets(st.sampled_from(["1A", "1B", "New"]), max_size=2),
)
STEPS: Final = st.one_of(
    st.builds(
        Step,
        st.lists(ENTRIES, min_size=1, max_size=4, unique_by=lambda one: one.number).map(tuple),
        st.sampled_from(["nothing", "classes", "school"]),
    ),
    st.just(Step(is_undo=True)),
)


def after(model: Model, step: Step) -> Model:
    """What a list makes of the school, said without any of the product's code."""
    now = dict(model)
    for one in step.entries:
        key = f"N{one.number}"
        was = now.get(key, Pupil("", None))
        now[key] = Pupil(one.name, one.email or was.email, True, was.classes | one.classes)
    listed = {f"N{one.number}": one for one in step.entries}
    named = {name for one in step.entries for name in one.classes}
    for key, pupil in now.items():
        if step.complete != "nothing":
            mine = listed[key].classes if key in listed else frozenset()
            now[key] = pupil = replace(pupil, classes=pupil.classes - (named - mine))
        if step.complete == "school" and key not in listed and pupil.is_active:
            now[key] = replace(pupil, is_active=False, classes=frozenset())
    return now


def stored(school: Scratch) -> Model:
    rows = ask(
        school,
        "select coalesce(number, full_name) as key, full_name, email, is_active, "
        "array(select class.name from school.class_student join school.class on class.id = class_id "
        "where student_id = student.id) as classes from school.student where organisation_id = %s",
        people.NORTH,
    )
    return {
        row["key"]: Pupil(
            row["full_name"], row["email"], row["is_active"], frozenset(row["classes"])
        )
        for row in rows
    }


def taken(actor: Actor, content: bytes, complete: Complete = "nothing") -> Comparison:
    with acting_as(actor) as connection:
        present = present_roster(connection, people.NORTH)
    return compare(read_roster(content, present, ReadAs(complete=complete)), present, ALLOWED)


def undo(actor: Actor, batch: UUID) -> None:
    with acting_as(actor) as connection:
        changes = undo_changes(connection, batch)
    assert save(actor, changes, source="undo", undoes=batch).problem is None


@dataclass
class Run:
    """The school as it goes: the model of before each save, and the saves."""

    actor: Actor
    school: Scratch
    model: Model
    before: list[tuple[UUID, Model]] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if step.is_undo:
            self.undo()
            return
        content = step.text().encode()
        found = taken(self.actor, content, step.complete)
        assert found.unclear == []
        self.save(found)
        self.model = after(self.model, step)
        assert stored(self.school) == self.model
        assert taken(self.actor, content, step.complete).changes == ()

    def save(self, found: Comparison) -> bool:
        """Was there anything to save?"""
        if found.changes:
            outcome = save(self.actor, found.changes, source="file")
            assert outcome.batch_id is not None, outcome
            self.before.append((outcome.batch_id, self.model))
        return bool(found.changes)

    def undo(self) -> None:
        if self.before:
            self.undo_last()
            assert stored(self.school) == self.model

    def undo_last(self) -> None:
        batch, self.model = self.before.pop()
        undo(self.actor, batch)


def test_any_sequence_of_lists_and_undos_leaves_what_the_model_says(school: Scratch) -> None:
    nora = people.actor(school.database, people.COORDINATOR)
    beginning = stored(school)

    @examples(10)
    @given(st.lists(STEPS, min_size=2, max_size=6))
    def holds(steps: list[Step]) -> None:
        run = Run(nora, school, stored(school))
        for step in steps:
            run.take(step)
        while run.before:
            run.undo()
        assert stored(school) == beginning

    holds()


def test_a_package_cut_off_anywhere_changes_nothing(school: Scratch) -> None:
    nora = people.actor(school.database, people.COORDINATOR)
    package = OneRoster().user("s-1", "Eve Moss").class_("k-1", "1A").enrol("k-1", "s-1").zipped()
    assert taken(nora, package).changes
    before = stored(school)

    @examples(30)
    @given(st.integers(0, len(package) - 1))
    def is_refused(length: int) -> None:
        with pytest.raises(UnreadableFile):
            taken(nora, package[:length])

    is_refused()
    assert stored(school) == before

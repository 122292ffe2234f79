"""Any sequence of whole and partial packages, and undos, leaves what a school of plain Python says."""

from dataclasses import dataclass, field, replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from tests import people
from tests.clusters import Scratch
from tests.database.roster.test_roster_sequences import Model, Pupil, Run, stored, taken
from tests.profiles import examples
from tests.unit.packages import OneRoster

CLASSES: Final = {"k-1": "1A", "k-2": "New"}


@dataclass(frozen=True)
class User:
    """A student of the other system: the surname and the address may change, the id does not."""

    id: int
    surname: str
    classes: frozenset[str]

    @property
    def name(self) -> str:
        return f"Pupil{'abcd'[self.id]} {self.surname}"

    @property
    def email(self) -> str:
        return f"{self.id}.{self.surname}@example.org".lower()


@dataclass(frozen=True)
class Package:
    """A whole package of these; or, where `gone` are told, what changed of them."""

    users: tuple[User, ...]
    gone: frozenset[int] | None = None
    is_undo: bool = False

    def content(self) -> bytes:
        made = OneRoster() if self.gone is None else OneRoster("delta", "active")
        for class_key, name in CLASSES.items():
            made.class_(class_key, name)
        for one in self.users:
            made.user(f"s-{one.id}", one.name, email=one.email)
            for each in sorted(one.classes):
                made.enrol(each, f"s-{one.id}")
        for number in sorted((self.gone or set()) - {one.id for one in self.users}):
            made.user(f"s-{number}", "Somebody Gone", status="tobedeleted")
        return made.zipped()

    def after(self, model: Model, known: frozenset[str]) -> Model:
        """What it makes of the school; `known` are whom a package brought before."""
        now = dict(model)
        for one in self.users:
            key, classes = f"s-{one.id}", frozenset(CLASSES[each] for each in one.classes)
            was = now.get(key, Pupil("", None))
            kept = was.classes if self.gone is not None else frozenset[str]()
            now[key] = Pupil(one.name, one.email, True, kept | classes)
        listed = {f"s-{one.id}" for one in self.users}
        leaving = (
            known - listed if self.gone is None else {f"s-{one}" for one in self.gone} - listed
        )
        for key in leaving & now.keys():
            now[key] = replace(now[key], is_active=False, classes=frozenset())
        return now


USERS: Final = st.lists(
    st.builds(
        User,
        st.integers(0, 3),
        st.sampled_from(["Moss", "Berg"]),
        st.frozensets(st.sampled_from(["k-1", "k-2"])),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
).map(tuple)
PACKAGES: Final = st.one_of(
    st.builds(Package, USERS),
    st.builds(Package, USERS, st.frozensets(st.integers(0, 3), max_size=2)),
    st.just(Package((), is_undo=True)),
)


@dataclass
class Packages:
    """The school as it goes, told by the ids of the other system where it has brought somebody."""

    run: Run
    model: Model
    known: frozenset[str] = frozenset()
    before: list[tuple[Model, frozenset[str]]] = field(default_factory=list)

    def take(self, package: Package) -> None:
        if package.is_undo:
            if self.before:
                self.run.undo_last()
                self.model, self.known = self.before.pop()
            return
        content = package.content()
        if self.run.save(taken(self.run.actor, content)):
            self.before.append((self.model, self.known))
        self.model = package.after(self.model, self.known)
        self.known |= {f"s-{one.id}" for one in package.users}
        assert by_name(stored(self.run.school)) == by_name(self.model)
        assert taken(self.run.actor, content).changes == ()


def by_name(model: Model) -> set[Pupil]:
    return set(model.values())


def test_any_sequence_of_packages_and_undos_leaves_what_the_model_says(school: Scratch) -> None:
    nora = people.actor(school.database, people.COORDINATOR)
    beginning = stored(school)

    @examples(12)
    @given(st.lists(PACKAGES, min_size=2, max_size=5))
    def holds(packages: list[Package]) -> None:
        going = Packages(Run(nora, school, stored(school)), stored(school))
        try:
            for one in packages:
                going.take(one)
        finally:  # what is tried next begins with the same school
            while going.before:
                going.take(Package((), is_undo=True))
        assert stored(school) == beginning

    holds()

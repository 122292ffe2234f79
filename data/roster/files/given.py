"""What a file says of people and classes, in one shape, whichever file it was."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["student", "staff"]


class Place(NamedTuple):
    """Where something is said: a worksheet or a file of a package, where there are several, and its line."""

    line: int
    table: str = ""

    def __str__(self) -> str:
        return f"{self.table}, line {self.line}" if self.table else f"Line {self.line}"


@dataclass(frozen=True)
class GivenClass:
    """A class; `key` is how the file's other lines name it, `source_id` its id in another system.

    `is_gone` where the file says that it is no more.
    """

    key: str
    place: Place
    name: str
    year: str | None = None
    source_id: str | None = None
    is_gone: bool = False

    @property
    def label(self) -> str:
        """'10C, 2026/27'"""
        return f"{self.name}, {self.year}" if self.year else self.name


@dataclass(frozen=True)
class GivenPerson:
    """Somebody; what the file does not say is None, and changes nothing. `key` is as that of a class."""

    key: str
    place: Place
    kind: Kind
    full_name: str
    email: str | None = None
    number: str | None = None
    source_id: str | None = None
    is_gone: bool = False

    @property
    def values(self) -> dict[str, str | None]:
        """Name, e-mail and number, by their columns."""
        return {"full_name": self.full_name, "email": self.email, "number": self.number}


@dataclass(frozen=True)
class GivenMember:
    """A person in a class: a student who learns there, or staff who teach."""

    place: Place
    person: str
    class_: str
    is_gone: bool = False


@dataclass(frozen=True)
class RefusedLine:
    """A line that could not be taken, of whom, and why."""

    place: Place
    who: str
    why: str


@dataclass(frozen=True)
class Covers:
    """Of what the file is the whole: who and what is not in it is no more, as far as it is the source's own."""

    people: bool = False
    members: bool = False
    classes: bool = False


@dataclass(frozen=True)
class Given:
    """All that a file says. `source` is the system whose ids it has; None of a list that has none.

    `modules` are ids of work, and its titles. `notices` say in sentences what was understood and what not read.
    """

    source: str | None = None
    classes: tuple[GivenClass, ...] = ()
    people: tuple[GivenPerson, ...] = ()
    members: tuple[GivenMember, ...] = ()
    refused: tuple[RefusedLine, ...] = ()
    covers: Covers = field(default_factory=Covers)
    notices: tuple[str, ...] = ()
    modules: tuple[tuple[str, str], ...] = ()

    def classes_of(self) -> dict[str, list[str]]:
        """The keys of the classes that each person is in."""
        found: dict[str, list[str]] = {}
        for one in self.members:
            if not one.is_gone:
                found.setdefault(one.person, []).append(one.class_)
        return found

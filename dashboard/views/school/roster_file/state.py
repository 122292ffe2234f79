"""A file of people on its way in, held by the page: what was said of it, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid4

from dashboard import reads
from dashboard.editing.tables_in.open_tables import Place
from dashboard.reads import fresh
from dashboard.web.limits.heavy_work import TABLES
from data.files.importing.sheet import UnreadableFile
from data.roster.files.comparing.compare import UNASKED, RosterAnswers, compare
from data.roster.files.comparing.verdicts import Comparison
from data.roster.files.given import Given
from data.roster.files.present import Present, present_roster
from data.roster.files.reading.file import AS_IT_IS, ReadAs, read_pasted, read_roster

PLACE: Final = "roster_file"


@dataclass
class RosterFile:
    """One file or pasted text. `unreadable` is why it could not be read; `comparison` holds for `as_of`."""

    name: str
    content: bytes | str
    organisation: UUID
    read_as: ReadAs = AS_IT_IS
    answers: RosterAnswers = UNASKED
    given: Given | None = None
    unreadable: UnreadableFile | None = None
    comparison: Comparison | None = None
    as_of: str = ""
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def key(self, name: str) -> str:
        """A widget's key: another file has other widgets."""
        return f"{PLACE}_{name}_{self.token}"

    def read_otherwise(self, **said: Any) -> None:
        """What a person says of the file as a whole."""
        self.read_as = replace(self.read_as, **said)
        self.given = self.comparison = None

    def belongs_to(self, organisation: UUID) -> None:
        """Whose people they are."""
        self.organisation = organisation
        self.given = self.comparison = None

    def answer(self, **said: Any) -> None:
        """What a person answers to a question."""
        self.answers = replace(self.answers, **said)
        self.comparison = None


FILE: Final = Place[RosterFile](PLACE)


def open_file(name: str, content: bytes | str, organisation: UUID) -> None:
    """From now on this is the file; it is read when the page is drawn."""
    FILE.open(RosterFile(name, content, organisation))


def compared(file: RosterFile, progress: Callable[[float], None]) -> Comparison | None:
    """What it comes to now: worked out once for the same answers and roster. None where it cannot be read."""
    version = reads.visit().version
    if file.comparison is not None and file.as_of == version:
        return file.comparison
    progress(0.1)
    with TABLES.one(reads.visit().actor.id):
        present = fresh.ask(present_roster, file.organisation)
        progress(0.3)
        try:
            file.given = file.given or _read(file, present)
            file.unreadable = None
        except UnreadableFile as refusal:
            file.unreadable = refusal
            return None
        progress(0.5)
        file.comparison = compare(file.given, present, file.answers)
    file.as_of = version
    return file.comparison


def _read(file: RosterFile, present: Present) -> Given:
    if isinstance(file.content, str):
        return read_pasted(file.content, present, file.read_as)
    return read_roster(file.content, present, file.read_as)

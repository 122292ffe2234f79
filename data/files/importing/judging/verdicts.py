"""What a judgement says of a table's lines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from data.files.importing.cells.answers import OpenQuestion
from data.files.importing.roster import KnownModule, KnownStudent
from data.rules.progress import EMPTY_ROW, Edit, Settled, Values


class Verdict(StrEnum):
    """What becomes of a line; the value is the word people read."""

    CHANGE = "change"
    NO_CHANGE = "no change"
    PROBLEM = "problem"
    UNKNOWN_STUDENT = "unknown student"
    UNKNOWN_MODULE = "unknown module"
    DUPLICATE = "duplicate"
    REPEATED = "repeated"


@dataclass(frozen=True)
class CurrentRow:
    """What is stored, and whether the student has the module at all (in a class, or a row exists).

    `score_in_details` is what pages show where no score is stored.
    """

    values: Values = field(default_factory=lambda: EMPTY_ROW)
    eligible: bool = False
    score_in_details: Decimal | None = None


@dataclass(frozen=True)
class LineProblem:
    """What is wrong in a line and what would be right; `heading` is the column's, or None for the line."""

    heading: str | None
    message: str


@dataclass(frozen=True)
class Line:
    """A line judged. `edit` and `settled` stand where the verdict is change, `problems` where it is not
    and something is to be said; `notes` say how a value was reckoned. Of a table with a row per student it
    is one module's part, whose heading is `column`."""

    line: int
    verdict: Verdict
    student: KnownStudent | None = None
    module: KnownModule | None = None
    edit: Edit | None = None
    settled: Settled | None = None
    problems: tuple[LineProblem, ...] = ()
    notes: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Judgement:
    """All lines in the file's order; what only a person can say of them, and what was understood."""

    lines: tuple[Line, ...]
    questions: tuple[OpenQuestion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many lines have each verdict; every verdict is there."""
        found = Counter(line.verdict for line in self.lines)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What save() takes."""
        return tuple(line.edit for line in self.lines if line.edit is not None)

    @property
    def rejected(self) -> tuple[Line, ...]:
        """Lines that are neither a change, nor without one, nor said twice."""
        fine = {Verdict.CHANGE, Verdict.NO_CHANGE, Verdict.REPEATED}
        return tuple(line for line in self.lines if line.verdict not in fine)

"""What a save of many rows will do, worked out before it is done: exactly the edits that will be saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from data.access.errors import OWN_PROGRESS
from data.reading.locks import Lock
from data.rules.progress import Edit, Key, Problem
from data.writing.save import Conflict, Outcome, Source, leads_to


@dataclass(frozen=True)
class Proposal:
    """A wish for one row: what is to change, over what its editor saw, and the names to show.

    `notes` say how values were reckoned that nobody typed so, such as percent of points; `problems` why
    what was typed cannot be read.
    """

    edit: Edit
    student: str
    module: str
    module_type: str
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def key(self) -> Key:
        return self.edit.student_id, self.edit.module_id


@dataclass(frozen=True)
class PlanRow:
    """A proposal and what it leads to: `exact` is the edit that will be saved, consequences included."""

    proposal: Proposal
    exact: Edit
    consequences: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class Plan:
    """An open preview. `token` is in its widgets' keys: another opening has other widgets.

    `rows` will be saved; `refused` cannot be; of `conflicts` somebody has to choose first. `unchanged` and
    `left` count rows that are as they should be, and rows left to what somebody else wrote. `to_save` is
    the batch that somebody asked to save; `is_read` says that what was not saved was looked at afterwards.
    `students` are their names, told apart where several have the same.
    """

    author: UUID
    source: Source
    reason: str
    undoes: UUID | None
    rows: list[PlanRow] = field(default_factory=list)
    refused: list[PlanRow] = field(default_factory=list)
    conflicts: dict[Key, tuple[PlanRow, Conflict]] = field(default_factory=dict)
    unchanged: int = 0
    left: int = 0
    locks: Mapping[Key, Lock] = field(default_factory=dict)
    scores_in_details: Mapping[Key, Decimal] = field(default_factory=dict)
    students: Mapping[UUID, str] = field(default_factory=dict)
    troubles: tuple[Problem, ...] = ()
    outcome: Outcome | None = None
    is_read: bool = False
    batch_id: UUID = field(default_factory=uuid4)
    to_save: UUID | None = None
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def lock_of(self, row: PlanRow) -> Lock | None:
        """The lock on this row that saving changes."""
        found = self.locks.get(row.proposal.key)
        return found if found and set(found.values) & set(row.exact.changes) else None

    def score_in_details(self, row: PlanRow) -> Decimal | None:
        """What pages show of this row where it has no score of its own."""
        return self.scores_in_details.get(row.proposal.key)

    def student(self, proposal: Proposal) -> str:
        """Whose row it is, told apart from others of the same name."""
        return self.students.get(proposal.edit.student_id, proposal.student)

    @property
    def locked_rows(self) -> int:
        """On how many of the rows saving changes the lock."""
        return sum(self.lock_of(row) is not None for row in self.rows) if self.locks else 0

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"preview_{name}_{self.token}"

    def read(self) -> None:
        """What could not be saved was looked at."""
        self.is_read = True

    def add(self, proposals: Iterable[Proposal], now: datetime) -> None:
        """Settle proposals as saving would, and put each where it belongs. Another batch from here on."""
        for one in proposals:
            settled = leads_to(one.edit, self.source, one.module_type, now)
            is_own = one.edit.student_id == self.author
            problems = (OWN_PROGRESS,) if is_own else (*one.problems, *settled.problems)
            if problems:
                self.refused.append(PlanRow(one, one.edit, problems=problems))
            elif not settled.values:
                self.unchanged += 1
            else:
                exact = replace(one.edit, changes=settled.values)
                self.rows.append(PlanRow(one, exact, tuple(settled.consequences)))
        self.batch_id = uuid4()

    def take(self, result: Outcome) -> None:
        """What stood in the way of a save that wrote nothing: who was faster, what was refused."""
        self.troubles = tuple(result.problems)
        conflicts = {(one.edit.student_id, one.edit.module_id): one for one in result.conflicts}
        refusals = {
            (one.edit.student_id, one.edit.module_id): one.problems for one in result.refusals
        }
        if not conflicts and not refusals:
            return
        rows, self.rows = self.rows, []
        for row in rows:
            key = row.proposal.key
            if key in conflicts:
                self.conflicts[key] = row, conflicts[key]
            elif key in refusals:
                self.refused.append(replace(row, problems=refusals[key]))
            else:
                self.rows.append(row)
        self.batch_id = uuid4()

    def keep_mine(self, keys: Sequence[Key], now: datetime) -> None:
        """The same wish over the values that are there now; the person has seen both."""
        chosen = [self.conflicts.pop(key) for key in keys if key in self.conflicts]
        waiting, self.rows = self.rows, []
        self.add([_over(row, conflict) for row, conflict in chosen], now)
        self.rows += waiting

    def take_theirs(self, keys: Sequence[Key]) -> None:
        """Leave these rows as somebody else wrote them."""
        self.left += sum(self.conflicts.pop(key, None) is not None for key in keys)
        self.batch_id = uuid4()


def _over(row: PlanRow, conflict: Conflict) -> Proposal:
    return replace(row.proposal, edit=replace(row.proposal.edit, seen=conflict.current))

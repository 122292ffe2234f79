"""What coordinators corrected: single rows by form, one module for many at once, and once in vain."""

from collections.abc import Iterable
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from data.demo.classes import Group
from data.demo.clock import Clock
from data.demo.ids import COORDINATOR_ONE, COORDINATOR_TWO, INSTITUTE, SCHOOL, identity
from data.demo.messy import ASSESSMENT
from data.demo.modules import DemoModule
from data.demo.work import COMPLETED, IN_PROGRESS, Event, State, WorkRow


class CorrectedBatch(NamedTuple):
    """A row of dashboard.batch."""

    id: UUID
    at: str
    author: UUID
    source: str
    reason: str


COORDINATORS: Final = {SCHOOL: COORDINATOR_ONE, INSTITUTE: COORDINATOR_TWO}

COMPLETING: Final = (
    "Finished on paper while the network was down",
    "Shown to the teacher in person",
    "Credit for the same course at another school",
)
REMARKING: Final = (
    "Re-marked: question 4 could be read in two ways",
    "Two answers were missing in the upload",
)

# A minute and a half of a school day: how soon the platform computes a row again.
SOON: Final = 0.002

FORMS: Final = 4
GROUP_SIZE: Final = 9


class Corrector:
    """Corrects rows of one class, as its organisation's coordinator."""

    def __init__(
        self, group: Group, untouchable: Iterable[WorkRow], clock: Clock, rng: Random
    ) -> None:
        self.batches: list[CorrectedBatch] = []
        self._group = group
        self._clock = clock
        self._author = COORDINATORS[group.demo_class.organisation]
        spared = {id(row) for row in untouchable}
        self._free = [row for row in group.rows if id(row) not in spared]
        rng.shuffle(self._free)
        self._rng = rng

    def correct(self) -> None:
        """Some single rows, one group, and two rows that the platform then computed again."""
        for number in range(FORMS):
            self._by_form(number, COMPLETING, self._take(IN_PROGRESS, "course"))
        for number in range(FORMS - 1):
            self._by_form(number, REMARKING, self._take(COMPLETED, ASSESSMENT))
        for number in range(2):
            row = self._take(IN_PROGRESS, "course")
            before = row.state
            self._by_form(number, COMPLETING, row)
            self._compute_again(row, before)
        self._in_a_group()

    def _take(self, status: str, kind: str) -> WorkRow:
        for place, row in enumerate(self._free):
            scored = kind != ASSESSMENT or row.state.score is not None
            if (
                row.state.status == status
                and row.module.kind == kind
                and scored
                and row.events[-1].age > 1
            ):
                return self._free.pop(place)
        raise ValueError(f"{self._group.demo_class.name} has too few rows to correct")

    def _by_form(self, number: int, reasons: tuple[str, ...], row: WorkRow) -> None:
        age = row.events[-1].age * self._rng.uniform(0.2, 0.8)
        batch = self._batch(age, "form", reasons[number % len(reasons)])
        state = row.state
        if state.status == COMPLETED and state.score is not None:
            # A score is corrected alone: percentage and date stay.
            state = state._replace(score=_remarked(state.score), last_updated=batch.at)
        else:
            state = _completed(state, row.module, batch.at)
        self._append(row, age, state, batch)

    def _compute_again(self, row: WorkRow, before: State) -> None:
        age = row.events[-1].age - SOON
        row.events.append(Event(age, before._replace(last_updated=self._clock.at(age))))
        row.edited_by_staff = False

    def _in_a_group(self) -> None:
        """One module presented together: rows that were there, and rows that were not."""
        age = self._rng.uniform(4, 16)
        batch = self._batch(age, "bulk", "Presented together in class")
        module = next(found for found in self._group.demo_class.modules if found.kind == "project")
        known = {row.student: row for row in self._group.rows if row.module.id == module.id}
        corrected = 0
        for student in self._group.students:
            row = known.get(student.id)
            if row is None:
                row = WorkRow(student.id, module, [])
                self._group.rows.append(row)
                state = State(COMPLETED, None, None, batch.at, batch.at, 100)
            elif row.state.status == COMPLETED or row.events[-1].age <= age:
                continue
            else:
                state = _completed(row.state, module, batch.at)
            self._append(row, age, state, batch)
            corrected += 1
            if corrected == GROUP_SIZE:
                return

    def _append(self, row: WorkRow, age: float, state: State, batch: CorrectedBatch) -> None:
        row.events.append(Event(age, state, batch.source, str(self._author), batch.id))
        row.edited_by_staff = True

    def _batch(self, age: float, source: str, reason: str) -> CorrectedBatch:
        name = f"batch: {self._group.demo_class.name} {len(self.batches)}"
        batch = CorrectedBatch(identity(name), self._clock.at(age), self._author, source, reason)
        self.batches.append(batch)
        return batch


def _completed(state: State, module: DemoModule, at: str) -> State:
    """As DESIGN §5 has it: a course at 100 percent, an assessment's figures left alone."""
    percentage = state.progress_percentage if module.kind == ASSESSMENT else 100
    return state._replace(
        status=COMPLETED,
        progress_percentage=percentage,
        completed_at=state.completed_at or at,
        last_updated=at,
    )


def _remarked(score: Decimal) -> Decimal:
    return min(score + 10, Decimal(100)) if score < 100 else score - 5

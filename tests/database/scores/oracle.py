"""What is recorded of flags, and what came of them, in plain Python."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from data.rules.rule_scores import RuleScore
from tests.database.attention.oracle import School, flags
from tests.database.attention.record import Key, Record, Who, came_further, progressed
from tests.database.attention.row import Row

WEEKS: Final = timedelta(days=14)
SAME: Final = timedelta(hours=24)

FIGURES_OF: Final = {
    "stuck": ["stuck", "stuck_attempts"],
    "slipped": ["slipped", "slipped_modules"],
    "not_begun": ["not_begun", "not_begun_share"],
    "failed": ["failed", "failed_modules"],
    "inactive": ["inactive", "inactive_days", "holidays"],
    "far_behind": ["far_behind", "far_behind_share", "far_behind_modules"],
    "stalled": ["stalled", "stalled_days", "inactive_days", "holidays"],
    "doubtful": ["doubtful", "doubtful_modules"],
}
"""What each rule goes by."""

Flag = tuple[UUID, UUID, str]
"""A class, a student and a rule."""


@dataclass
class FlagRecord:
    """As it is stored."""

    raised_at: datetime
    unseen_at: datetime | None
    gone_at: datetime | None = None
    has_left: bool = False
    moved_at: datetime | None = None
    has_new_figures: bool = False

    def lasted_until(self, moment: datetime) -> bool:
        return self.gone_at is None or moment <= self.gone_at


@dataclass(frozen=True)
class Response:
    what: str
    at: datetime
    next_what: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True)
class Move:
    """A row came further, as of some moment, and not by staff."""

    at: datetime
    as_of: datetime
    module: UUID


@dataclass
class Moves(Record):
    """What was written, and by which of it students moved."""

    by_student: dict[UUID, list[Move]] = field(default_factory=lambda: defaultdict(list))

    def write(self, who: Who, now: datetime, key: Key, row: Row | None) -> None:
        old = self.of(*key).row
        if who is not Who.STAFF and row is not None and came_further(old, row):
            as_of = progressed(old, row, now)
            assert as_of is not None
            self.by_student[key[0]].append(Move(now, as_of, key[1]))
        super().write(who, now, key, row)


@dataclass
class Recorder:
    """Looks at whom the rules flag, whenever it is told to."""

    school: School
    everybody: UUID
    """Who staffs all classes, and sees guests there."""
    moves: Moves
    records: dict[Flag, list[FlagRecord]] = field(default_factory=lambda: defaultdict(list))
    responses: dict[Flag, list[tuple[str, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    began: datetime | None = None
    last: datetime | None = None
    longest_gap: timedelta = timedelta(0)

    def record(self, moment: datetime) -> None:
        found = flags(self.school, self.everybody, moment).keys()
        for key, records in self.records.items():
            if records[-1].gone_at is None and key not in found:
                records[-1].gone_at = moment
                records[-1].has_left = self._has_left(key)
                records[-1].has_new_figures = self._has_new_figures(key)
        for key in found:
            self._raise(key, moment)
        for key, records in self.records.items():
            for one in records:
                one.moved_at = one.moved_at or self._moved_at(key, one)
        if self.last:
            self.longest_gap = max(self.longest_gap, moment - self.last)
        self.began = self.began or moment
        self.last = moment

    def _raise(self, key: Flag, moment: datetime) -> None:
        known = self.records[key][-1] if self.records[key] else None
        if known is None or (known.gone_at and moment - known.gone_at >= SAME):
            self.records[key].append(FlagRecord(moment, self.last))
        elif known.gone_at:
            known.gone_at, known.has_left, known.has_new_figures = None, False, False

    def _has_left(self, key: Flag) -> bool:
        class_, student = self.school.classes[key[0]], key[1]
        return (
            student not in class_.students
            or class_.is_archived
            or not self.school.students[student].is_active
            or self.school.active(student) is not None
        )

    def _has_new_figures(self, key: Flag) -> bool:
        class_id, _, rule = key
        figures = FIGURES_OF[rule]
        assert self.last is not None
        return any(
            moment > self.last - timedelta(minutes=1)
            for of in (class_id, self.school.classes[class_id].organisation)
            for figure in figures
            for moment in self.school.changes.get((of, figure), [])
        )

    def _moved_at(self, key: Flag, one: FlagRecord) -> datetime | None:
        hour = timedelta(hours=1)
        if self.last is None or one.raised_at <= self.last - WEEKS - hour:
            return None
        if all(move.at <= self.last - hour for move in self.moves.by_student[key[1]]):
            return None  # nothing came further since it was last looked at
        modules = self.school.classes[key[0]].modules
        return min(
            (
                move.at
                for move in self.moves.by_student[key[1]]
                if move.module in modules
                and one.raised_at < move.as_of
                and one.raised_at < move.at <= one.raised_at + WEEKS
            ),
            default=None,
        )

    def scores(self, person: UUID, since: datetime | None) -> dict[str, RuleScore]:
        """What is told to somebody, by rule."""
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for key, records in self.records.items():
            if self._is_told(person, key):
                for one in records:
                    if since is None or one.raised_at >= since:
                        for what in self._outcomes(key, one):
                            counts[key[2]][what] += 1
        return {rule: RuleScore(rule, **each) for rule, each in counts.items()}

    def _is_told(self, person: UUID, key: Flag) -> bool:
        class_ = self.school.classes[key[0]]
        me = self.school.active(person)
        return (
            me is not None
            and me.role in ("coordinator", "admin")
            and self.school.staffs(person, class_)
            and (
                self.school.students[key[1]].organisation == class_.organisation
                or self.school.sees_guests(person)
            )
        )

    def _outcomes(self, key: Flag, one: FlagRecord) -> list[str]:
        assert self.last is not None
        answers = {each.what for each in self._given(key) if self._counts(each, one)}
        settled = one.raised_at <= self.last - WEEKS
        told = {
            "made": True,
            "still_there": one.gone_at is None,
            "left_with_student": one.has_left,
            "gone_with_figures": one.has_new_figures and not one.has_left,
            "gone_by_itself": one.gone_at
            and not (one.has_left or one.has_new_figures)
            and not answers,
            "contacted": "contacted" in answers,
            "dismissed": "not_a_concern" in answers,
            "settled": settled,
            "moved": settled and one.moved_at,
        }
        return [what for what, is_so in told.items() if is_so]

    def _given(self, key: Flag) -> list[Response]:
        given = self.responses[key]
        following = [*given[1:], ("", None)]
        return [
            Response(*this, *then)
            for this, then in zip(given, following, strict=False)
            if this[0] != "taken_back"
        ]

    def _counts(self, given: Response, one: FlagRecord) -> bool:
        """Was it given while the flag was there, or holds from before? And was it not taken back then?"""
        is_taken_back = (
            given.next_what == "taken_back" and given.next_at and one.lasted_until(given.next_at)
        )
        holds = given.what == "not_a_concern" and (
            given.next_at is None or given.next_at > one.raised_at
        )
        return (
            one.lasted_until(given.at)
            and not is_taken_back
            and (given.at >= (one.unseen_at or one.raised_at) or holds)
        )

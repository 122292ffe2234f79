"""What the data check finds, by which rule, and the edits that would put it right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from data.rules.progress import Edit, Values


@dataclass(frozen=True)
class Finding:
    """A row that breaks a rule.

    `values` are its four fields (an unreadable date is None, and told by `completed_at_text`);
    `idle_since` and `handed_in_at` are moments a fix can go by. `values_digest` stands for what the rule
    depends on.
    """

    rule: str
    student_id: UUID
    module_id: UUID
    student_name: str
    module_name: str
    module_type: str
    values: Values
    completed_at_text: str | None
    last_updated_text: str
    idle_since: datetime | None
    handed_in_at: datetime | None
    edited_by_staff: bool
    values_digest: str


Propose = Callable[[Finding, datetime], Values]


@dataclass(frozen=True)
class CheckRule:
    """One kind of inconsistency.

    `condition` is SQL over the columns of internal.checked_row, the cheap parts first and without a question of
    its own, for it is asked of each row that is written; `depends_on` are the columns that it looks at.
    `proposal` says in words what `propose(finding, now)` would change.
    """

    key: str
    title: str
    sentence: str
    condition: str
    depends_on: tuple[str, ...]
    proposal: str | None = None
    propose: Propose = lambda finding, now: {}

    @property
    def cause(self) -> str:
        """Where the contradiction is, as a caption of its kinds."""
        return "Completed dates" if "completed_at" in self.depends_on else "Status and percentage"


def fix(rule: CheckRule, findings: Iterable[Finding], now: datetime) -> list[Edit]:
    """The edits that would put these rows right; none for a row of which the truth is not known.

    `now` is the database's clock.
    """
    proposed = [(one, rule.propose(one, now)) for one in findings]
    return [
        Edit(one.student_id, one.module_id, changes, one.values)
        for one, changes in proposed
        if changes
    ]

"""What the data check found when it was last asked: it does not change under whoever works through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.reads import fresh
from data.reading.data_check.finding import Finding
from data.reading.data_check.found import Doubted, doubted, findings_of
from data.reading.data_check.rules import RULES
from data.rules.progress import Problem

CHECKS: Final = "checks"
A_PAGE: Final = 50
FEW: Final = 20
"""Of so many rows it is said by name whose they are."""


@dataclass
class OpenedKind:
    """One kind, a page of it: `starts` holds the row before each page, from the first to the one shown."""

    key: str
    rows: Sequence[Finding]
    starts: list[Finding | None] = field(default_factory=lambda: [None])
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1."""
        return (len(self.starts) - 1) * A_PAGE + 1

    def widget(self, name: str) -> str:
        """A widget's key; another page has others."""
        return f"check_{name}_{self.token}"


@dataclass
class CheckResult:
    """How many rows of each kind need a look, of how many students, as of when; the names of those, where they
    are few and can be mended; and the kind that is open."""

    found: Mapping[str, Doubted]
    counted_at: datetime
    concerned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kind: OpenedKind | None = None
    problem: Problem | None = None


def known() -> CheckResult | None:
    """What was counted for this person, if anything."""
    checks: dict[UUID, CheckResult] = st.session_state.setdefault(CHECKS, {})
    return checks.get(reads.visit().actor.id)


def count_again() -> CheckResult:
    """As it is now."""
    checks: dict[UUID, CheckResult] = st.session_state.setdefault(CHECKS, {})
    visit = reads.visit()
    found = fresh.ask(doubted)
    checks[visit.actor.id] = CheckResult(found, visit.now, _concerned(found))
    return checks[visit.actor.id]


def _concerned(found: Mapping[str, Doubted]) -> dict[str, list[str]]:
    few = [rule.key for rule in RULES if rule.proposal and 0 < found[rule.key].rows <= FEW]
    rows = {key: fresh.ask(findings_of, key, FEW) for key in few}
    names = {key: {one.student_id: one.student_name for one in of} for key, of in rows.items()}
    return {key: [*theirs.values()] for key, theirs in names.items()}


def forget(message: str | None = None) -> None:
    """What was counted is not so any more. The next run counts again, and says this."""
    checks: dict[UUID, CheckResult] = st.session_state.setdefault(CHECKS, {})
    checks.pop(reads.visit().actor.id, None)
    st.session_state[f"{CHECKS}_message"] = message


def message() -> str | None:
    """What the last change of the page's own led to, once."""
    words: str | None = st.session_state.pop(f"{CHECKS}_message", None)
    return words


def open_kind(check: CheckResult, key: str) -> OpenedKind:
    """The kind's first page, or the page of it that is open."""
    if check.kind is None or check.kind.key != key:
        check.kind = OpenedKind(key, fresh.ask(findings_of, key, A_PAGE))
    return check.kind


def turn(check: CheckResult, kind: OpenedKind, forward: bool) -> None:
    """The next page of a kind, or the one before."""
    starts = [*kind.starts, kind.rows[-1]] if forward else kind.starts[:-1]
    check.kind = OpenedKind(kind.key, fresh.ask(findings_of, kind.key, A_PAGE, starts[-1]), starts)

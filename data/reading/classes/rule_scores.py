"""What came of the flags of each rule in the classes I manage, and since when that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from data.rules.attention import RULES
from data.rules.rule_scores import RuleScore


@dataclass(frozen=True)
class RuleScores:
    """`scores` has each rule in the order of RULES. What was flagged before `began_at` is not recorded;
    nothing is yet where the moments are None."""

    scores: Sequence[RuleScore]
    began_at: datetime | None = None
    recorded_at: datetime | None = None
    longest_gap: timedelta | None = None


def rule_scores(connection: Connection, days: int | None = None) -> RuleScores:
    """Of flags that were first seen in the last so many days; of all without a number."""
    rows = connection.execute(
        text("select * from dashboard.rule_scores(now() - make_interval(days => :days))"),
        {"days": days},
    )
    known = {row.rule: RuleScore(*row) for row in rows}
    record = connection.execute(text("select * from dashboard.flags_recorded()")).one_or_none()
    scores = [known.get(rule.key, RuleScore(rule.key)) for rule in RULES]
    return RuleScores(scores, *(record or ()))

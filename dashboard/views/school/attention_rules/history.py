"""Who changed the rules and the days off, the newest first."""

from typing import Final

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.table import Cell, Column, table
from dashboard.components.text import count, heading
from data.i18n.dates import short_date
from data.reading.attention_rules.changes import RuleChange, rule_changes
from data.reading.attention_rules.chosen import OrganisationRules
from data.rules.attention import called
from data.rules.attention_figures import BY_KEY

MOST: Final = 100


def draw(rules: OrganisationRules) -> None:
    """The newest changes, with what was before and after."""
    found = reads.ask(rule_changes, rules.id, MOST)
    heading("Changes of the rules", 2)
    table(
        key="attention_changes",
        caption=f"The newest {MOST} changes" if len(found) == MOST else "Changes",
        columns=(
            Column("When", "date", align="left"),
            Column("Who"),
            Column("For"),
            Column("What"),
            Column("From"),
            Column("To"),
        ),
        rows=[_row(one) for one in found],
        empty="Nothing was changed yet.",
        is_captioned=len(found) == MOST,
        folded=count(len(found), "change", "changes") if found else None,
    )


def _row(one: RuleChange) -> tuple[Cell, ...]:
    known = BY_KEY.get(one.figure or "")
    who = minute(one.at, zone()), one.author or "A colleague", one.class_name or "All classes"
    if known is None:
        days = " to ".join(short_date(each) for each in (one.first_day, one.last_day) if each)
        before, after = (days, "Removed") if one.removed else ("", days)
        return *who, f"Holiday: {one.holiday}", before, after
    below = "As all classes" if one.class_name else "As usual"
    values = [below if value is None else known.words(value) for value in (one.before, one.after)]
    return *who, called(known), *values

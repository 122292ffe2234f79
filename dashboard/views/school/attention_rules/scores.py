"""What came of each rule's flags: described, not claimed as the rule's doing."""

from datetime import timedelta
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import section_bar
from dashboard.components.formats import day, lasting, share, zone
from dashboard.components.table import Column, table
from dashboard.components.text import count, heading, paragraph
from data.reading.classes.rule_scores import RuleScores, rule_scores
from data.rules.attention import RULES_BY_KEY
from data.rules.rule_scores import ENOUGH, RuleScore, least_followed

PERIOD: Final = "flagged"
PERIODS: Final = {"": "Since records began", "60": "Last 60 days", "30": "Last 30 days"}
"""When flags were first seen, as the URL has it: of so many days, or all."""

COLUMNS: Final = (
    Column("Rule"),
    Column("Flags", "number", help="How often the rule began to hold of a student in a class."),
    Column(
        "Contacted",
        "number",
        help="Somebody noted a contact while the flag was there.",
        align="right",
    ),
    Column(
        "Moved within two weeks",
        help="A module of the class came further in the 14 days after the flag, and not by staff: "
        "of the flags that are two weeks old.",
        align="right",
    ),
    Column(
        "Not a concern", "number", help="Somebody said so, and it held while the flag was there."
    ),
    Column("Gone by itself", "number", help="It ended, and nobody had responded to it."),
    Column("Still there", "number"),
)


def draw(organisations: int) -> None:
    """The rule that was followed by progress least often, and what came of the flags of each, in the classes
    of all so many organisations that this person manages."""
    heading("How the rules did", 2)
    asked = st.query_params.get(PERIOD, "")
    shown = asked if asked in PERIODS else ""
    found = reads.ask(rule_scores, int(shown) if shown else None)
    if found.began_at is None:
        paragraph(
            "Nothing is recorded yet: what is flagged is recorded about once an hour from now on, while this "
            "program runs, and what came of it is shown here."
        )
        return
    paragraph(_finding(found))
    ways = [_way(key, shown) for key in PERIODS]
    section_bar.draw("school", ways, label="When flags were first seen", key="flagged")
    table(
        key="rule_scores",
        caption="What came of flags",
        columns=COLUMNS,
        rows=[_row(one) for one in found.scores],
        folded="What came of the flags of each rule",
    )
    of_all = f"Counted over all {organisations} organisations. " if organisations > 1 else ""
    paragraph(of_all + _limits(found), quiet=True)


def _way(key: str, shown: str) -> section_bar.SectionLink:
    others = {name: one for name, one in st.query_params.to_dict().items() if name != PERIOD}
    return section_bar.SectionLink(
        PERIODS[key], others | ({PERIOD: key} if key else {}), key == shown
    )


def _finding(found: RuleScores) -> str:
    """'Least often followed by progress: “Inactive”, 12 of 80 flags (15 %). …'"""
    least = least_followed(found.scores)
    if least is None:
        return (
            f"Once {ENOUGH} flags of a rule are two weeks old, the rule that was followed by progress least "
            "often is named here."
        )
    part = f"{least.moved:,} of {least.settled:,} flags ({share(least.moved, least.settled)})"
    return (
        f"Least often followed by progress: “{RULES_BY_KEY[least.rule].title}”, {part}. This describes what "
        "came after the flags, and does not show that they caused it."
    )


def _moved(one: RuleScore) -> str:
    return f"{one.moved:,} of {one.settled:,} ({share(one.moved, one.settled)})"


def _row(one: RuleScore) -> tuple[str, ...]:
    return (
        RULES_BY_KEY[one.rule].title,
        f"{one.made:,}",
        f"{one.contacted:,}",
        _moved(one) if one.settled else "–",
        f"{one.dismissed:,}",
        f"{one.gone_by_itself:,}",
        f"{one.still_there:,}",
    )


def _limits(found: RuleScores) -> str:
    """Since when, what the columns share, and what is missing."""
    said = [
        f"Recorded since {day(found.began_at, zone())}; flags of before are not counted.",
        "One flag may be in several columns.",
    ]
    if left := sum(one.left_with_student for one in found.scores):
        ended = count(left, "flag ended", "flags ended")
        said.append(f"{ended} because the student left or the class was archived.")
    if changed := sum(one.gone_with_figures for one in found.scores):
        ended = count(changed, "flag ended", "flags ended")
        said.append(f"{ended} as figures of the rule or holidays were changed, and not by itself.")
    if found.longest_gap and found.longest_gap >= timedelta(days=1):
        said.append(
            f"For {lasting(found.longest_gap)} nothing was recorded: flags that came then are counted from the "
            "day on which they were first seen."
        )
    return " ".join(said)

"""The rules by which students need attention, for whoever looks after the school."""

from __future__ import annotations

from dashboard.components.table import Column, table
from dashboard.components.text import paragraph
from dashboard.views.school.attention_rules import scores
from data.roster.reading.managed import ManagedSchool
from data.rules.attention import RULES
from data.rules.attention_figures import USUAL


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """What each rule says, and what came of it."""
    paragraph("A student needs attention in a class when one of these rules holds there.")
    table(
        key="attention_rules",
        caption="Rules",
        columns=(Column("Rule"), Column("When it holds")),
        rows=[(rule.title, rule.sentence(USUAL)) for rule in RULES],
    )
    scores.draw()

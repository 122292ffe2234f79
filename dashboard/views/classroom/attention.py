"""By which rules students of the class need attention, and the ways to the rules and to how it came along."""

from uuid import UUID

from dashboard import reads
from dashboard.components import links
from dashboard.components.table import table
from dashboard.pages import may_open
from data.rules.attention import RULES
from data.rules.attention_figures import ClassFigures


def draw(class_id: UUID, held: ClassFigures) -> None:
    """The rules, folded; those that are off are named."""
    links.to("trends", "Week by week", **{"class": str(class_id)})
    table(
        key="class_rules",
        caption="Attention rules of this class",
        columns=("Rule", "When it holds"),
        rows=[
            (rule.title, rule.sentence(held.figures) if held.figures[rule.key] else "Switched off.")
            for rule in RULES
        ],
        folded="Attention rules of this class",
        is_captioned=False,
    )
    if may_open("school", reads.visit().actor):
        links.to(
            "school", "Change the attention rules", show="attention", **{"class": str(class_id)}
        )

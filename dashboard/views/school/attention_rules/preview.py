"""What a change would do, said before it is saved: how many students are flagged now, and then."""

from collections.abc import Collection

from dashboard import reads
from dashboard.components.table import Column, table
from dashboard.components.text import count, paragraph
from data.reading.attention_rules.preview import attention_preview
from data.rules.attention import RULES


def draw(proposed: str, touched: Collection[str]) -> None:
    """In all as a sentence; below it the rules that are `touched`, and any other that tells otherwise."""
    found = reads.ask(attention_preview, proposed)
    now, then = found.students.get(None, (0, 0))
    where = count(found.classes, "class", "classes")
    paragraph(
        f"Needing attention in {where}: now {now:,}, then {count(then, 'student', 'students')}."
    )
    rows = [
        (rule.title, f"{before:,}", f"{after:,}")
        for rule in RULES
        for before, after in [found.students.get(rule.key, (0, 0))]
        if rule.key in touched or before != after
    ]
    table(
        key="attention_preview",
        caption="Students by rule, before this is saved",
        columns=(Column("Rule"), Column("Now", "number"), Column("Then", "number")),
        rows=[*rows, ("In all", f"{now:,}", f"{then:,}")],
    )

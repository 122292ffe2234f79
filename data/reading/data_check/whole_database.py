"""The data check over a whole database, for the command line: as the owner of the tables, who sees all."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import URL

from data.access.owner import as_owner
from data.i18n.formats import count
from data.reading.data_check.finding import CheckRule, Finding
from data.reading.data_check.found import counts_of_everybody, first_of_everybody
from data.reading.data_check.rules import RULES

EXAMPLES: Final = 3


@dataclass(frozen=True)
class Broken:
    """A rule that rows break, how many, and the first few of them."""

    rule: CheckRule
    count: int
    examples: tuple[Finding, ...]


def broken_rules(owner_url: URL | str) -> list[Broken]:
    """Every rule that any row of the database breaks, those left as they are not counted.

    Raises DatabaseAway where nobody answers.
    """
    with as_owner(owner_url) as connection:
        # One moment is one text, as in every transaction of the app: what was judged goes by it.
        connection.execute(text("set local timezone = 'UTC'"))
        return [
            Broken(rule, count, tuple(first_of_everybody(connection, rule.key, EXAMPLES)))
            for rule, count in zip(RULES, counts_of_everybody(connection).values(), strict=True)
            if count
        ]


def as_text(broken: Broken, *, names: bool) -> str:
    """A rule with its count and examples: ids, or names where they are asked for."""
    rows = count(broken.count, "row", "rows")
    lines = [f"{broken.rule.title}: {rows}. {broken.rule.sentence}"]
    for one in broken.examples:
        named = f"{one.student_name}, {one.module_name}: " if names else ""
        lines.append(f"  {named}student {one.student_id}, module {one.module_id}")
    return "\n".join(lines)


def as_json(broken: Broken, *, names: bool) -> dict[str, Any]:
    """The same for a program to read."""
    return {
        "rule": broken.rule.key,
        "message": broken.rule.sentence,
        "count": broken.count,
        "examples": [
            {"student": str(one.student_id), "module": str(one.module_id)}
            | ({"student_name": one.student_name, "module_name": one.module_name} if names else {})
            for one in broken.examples
        ],
    }

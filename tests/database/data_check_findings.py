"""What the data check finds."""

from data.access.session import Actor, acting_as
from data.reading.data_check.finding import Finding
from data.reading.data_check.found import Doubted, doubted, findings_of
from data.reading.data_check.rules import RULES


def found(actor: Actor, key: str | None = None) -> list[Finding]:
    """Everything found, or what breaks one rule."""
    with acting_as(actor) as connection:
        keys = [key] if key else [rule.key for rule in RULES]
        every = [one for each in keys for one in findings_of(connection, each, 1000)]
        counted = doubted(connection)
    assert {each: counted[each] for each in keys} == {
        each: Doubted(
            sum(one.rule == each for one in every),
            len({one.student_id for one in every if one.rule == each}),
        )
        for each in keys
    }
    return every


def keys(actor: Actor) -> list[str]:
    return [one.rule for one in found(actor)]

"""What an organisation chose of the rules of attention: who reads and who writes it, told in plain Python."""

from collections.abc import Mapping
from typing import Final

from tests.people import NORTH, SOUTH, UNUSED
from tests.rls.facts import Identity, at_home, is_manager, manages, staffs
from tests.rls.rules import Relation, Row, me, of_class


def sees_choice(who: Identity, row: Row) -> bool:
    """Of their organisation, or of a class that they work with."""
    if row.class_ is None:
        return at_home(who, row.organisation)
    return staffs(who, row.class_)


def adds_choice(who: Identity, row: Row) -> bool:
    return is_manager(who) and sees_choice(who, row)


ORGANISATIONS: Final = tuple(
    Row(f"organisation_id = '{one}'", organisation=one) for one in (NORTH, SOUTH)
)

ATTENTION: Final[Mapping[str, Relation]] = {
    "dashboard.attention_change": Relation(
        "figures of the rules of attention that were chosen",
        (*ORGANISATIONS, *of_class()),
        sees=sees_choice,
        adds=adds_choice,
        adding=lambda who, row: (
            "insert into dashboard.attention_change "
            "(organisation_id, class_id, figure, value, follows, author_id) "
            f"select {quoted(row.organisation)}, {quoted(row.class_)}, 'stuck', 1, -1, '{me(who)}'"
        ),
    ),
    "dashboard.holiday": Relation(
        "the days off of an organisation",
        ORGANISATIONS,
        sees=lambda who, row: at_home(who, row.organisation),
        adds=lambda who, row: manages(who, row.organisation),
        changes=lambda who, row: manages(who, row.organisation),
        adding=lambda who, row: (
            "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
            f"values ('{UNUSED}', '{row.organisation}', 'x', '2026-12-24', '2026-12-24', '{me(who)}')"
        ),
        changing=lambda who, row: (
            f"update dashboard.holiday set removed_by = '{me(who)}', removed_at = now()"
        ),
    ),
}


def quoted(one: object) -> str:
    return f"'{one}'::uuid" if one else "null::uuid"

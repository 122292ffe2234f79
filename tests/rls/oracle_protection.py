"""What the law asks for: who reads what is left of it, told in plain Python."""

from collections.abc import Mapping
from typing import Final

from tests.people import NORTH, SOUTH
from tests.rls.facts import Identity, manages, role
from tests.rls.rules import Relation, Row


def is_admin(who: Identity, row: Row) -> bool:
    return role(who) == "admin"


def is_managed(who: Identity, row: Row) -> bool:
    return manages(who, row.organisation)


PROTECTION: Final[Mapping[str, Relation]] = {
    "school.retention": Relation(
        "how long an organisation keeps what",
        tuple(Row(f"organisation_id = '{one}'", organisation=one) for one in (NORTH, SOUTH)),
        sees=is_managed,
        adds=is_admin,
        changes=is_admin,
        adding=lambda who, row: (
            f"insert into school.retention (organisation_id, notes_months) values ('{row.organisation}', 9) "
            "on conflict (organisation_id) do update set notes_months = excluded.notes_months"
        ),
        changing=lambda who, row: "update school.retention set history_months = 9",
    ),
    "school.digest": Relation(
        "whether an organisation has the digest sent, and names students in it",
        tuple(Row(f"organisation_id = '{one}'", organisation=one) for one in (NORTH, SOUTH)),
        sees=is_managed,
        adds=is_managed,
        changes=is_managed,
        adding=lambda who, row: (
            f"insert into school.digest values ('{row.organisation}', true, true) "
            "on conflict (organisation_id) do update set names_students = excluded.names_students"
        ),
        changing=lambda who, row: "update school.digest set names_students = true",
    ),
    "dashboard.erasure": Relation(
        "that somebody was erased: when, by whom and how much (not who)", sees=is_admin
    ),
}

"""What the law asks for: who reads what is left of it, told in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.rls.facts import Identity, role
from tests.rls.rules import Relation, Row


def is_admin(who: Identity, row: Row) -> bool:
    return role(who) == "admin"


PROTECTION: Final[Mapping[str, Relation]] = {
    "dashboard.erasure": Relation(
        "that somebody was erased: when, by whom and how much (not who)", sees=is_admin
    ),
}

"""What a mutant is: a change for the worse, as the owner of the tables would say it."""

from dataclasses import dataclass
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMAS: Final = "('dashboard', 'internal', 'roster', 'school', 'public')"
WAYS_IN: Final = ("dashboard_person", "dashboard_guest")


@dataclass(frozen=True)
class Mutant:
    """A change for the worse. `relation` is the one it is about, None where it may be about any."""

    what: str
    statement: str
    relation: str | None = None
    is_right: bool = False  # a grant: looked for among the rights

"""The SQL files of the schema, taken apart into statements."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SQL: Final = Path(__file__).parent / "sql"

STATEMENT: Final = re.compile(
    r"(?:\s|--[^\n]*)*+"
    r"((?:\$(\w*)\$.*?\$\2\$"  # the body of a function
    r"|'(?:[^']|'')*'|--[^\n]*|[^;$'-]++|[^;])++);",
    re.DOTALL,
)
"""A statement, the comments before it apart. Semicolons in bodies, texts and comments end none."""

MADE_ONCE: Final = re.compile(
    r"(alter table|revoke|create (schema|type|(unlogged )?table|index|unique index))\b",
    re.IGNORECASE,
)
"""What cannot be said again of a database that has it: a numbered migration changes it."""

POLICY: Final = re.compile(r"create policy (\w+) on ([\w.]+)", re.IGNORECASE)

FROM_EVERYBODY: Final = " from public"


@dataclass(frozen=True)
class Statement:
    """One statement as it stands in a file, without the comments before it."""

    text: str

    @property
    def is_made_once(self) -> bool:
        return MADE_ONCE.match(self.text) is not None

    def said(self, strangers: Iterable[str] = ()) -> Iterator[str]:
        """What to run where it may be there already (the files say `create or replace` wherever one can).

        What is revoked from everybody is revoked from these roles of the host too.
        """
        if policy := POLICY.match(self.text):
            yield f"drop policy if exists {policy[1]} on {policy[2]}"
        yield self.text
        if self.text.endswith(FROM_EVERYBODY):
            yield from (f"{self.text.removesuffix('public')}{one}" for one in strangers)


@cache
def statements(file: str) -> tuple[Statement, ...]:
    """Those of a file in `sql/`, by its name without the suffix."""
    written = (SQL / f"{file}.sql").read_text(encoding="utf-8")
    return tuple(Statement(found[1]) for found in STATEMENT.finditer(written))


def digest(file: str) -> str:
    """Stands for what a file says; comments outside of statements do not count."""
    said = ";\n".join(one.text for one in statements(file))
    return hashlib.sha256(said.encode()).hexdigest()

"""What guards the rows, as it stands in the database: policies, grants, functions, constraints and more.

`schema_expected.txt` holds what the files of `sql/` make, a digest a line, the same on PostgreSQL 15 to 18;
`python -m tests.rls --write` writes it anew after an edit.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from data.database.kinds import Kind

EXPECTED_FILE: Final = Path(__file__).with_name("schema_expected.txt")

# Names are written whole and values alike, whatever the login's own settings.
WRITTEN_ALIKE: Final = text("""
select
    set_config('search_path', '', true),
    set_config('datestyle', 'ISO, MDY', true),
    set_config('intervalstyle', 'postgres', true),
    set_config('timezone', 'UTC', true),
    set_config('quote_all_identifiers', 'off', true)
""")

# Of a view of one table only, the columns are written with its name up to PostgreSQL 15 and without it later.
TABLE_OF_A_COLUMN: Final = re.compile(
    r"\b(?!(?:auth|public|school|internal|roster|dashboard)\.)[a-z_]+\.(?=[\"a-z_])"
)

DEFINITIONS: Final = text(
    Path(__file__).with_name("schema_definitions.sql").read_text(encoding="utf-8")
)


AS_MET_BY: Final = text("select set_config('dashboard.app_login', :login, true)")


def definitions(connection: Connection, login: str | None = None) -> dict[str, str]:
    """Kind and name of each thing that guards, and how it is defined: as this login meets it, or who asks."""
    connection.execute(WRITTEN_ALIKE)
    connection.execute(AS_MET_BY, {"login": login or ""})
    return as_written(tuple(row) for row in connection.execute(DEFINITIONS))


def as_written(rows: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """The rows of DEFINITIONS, written alike whatever the server's release."""
    return {
        name: TABLE_OF_A_COLUMN.sub("", written) if name.startswith("view ") else written
        for name, written in rows
    }


def digests(defined: Mapping[str, str]) -> dict[str, str]:
    """The same, each definition as 16 characters that stand for it."""
    return {
        name: hashlib.sha256(definition.encode()).hexdigest()[:16]
        for name, definition in defined.items()
    }


def expected(kind: Kind = Kind.STANDALONE) -> dict[str, str]:
    """What the files of `sql/` make of a database of this kind: the digest of each thing that guards."""
    lines = EXPECTED_FILE.read_text(encoding="utf-8").splitlines()
    found = {name: digest for digest, _, name in (line.partition(" ") for line in lines)}
    of_others = tuple(f"{one} " for one in Kind if one is not kind)
    return {
        name.removeprefix(f"{kind} "): digest
        for name, digest in found.items()
        if not name.startswith(of_others)
    }


def written(of_kinds: Mapping[Kind, Mapping[str, str]]) -> str:
    """The text of EXPECTED_FILE: where the kinds differ, a line says of which it is."""
    named = [
        (
            name if all(one.get(name) == digest for one in of_kinds.values()) else f"{kind} {name}",
            digest,
        )
        for kind, found in of_kinds.items()
        for name, digest in found.items()
    ]
    return "".join(f"{digest} {name}\n" for name, digest in sorted(set(named)))

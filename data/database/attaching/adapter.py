"""An adapter: the SQL file that says how a school's own tables name who is who."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, text

from data.access.errors import DataError

SHIPPED: Final = Path(__file__).parent.parent / "adapters"

CONTRACT: Final[Mapping[str, Mapping[str, str]]] = {
    "organisation": {"id": "uuid", "name": "text"},
    "student": {
        "id": "uuid",
        "organisation_id": "uuid",
        "full_name": "text",
        "email": "text",
        "is_active": "boolean",
        "number": "text",
    },
    "module": {
        "id": "uuid",
        "type": "text",
        "name": "text",
        "sequence": "integer",
        "configuration": "jsonb",
    },
    "lesson": {
        "id": "uuid",
        "module_id": "uuid",
        "title": "text",
        "sequence": "integer",
        "has_quiz": "boolean",
    },
    "staff": {
        "id": "uuid",
        "organisation_id": "uuid",
        "full_name": "text",
        "email": "text",
        "role": "text",
        "is_active": "boolean",
    },
    "class": {"id": "uuid", "organisation_id": "uuid", "name": "text", "school_year": "text"},
    "class_student": {"class_id": "uuid", "student_id": "uuid"},
    "class_module": {"class_id": "uuid", "module_id": "uuid", "position": "integer"},
    "class_teacher": {"class_id": "uuid", "staff_id": "uuid"},
}
"""What each section of an adapter gives, as PostgreSQL calls the types."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "class_student": ("class_id", "student_id"),
    "class_module": ("class_id", "module_id"),
    "class_teacher": ("class_id", "staff_id"),
}
"""What is there once only; in the other sections it is the id."""

ROLE_WORDS: Final[Mapping[str, str | None]] = {
    "admin": "admin",
    "coordinator": "coordinator",
    "teacher": "teacher",
    "viewer": "viewer",
    "staff": "viewer",
    "client staff": "viewer",
    "student": None,
}
"""What a platform's words for roles mean where nothing else is set; `None` is no staff."""

MARK: Final = re.compile(r"^--[ \t]*relation:[ \t]*(\w*)[ \t]*$", re.MULTILINE)
UNREAD: Final = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
"""Comments and texts, in which a word names no column."""

ASKED: Final = re.compile(
    r"--[ \t]*(?P<word>if|unless)[ \t]+(?P<name>\w+\.\w+(?:\.\w+)?)(?:[ \t]*:[ \t]*(?P<instead>.*))?$",
    re.MULTILINE,
)
"""What of a platform a line needs, or stands in for."""

IS_THERE: Final = text("""
select case
    when cast(:column as text) is null then to_regclass(:table) is not null
    else exists (
        select
        from pg_attribute
        where attrelid = to_regclass(:table) and attname = :column and attnum > 0 and not attisdropped
    )
end
""")

EVERYTHING: Final = re.compile(r"(?:\bselect(?:\s+(?:all|distinct))?\s|[,.])\s*\*", re.IGNORECASE)
SECRET: Final = re.compile(
    r"\b\w*(?:passw|passphrase|secret(?!ar)|token|hash|salt|otp_|api_?key|credential|private_key)\w*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Adapter:
    """What an adapter file says: its name, and a SELECT for each relation of the contract. `without` names what
    the platform does not have, and it was read without."""

    name: str
    sections: Mapping[str, str]
    without: tuple[str, ...] = ()

    def select(self, relation: str) -> str:
        """The section's rows with the columns of the contract, in its order, as one SELECT."""
        named = sql.SQL(", ").join(map(sql.Identifier, CONTRACT[relation]))
        there = sql.SQL(self.sections[relation])
        return sql.SQL("select {}\nfrom (\n{}\n) as there").format(named, there).as_string()


def fitted(connection: Connection, adapter: Adapter) -> Adapter:
    """Without what the file says is left out where the platform does not have it."""
    asked = dict.fromkeys(
        found["name"] for section in adapter.sections.values() for found in ASKED.finditer(section)
    )
    lacking = {name for name in asked if not _is_there(connection, name)}
    sections = {
        name: "\n".join(_lines(section, lacking)).strip()
        for name, section in adapter.sections.items()
    }
    return Adapter(adapter.name, sections, tuple(name for name in asked if name in lacking))


def _is_there(connection: Connection, name: str) -> bool:
    schema, table, *column = name.split(".")
    asked = {"table": f"{schema}.{table}", "column": column[0] if column else None}
    return bool(connection.scalar(IS_THERE, asked))


def _lines(section: str, lacking: set[str]) -> Iterator[str]:
    is_left_out = False
    for line in section.splitlines():
        asked = ASKED.search(line)
        if asked is None:
            is_left_out = is_left_out and line.strip() != "-- end"
            if not is_left_out:
                yield line
        elif asked["word"] == "unless":
            if asked["name"] in lacking:
                yield asked["instead"]
        elif line.lstrip().startswith("--"):
            is_left_out = asked["name"] in lacking
        elif asked["name"] not in lacking and not is_left_out:
            yield line


def key_of(relation: str) -> tuple[str, ...]:
    """The columns that together are there once only."""
    return KEYS.get(relation, ("id",))


def folded_word(word: str) -> str:
    """A word for a role as it is compared: 'CLIENT_STAFF ' is 'client staff'."""
    return " ".join(word.replace("_", " ").lower().split())


def read(named: str) -> Adapter:
    """A shipped adapter by its name, or a file by its path.

    Raises DataError with all that is wrong with the file as a text: a database is not asked yet.
    """
    shipped = {file.stem: file for file in sorted(SHIPPED.glob("*.sql"))}
    file = shipped.get(named) or Path(named)
    try:
        written = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise DataError(
            f"There is no adapter {named}: {' and '.join(shipped)} are there, or give the path of an "
            f"SQL file in UTF-8. ({error})"
        ) from error
    _, *parts = MARK.split(written)
    sections = list(zip(parts[::2], parts[1::2], strict=True))
    if wrong := [*_of_sections([name for name, _ in sections]), *_of_texts(sections)]:
        raise DataError("\n".join([f"The adapter {named} cannot be used.", *wrong]))
    return Adapter(file.stem, {name: _without_end(section) for name, section in sections})


def _without_end(written: str) -> str:
    """Without the semicolon after the statement, nor the comments that belong to the next section."""
    lines = written.strip().splitlines()
    while lines and lines[-1].lstrip().startswith("--"):
        lines.pop()
    return "\n".join(lines).strip().removesuffix(";")


def _of_sections(names: list[str]) -> Iterator[str]:
    for relation, columns in CONTRACT.items():
        if relation not in names:
            needed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            yield (
                f"The section {relation} is missing. Write a line “-- relation: {relation}” and below "
                f"it a SELECT of {needed}. Where there are none, end it with “where false”."
            )
        if names.count(relation) > 1:
            yield f"The section {relation} is there {names.count(relation)} times. Write it once."
    for name in dict.fromkeys(names):
        if name not in CONTRACT:
            yield f"A section {name or 'without a name'} is not known. Sections are {', '.join(CONTRACT)}."


def _of_texts(sections: list[tuple[str, str]]) -> Iterator[str]:
    for name, section in sections:
        said = UNREAD.sub(" ", section)
        if not re.match(r"\s*(select|with)\b", said, re.IGNORECASE):
            yield f"The section {name} is no SELECT. Write one, and nothing else."
        if EVERYTHING.search(said):
            yield (
                f"The section {name} reads every column (*), secrets too. Name the columns it gives."
            )
        for secret in dict.fromkeys(found[0] for found in SECRET.finditer(said)):
            yield (
                f"The section {name} names {secret}, which sounds like a secret. Leave it out: nothing "
                "needs it here."
            )

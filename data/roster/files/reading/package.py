"""A package of tables, as OneRoster and School Data Sync write it: what is needed of it, and nothing else."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from data.files.importing.reading.workbook_package import MOST_UNPACKED
from data.files.importing.reading.zipped_tables import BROKEN, Record, read_records, tables_in
from data.files.importing.sheet import UnreadableFile

DAMAGED: Final = "The package cannot be read: it is damaged, or not whole. Export it again."

ONEROSTER: Final = "OneRoster"
SDS: Final = "School Data Sync"

COLUMNS: Final = {
    "manifest": {"propertyname", "value"},
    "orgs": {"sourcedid", "status", "name", "type", "parentsourcedid"},
    "users": {
        *("sourcedid", "status", "enableduser", "orgsourcedids", "primaryorgsourcedid", "role"),
        *("givenname", "familyname", "identifier", "email", "username"),
    },
    "roles": {"usersourcedid", "orgsourcedid", "role", "status"},
    "academicsessions": {"sourcedid", "schoolyear"},
    "classes": {
        *("sourcedid", "status", "title", "classcode", "schoolsourcedid", "orgsourcedid"),
        *("termsourcedids", "sessionsourcedids"),
    },
    "enrollments": {"status", "classsourcedid", "usersourcedid", "enddate"},
    "lineitems": {"sourcedid", "status", "title"},
}
"""All that is read: passwords, birthdays and addresses of parents are left in the file."""

Mode = Literal["absent", "bulk", "delta"]


@dataclass(frozen=True)
class Package:
    """Tables by name. `modes` says which are whole, and which changes only; `source` whose ids they hold."""

    source: str
    tables: Mapping[str, list[Record]]
    modes: Mapping[str, Mode]

    def table(self, name: str) -> list[Record]:
        return self.tables.get(name, [])

    def is_whole(self, name: str) -> bool:
        return self.modes.get(name) == "bulk"


def read_package(content: bytes) -> Package | None:
    """The package in a ZIP, or None where it is something else: a spreadsheet is a ZIP too.

    Raises UnreadableFile where it is a package that cannot be read, or is not whole.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = tables_in(parts)
            if not names.keys() & {"users", "enrollments", "orgs"}:
                return None
            if sum(one.file_size for one in parts.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(
                    "The package is too big once it is unpacked. Divide the export."
                )
            tables = {
                name: read_records(parts, names[name], MOST_UNPACKED, COLUMNS[name])
                for name in COLUMNS.keys() & names.keys()
            }
    except BROKEN:
        if b"xl/" in content:
            return None
        raise UnreadableFile(DAMAGED) from None
    return _package(tables)


def _package(tables: Mapping[str, list[Record]]) -> Package:
    said = {
        one.get("propertyname", "").strip().casefold(): one.get("value", "").strip()
        for one in tables.get("manifest", [])
    }
    if not said:
        return Package(SDS, tables, dict.fromkeys(("users", "classes", "enrollments"), "bulk"))
    modes: dict[str, Mode] = {}
    for name in COLUMNS:
        said_of = said.get(f"file.{name}", "bulk" if name in tables else "absent").casefold()
        modes[name] = "bulk" if said_of == "bulk" else "delta" if said_of == "delta" else "absent"
        if modes[name] != "absent" and name != "manifest" and name not in tables:
            raise UnreadableFile(
                f"The package says that it holds {name}.csv, and does not: it is not whole. Export it again."
            )
    there = {name: table for name, table in tables.items() if modes[name] != "absent"}
    system = said.get("source.systemcode") or said.get("source.systemname") or ""
    return Package(f"{ONEROSTER} {system}".strip()[:200], there, modes)

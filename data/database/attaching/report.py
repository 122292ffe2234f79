"""What attaching to a school's own database would meet: its catalogue and rows are read, nothing is changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from data.database.attaching.adapter import Adapter
from data.database.attaching.adapter_checks import wrong_with
from data.database.attaching.findings import AttachFinding, note, stop
from data.database.attaching.reporting.access import of_access
from data.database.attaching.reporting.people import of_people
from data.database.attaching.reporting.server import of_server
from data.database.attaching.reporting.table import of_table
from data.i18n.formats import listed

ANOTHER: Final = (
    "Where the platform's tables are others than the adapter says, copy its file (the shipped ones are "
    "in data/database/adapters), correct the copy, and name it: --adapter our_school.sql."
)

NO_WORDS: Final[Mapping[str, str | None]] = MappingProxyType({})


def report(
    connection: Connection,
    adapter: Adapter,
    role_words: Mapping[str, str | None] = NO_WORDS,
    *,
    triggers: bool = True,
    by_account: bool = False,
) -> list[AttachFinding]:
    """Everything that whoever attaches this database should know, asked as the user who would.

    `role_words` are the platform's words for roles, folded, beside those that are known. Without `triggers` no
    right to make them is needed.
    """
    table = list(of_table(connection, triggers=triggers))
    found = [*of_server(connection), *table]
    if any(one.code == "table" for one in table):
        return found
    wrong = wrong_with(connection, adapter)
    found += [*of_access(connection), *wrong]
    if wrong:
        found.append(stop("adapter", ANOTHER))
    if adapter.without:
        found.append(
            note(
                "without",
                f"Read without what the platform does not have: {listed(adapter.without)}.",
            )
        )
    # Rows are counted where they can be read.
    if wrong or any(one.severity == "stop" for one in table):
        return found
    return [*found, *of_people(connection, adapter, role_words, by_account=by_account)]

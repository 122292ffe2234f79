"""The two kinds of database, and which files of `sql/` make which.

In both the same names stand for the same: pages, reads and writes know nothing of kinds.
"""

import re
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from data.access.errors import DataError
from data.database.sql_files import statements
from data.reading.attachment import THE_PLATFORMS


class Kind(StrEnum):
    """Whose the progress table is, and what the roster is read from."""

    STANDALONE = "standalone"
    """Ours: this program made the tables of the platform too."""
    ATTACHED = "attached"
    """The platform's: nothing of it is made, altered or given away here."""


FILES: Final = (
    "schemas",
    "attachment",
    "platform",
    "school",
    "copied_roster",
    "platform_roster",
    "claims",
    "sign_in",
    "access",
    "roster",
    "batches",
    "history",
    "history_months",
    "details_changed",
    "history_spans",
    "history_recorded",
    "progress_written",
    "attached_progress",
    "platform_progress",
    "moments",
    "activity",
    "worked_weeks",
    "facts",
    "doubts",
    "facts_recorded",
    "completions",
    "standings",
    "standings_noted",
    "class_sums",
    "class_sums_settled",
    "notes",
    "flag_responses",
    "class_targets",
    "holidays",
    "attention_figures",
    "attention",
    "class_summaries",
    "class_summaries_kept",
    "flag_records",
    "attention_preview",
    "flag_modules",
    "classes",
    "as_of",
    "trends",
    "news_kept",
    "news",
    "found",
    "locks",
    "locks_enforced",
    "facts_backfilled",
    "facts_refreshed",
    "saves_recorded",
    "data_check",
    "doubts_kept",
    "drafts",
    "saved_views",
    "stored_data",
    "roster_managed",
    "rule_scores",
    "roster_seen",
    "roster_changes",
    "live",
    "roster_recorded",
    "roster_refreshed",
    "classes_refreshed",
    "roster_written",
    "roster_guarded",
    "modules_written",
    "erasure",
    "erased",
    "history_dropped",
    "retention",
    "digests",
    "platform_references",
    "disclosures",
    "demo",
    "platform_closed",
    "closed",
)
"""In the order in which each finds what it names."""

OF_ONE_KIND: Final = {
    Kind.STANDALONE: {
        *(
            "platform",
            "platform_roster",
            "platform_progress",
            "platform_references",
            "platform_closed",
        ),
        *("roster_written", "roster_guarded", "modules_written"),
    },
    Kind.ATTACHED: {
        *(
            "attachment",
            "copied_roster",
            "attached_progress",
            "facts_backfilled",
            "facts_refreshed",
        ),
        *("saves_recorded", "roster_refreshed", "classes_refreshed"),
    },
}

CLOSED: Final = ("platform_closed", "closed")
"""Said last, whenever anything was made: what is new may have been given away by the server's defaults."""

ON_THE_PLATFORMS: Final = re.compile(
    r"create or replace trigger (\w+)\s.*?\son public\.student_module_progress\s", re.DOTALL
)
"""Where the table is the platform's, its triggers are placed one by one, when nobody has to wait for it."""

LOCKING: Final = re.compile(
    r"create (?:or replace )?(policy|trigger) (\w+)\b.*?\son ([\w.]+)", re.DOTALL
)
"""What keeps others from a table while it is said: which, its name, and the table's."""


def files(kind: Kind) -> list[str]:
    """Those that make a database of this kind, in their order."""
    others = set[str]().union(*(OF_ONE_KIND[one] for one in Kind if one is not kind))
    return [file for file in FILES if file not in others]


def platform_triggers(kind: Kind) -> dict[str, str]:
    """What is placed on the progress table, by its name."""
    return {
        found[1]: statement.text
        for file in files(kind)
        for statement in statements(file)
        if (found := ON_THE_PLATFORMS.match(statement.text))
    }


HAS_TABLE: Final = text("""
select exists (
    select
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'internal' and relname = :name
)
""")


def kind_of(connection: Connection) -> Kind:
    """Of which kind a database is that was made before."""
    return (
        Kind.ATTACHED if connection.scalar(HAS_TABLE, {"name": "attachment"}) else Kind.STANDALONE
    )


def has_triggers(connection: Connection) -> bool:
    """Does what is written to the progress table pass triggers of ours? Else facts are made by reading."""
    return not connection.scalar(HAS_TABLE, {"name": "without_triggers"})


def refuse_attached(connection: Connection) -> None:
    """Raises DataError, in words, where people and classes are not entered here."""
    if kind_of(connection) is Kind.ATTACHED:
        raise DataError(THE_PLATFORMS)

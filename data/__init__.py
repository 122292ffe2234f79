"""The data-access module: everything the dashboard asks of the database, and nothing of Streamlit.

Reads are in `data.queries`, one function a question; `save()` is the only writer of progress; `acting_as()`
the one way to a connection. `data.opening` starts what `data.settings` asks for.
"""

import sys

if sys.platform == "win32" or sys.version_info < (3, 11):
    sys.exit(
        "The dashboard needs Linux or macOS (on Windows: WSL) and Python 3.11 or newer; this is "
        f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}. "
        "Make .venv anew with a newer one, by the command in README.md."
    )

from data.arrangement import Arranged, Arrangement, arrange
from data.commands import Conflict, Outcome, Refusal, Saved, save
from data.data_check import RULES
from data.drafts import Draft, keep_draft
from data.errors import DatabaseAway, DatabaseNotReady, DataError
from data.filters import FILTERS, read_filters, write_filters
from data.findings import Finding, Rule, fix
from data.keeping import keep, release
from data.leaving import judge_again, leave_as_it_is
from data.progress import Edit, Field, Problem, Settled, Status, check, settle
from data.session import Actor, Database, acting_as, acting_as_nobody, connect
from data.settings import SETTINGS, Settings, read_settings

__all__ = [
    "FILTERS",
    "RULES",
    "SETTINGS",
    "Actor",
    "Arranged",
    "Arrangement",
    "Conflict",
    "DataError",
    "Database",
    "DatabaseAway",
    "DatabaseNotReady",
    "Draft",
    "Edit",
    "Field",
    "Finding",
    "Outcome",
    "Problem",
    "Refusal",
    "Rule",
    "Saved",
    "Settings",
    "Settled",
    "Status",
    "acting_as",
    "acting_as_nobody",
    "arrange",
    "check",
    "connect",
    "fix",
    "judge_again",
    "keep",
    "keep_draft",
    "leave_as_it_is",
    "read_filters",
    "read_settings",
    "release",
    "save",
    "settle",
    "write_filters",
]

"""Facts that an error left behind are remembered, and triggers on the progress table may be done without."""

from data.database.migrations import run

revision = "0039_stale_facts"
down_revision = "0038_accounts_of"


def upgrade() -> None:
    run("0039_stale_facts.sql")
    run("0039_without_triggers.sql")

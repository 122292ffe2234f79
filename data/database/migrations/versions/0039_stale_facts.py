"""Facts that an error left behind are remembered, where a database was attached before they were."""

from data.database.migrations import run

revision = "0039_stale_facts"
down_revision = "0038_accounts_of"


def upgrade() -> None:
    run("0039_stale_facts.sql")

"""The narrow projection that pages read."""

from data.database.migrations import run

revision = "0005_facts"
down_revision = "0004_history"


def upgrade() -> None:
    run("0005_facts.sql")

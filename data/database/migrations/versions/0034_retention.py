"""Periods after which what is stored may go."""

from data.database.migrations import run

revision = "0034_retention"
down_revision = "0033_erasure"


def upgrade() -> None:
    run("0034_retention.sql")

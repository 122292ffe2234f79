"""A sign-in that is over binds no account, and is told to the pages that still show it."""

from data.database.migrations import run

revision = "0024_sign_in_over"
down_revision = "0022_planned_rules"


def upgrade() -> None:
    run("0024_sign_in_over.sql")

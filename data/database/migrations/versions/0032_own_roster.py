"""The roster is written by people: columns it lacked, and its own history."""

from data.database.migrations import run

revision = "0032_own_roster"
down_revision = "0031_stuck_in_words"


def upgrade() -> None:
    run("0032_own_roster.sql")

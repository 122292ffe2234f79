"""The roster's facts: schema school."""

from data.database.migrations import run

revision = "0002_roster"
down_revision = "0001_platform"


def upgrade() -> None:
    run("0002_roster.sql")

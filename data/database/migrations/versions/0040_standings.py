"""How each student of a class stands is counted once and kept."""

from data.database.migrations import run

revision = "0040_standings"
down_revision = "0039_stale_facts"


def upgrade() -> None:
    run("0040_standings.sql")

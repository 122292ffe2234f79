"""Students are erased: what an erasure leaves."""

from data.database.migrations import run

revision = "0033_erasure"
down_revision = "0032_own_roster"


def upgrade() -> None:
    run("0033_erasure.sql")

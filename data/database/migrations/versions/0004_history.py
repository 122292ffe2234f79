"""The append-only history and the batches it belongs to."""

from data.database.migrations import run

revision = "0004_history"
down_revision = "0003_access"


def upgrade() -> None:
    run("0004_history.sql")

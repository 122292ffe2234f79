"""Reading the history page by page, undoing batches, and a class as it stood."""

from data.database.migrations import run

revision = "0010_history_reading"
down_revision = "0008_live"


def upgrade() -> None:
    run("0010_history_reading.sql")

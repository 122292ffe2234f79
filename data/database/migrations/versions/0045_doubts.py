"""What the data check finds is judged when a row is written, and counted once and kept."""

from data.database.migrations import run

revision = "0045_doubts"
down_revision = "0044_news"


def upgrade() -> None:
    run("0045_doubts.sql")
